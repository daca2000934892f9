"""A Service's senders and the account's inventory over the API."""

from typing import Any

import pytest

from msgconsole.accounts.actions import update_account
from msgconsole.accounts.models import AuditEntry
from senders.models import Sender
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World


def add(world: World, tail: str, **params: str) -> Any:
    return world.api.post(world.path(f"/v1/Services/{{mg}}/{tail}"), params)


def refused(answer: Any) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def world(alice: Api) -> World:
    return World(alice)


def test_a_pooled_number_has_its_own_sid_and_capabilities_in_order(world: World) -> None:
    number = factories.number(world.account, "+14155550100", mms=True)
    body = add(world, "PhoneNumbers", PhoneNumberSid=number.sid).json()
    assert (body["sid"], body["phone_number"], body["country_code"]) == (number.sid, "+14155550100", "US")
    assert body["capabilities"] == ["MMS", "SMS", "Voice"]
    assert body["url"] == f"http://testserver/v1/Services/{world.service.sid}/PhoneNumbers/{number.sid}"


def test_a_number_is_in_one_service_at_most(world: World) -> None:
    number = factories.number(world.account)
    assert add(world, "PhoneNumbers", PhoneNumberSid=number.sid).status_code == 201
    assert refused(add(world, "PhoneNumbers", PhoneNumberSid=number.sid)) == (409, 21710)
    other = factories.service(world.account)
    answer = world.api.post(f"/v1/Services/{other.sid}/PhoneNumbers", {"PhoneNumberSid": number.sid})
    assert refused(answer) == (409, 21712)
    assert world.service.sid in answer.json()["message"]


@pytest.mark.parametrize(
    "tail, parameter, bad, unknown",
    [
        ("PhoneNumbers", "PhoneNumberSid", "PN1", "PN" + "0" * 32),
        ("ShortCodes", "ShortCodeSid", "PN" + "0" * 32, "SC" + "0" * 32),
        ("ChannelSenders", "Sid", "nonsense", "XE" + "0" * 32),
    ],
)
def test_a_missing_a_malformed_and_an_unknown_sid_are_told_apart(
    tail: str, parameter: str, bad: str, unknown: str, world: World
) -> None:
    assert refused(add(world, tail)) == (400, 20001)
    assert refused(add(world, tail, **{parameter: bad})) == (400, 21421)
    assert refused(add(world, tail, **{parameter: unknown})) == (404, 20404)


def test_a_short_code_is_no_phone_number(world: World) -> None:
    code = factories.short_code(world.account, "60012")
    assert refused(add(world, "PhoneNumbers", PhoneNumberSid=code.sid)) == (400, 21421)
    body = add(world, "ShortCodes", ShortCodeSid=code.sid).json()
    assert (body["short_code"], body["country_code"], body["capabilities"]) == ("60012", "US", ["SMS"])


def test_a_full_pool_and_a_number_without_texts_are_refused(world: World, settings: Any) -> None:
    mute = factories.number(world.account, sms=False, mms=False)
    assert refused(add(world, "PhoneNumbers", PhoneNumberSid=mute.sid)) == (400, 21715)
    settings.MSGCONSOLE_POOL_LIMIT = 1
    assert add(world, "PhoneNumbers", PhoneNumberSid=factories.number(world.account).sid).status_code == 201
    assert refused(add(world, "PhoneNumbers", PhoneNumberSid=factories.number(world.account).sid)) == (400, 21714)


@pytest.mark.parametrize("text", ["12345", "TWELVE LETTERS", "Ünï", "a.b"])
def test_an_alpha_sender_that_cannot_be_one_is_refused(text: str, world: World) -> None:
    for tail in ("AlphaSenders", "DestinationAlphaSenders"):
        assert refused(add(world, tail, AlphaSender=text)) == (400, 21709)


def test_a_missing_alpha_sender_and_a_second_one_are_refused(world: World) -> None:
    assert refused(add(world, "AlphaSenders")) == (400, 21708)
    assert add(world, "AlphaSenders", AlphaSender="ACME").status_code == 201
    assert refused(add(world, "AlphaSenders", AlphaSender="OTHER")) == (409, 21710)


