"""Campaigns of Services over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from msgconsole.outbox import queue
from services.compliance.models import Campaign
from tests import factories
from tests.api_client import Api
from tests.contract import tables
from tests.contract.resources import World, wire
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]
UPDATE = {**wire(factories.CAMPAIGN), "AgeGated": "true", "DirectLending": "false"}


def usa2p(world: World, tail: str = "") -> str:
    return f"/v1/Services/{world.service.sid}/Compliance/Usa2p{tail}"


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
