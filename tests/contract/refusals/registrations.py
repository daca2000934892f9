"""Brands, campaigns, toll-free verifications and domains for short links."""

from typing import Any

from msgconsole.sids import new_sid
from services.compliance import actions as compliance
from services.linkshortening.actions import associate, set_config
from tests import factories
from tests.contract.refusals.registry import SCENARIOS, given, scenario
from tests.contract.resources import World, wire
from tests.factories import ACTOR

TO = "+14155550123"
LONG = "x" * 65

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
