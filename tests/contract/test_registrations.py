"""Brands, campaigns, toll-free verifications, short-link domains and deactivations over the API."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from services.compliance import actions as compliance
from services.compliance.api.deactivations import SALT
from services.compliance.models import Campaign, TollfreeVerification
from tests import factories
from tests.api_client import Api
from tests.contract import tables
from tests.contract.resources import World, wire
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]
BRANDS = "/v1/a2p/BrandRegistrations"
TOLLFREE = "/v1/Tollfree/Verifications"
DOMAINS = "/v1/LinkShortening/Domains"
UPDATE = {**wire(factories.CAMPAIGN), "AgeGated": "true", "DirectLending": "false"}
TOKEN = "cv|1.0|tcr|10dlc|9975c339-d46f-49b7-a399-000000000000|GQ3"


def bundles() -> dict[str, str]:
    return {"CustomerProfileBundleSid": new_sid("BU"), "A2PProfileBundleSid": new_sid("BU")}


def usa2p(world: World, tail: str = "") -> str:
    return f"/v1/Services/{world.service.sid}/Compliance/Usa2p{tail}"


# Brands


def test_a_brand_is_pending_at_first_and_approved_a_moment_later(alice: Api) -> None:
    made = alice.post(BRANDS, bundles()).json()
    shown = {name: made[name] for name in ("status", "brand_type", "tcr_id", "errors", "mock", "brand_score")}
    assert shown == {
        "status": "PENDING",
        "brand_type": "STANDARD",
        "tcr_id": None,
        "errors": [],
        "mock": False,
        "brand_score": None,
    }
    url = f"http://testserver{BRANDS}/{made['sid']}"
    assert made["links"] == {"brand_vettings": f"{url}/Vettings", "brand_registration_otps": f"{url}/SmsOtp"}
    queue.drain(until_idle=True)
    later = alice.get(f"{BRANDS}/{made['sid']}").json()
    assert (later["status"], later["identity_status"]) == ("APPROVED", "VERIFIED")
    assert later["tcr_id"]


def test_a_failed_brand_says_why_with_a_page_for_the_code(alice: Api, published: Published) -> None:
    made = alice.post(BRANDS, {**bundles(), "A2PProfileBundleSid": "BU" + "f" * 24 + "00030702"}).json()
    queue.drain(until_idle=True)
    body = alice.get(f"{BRANDS}/{made['sid']}").json()
    published("messaging.v1.brand_registrations", body)
    (error,) = body["errors"]
    assert (body["status"], error["error_code"], error["fields"]) == ("FAILED", 30702, ["business_profile"])
    assert error["url"] == "http://testserver/docs/errors/30702"
    assert body["failure_reason"] == error["description"]


@pytest.mark.parametrize(
    "given",
    [
        {"CustomerProfileBundleSid": ""},
        {"A2PProfileBundleSid": ""},
        {"A2PProfileBundleSid": "BN" + "0" * 32},
        {"BrandType": "STARTER"},
        {"Mock": "maybe"},
    ],
)
def test_a_faulty_brand_is_refused(given: dict[str, str], alice: Api) -> None:
    assert_error(alice.post(BRANDS, {**bundles(), **given}), 400, 20001)
    assert alice.get(BRANDS).json()["data"] == []


def test_a_missing_profile_is_told_by_its_own_name(alice: Api) -> None:
    given = {"CustomerProfileBundleSid": new_sid("BU")}
    words = "Missing required parameter A2PProfileBundleSid in the post body"
    assert alice.post(BRANDS, given).json()["message"] == words


def test_a_brand_is_sent_in_again_with_202(alice: Api) -> None:
    world = World(alice)
    brand = factories.brand(world.account, decided=False)
    answer = alice.post(f"{BRANDS}/{brand.sid}")
    assert answer.status_code == 202
    check(answer.json(), tables.BRAND)
    assert_error(alice.post(f"{BRANDS}/{world.brand.sid}"), 400, 21725)


def test_a_code_is_sent_with_201(alice: Api, published: Published) -> None:
    brand = factories.brand(World(alice).account, decided=False, brand_type="SOLE_PROPRIETOR")
    answer = alice.post(f"{BRANDS}/{brand.sid}/SmsOtp")
    assert answer.status_code == 201
    assert answer.json() == {"account_sid": brand.account.sid, "brand_registration_sid": brand.sid}
    published("messaging.v1.brand_registrations.brand_registration_otp", answer.json())


def test_vettings_are_made_listed_by_provider_and_fetched(alice: Api, published: Published) -> None:
    path = f"{BRANDS}/{World(alice).brand.sid}/Vettings"
    imported = alice.post(path, {"VettingProvider": "campaign-verify", "VettingId": TOKEN})
    scored = alice.post(path, {"VettingProvider": "aegis"})
    for answer in (imported, scored):
        assert answer.status_code == 201
        check(answer.json(), tables.VETTING)
        published("messaging.v1.brand_registrations.brand_vetting", answer.json())
        assert alice.get(f"{path}/{answer.json()['brand_vetting_sid']}").json() == answer.json()
    assert (imported.json()["vetting_class"], imported.json()["vetting_status"]) == ("POLITICAL", "IN_PROGRESS")
    listed = alice.get(path).json()
    assert [row["brand_vetting_sid"] for row in listed["data"]] == [
        scored.json()["brand_vetting_sid"],
        imported.json()["brand_vetting_sid"],
    ]
    check(listed["meta"], tables.V1_META)
    assert alice.get(path, {"VettingProvider": "aegis"}).json()["data"] == [scored.json()]
    assert_error(alice.get(path, {"VettingProvider": "x"}), 400, 20001)
    queue.drain(until_idle=True)
    assert {row["vetting_status"] for row in alice.get(path).json()["data"]} == {"SUCCESS"}


def test_vettings_page_in_both_directions(alice: Api) -> None:
    path = f"{BRANDS}/{World(alice).brand.sid}/Vettings"
    made = [alice.post(path, {"VettingProvider": "aegis"}).json()["brand_vetting_sid"] for _ in range(3)]
    first = alice.get(path, {"PageSize": 2}).json()
    second = alice.get(first["meta"]["next_page_url"]).json()
    assert [row["brand_vetting_sid"] for row in first["data"] + second["data"]] == made[::-1]
    assert alice.get(second["meta"]["previous_page_url"]).json()["data"] == first["data"]


@pytest.mark.parametrize(
    "given, code",
    [
        ({}, 20001),
        ({"VettingProvider": "x"}, 20001),
        ({"VettingProvider": "campaign-verify"}, 21722),
        ({"VettingProvider": "campaign-verify", "VettingId": "x"}, 21722),
    ],
)
def test_a_faulty_vetting_is_refused(given: dict[str, str], code: int, alice: Api) -> None:
    assert_error(alice.post(f"{BRANDS}/{World(alice).brand.sid}/Vettings", given), 400, code)


# Campaigns


def test_a_campaign_is_made_reviewed_and_shown_with_its_defaults(alice: Api, published: Published) -> None:
    world = World(alice)
    answer = alice.post(usa2p(world), {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)})
    body = answer.json()
    assert (answer.status_code, body["campaign_status"]) == (201, "PENDING")
    assert body["opt_out_keywords"] == ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]
    assert body["help_keywords"] == ["HELP", "INFO"]
    assert body["message_samples"] == factories.CAMPAIGN["message_samples"]
    assert body["is_externally_registered"] is False
    queue.drain(until_idle=True)
    later = alice.get(usa2p(world, f"/{body['sid']}")).json()
    published("messaging.v1.service.us_app_to_person", later)
    assert later["campaign_status"] == "VERIFIED"
    assert set(later["rate_limits"]) == {"att", "tmobile"}
    assert set(later["rate_limits"]["att"]) == {"mps", "msg_class"}
    assert alice.get(f"/v1/Services/{world.service.sid}").json()["us_app_to_person_registered"] is True


def test_every_parameter_of_a_campaign_is_stored(alice: Api) -> None:
    world = World(alice)
    given = {
        **wire(factories.CAMPAIGN),
        "BrandRegistrationSid": world.brand.sid,
        "HasEmbeddedLinks": "true",
        "HasEmbeddedPhone": "TRUE",
        "SubscriberOptIn": "true",
        "AgeGated": "true",
        "DirectLending": "true",
        "OptInMessage": "Acme: welcome. Reply STOP to end this.",
        "OptOutMessage": "Acme: you get no more messages from us.",
        "HelpMessage": "Acme: call us for help, any day.",
        "OptInKeywords": ["START", "JOIN"],
        "OptOutKeywords": ["STOP", "LEAVE"],
        "HelpKeywords": "HELP",
        "PrivacyPolicyUrl": "https://example.com/privacy",
        "TermsAndConditionsUrl": "https://example.com/terms",
    }
    sid = alice.post(usa2p(world), given).json()["sid"]
    body = alice.get(usa2p(world, f"/{sid}"), HTTP_X_TWILIO_API_VERSION="v1.2").json()
    expected = {
        "has_embedded_links": True,
        "has_embedded_phone": True,
        "subscriber_opt_in": True,
        "age_gated": True,
        "direct_lending": True,
        "opt_in_message": "Acme: welcome. Reply STOP to end this.",
        "opt_out_message": "Acme: you get no more messages from us.",
        "help_message": "Acme: call us for help, any day.",
        "opt_in_keywords": ["START", "JOIN"],
        "opt_out_keywords": ["STOP", "LEAVE"],
        "help_keywords": ["HELP"],
        "privacy_policy_url": "https://example.com/privacy",
        "terms_and_conditions_url": "https://example.com/terms",
    }
    assert {name: body[name] for name in expected} == expected


def test_the_policy_addresses_are_shown_to_whoever_names_a_version_and_to_nobody_else(
    alice: Api, published: Published
) -> None:
    world = World(alice)
    path = usa2p(world, f"/{world.campaign.sid}")
    version = {"HTTP_X_TWILIO_API_VERSION": "v1.2"}
    for answer in (alice.get(path), alice.post(path, UPDATE)):
        check(answer.json(), tables.CAMPAIGN)
    check(alice.get(usa2p(world)).json()["compliance"][0], tables.CAMPAIGN)
    for answer in (alice.get(path, **version), alice.post(path, UPDATE, **version)):
        check(answer.json(), tables.CAMPAIGN_WITH_POLICIES)
        published("messaging.v1.service.us_app_to_person_v2", answer.json())
    check(alice.get(usa2p(world), **version).json()["compliance"][0], tables.CAMPAIGN_WITH_POLICIES)


@pytest.mark.parametrize(
    "spoilt, status, code",
    [
        ({"BrandRegistrationSid": ""}, 400, 21727),
        ({"HasEmbeddedPhone": ""}, 400, 21727),
        ({"MessageSamples": []}, 400, 21727),
        ({"MessageSamples": ["x" * 30]}, 400, 21728),
        ({"Description": "short"}, 400, 21728),
        ({"UsAppToPersonUsecase": "SPAM"}, 400, 21720),
        ({"BrandRegistrationSid": "BN" + "0" * 32}, 400, 21717),
        ({"HasEmbeddedLinks": "perhaps"}, 400, 20001),
    ],
)
def test_a_faulty_campaign_is_refused(spoilt: dict[str, Any], status: int, code: int, alice: Api) -> None:
    world = World(alice)
    good = {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)}
    assert_error(alice.post(usa2p(world), {**good, **spoilt}), status, code)
    assert alice.get(usa2p(world)).json()["compliance"] == []


def test_another_accounts_brand_is_not_taken(alice: Api, charlie: Api) -> None:
    world = World(alice)
    given = {"BrandRegistrationSid": World(charlie).brand.sid, **wire(factories.CAMPAIGN)}
    assert_error(alice.post(usa2p(world), given), 400, 21717)
    usecases = usa2p(world, "/Usecases")
    assert_error(alice.get(usecases, {"BrandRegistrationSid": given["BrandRegistrationSid"]}), 400, 21717)


def test_a_second_campaign_is_a_conflict(alice: Api) -> None:
    world = World(alice)
    assert world.campaign
    given = {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)}
    assert_error(alice.post(usa2p(world), given), 409, 20409)


def test_an_update_asks_for_all_seven_answers(alice: Api) -> None:
    world = World(alice)
    path = usa2p(world, f"/{world.campaign.sid}")
    for name in (*(set(UPDATE) - {"UsAppToPersonUsecase"}),):
        assert_error(alice.post(path, {key: value for key, value in UPDATE.items() if key != name}), 400, 21727)
    body = alice.post(path, {**UPDATE, "UsAppToPersonUsecase": "MARKETING"}).json()
    assert (body["age_gated"], body["us_app_to_person_usecase"]) == (True, "ACCOUNT_NOTIFICATION")


def test_use_cases_depend_on_the_brand(alice: Api, published: Published) -> None:
    world = World(alice)
    path = usa2p(world, "/Usecases")
    body = alice.get(path).json()
    published("messaging.v1.service.us_app_to_person_usecase", body)
    rows = body["us_app_to_person_usecases"]
    assert (len(rows), rows[0]["code"], rows[-1]["code"]) == (20, "2FA", "SWEEPSTAKE")
    assert all(set(row) == {"code", "name", "description", "post_approval_required"} for row in rows)
    assert alice.get(path, {"BrandRegistrationSid": world.brand.sid}).json() == body
    sole = factories.brand(world.account, brand_type="SOLE_PROPRIETOR")
    (only,) = alice.get(path, {"BrandRegistrationSid": sole.sid}).json()["us_app_to_person_usecases"]
    assert only["code"] == "SOLE_PROPRIETOR"


def test_a_campaign_from_elsewhere_is_brought_in(alice: Api, published: Published) -> None:
    world = World(alice)
    path = "/v1/Services/PreregisteredUsa2p"
    given = {"CampaignId": "CABC123", "MessagingServiceSid": world.service.sid, "CnpMigration": "true"}
    answer = alice.post(path, given)
    assert answer.status_code == 201
    check(answer.json(), tables.EXTERNAL_CAMPAIGN)
    published("messaging.v1.external_campaign", answer.json())
    (row,) = alice.get(usa2p(world)).json()["compliance"]
    published("messaging.v1.service.us_app_to_person", row)
    assert (row["sid"], row["campaign_id"]) == (answer.json()["sid"], "CABC123")
    assert (row["is_externally_registered"], row["brand_registration_sid"], row["description"]) == (True, None, None)
    assert_error(alice.post(path, given), 409, 20409)


def test_a_faulty_campaign_from_elsewhere_is_refused(alice: Api, charlie: Api) -> None:
    path, own, theirs = "/v1/Services/PreregisteredUsa2p", World(alice).service.sid, World(charlie).service.sid
    for given, status, code in (
        ({"MessagingServiceSid": own}, 400, 21727),
        ({"CampaignId": "C1"}, 400, 21727),
        ({"CampaignId": "C" * 65, "MessagingServiceSid": own}, 400, 21728),
        ({"CampaignId": "C1", "MessagingServiceSid": "MG1"}, 400, 21705),
        ({"CampaignId": "C1", "MessagingServiceSid": theirs}, 404, 21701),
    ):
        assert_error(alice.post(path, given), status, code)
    assert not Campaign.objects.exists()


# Toll-free verifications


def test_a_verification_is_made_edited_and_withdrawn(alice: Api, published: Published) -> None:
    world = World(alice)
    number = factories.number(world.account, "+18885550123", registration="unverified")
    answer = alice.post(TOLLFREE, {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)})
    body = answer.json()
    assert (answer.status_code, body["status"], body["tollfree_phone_number"]) == (
        201,
        "PENDING_REVIEW",
        "+18885550123",
    )
    assert len(body) == 53
    assert body["use_case_categories"] == ["ACCOUNT_NOTIFICATIONS", "CUSTOMER_CARE"]
    path = f"{TOLLFREE}/{body['sid']}"
    edit = {"UseCaseSummary": "Now [reject]", "OptInKeywords": ["START", "JOIN"], "AgeGatedContent": "true"}
    edited = alice.post(path, {**edit, "EditReason": "Typing error"})
    assert edited.status_code == 202
    assert (edited.json()["opt_in_keywords"], edited.json()["age_gated_content"]) == (["START", "JOIN"], True)
    queue.drain(until_idle=True)
    rejected = alice.get(path).json()
    published("messaging.v1.tollfree_verification", rejected)
    check(rejected, tables.VERIFICATION)
    assert (rejected["status"], rejected["error_code"], rejected["edit_allowed"]) == ("TWILIO_REJECTED", 30440, True)
    assert rejected["rejection_reasons"] == [{"code": 30440, "reason": rejected["rejection_reason"]}]
    assert alice.delete(path).status_code == 204


@pytest.mark.parametrize(
    "given",
    [
        {"OptInType": "GUESSED"},
        {"OptInType": ""},
        {"UseCaseCategories": ["SPAM"]},
        {"NotificationEmail": "nobody"},
        {"OptInImageUrls": "form.png"},
        {"AgeGatedContent": "maybe"},
    ],
)
def test_a_faulty_verification_is_refused_on_create_and_on_update(given: dict[str, Any], alice: Api) -> None:
    world = World(alice)
    made = factories.verification(world.account)
    assert_error(alice.post(f"{TOLLFREE}/{made.sid}", given), 400, 20001)
    number = factories.number(world.account, "+18885550123")
    good = {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)}
    assert_error(alice.post(TOLLFREE, {**good, **given}), 400, 20001)
    assert TollfreeVerification.objects.count() == 1


def test_a_number_that_is_not_toll_free_or_not_ones_own_is_refused(alice: Api, charlie: Api) -> None:
    local = factories.number(World(alice).account)
    theirs = factories.number(World(charlie).account, "+18885550123")
    for number in (local, theirs):
        given = {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)}
        assert_error(alice.post(TOLLFREE, given), 400, 20001)


def test_verifications_are_found_by_each_filter(alice: Api) -> None:
    account = World(alice).account
    profile = {"customer_profile_sid": "BU" + "a" * 32}
    first = factories.verification(account, external_reference_id="order-1", **profile)
    second = factories.verification(account)
    other = factories.verification(factories.account("Part", owner=account))
    queue.drain(until_idle=True)
    first.refresh_from_db()
    compliance.reject_verification(verification=second, actor=factories.ACTOR)

    def found(**given: Any) -> list[str]:
        rows = alice.get(TOLLFREE, {"PageSize": 50, **given}).json()["verifications"]
        return [row["sid"] for row in rows]

    assert found() == [second.sid, first.sid]
    assert found(TollfreePhoneNumberSid=second.tollfree_phone_number_sid) == [second.sid]
    assert found(Status="TWILIO_APPROVED") == [first.sid]
    assert found(Status="TWILIO_REJECTED") == [second.sid]
    assert found(ExternalReferenceId="order-1") == [first.sid]
    assert found(TrustProductSid=[first.trust_product_sid, new_sid("BU")]) == [first.sid]
    assert found(TrustProductSid=new_sid("BU")) == []
    assert found(IncludeSubAccounts="true") == [other.sid, second.sid, first.sid]
    assert found(IncludeSubAccounts="false") == [second.sid, first.sid]
    assert_error(alice.get(TOLLFREE, {"Status": "DONE"}), 400, 20001)
    listed = alice.get(TOLLFREE, {"IncludeSubAccounts": "true", "PageSize": 1}).json()
    assert "IncludeSubAccounts=true" in listed["meta"]["next_page_url"]
    assert listed["verifications"][0]["account_sid"] == other.account.sid


# Link shortening


def test_a_domain_is_configured_and_its_configuration_changed(alice: Api, published: Published) -> None:
    path = f"{DOMAINS}/{new_sid('DN')}/Config"
    assert_error(alice.get(path), 404, 20404)
    made = alice.post(path, {"FallbackUrl": "https://example.com/", "ContinueOnFailure": "true"})
    assert made.status_code == 201
    check(made.json(), tables.DOMAIN_CONFIG)
    published("messaging.v1.domain_config", made.json())
    changed = alice.post(path, {"CallbackUrl": "https://example.com/clicks", "DisableHttps": "true"})
    assert changed.status_code == 200
    expected = {
        "config_sid": made.json()["config_sid"],
        "fallback_url": "https://example.com/",
        "callback_url": "https://example.com/clicks",
        "continue_on_failure": True,
        "disable_https": True,
    }
    assert {name: changed.json()[name] for name in expected} == expected
    assert alice.get(path).json() == changed.json()
    assert alice.post(path, {"FallbackUrl": ""}).json()["fallback_url"] is None
    assert_error(alice.post(path, {"FallbackUrl": "example.com"}), 400, 11100)
    assert_error(alice.post(f"{DOMAINS}/{new_sid('BU')}/Config"), 404, 20404)


def test_a_service_is_associated_with_a_domain_and_dissociated(alice: Api, published: Published) -> None:
    service = World(alice).service.sid
    domain = new_sid("DN")
    of_service = f"/v1/LinkShortening/MessagingServices/{service}/Domain"
    config = f"/v1/LinkShortening/MessagingService/{service}/DomainConfig"
    association = f"{DOMAINS}/{domain}/MessagingServices/{service}"
    for path in (of_service, config):
        assert_error(alice.get(path), 404, 20404)
    made = alice.post(association)
    assert made.status_code == 201
    check(made.json(), tables.SERVICE_DOMAIN)
    published("messaging.v1.linkshortening_messaging_service", made.json())
    shown = alice.get(of_service).json()
    check(shown, tables.SERVICE_DOMAIN)
    published("messaging.v1.linkshortening_messaging_service_domain_association", shown)
    assert shown["domain_sid"] == domain
    assert_error(alice.get(config), 404, 20404)
    assert alice.post(f"{DOMAINS}/{domain}/Config").status_code == 201
    shown = alice.get(config).json()
    check(shown, tables.SERVICE_DOMAIN_CONFIG)
    published("messaging.v1.domain_config_messaging_service", shown)
    assert_error(alice.post(f"{DOMAINS}/{new_sid('DN')}/MessagingServices/{service}"), 409, 20409)
    assert alice.post(association).status_code == 201
    answer = alice.delete(association)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(alice.delete(association), 404, 20404)
    assert_error(alice.get(of_service), 404, 20404)


# Deactivations


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def test_deactivations_lead_to_a_file_of_the_days_numbers(alice: Api, charlie: Api, published: Published) -> None:
    account = World(alice).account
    noon = datetime.combine(yesterday(), datetime.min.time(), UTC) + timedelta(hours=12)
    gone = {"status": "undelivered", "error_code": 30005}
    for to, sent, given in (
        ("+14155550123", noon, gone),
        ("+14155550123", noon, gone),
        ("+12125550134", noon, gone),
        ("+14165550123", noon, gone),  # Canada
        ("+14155550124", noon, {"status": "undelivered", "error_code": 30003}),
        ("+14155550125", noon - timedelta(days=1), gone),
        ("+14155550126", noon + timedelta(days=1), gone),
    ):
        factories.message(account, to=to, date_sent=sent, **given)
    factories.message(World(charlie).account, to="+14155550127", date_sent=noon, **gone)
    answer = alice.get("/v1/Deactivations", {"Date": yesterday().isoformat()})
    assert answer.status_code == 307
    assert set(answer.json()) == {"redirect_to"}
    published("messaging.v1.deactivation", answer.json())
    assert answer["Location"] == answer.json()["redirect_to"]
    file = Client().get(answer["Location"].removeprefix("http://testserver"))
    assert (file.status_code, file["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert file.content.decode().split() == ["+12125550134", "+14155550123"]
    empty = charlie.get("/v1/Deactivations", {"Date": (yesterday() - timedelta(days=9)).isoformat()})
    assert Client().get(empty["Location"].removeprefix("http://testserver")).content == b""


@pytest.mark.parametrize(
    "given", ["", "x", "2026-02-30", "20260102", (yesterday() + timedelta(days=1)).isoformat(), "9999-12-31"]
)
def test_a_day_that_is_none_or_not_over_is_refused(given: str, alice: Api) -> None:
    assert_error(alice.get("/v1/Deactivations", {"Date": given}), 400, 20001)


def test_the_files_address_cannot_be_guessed_or_kept(alice: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sid = World(alice).account.sid
    assert Client().get("/msgconsole/v1/Deactivations/x.txt").status_code == 404
    forged = signing.dumps([sid, yesterday().isoformat()], key="another", salt=SALT)
    assert Client().get(f"/msgconsole/v1/Deactivations/{forged}.txt").status_code == 404
    address = alice.get("/v1/Deactivations", {"Date": yesterday().isoformat()})["Location"]
    local = address.removeprefix("http://testserver")
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 119)
    assert Client().get(local).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 121)
    assert Client().get(local).status_code == 403
