"""What the operations on brands, campaigns, toll-free verifications and deactivations take, answer and refuse."""

from msgconsole.api.operations import Operation, declare
from msgconsole.api.shapes import Listed, Shape
from services.compliance.models import BrandRegistration, BrandVetting, TollfreeVerification
from services.compliance.tollfree_answers import QUESTIONS, Question

BRAND = Shape(
    "BrandRegistration",
    {
        "sid": "sid BN",
        "account_sid": "sid AC",
        "customer_profile_bundle_sid": "sid BU",
        "a2p_profile_bundle_sid": "sid BU",
        "date_created": "iso",
        "date_updated": "iso",
        "brand_type": "one STANDARD|SOLE_PROPRIETOR",
        "status": "one " + "|".join(BrandRegistration.Status.values),
        "tcr_id": "text?",
        "failure_reason": "text?",
        "errors": "[object]",
        "url": "url",
        "brand_score": "int?",
        "brand_feedback": "[text]?",
        "identity_status": f"one {'|'.join(BrandRegistration.Identity.values)}?",
        "russell_3000": "bool?",
        "government_entity": "bool?",
        "tax_exempt_status": "text?",
        "skip_automatic_sec_vet": "bool",
        "mock": "bool",
        "links": "object",
    },
)
OTP = Shape("BrandRegistrationOtp", {"account_sid": "sid AC", "brand_registration_sid": "sid BN"})
PROVIDER = "one " + "|".join(BrandVetting.Provider.values)
VETTING = Shape(
    "BrandVetting",
    {
        "account_sid": "sid AC",
        "brand_sid": "sid BN",
        "brand_vetting_sid": "sid VT",
        "date_updated": "iso",
        "date_created": "iso",
        "vetting_id": "text?",
        "vetting_class": "text?",
        "vetting_status": "one " + "|".join(BrandVetting.Status.values),
        "vetting_provider": PROVIDER,
        "url": "url",
    },
)
CAMPAIGN = Shape(
    "Campaign",
    {
        "sid": "sid QE",
        "account_sid": "sid AC",
        "brand_registration_sid": "sid BN?",
        "messaging_service_sid": "sid MG",
        "description": "text?",
        "message_samples": "[text]",
        "us_app_to_person_usecase": "text?",
        "has_embedded_links": "bool",
        "has_embedded_phone": "bool",
        "subscriber_opt_in": "bool",
        "age_gated": "bool",
        "direct_lending": "bool",
        "campaign_status": "text",
        "campaign_id": "text?",
        "is_externally_registered": "bool",
        "rate_limits": "object?",
        "message_flow": "text?",
        "opt_in_message": "text?",
        "opt_out_message": "text?",
        "help_message": "text?",
        "opt_in_keywords": "[text]",
        "opt_out_keywords": "[text]",
        "help_keywords": "[text]",
        "date_created": "iso",
        "date_updated": "iso",
        "url": "url",
        "mock": "bool",
        "errors": "[object]",
        "privacy_policy_url?": "url?",
        "terms_and_conditions_url?": "url?",
    },
)
USECASES = Shape("CampaignUsecases", {"us_app_to_person_usecases": "[object]"})
EXTERNAL = Shape(
    "ExternalCampaign",
    {
        "sid": "sid QE",
        "account_sid": "sid AC",
        "campaign_id": "text",
        "messaging_service_sid": "sid MG",
        "date_created": "iso",
    },
)
DEACTIVATION = Shape("Deactivation", {"redirect_to": "url"})

VERSION = {"X-Twilio-Api-Version": "text"}
VERSION_SAYS = "With any X-Twilio-Api-Version the body has the two policy URLs as well."
# A key that is repeated has each of its values checked; one that is empty counts as missing.
REPLIES = {"OptInMessage": "text", "OptOutMessage": "text", "HelpMessage": "text"}
KEYWORDS = {"OptInKeywords": "[text]", "OptOutKeywords": "[text]", "HelpKeywords": "[text]"}
POLICIES = {"PrivacyPolicyUrl": "weburl", "TermsAndConditionsUrl": "weburl"}
TEXTS = {
    "Description!": "text 40-4096",
    "MessageFlow!": "text 40-2048",
    "MessageSamples!": "[text 20-1024]",
    "HasEmbeddedLinks!": "bool",
    "HasEmbeddedPhone!": "bool",
}
_BRANDS = "/v1/a2p/BrandRegistrations"

