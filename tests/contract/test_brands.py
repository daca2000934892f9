"""Brands, their vettings and codes over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from tests import factories
from tests.api_client import Api
from tests.contract import tables
from tests.contract.resources import World
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]
BRANDS = "/v1/a2p/BrandRegistrations"
TOKEN = "cv|1.0|tcr|10dlc|9975c339-d46f-49b7-a399-000000000000|GQ3"


def bundles() -> dict[str, str]:
    return {"CustomerProfileBundleSid": new_sid("BU"), "A2PProfileBundleSid": new_sid("BU")}


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
    assert (imported.json()["vetting_class"], imported.json()["vetting_status"]) == ("POLITICAL", "PENDING")
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
