"""The questions of a toll-free verification: names as in the API, what kind of answer each takes. Pure."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "email", "phone", "url", "urls", "words", "choice", "choices", "boolean"]

CATEGORIES: Final = (
    "TWO_FACTOR_AUTHENTICATION",
    "ACCOUNT_NOTIFICATIONS",
    "CUSTOMER_CARE",
    "CHARITY_NONPROFIT",
    "DELIVERY_NOTIFICATIONS",
    "FRAUD_ALERT_MESSAGING",
    "EVENTS",
    "HIGHER_EDUCATION",
    "K12",
    "MARKETING",
    "POLLING_AND_VOTING_NON_POLITICAL",
    "POLITICAL_ELECTION_CAMPAIGNS",
    "PUBLIC_SERVICE_ANNOUNCEMENT",
    "SECURITY_ALERT",
)
OPT_IN_TYPES: Final = (
    "VERBAL",
    "WEB_FORM",
    "PAPER_FORM",
    "VIA_TEXT",
    "MOBILE_QR_CODE",
    "IMPORT",
    "IMPORT_PLEASE_REPLACE",
)
BUSINESS_TYPES: Final = ("PRIVATE_PROFIT", "PUBLIC_PROFIT", "SOLE_PROPRIETOR", "NON_PROFIT", "GOVERNMENT")
AUTHORITIES: Final = (
    "EIN",
    "CBN",
    "CRN",
    "PROVINCIAL_NUMBER",
    "VAT",
    "ACN",
    "ABN",
    "BRN",
    "SIREN",
    "SIRET",
    "NZBN",
    "USt-IdNr",
    "CIF",
    "NIF",
    "CNPJ",
    "UID",
    "NEQ",
    "OTHER",
)
VETTING_PROVIDERS: Final = ("CAMPAIGN_VERIFY",)


@dataclass(frozen=True, slots=True)
class Question:
    """``longest`` is in characters, of each answer where there may be several. Limits without a source are ours."""

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 500


QUESTIONS: Final = (
    Question("business_name", required=True),
    Question("business_street_address"),
    Question("business_street_address2"),
    Question("business_city"),
    Question("business_state_province_region"),
    Question("business_postal_code"),
    Question("business_country"),
    Question("business_website", required=True),
    Question("business_contact_first_name"),
    Question("business_contact_last_name"),
    Question("business_contact_email", "email"),
    Question("business_contact_phone", "phone"),
    Question("notification_email", "email", required=True),
    Question("use_case_categories", "choices", required=True, choices=CATEGORIES),
    Question("use_case_summary", required=True, longest=2000),
    Question("production_message_sample", required=True, longest=1600),
    Question("opt_in_image_urls", "urls", required=True, longest=2048),
    Question("opt_in_type", "choice", required=True, choices=OPT_IN_TYPES),
    Question("message_volume", required=True),
    Question("additional_information", longest=2000),
    Question("business_registration_number"),
    Question("business_registration_authority", "choice", choices=AUTHORITIES),
    Question("business_registration_country"),
    Question("business_type", "choice", choices=BUSINESS_TYPES),
    Question("business_registration_phone_number", "phone"),
    Question("doing_business_as"),
    Question("opt_in_confirmation_message", longest=1600),
    Question("help_message_sample", longest=1600),
    Question("privacy_policy_url", "url", longest=2048),
    Question("terms_and_conditions_url", "url", longest=2048),
    Question("age_gated_content", "boolean"),
    Question("opt_in_keywords", "words"),
    Question("vetting_provider", "choice", choices=VETTING_PROVIDERS),
    Question("vetting_id"),
)
BY_NAME: Final = {question.name: question for question in QUESTIONS}
SEVERAL: Final = frozenset({"urls", "words", "choices"})
"""Kinds whose answer is a list."""
