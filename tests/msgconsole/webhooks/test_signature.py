"""Signatures that the official validator accepts."""

import pytest
from twilio.request_validator import RequestValidator

from msgconsole.webhooks.client import get_url
from msgconsole.webhooks.signature import sign, signed_url

TOKEN = "0123456789abcdef0123456789abcdef"
PARAMS = {"MessageSid": "SM1", "Body": "", "From": "+14155550100", "to": "a+b c&d=é😀", "To": "+1"}


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "https://example.com:8443/hook?b=2&a=1",
        "http://example.com/hook?x=%C3%A9",
        "http://127.0.0.1:9000/",
    ],
)
def test_the_official_validator_accepts_a_form(url: str) -> None:
    validator = RequestValidator(TOKEN)
    assert validator.validate(url, PARAMS, sign(TOKEN, url, PARAMS))
    assert not validator.validate(url, {**PARAMS, "Body": "x"}, sign(TOKEN, url, PARAMS))
    assert not validator.validate(url, PARAMS, sign("f" * 32, url, PARAMS))


def test_the_official_validator_accepts_a_get_with_its_query() -> None:
    url = get_url("https://example.com/hook?a=1#rc=2", PARAMS)
    assert RequestValidator(TOKEN).validate(url, {}, sign(TOKEN, url))


def test_repeated_names_count_each_distinct_value_once_in_order() -> None:
    assert sign(TOKEN, "http://h/", {"A": ["2", "1", "2"]}) == sign(TOKEN, "http://h/", {"A": ["1", "2"]})


def test_fragment_and_credentials_are_not_signed() -> None:
    assert signed_url("https://user:secret@example.com:81/x?y=1#rc=3&rp=all") == "https://example.com:81/x?y=1"
