"""Services over the API: parameters in, properties out, and the code of each refusal."""

from typing import Any

import pytest

from msgconsole.accounts.models import AuditEntry
from tests.api_client import Api
from tests.contract.resources import World

PATH = "/v1/Services"


def test_a_new_service_has_the_documented_defaults(alice: Api) -> None:
    body = alice.post(PATH, {"FriendlyName": "Reminders"}).json()
    sid = body["sid"]
    assert {
        name: body[name]
        for name in body
        if name not in ("sid", "account_sid", "date_created", "date_updated", "url", "links")
    } == {
        "friendly_name": "Reminders",
        "inbound_request_url": None,
        "inbound_method": "POST",
        "fallback_url": None,
        "fallback_method": "POST",
        "status_callback": None,
        "sticky_sender": True,
        "mms_converter": True,
        "smart_encoding": True,
        "scan_message_content": "inherit",
        "fallback_to_long_code": True,
        "area_code_geomatch": True,
        "synchronous_validation": False,
        "validity_period": 36000,
        "usecase": "undeclared",
        "us_app_to_person_registered": False,
        "use_inbound_webhook_on_number": True,
        "sending_windows": [],
    }
    url = f"http://testserver/v1/Services/{sid}"
    assert body["url"] == url
    assert body["links"] == {
        "phone_numbers": f"{url}/PhoneNumbers",
        "short_codes": f"{url}/ShortCodes",
        "alpha_senders": f"{url}/AlphaSenders",
        "messages": f"{url}/Messages",
        "us_app_to_person": f"{url}/Compliance/Usa2p",
        "us_app_to_person_usecases": f"{url}/Compliance/Usa2p/Usecases",
        "channel_senders": f"{url}/ChannelSenders",
        "destination_alpha_senders": f"{url}/DestinationAlphaSenders",
    }


def test_every_parameter_is_stored_on_create_and_on_update(alice: Api) -> None:
    first = {
        "FriendlyName": "One",
        "InboundRequestUrl": "https://example.com/in",
        "InboundMethod": "get",
        "FallbackUrl": "https://example.com/fallback",
        "FallbackMethod": "GET",
        "StatusCallback": "https://example.com/status",
        "StickySender": "false",
        "MmsConverter": "False",
        "SmartEncoding": "FALSE",
        "ScanMessageContent": "enable",
        "FallbackToLongCode": "false",
        "AreaCodeGeomatch": "false",
        "ValidityPeriod": "120",
        "SynchronousValidation": "true",
        "Usecase": "poll",
        "UseInboundWebhookOnNumber": "true",
    }
    expected = {
        "friendly_name": "One",
        "inbound_request_url": "https://example.com/in",
        "inbound_method": "GET",
        "fallback_url": "https://example.com/fallback",
        "fallback_method": "GET",
        "status_callback": "https://example.com/status",
        "sticky_sender": False,
        "mms_converter": False,
        "smart_encoding": False,
        "scan_message_content": "enable",
        "fallback_to_long_code": False,
        "area_code_geomatch": False,
        "validity_period": 120,
        "synchronous_validation": True,
        "usecase": "poll",
        "use_inbound_webhook_on_number": True,
    }
    made = alice.post(PATH, first).json()
    assert {name: made[name] for name in expected} == expected
    bare = alice.post(PATH, {"FriendlyName": "Two"}).json()
    changed = alice.post(f"{PATH}/{bare['sid']}", first).json()
    assert {name: changed[name] for name in expected} == expected
    cleared = alice.post(f"{PATH}/{bare['sid']}", {"InboundRequestUrl": "", "StatusCallback": ""}).json()
    assert (cleared["inbound_request_url"], cleared["status_callback"]) == (None, None)
    assert cleared["fallback_url"] == "https://example.com/fallback"


@pytest.mark.parametrize(
    "given, status, code",
    [
        ({}, 400, 20001),
        ({"FriendlyName": ""}, 400, 20002),
        ({"FriendlyName": "x" * 65}, 400, 20002),
        ({"StickySender": "yes"}, 400, 20001),
        ({"InboundMethod": "PATCH"}, 400, 20001),
        ({"InboundRequestUrl": "example.com"}, 400, 11100),
        ({"ValidityPeriod": "36001"}, 400, 21624),
        ({"ValidityPeriod": "-1"}, 400, 21624),
        ({"ValidityPeriod": "9" * 30}, 400, 21624),
        ({"ValidityPeriod": "1h"}, 400, 20001),
        ({"ValidityPeriod": "1.5"}, 400, 20001),
        ({"Usecase": "spam"}, 400, 21713),
        ({"ScanMessageContent": "maybe"}, 400, 20001),
    ],
)
def test_a_bad_parameter_is_refused_on_create_and_on_update(
    given: dict[str, str], status: int, code: int, alice: Api
) -> None:
    world = World(alice)
    path = f"{PATH}/{world.service.sid}"
    before = alice.get(path).json()
    create = alice.post(PATH, ({"FriendlyName": "x"} | given) if given else {})
    assert (create.status_code, create.json()["code"]) == (status, code)
    if given:
        update = alice.post(path, given)
        assert (update.status_code, update.json()["code"]) == (status, code)
    assert alice.get(path).json() == before
    assert len(alice.get(PATH).json()["services"]) == 1


def test_the_missing_name_is_told_in_the_words_that_clients_know(alice: Api) -> None:
    assert alice.post(PATH, {}).json()["message"] == "Missing required parameter FriendlyName in the post body"


def test_unknown_and_read_only_parameters_are_ignored(alice: Api) -> None:
    body = alice.post(
        PATH,
        {"FriendlyName": "x", "UsAppToPersonRegistered": "true", "Sid": "MG1", "Nonsense": "1", "AccountSid": "AC1"},
    ).json()
    assert body["us_app_to_person_registered"] is False
    assert body["account_sid"] == World(alice).account.sid


def test_an_update_without_parameters_changes_nothing(alice: Api) -> None:
    world = World(alice)
    before = alice.get(f"{PATH}/{world.service.sid}").json()
    assert alice.post(f"{PATH}/{world.service.sid}").json() == before
    assert not AuditEntry.objects.filter(action="service.updated").exists()


def test_there_are_six_use_cases(alice: Api) -> None:
    rows: list[dict[str, Any]] = alice.get(f"{PATH}/Usecases").json()["usecases"]
    assert [row["usecase"] for row in rows] == [
        "notifications",
        "marketing",
        "verification",
        "discussion",
        "poll",
        "undeclared",
    ]
    assert all(set(row) == {"usecase", "description", "purpose"} for row in rows)


def test_services_are_listed_newest_first(alice: Api) -> None:
    sids = [alice.post(PATH, {"FriendlyName": str(number)}).json()["sid"] for number in range(3)]
    assert [row["sid"] for row in alice.get(PATH).json()["services"]] == sids[::-1]