def test_destination_alpha_senders_are_listed_by_country_and_apart_from_the_plain_one(world: World) -> None:
    add(world, "AlphaSenders", AlphaSender="ACME")
    anywhere = add(world, "DestinationAlphaSenders", AlphaSender="ACME").json()
    french = add(world, "DestinationAlphaSenders", AlphaSender="ACME FR", IsoCountryCode="fr").json()
    assert (anywhere["iso_country_code"], french["iso_country_code"]) == (None, "FR")
    path = world.path("/v1/Services/{mg}/DestinationAlphaSenders")

    def listed(query: str = "") -> list[str]:
        return [row["sid"] for row in world.api.get(path + query).json()["alpha_senders"]]

    assert listed() == [french["sid"], anywhere["sid"]]
    assert listed("?IsoCountryCode=FR") == [french["sid"]]
    assert listed("?IsoCountryCode=DE") == []
    plain = world.api.get(world.path("/v1/Services/{mg}/AlphaSenders")).json()["alpha_senders"]
    assert [row["alpha_sender"] for row in plain] == ["ACME"]
    assert refused(add(world, "DestinationAlphaSenders", AlphaSender="X", IsoCountryCode="FR")) == (409, 21710)
    assert refused(add(world, "DestinationAlphaSenders", AlphaSender="X", IsoCountryCode="XX")) == (400, 20001)


def test_channel_senders_say_what_they_are(world: World) -> None:
    for address, kind in (
        ("whatsapp:+447400100001", "WhatsApp"),
        ("rcs:acme_agent", "RCS"),
        ("messenger:123456", "Messenger"),
    ):
        sender = factories.channel_sender(world.account, address)
        body = add(world, "ChannelSenders", Sid=sender.sid).json()
        assert (body["sender"], body["sender_type"]) == (address, kind)
        assert body["messaging_service_sid"] == world.service.sid


def test_what_leaves_a_pool_stays_on_the_account(world: World) -> None:
    number = factories.number(world.account)
    url = add(world, "PhoneNumbers", PhoneNumberSid=number.sid).json()["url"]
    assert world.api.delete(url).status_code == 204
    assert world.api.get(f"{world.api.root}/IncomingPhoneNumbers/{number.sid}.json").status_code == 200
    other = factories.service(world.account)
    again = world.api.post(f"/v1/Services/{other.sid}/PhoneNumbers", {"PhoneNumberSid": number.sid})
    assert again.status_code == 201


def test_deleting_a_service_frees_its_numbers_and_ends_its_alpha_senders(world: World) -> None:
    number = factories.number(world.account)
    add(world, "PhoneNumbers", PhoneNumberSid=number.sid)
    alpha = add(world, "AlphaSenders", AlphaSender="ACME").json()
    assert world.api.delete(world.path("/v1/Services/{mg}")).status_code == 204
    assert list(Sender.objects.values_list("sid", flat=True)) == [number.sid]
    assert world.api.get(alpha["url"]).status_code == 404


def test_a_released_number_leaves_its_pool(world: World) -> None:
    number = factories.number(world.account)
    url = add(world, "PhoneNumbers", PhoneNumberSid=number.sid).json()["url"]
    assert world.api.delete(f"{world.api.root}/IncomingPhoneNumbers/{number.sid}.json").status_code == 204
    assert world.api.get(url).status_code == 404


def test_a_bought_number_shows_the_documented_values(world: World) -> None:
    body = world.api.post(f"{world.api.root}/IncomingPhoneNumbers.json", {"PhoneNumber": "+18089255327"}).json()
    assert body["friendly_name"] == "(808) 925-5327"
    assert set(body["capabilities"]) == {"voice", "sms", "mms", "fax"}
    assert (body["type"], body["status"], body["origin"], body["beta"]) == ("local", "in-use", "twilio", False)
    assert (body["emergency_status"], body["emergency_address_status"]) == ("Inactive", "unregistered")
    assert (body["voice_receive_mode"], body["address_requirements"]) == ("voice", "none")
    assert (body["sms_url"], body["sms_method"], body["api_version"]) == ("", "POST", "2010-04-01")


def test_a_number_can_be_had_by_area_code(world: World) -> None:
    path = f"{world.api.root}/IncomingPhoneNumbers.json"
    one, two = (world.api.post(path, {"AreaCode": "415", "FriendlyName": "SF"}).json() for _ in range(2))
    assert one["phone_number"].startswith("+1415")
    assert (one["friendly_name"], one["phone_number"] == two["phone_number"]) == ("SF", False)
    assert refused(world.api.post(path, {"AreaCode": "000"})) == (400, 21452)


