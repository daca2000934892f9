"""For each refusal that an operation declares as its own: how a caller comes by it.

``(operation, code)`` → a function of a World that makes what it takes and answers with the call's parameters, or makes
the call itself and answers with its answer.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from msgconsole.accounts.actions import update_account
from msgconsole.sids import new_sid
from services import consent
from services.compliance import actions as compliance
from services.linkshortening.actions import associate, set_config
from services.models import ConsentRecord
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World
from tests.factories import ACTOR

TO = "+14155550123"
LONG = "x" * 65
Scenario = Callable[[World], Any]
SCENARIOS: dict[tuple[str, int], Scenario] = {}


def given(operation: str, code: int, **params: Any) -> None:
    """A refusal that the parameters alone bring about."""
    SCENARIOS[operation, code] = lambda world: params


def scenario(operation: str, code: int) -> Callable[[Scenario], Scenario]:
    def keep(make: Scenario) -> Scenario:
        SCENARIOS[operation, code] = make
        return make

    return keep


# Services

for _name in ("CreateService", "UpdateService"):
    given(_name, 20002, FriendlyName="")
    given(_name, 11100, FriendlyName="x", StatusCallback="nowhere")
    given(_name, 21624, FriendlyName="x", ValidityPeriod=36001)
    given(_name, 21713, FriendlyName="x", Usecase="spam")


@scenario("CreateService", 21102)
def _too_many_services(world: World) -> Any:
    factories.service(world.account)
    with override_settings(MSGCONSOLE_SERVICE_LIMIT=1):
        return world.api.post("/v1/Services", {"FriendlyName": "x"})


# Pools

_POOLS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "PhoneNumber": ("PhoneNumbers", "PhoneNumberSid", factories.number),
    "ShortCode": ("ShortCodes", "ShortCodeSid", factories.short_code),
    "ChannelSender": ("ChannelSenders", "Sid", factories.channel_sender),
}


def _pools() -> None:
    for name, (tail, parameter, make) in _POOLS.items():

        def twice(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: factories.pooled(world.service, make(world.account)).sender.sid}

        def elsewhere(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: factories.pooled(factories.service(world.account), make(world.account)).sender.sid}

        def full(world: World, tail: str = tail, parameter: str = parameter, make: Any = make) -> Any:
            factories.pooled(world.service, make(world.account))
            with override_settings(MSGCONSOLE_POOL_LIMIT=1):
                path = f"/v1/Services/{world.service.sid}/{tail}"
                return world.api.post(path, {parameter: make(world.account).sid})

        def mute(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: make(world.account, sms=False, mms=False).sid}

        operation = f"Create{name}"
        given(operation, 21421, **{parameter: "PN123"})
        SCENARIOS[operation, 21710] = twice
        SCENARIOS[operation, 21712] = elsewhere
        SCENARIOS[operation, 21714] = full
        SCENARIOS[operation, 21715] = mute


_pools()
for _name in ("CreateAlphaSender", "CreateDestinationAlphaSender"):
    given(_name, 21708)
    given(_name, 21709, AlphaSender="12345")


@scenario("CreateAlphaSender", 21710)
def _second_alpha(world: World) -> Any:
    factories.alpha(world.service)
    return {"AlphaSender": "OTHER"}


@scenario("CreateDestinationAlphaSender", 21710)
def _second_alpha_of_a_country(world: World) -> Any:
    factories.alpha(world.service, destination=True, iso_country_code="GB")
    return {"AlphaSender": "OTHER", "IsoCountryCode": "GB"}


# Numbers and short codes

_BUYS = {
    "CreateIncomingPhoneNumber": "+14155550177",
    "CreateIncomingPhoneNumberLocal": "+14155550177",
    "CreateIncomingPhoneNumberMobile": "+447400123456",
    "CreateIncomingPhoneNumberTollFree": "+18885550177",
}
for _name, _number in (*_BUYS.items(), ("UpdateIncomingPhoneNumber", ""), ("UpdateAccountShortCode", "")):
    _with = {"PhoneNumber": _number} if _number else {}
    given(_name, 20002, FriendlyName=LONG, **_with)
    given(_name, 21402, SmsUrl="nowhere", **_with)
    given(_name, 21403, SmsMethod="PUT", **_with)
    given(_name, 21406, SmsFallbackUrl="https://example.com/", **_with)
for _name, _number in _BUYS.items():
    given(_name, 21421, PhoneNumber="hello")

    def _taken(world: World, number: str = _number) -> Any:
        factories.number(factories.account("Other"), number)
        return {"PhoneNumber": number}

    SCENARIOS[_name, 21422] = _taken
given("CreateIncomingPhoneNumber", 21452, AreaCode="000")


@scenario("UpdateIncomingPhoneNumber", 21407)
def _no_sms_for_a_url(world: World) -> Any:
    number = factories.number(world.account, sms=False, mms=False)
    path = f"{world.api.root}/IncomingPhoneNumbers/{number.sid}.json"
    return world.api.post(path, {"SmsUrl": "https://example.com/sms"})


# Accounts and keys

for _name in ("CreateAccount", "UpdateAccount", "CreateNewKey", "UpdateKey", "CreateNewSigningKey", "UpdateSigningKey"):
    given(_name, 20002, FriendlyName=LONG)


def _by_key(world: World) -> Api:
    key, secret = factories.key(world.account)
    return Api(world.account, username=key.sid, secret=secret)


@scenario("CreateAccount", 20403)
def _account_by_key(world: World) -> Any:
    return _by_key(world).post("/2010-04-01/Accounts.json")


@scenario("UpdateAccount", 20403)
def _rename_by_key(world: World) -> Any:
    return _by_key(world).post(f"{world.api.root}.json", {"FriendlyName": "x"})


@scenario("CreateAccount", 21101)
def _part_of_a_part(world: World) -> Any:
    return Api(factories.account("Part", owner=world.account)).post("/2010-04-01/Accounts.json")


@scenario("UpdateAccount", 20409)
def _wake_the_closed(world: World) -> Any:
    child = factories.account("Part", owner=world.account)
    update_account(account=child, actor=ACTOR, status="closed")
    return world.api.post(f"/2010-04-01/Accounts/{child.sid}.json", {"Status": "active"})


# Messages

BARE = {"To": TO, "From": "+14155550100", "Body": "x"}


def sends(code: int, *, bare: bool = False, **params: Any) -> None:
    """A send that is right but for the parameters given; one that is None is left out."""

    def make(world: World) -> Any:
        number = factories.number(world.account, "+14155550100")
        if not bare:
            factories.pooled(world.service, number)
        whole = BARE if bare else {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid}
        return {name: value for name, value in {**whole, **params}.items() if value is not None}

    SCENARIOS["CreateMessage", code] = make


sends(21211, To="hello")
sends(21212, From="not a sender at all")
sends(21265, To="12345")
sends(21266, bare=True, To="+14155550100")
sends(21268, To="+19005550123")
sends(21602, bare=True, Body=None)
sends(21603, bare=True, From=None)
sends(21604, To=None)
sends(21609, StatusCallback="nowhere")
sends(21617, Body="x" * 1601)
sends(21619, Body=None)
sends(21620, MediaUrl="x.png")
sends(21623, MediaUrl=["https://example.com/x.png"] * 11)
sends(21624, ValidityPeriod=0)
sends(21627, MaxPrice="-1")
sends(21635, bare=True, To="+33142685300")
sends(21654, ContentVariables='{"1": "x"}')
sends(21655, ContentSid="HX1")
sends(21656, ContentSid="HX" + "0" * 32, ContentVariables="[]")
sends(21659, bare=True, From="+15005550006")
sends(21664, From="+14155550100", FallbackFrom="+14155550100")
sends(21666, bare=True, From=None, FallbackFrom="+14155550100")
sends(21667, FallbackFrom="+14155550100")
sends(21701, MessagingServiceSid="MG" + "0" * 32)
sends(21705, MessagingServiceSid="MG1")
sends(21910, From="whatsapp:+14155550100")
sends(30029, ContentRetention="forever")
sends(30030, AddressRetention="forever")
sends(35111, ScheduleType="fixed")
sends(35114, ScheduleType="fixed", SendAt="2020-01-01T00:00:00Z")
sends(35118, bare=True, ScheduleType="fixed", SendAt="2099-01-01T00:00:00Z")
sends(35126, ScheduleType="loose", SendAt="2099-01-01T00:00:00Z")


@scenario("CreateMessage", 35125)
def _too_many_scheduled(world: World) -> Any:
    factories.pooled(world.service, factories.number(world.account))
    factories.message(world.account, service=world.service, status="scheduled", price=None)
    soon = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    params = {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid, "ScheduleType": "fixed", "SendAt": soon}
    with override_settings(MSGCONSOLE_SCHEDULED_LIMIT=2):
        assert world.api.post(f"{world.api.root}/Messages.json", params).status_code == 201
        return world.api.post(f"{world.api.root}/Messages.json", params)


@scenario("CreateMessage", 20409)
def _same_token_other_words(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    path = f"{world.api.root}/Messages.json"
    world.api.post(path, BARE, HTTP_IDEMPOTENCY_KEY="a")
    return world.api.post(path, {**BARE, "Body": "y"}, HTTP_IDEMPOTENCY_KEY="a")


@scenario("CreateMessage", 21267)
def _alpha_on_trial(world: World) -> Any:
    update_account(account=world.account, actor=ACTOR, type="Trial")
    return {"To": "+447400123456", "From": "ACME", "Body": "x"}


@scenario("CreateMessage", 21408)
def _country_not_permitted(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    update_account(account=world.account, actor=ACTOR, geo_permissions=["GB"])
    return BARE


@scenario("CreateMessage", 21610)
def _opted_out(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    consent.record(
        account=world.account,
        service=None,
        sender_address="+14155550100",
        channel="sms",
        recipient=TO,
        status=ConsentRecord.Status.OPTED_OUT,
        actor=ACTOR,
    )
    return BARE


@scenario("CreateMessage", 21611)
def _queue_full(world: World) -> Any:
    number = factories.number(world.account, "+14155550100")
    for _ in range(2):
        factories.message(world.account, sender=number, status="queued", num_segments=30_000)
    return BARE


@scenario("CreateMessage", 21612)
def _number_of_another_continent(world: World) -> Any:
    factories.number(world.account, "+33612345678")
    return {**BARE, "From": "+33612345678"}


@scenario("CreateMessage", 21621)
def _media_without_mms(world: World) -> Any:
    factories.number(world.account, "+14155550100", mms=False)
    return {**BARE, "MediaUrl": "https://example.com/x.png"}


@scenario("CreateMessage", 21660)
def _anothers_number(world: World) -> Any:
    factories.number(factories.account("Other"), "+14155550100")
    return BARE


@scenario("CreateMessage", 21661)
def _number_without_sms(world: World) -> Any:
    factories.number(world.account, "+14155550100", sms=False)
    return BARE


@scenario("CreateMessage", 21665)
def _fallback_of_another(world: World) -> Any:
    factories.pooled(world.service, factories.channel_sender(world.account, "rcs:acme"))
    return {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid, "FallbackFrom": "+15005550006"}


@scenario("CreateMessage", 21704)
def _empty_pool(world: World) -> Any:
    return {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid}


def _one_on_its_way(world: World) -> str:
    return f"{world.api.root}/Messages/{factories.message(world.account, status='queued', date_sent=None).sid}"


@scenario("UpdateMessage", 20009)
def _redact_on_its_way(world: World) -> Any:
    return world.api.post(f"{_one_on_its_way(world)}.json", {"Body": ""})


given("UpdateMessage", 30400, Body="new")
given("UpdateMessage", 30409, Status="canceled")


@scenario("DeleteMessage", 20009)
def _delete_on_its_way(world: World) -> Any:
    return world.api.delete(f"{_one_on_its_way(world)}.json")


@scenario("CreateMessageFeedback", 20009)
def _feedback_too_early(world: World) -> Any:
    return world.api.post(f"{_one_on_its_way(world)}/Feedback.json")


# Registrations

_BRANDS = "/v1/a2p/BrandRegistrations"


def _suspended(world: World, **kind: Any) -> str:
    brand = compliance.suspend_brand(brand=factories.brand(world.account, **kind), actor=ACTOR)
    return f"{_BRANDS}/{brand.sid}"


def _failed(world: World) -> Any:
    return compliance.reject_brand(brand=factories.brand(world.account, decided=False), actor=ACTOR)


given("UpdateBrandRegistrations", 21725)  # it is approved


@scenario("UpdateBrandRegistrations", 21724)
def _too_often(world: World) -> Any:
    brand = _failed(world)
    for _ in range(3):
        again = world.api.post(f"{_BRANDS}/{brand.sid}")
        assert again.status_code == 202, again.json()
        brand.refresh_from_db()
        compliance.reject_brand(brand=brand, actor=ACTOR)
    return world.api.post(f"{_BRANDS}/{brand.sid}")


@scenario("UpdateBrandRegistrations", 21729)
def _submit_suspended(world: World) -> Any:
    return world.api.post(_suspended(world))


@scenario("CreateBrandRegistrationOtp", 21729)
def _text_suspended(world: World) -> Any:
    return world.api.post(f"{_suspended(world, brand_type='SOLE_PROPRIETOR')}/SmsOtp")


TOKEN = "cv|1.0|tcr|10dlc|" + "0" * 8 + "|" + "a" * 40
given("CreateBrandVetting", 21722, VettingProvider="campaign-verify", VettingId="x")


@scenario("CreateBrandVetting", 21717)
def _vet_failed(world: World) -> Any:
    return world.api.post(f"{_BRANDS}/{_failed(world).sid}/Vettings", {"VettingProvider": "aegis"})


@scenario("CreateBrandVetting", 21721)
def _token_for_sole(world: World) -> Any:
    sole = factories.brand(world.account, brand_type="SOLE_PROPRIETOR")
    params = {"VettingProvider": "campaign-verify", "VettingId": TOKEN}
    return world.api.post(f"{_BRANDS}/{sole.sid}/Vettings", params)


@scenario("CreateBrandVetting", 21723)
def _token_on_its_way(world: World) -> Any:
    params = {"VettingProvider": "campaign-verify", "VettingId": TOKEN}
    first = world.api.post(f"{_BRANDS}/{world.brand.sid}/Vettings", params)
    assert first.status_code == 201, first.json()
    return params


@scenario("CreateBrandVetting", 21729)
def _vet_suspended(world: World) -> Any:
    return world.api.post(f"{_suspended(world)}/Vettings", {"VettingProvider": "aegis"})


def wire(params: dict[str, Any]) -> dict[str, Any]:
    """snake_case answers as parameters."""
    words = {"True": "true", "False": "false"}
    return {
        "".join(part.capitalize() for part in name.split("_")): words.get(str(value), value)
        for name, value in params.items()
    }


def registers(code: int, **params: Any) -> None:
    def make(world: World) -> Any:
        return {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN), **params}

    SCENARIOS["CreateUsAppToPerson", code] = make


registers(11100, PrivacyPolicyUrl="nowhere")
registers(21717, BrandRegistrationSid="BN" + "0" * 32)
registers(21720, UsAppToPersonUsecase="SPAM")
registers(21727, Description="")
registers(21728, Description="short")


@scenario("CreateUsAppToPerson", 20409)
def _second_campaign(world: World) -> Any:
    world.campaign  # noqa: B018 - made when first asked for: the Service has one
    return {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)}


@scenario("CreateUsAppToPerson", 21719)
def _purposes_differ(world: World) -> Any:
    service = factories.service(world.account, usecase="verification")
    params = {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN), "UsAppToPersonUsecase": "MARKETING"}
    return world.api.post(f"/v1/Services/{service.sid}/Compliance/Usa2p", params)


@scenario("UpdateService", 21719)
def _campaign_stands_against_it(world: World) -> Any:
    factories.campaign(world.service, world.brand, us_app_to_person_usecase="MARKETING")
    return world.api.post(f"/v1/Services/{world.service.sid}", {"Usecase": "verification"})


@scenario("CreateUsAppToPerson", 21729)
def _brand_suspended(world: World) -> Any:
    compliance.suspend_brand(brand=world.brand, actor=ACTOR)
    return {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)}


CHANGE = {
    **{name: value for name, value in wire(factories.CAMPAIGN).items() if name != "UsAppToPersonUsecase"},
    "AgeGated": "false",
    "DirectLending": "false",
}
given("UpdateUsAppToPerson", 11100, **{**CHANGE, "PrivacyPolicyUrl": "nowhere"})
given("UpdateUsAppToPerson", 21727, **{**CHANGE, "AgeGated": ""})
given("UpdateUsAppToPerson", 21728, **{**CHANGE, "Description": "short"})


@scenario("UpdateUsAppToPerson", 20409)
def _registered_elsewhere(world: World) -> Any:
    made = world.api.post(
        "/v1/Services/PreregisteredUsa2p", {"CampaignId": "CX12345", "MessagingServiceSid": world.service.sid}
    )
    assert made.status_code == 201, made.json()
    return world.api.post(f"/v1/Services/{world.service.sid}/Compliance/Usa2p/{made.json()['sid']}", CHANGE)


@scenario("UpdateUsAppToPerson", 21729)
def _campaign_suspended(world: World) -> Any:
    campaign = compliance.approve_campaign(campaign=world.campaign, actor=ACTOR)
    compliance.suspend_campaign(campaign=campaign, actor=ACTOR)
    return CHANGE


@scenario("UpdateUsAppToPerson", 21717)
def _brand_failed_meanwhile(world: World) -> Any:
    brand = factories.brand(world.account, decided=False)
    campaign = factories.campaign(world.service, brand)
    compliance.reject_brand(brand=brand, actor=ACTOR)
    return world.api.post(f"/v1/Services/{world.service.sid}/Compliance/Usa2p/{campaign.sid}", CHANGE)


for _name in ("ExplainMessage", "ExplainSender"):
    given(_name, 21624, To=TO, Body="x", WhyNot="x", ValidityPeriod="soon")
    given(_name, 35114, To=TO, Body="x", WhyNot="x", ScheduleType="fixed", SendAt="tomorrow")
given("FetchUsAppToPersonUsecase", 21717, BrandRegistrationSid="BN" + "0" * 32)


def elsewhere(code: int, **params: Any) -> None:
    def make(world: World) -> Any:
        return {"CampaignId": "CX12345", "MessagingServiceSid": world.service.sid, **params}

    SCENARIOS["CreateExternalCampaign", code] = make


elsewhere(21701, MessagingServiceSid="MG" + "0" * 32)
elsewhere(21705, MessagingServiceSid="MG1")
elsewhere(21727, CampaignId="")
elsewhere(21728, CampaignId=LONG)


@scenario("CreateExternalCampaign", 20409)
def _has_one_already(world: World) -> Any:
    world.campaign  # noqa: B018 - made when first asked for: the Service has one
    return {"CampaignId": "CX12345", "MessagingServiceSid": world.service.sid}


@scenario("CreateTollfreeVerification", 20409)
def _verified_twice(world: World) -> Any:
    first = factories.verification(world.account)
    return {"TollfreePhoneNumberSid": first.tollfree_phone_number_sid, **wire(factories.TOLLFREE)}


given("UpdateDomainConfig", 11100, FallbackUrl="nowhere")
given("UpdateDomainCertV4", 30132, TlsCert="hello")


@scenario("CreateLinkshorteningMessagingService", 20409)
def _second_domain(world: World) -> Any:
    service = factories.service(world.account)
    first, second = new_sid("DN"), new_sid("DN")
    for sid in (first, second):
        set_config(account=world.account, actor=ACTOR, domain_sid=sid)
    associate(service=service, actor=ACTOR, domain_sid=first)
    return world.api.post(f"/v1/LinkShortening/Domains/{second}/MessagingServices/{service.sid}")
