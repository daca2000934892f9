"""Whatever is sent, the answer is one of ours: never a 500, always JSON of the documented shape."""

import random
from typing import Any

import pytest

from tests.api_client import Api
from tests.contract.resources import RESOURCES, World
from tests.contract.singles import SINGLES
from tests.contract.tables import ERROR, check
from tests.contract.test_isolation import known

NASTY = (
    "",
    " ",
    "x" * 5000,
    "\U0001f331" * 100,
    "é\u0301\u200b\u202e",
    "\ud7ff\uffff",
    "-1",
    "0",
    "1",
    "2147483648",
    "99999999999999999999",
    "1e309",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    '{"a": {"b": [1, 2]}}',
    '{"a": 1}',
    "'; DROP TABLE accounts_account; --",
    "../../etc/passwd",
    "http://[::1",
    "https://example.com/%00",
    "http://example.com:0/",
    "+",
    "+1",
    "+14155550123",
    "+1415555012345678901234567890",
    "whatsapp:",
    "whatsapp:+14155550123",
    "rcs:x",
    "messenger:1",
    "12345",
    "ACME",
    "MG" + "f" * 32,
    "PN" + "0" * 32,
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+23:59",
    "2026-02-30",
    "GET",
    "fixed",
    "canceled",
    "US",
    "ZZ",
    "%",
    "_",
    "*" * 30,
)
NAMES = (
    *("FriendlyName", "InboundRequestUrl", "InboundMethod", "FallbackUrl", "StatusCallback", "StickySender"),
    *("ValidityPeriod", "Usecase", "ScanMessageContent", "UseInboundWebhookOnNumber", "SynchronousValidation"),
    *("PhoneNumberSid", "ShortCodeSid", "Sid", "AlphaSender", "IsoCountryCode", "PhoneNumber", "AreaCode"),
    *("SmsUrl", "SmsMethod", "SmsFallbackUrl", "VoiceUrl", "VoiceCallerIdLookup", "AddressSid", "EmergencyStatus"),
    *("To", "From", "Body", "MediaUrl", "MessagingServiceSid", "SmartEncoded", "SendAt", "ScheduleType", "Tags"),
    *("ContentSid", "ContentVariables", "MaxPrice", "Attempt", "PersistentAction", "FallbackFrom", "RiskCheck"),
    *("ContentRetention", "AddressRetention", "TrafficType", "ForceDelivery", "ShortenUrls", "MessageIntent"),
    *("Status", "Outcome", "PageSize", "Page", "PageToken", "DateSent", "DateSent<", "DateSent>", "DateCreated"),
    *("Origin", "Beta", "ShortCode", "ApplicationSid", "VoiceReceiveMode", "SendAsMms", "ProvideFeedback"),
)


def some(dice: random.Random, world: World, likely: dict[str, Any]) -> list[tuple[str, Any]]:
    """Parameters: sometimes what would succeed, with some of it spoilt; sometimes anything."""
    given = dict(likely) if dice.random() < 0.7 else {}
    for name in dice.sample(NAMES, dice.randint(0, 6)):
        given[name] = [dice.choice(NASTY) for _ in range(dice.choice((1, 1, 1, 2, 12)))]
    if dice.random() < 0.3:
        given["MessagingServiceSid"] = world.service.sid
    return list(given.items())


def assert_ours(answer: Any, asked: object) -> None:
    assert answer.status_code < 500, (asked, answer.content)
    if answer.status_code in (204, 302):
        return
    assert answer["Content-Type"].startswith("application/json"), asked
    if answer.status_code >= 400:
        check(answer.json(), ERROR)
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("seed", range(4))
def test_no_parameters_make_it_fail(seed: int, alice: Api) -> None:
    dice = random.Random(seed)
    world = World(alice)
    creates = {resource.collection: resource.create for resource in RESOURCES if resource.create}
    for template, (methods, make) in known().items():
        for method in methods:
            for _ in range(3):
                path = world.path(template, make(world) if "{sid}" in template and "Alpha" not in template else "x")
                likely = creates[template](world) if method == "POST" and template in creates else {}
                given = some(dice, world, likely)
                if method == "POST":
                    assert_ours(alice.post(path, given), (method, template, given))
                elif method == "GET":
                    assert_ours(alice.get(path, dict(given)), (method, template, given))


@pytest.mark.parametrize("template", sorted({r.collection for r in RESOURCES} | {s.template for s in SINGLES}))
@pytest.mark.parametrize(
    "body, content_type",
    [
        (b"\xff\xfe=\x00&&&=%", "application/x-www-form-urlencoded"),
        (b"%", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"To=x", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"{", "application/json"),
        (b"<x/>", "text/xml"),
        (b"x", ""),
        (b"--a\r\n", "multipart/form-data; boundary=a"),
        (b"", "multipart/form-data"),
    ],
)
def test_no_body_makes_it_fail(template: str, body: bytes, content_type: str, alice: Api) -> None:
    world = World(alice)
    path = world.path(template, "SM" + "0" * 32)
    answer = alice.client.generic("POST", path, body, content_type=content_type, **alice.headers)
    assert_ours(answer, (template, body))