@pytest.mark.parametrize(
    "given, code",
    [
        ({}, 20001),
        ({"PhoneNumber": "hello"}, 21421),
        ({"PhoneNumber": "+14155550100", "SmsUrl": "nowhere"}, 21402),
        ({"PhoneNumber": "+14155550100", "SmsMethod": "PUT"}, 21403),
        ({"PhoneNumber": "+14155550100", "VoiceMethod": "PUT"}, 21403),
        ({"PhoneNumber": "+14155550100", "VoiceUrl": "nowhere"}, 21402),
        ({"PhoneNumber": "+14155550100", "SmsFallbackUrl": "https://example.com"}, 21406),
        ({"PhoneNumber": "+14155550100", "AddressSid": "AD1"}, 20001),
        ({"PhoneNumber": "+14155550100", "EmergencyStatus": "Perhaps"}, 20001),
    ],
)
def test_a_number_that_cannot_be_had_that_way_is_refused(given: dict[str, str], code: int, world: World) -> None:
    assert refused(world.api.post(f"{world.api.root}/IncomingPhoneNumbers.json", given)) == (400, code)
    assert not Sender.objects.exists()


def test_a_number_is_had_once_in_the_whole_install(world: World, charlie: Api) -> None:
    given = {"PhoneNumber": "+14155550100"}
    assert world.api.post(f"{world.api.root}/IncomingPhoneNumbers.json", given).status_code == 201
    for api in (world.api, charlie):
        assert refused(api.post(f"{api.root}/IncomingPhoneNumbers.json", given)) == (400, 21422)


def test_typed_lists_take_and_show_their_own_type(world: World) -> None:
    numbers = {"Local": "+14155550100", "Mobile": "+447400123456", "TollFree": "+18885550100"}
    root = f"{world.api.root}/IncomingPhoneNumbers"
    for tail, number in numbers.items():
        for other, path in ((other, f"{root}/{other}.json") for other in numbers if other != tail):
            assert refused(world.api.post(path, {"PhoneNumber": number})) == (400, 21421), (other, number)
        assert world.api.post(f"{root}/{tail}.json", {"PhoneNumber": number}).status_code == 201
    for tail, number in numbers.items():
        rows = world.api.get(f"{root}/{tail}.json").json()["incoming_phone_numbers"]
        assert [row["phone_number"] for row in rows] == [number]
    rows = world.api.get(f"{root}.json").json()["incoming_phone_numbers"]
    assert {row["phone_number"]: row["type"] for row in rows} == {
        "+14155550100": "local",
        "+447400123456": "mobile",
        "+18885550100": "toll-free",
    }


def test_numbers_are_found_by_digits_by_pattern_and_by_name(world: World) -> None:
    factories.number(world.account, "+14155550100", friendly_name="Front desk")
    factories.number(world.account, "+12125550199")

    def found(query: str) -> list[str]:
        rows = world.api.get(f"{world.api.root}/IncomingPhoneNumbers.json?{query}").json()
        return [row["phone_number"] for row in rows["incoming_phone_numbers"]]

    assert found("PhoneNumber=%2B1415") == ["+14155550100"]
    assert found("PhoneNumber=+1415") == ["+14155550100"]
    assert found("PhoneNumber=(415)+555-0100") == ["+14155550100"]
    assert found("PhoneNumber=5550***") == ["+12125550199", "+14155550100"]
    assert found("PhoneNumber=2*25550199") == ["+12125550199"]
    assert found("PhoneNumber=.*") == ["+12125550199", "+14155550100"], "a dot is formatting, a star one digit"
    assert found("PhoneNumber=%5B0-9%5D") == []
    assert found("FriendlyName=Front+desk") == ["+14155550100"]
    assert found("Origin=hosted") == []