declare(
    _BRANDS,
    get=Operation("ListBrandRegistrations", "List the account's brands", {200: Listed("data", BRAND, v1=True)}),
    post=Operation(
        "CreateBrandRegistrations",
        "Register a brand",
        {201: BRAND},
        form={
            "CustomerProfileBundleSid!": "sid BU",
            "A2PProfileBundleSid!": "sid BU",
            "BrandType": "one STANDARD|SOLE_PROPRIETOR",
            "Mock": "bool",
            "SkipAutomaticSecVet": "bool",
        },
    ),
)
declare(
    f"{_BRANDS}/{{Sid:BN}}",
    get=Operation("FetchBrandRegistrations", "Fetch a brand", {200: BRAND}),
    post=Operation(
        "UpdateBrandRegistrations",
        "Submit a brand again",
        {202: BRAND},
        codes=frozenset({21724, 21725, 21729}),
    ),
)
declare(
    f"{_BRANDS}/{{BrandRegistrationSid:BN}}/SmsOtp",
    post=Operation(
        "CreateBrandRegistrationOtp",
        "Text a code to a sole proprietor again",
        {201: OTP},
        codes=frozenset({21729}),
    ),
)
declare(
    f"{_BRANDS}/{{BrandSid:BN}}/Vettings",
    get=Operation(
        "ListBrandVetting",
        "List a brand's vettings",
        {200: Listed("data", VETTING, v1=True)},
        query={"VettingProvider": f"{PROVIDER}|"},
    ),
    post=Operation(
        "CreateBrandVetting",
        "Import or order a vetting",
        {201: VETTING},
        form={"VettingProvider!": PROVIDER, "VettingId": "text"},
        codes=frozenset({21717, 21721, 21722, 21723, 21729}),
    ),
)
declare(
    f"{_BRANDS}/{{BrandSid:BN}}/Vettings/{{BrandVettingSid:VT}}",
    get=Operation("FetchBrandVetting", "Fetch a vetting", {200: VETTING}),
)

_CAMPAIGNS = "/v1/Services/{MessagingServiceSid:MG}/Compliance/Usa2p"
declare(
    _CAMPAIGNS,
    get=Operation(
        "ListUsAppToPerson",
        "List a Service's campaigns",
        {200: Listed("compliance", CAMPAIGN, v1=True)},
        headers=VERSION,
        about=VERSION_SAYS,
    ),
    post=Operation(
        "CreateUsAppToPerson",
        "Register a campaign",
        {201: CAMPAIGN},
        form={
            "BrandRegistrationSid!": "sid BN",
            "UsAppToPersonUsecase!": "text 1",
            **TEXTS,
            **REPLIES,
            **KEYWORDS,
            "SubscriberOptIn": "bool",
            "AgeGated": "bool",
            "DirectLending": "bool",
            **POLICIES,
        },
        headers=VERSION,
        codes=frozenset({11100, 20409, 21717, 21719, 21720, 21727, 21728, 21729}),
        about=VERSION_SAYS,
    ),
)
declare(
    f"{_CAMPAIGNS}/{{Sid:QE}}",
    get=Operation("FetchUsAppToPerson", "Fetch a campaign", {200: CAMPAIGN}, headers=VERSION, about=VERSION_SAYS),
    post=Operation(
        "UpdateUsAppToPerson",
        "Change a campaign and submit it again",
        {200: CAMPAIGN},
        form={**TEXTS, "AgeGated!": "bool", "DirectLending!": "bool", **POLICIES},
        headers=VERSION,
        codes=frozenset({11100, 20409, 21717, 21727, 21728, 21729}),
        about=VERSION_SAYS,
    ),
    delete=Operation("DeleteUsAppToPerson", "Delete a campaign", {204: None}),
)
declare(
    f"{_CAMPAIGNS}/Usecases",
    get=Operation(
        "FetchUsAppToPersonUsecase",
        "List the use cases open to a brand",
        {200: USECASES},
        query={"BrandRegistrationSid": "text"},
        codes=frozenset({21717}),
    ),
)
declare(
    "/v1/Services/PreregisteredUsa2p",
    post=Operation(
        "CreateExternalCampaign",
        "Use a campaign that is registered elsewhere",
        {201: EXTERNAL},
        form={"CampaignId!": "text 1-64", "MessagingServiceSid!": "sid MG", "CnpMigration": "bool"},
        codes=frozenset({20409, 21701, 21705, 21727, 21728}),
    ),
)
declare(
    "/v1/Deactivations",
    get=Operation(
        "FetchDeactivation",
        "The US numbers that went out of service on a day",
        {307: DEACTIVATION},
        query={"Date!": "day"},
        about="A file with one number a line, at the address in Location and in the body.",
    ),
)


