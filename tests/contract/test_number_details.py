"""Numbers and short codes over the API: what filters take, what a fault leaves behind, what excludes what."""

import pytest

from senders.models import Sender
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World


@pytest.fixture
def world(alice: Api) -> World:
    return World(alice)


def numbers_path(world: World) -> str:
    return f"{world.api.root}/IncomingPhoneNumbers.json"


@pytest.mark.parametrize("code, friendly", [("416", "(416) 555-0100"), ("212", "(212) 555-0100")])
def test_an_area_code_is_of_the_us_or_of_canada(code: str, friendly: str, world: World) -> None:
    answer = world.api.post(numbers_path(world), {"AreaCode": code})
    assert (answer.status_code, answer.json()["friendly_name"]) == (201, friendly)


@pytest.mark.parametrize("code", ["876", "800", "999", "x"])
def test_no_number_is_had_by_an_area_code_of_elsewhere(code: str, world: World) -> None:
    answer = world.api.post(numbers_path(world), {"AreaCode": code})
    assert (answer.status_code, answer.json()["code"]) == (400, 21452)


@pytest.mark.parametrize(
    "fault, code", [({"SmsUrl": "nowhere"}, 21402), ({"SmsFallbackUrl": "https://example.com"}, 21406)]
)
def test_a_faulty_setting_buys_no_number_by_area_code(fault: dict[str, str], code: int, world: World) -> None:
    answer = world.api.post(numbers_path(world), {"AreaCode": "415", **fault})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Sender.objects.exists()


def test_beta_says_whether_beta_numbers_are_shown_as_well(world: World) -> None:
    factories.number(world.account)
    for shown in ("true", "false"):
        answer = world.api.get(numbers_path(world), {"Beta": shown})
        assert len(answer.json()["incoming_phone_numbers"]) == 1, shown
    assert world.api.get(numbers_path(world), {"Beta": "perhaps"}).status_code == 400


def test_a_trunk_and_an_application_for_calls_exclude_each_other(world: World) -> None:
    path = f"{world.api.root}/IncomingPhoneNumbers/{factories.number(world.account).sid}.json"
    trunk, application = "TK" + "0" * 32, "AP" + "0" * 32
    for given, expected in (
        ({"TrunkSid": trunk}, (trunk, "")),
        ({"VoiceApplicationSid": application}, (None, application)),
        ({"TrunkSid": trunk}, (trunk, "")),
        ({"VoiceApplicationSid": ""}, (trunk, "")),
    ):
        body = world.api.post(path, given).json()
        assert (body["trunk_sid"], body["voice_application_sid"]) == expected, given


def test_short_codes_are_found_by_digits_and_by_pattern(world: World) -> None:
    for code in ("60012", "72345"):
        factories.short_code(world.account, code)

    def found(pattern: str) -> list[str]:
        body = world.api.get(f"{world.api.root}/SMS/ShortCodes.json", {"ShortCode": pattern}).json()
        return [row["short_code"] for row in body["short_codes"]]

    assert found("60012") == ["60012"]
    assert found("234") == ["72345"]
    assert found("6*0*2") == ["60012"]
    assert found("*2*") == ["72345"]
    assert found("600123") == []
    assert found("abc") == []


def test_an_api_version_is_kept(world: World) -> None:
    number, code = factories.number(world.account), factories.short_code(world.account)
    for path in (f"IncomingPhoneNumbers/{number.sid}", f"SMS/ShortCodes/{code.sid}"):
        path = f"{world.api.root}/{path}.json"
        assert world.api.get(path).json()["api_version"] == "2010-04-01"
        assert world.api.post(path, {"ApiVersion": "2008-08-01"}).json()["api_version"] == "2008-08-01"
        assert world.api.post(path, {"ApiVersion": "api_version"}).json()["api_version"] == "2008-08-01"
        assert world.api.post(path, {"FriendlyName": "Desk"}).json()["api_version"] == "2008-08-01"