def test_an_update_keeps_what_concerns_voice_and_texts_alike(world: World) -> None:
    path = f"{world.api.root}/IncomingPhoneNumbers/{factories.number(world.account).sid}.json"
    given = {
        "FriendlyName": "Front desk",
        "SmsUrl": "https://example.com/sms",
        "SmsMethod": "GET",
        "StatusCallback": "https://example.com/status",
        "VoiceUrl": "https://example.com/voice",
        "VoiceCallerIdLookup": "true",
        "AddressSid": "AD" + "0" * 32,
        "EmergencyStatus": "Active",
    }
    body = world.api.post(path, given).json()
    assert (body["friendly_name"], body["sms_url"], body["sms_method"]) == ("Front desk", given["SmsUrl"], "GET")
    assert (body["voice_url"], body["voice_caller_id_lookup"]) == (given["VoiceUrl"], True)
    assert (body["address_sid"], body["emergency_status"]) == (given["AddressSid"], "Active")
    body = world.api.post(path, {"SmsUrl": "", "AddressSid": ""}).json()
    assert (body["sms_url"], body["address_sid"], body["voice_url"]) == ("", None, given["VoiceUrl"])


def test_a_number_is_handed_to_a_subaccount_and_back(world: World) -> None:
    child = Api(factories.account("Part", owner=world.account))
    assert child.account
    number = factories.number(world.account, "+14155550100")
    factories.pooled(world.service, number)
    ours, theirs = (f"{api.root}/IncomingPhoneNumbers/{number.sid}.json" for api in (world.api, child))
    moved = world.api.post(ours, {"AccountSid": child.account.sid, "FriendlyName": "Desk", "VoiceMethod": "GET"})
    assert moved.status_code == 200
    body = moved.json()
    assert (body["account_sid"], body["friendly_name"], body["voice_method"]) == (child.account.sid, "Desk", "GET")
    assert body["uri"] == theirs
    assert world.api.get(ours).status_code == 404
    assert child.get(theirs).json() == world.api.get(theirs).json() == body
    assert world.api.get(world.path("/v1/Services/{mg}/PhoneNumbers")).json()["phone_numbers"] == []
    logged = AuditEntry.objects.filter(action="sender.moved", object_sid=number.sid)
    assert {entry.account_id for entry in logged} == {world.account.pk, child.account.pk}
    assert world.api.post(theirs, {"AccountSid": world.account.sid}).json()["account_sid"] == world.account.sid
    assert world.api.get(ours).json()["friendly_name"] == "Desk"


def test_a_number_is_handed_to_none_but_a_reachable_active_account(world: World, charlie: Api) -> None:
    child = factories.account("Part", owner=world.account)
    assert charlie.account
    number = factories.number(world.account)
    factories.pooled(world.service, number)
    path = f"{world.api.root}/IncomingPhoneNumbers/{number.sid}.json"
    assert refused(world.api.post(path, {"AccountSid": charlie.account.sid})) == (404, 20404)
    assert refused(world.api.post(path, {"AccountSid": "nowhere"})) == (400, 20001)
    update_account(account=child, actor=factories.ACTOR, status="suspended")
    assert refused(world.api.post(path, {"AccountSid": child.sid})) == (403, 20403)
    update_account(account=child, actor=factories.ACTOR, status="active")
    # A setting that is refused moves nothing either.
    assert refused(world.api.post(path, {"AccountSid": child.sid, "SmsUrl": "nowhere"})) == (400, 21402)
    assert world.api.post(path, {"AccountSid": world.account.sid}).json()["account_sid"] == world.account.sid
    assert len(world.api.get(world.path("/v1/Services/{mg}/PhoneNumbers")).json()["phone_numbers"]) == 1
    # A subaccount's credentials do not reach its parent.
    own = factories.number(child)
    child_api = Api(child)
    path = f"{child_api.root}/IncomingPhoneNumbers/{own.sid}.json"
    assert refused(child_api.post(path, {"AccountSid": world.account.sid})) == (404, 20404)


def test_a_short_code_is_set_up_but_neither_made_nor_ended_here(world: World) -> None:
    code = factories.short_code(world.account, "60012")
    path = f"{world.api.root}/SMS/ShortCodes/{code.sid}.json"
    body = world.api.post(path, {"SmsUrl": "https://example.com/sms", "FriendlyName": "Alerts"}).json()
    assert (body["sms_url"], body["friendly_name"], body["short_code"]) == (
        "https://example.com/sms",
        "Alerts",
        "60012",
    )
    root = f"{world.api.root}/SMS/ShortCodes.json"
    assert len(world.api.get(f"{root}?ShortCode=60012&FriendlyName=Alerts").json()["short_codes"]) == 1
    assert world.api.get(f"{root}?ShortCode=60013").json()["short_codes"] == []