def _word(question: Question, *, answer: bool) -> str:
    words = {
        "text": "text",
        "email": "text",
        "phone": "text",
        "url": "text",
        "urls": "[text]",
        "words": "[text]",
        "choice": "one " + "|".join(question.choices),
        "choices": "[one " + "|".join(question.choices) + "]",
        "boolean": "bool",
    }
    return words[question.kind] + ("?" if answer else "")


def _wire(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


STATUS = "one " + "|".join(TollfreeVerification.Status.values)
VERIFICATION = Shape(
    "TollfreeVerification",
    {
        **{question.name: _word(question, answer=True) for question in QUESTIONS},
        "sid": "sid HH",
        "account_sid": "sid AC",
        "customer_profile_sid": "sid BU?",
        "trust_product_sid": "sid BU?",
        "regulated_item_sid": "sid RA?",
        "date_created": "iso",
        "date_updated": "iso",
        "tollfree_phone_number_sid": "sid PN",
        "tollfree_phone_number": "text",
        "status": STATUS,
        "url": "url",
        "rejection_reason": "text?",
        "error_code": "int?",
        "edit_expiration": "iso?",
        "edit_allowed": "bool?",
        "rejection_reasons": "[object]?",
        "resource_links": "object?",
        "external_reference_id": "text?",
        "vetting_id_expiration": "iso?",
    },
)
_ANSWERS = {_wire(question.name): _word(question, answer=False) for question in QUESTIONS}
_REQUIRED = {_wire(question.name) for question in QUESTIONS if question.required}
declare(
    "/v1/Tollfree/Verifications",
    get=Operation(
        "ListTollfreeVerification",
        "List the account's toll-free verifications",
        {200: Listed("verifications", VERIFICATION, v1=True)},
        query={
            "TollfreePhoneNumberSid": "text",
            "Status": f"{STATUS}|",
            "ExternalReferenceId": "text",
            "IncludeSubAccounts": "bool",
            "TrustProductSid": "[text]",
        },
    ),
    post=Operation(
        "CreateTollfreeVerification",
        "Ask for a toll-free number to be verified",
        {201: VERIFICATION},
        form={
            "TollfreePhoneNumberSid!": "sid PN",
            **{(f"{name}!" if name in _REQUIRED else name): word for name, word in _ANSWERS.items()},
            "CustomerProfileSid": "text",
            "ExternalReferenceId": "text",
        },
        codes=frozenset({20409}),
    ),
)
declare(
    "/v1/Tollfree/Verifications/{Sid:HH}",
    get=Operation("FetchTollfreeVerification", "Fetch a toll-free verification", {200: VERIFICATION}),
    post=Operation(
        "UpdateTollfreeVerification",
        "Edit a toll-free verification and submit it again",
        {202: VERIFICATION},
        form={**_ANSWERS, "EditReason": "text 0-500"},
    ),
    delete=Operation("DeleteTollfreeVerification", "Delete a toll-free verification", {204: None}),
)
