"""Faults of form are told at once, each with its code and the parameter at fault."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.validation import is_web_url, validate
from services.models import MessagingService
from tests import factories

pytestmark = pytest.mark.django_db
TO = "+14155550123"
FROM = "+12065550100"


def request(**given: Any) -> MessageRequest:
    return MessageRequest(**{"to": TO, "from_": FROM, "body": "Hello", **given})


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"to": ""}, 21604, "to"),
        ({"to": "  "}, 21604, "to"),
        ({"to": "12"}, 21211, "to"),
        ({"to": "+12"}, 21211, "to"),
        ({"to": "4155550123"}, 21211, "to"),
        ({"to": "55555"}, 21265, "to"),
        ({"from_": None}, 21603, "from"),
        ({"from_": "no such sender!"}, 21212, "from"),
        ({"from_": "12"}, 21212, "from"),
        ({"from_": TO}, 21266, "to"),
        ({"messaging_service_sid": "MG12"}, 21705, "messaging_service_sid"),
        ({"messaging_service_sid": "MG" + "0" * 32}, 21701, "messaging_service_sid"),
        ({"from_": "MG" + "0" * 32}, 21701, "messaging_service_sid"),
        ({"body": ""}, 21602, "body"),
        ({"body": " \n"}, 21602, "body"),
        ({"body": "x" * 1601}, 21617, "body"),
        ({"body": "😀" * 801}, 21617, "body"),
        ({"media_urls": ("https://e.org/a.png",) * 11}, 21623, "media_url"),
        ({"media_urls": ("ftp://e.org/a",)}, 21620, "media_url"),
        ({"status_callback": "nonsense"}, 21609, "status_callback"),
        ({"status_callback": "https://bad_host.example/"}, 21609, "status_callback"),
        ({"status_callback": "https://e.org/" + "a" * 4000}, 21609, "status_callback"),
        ({"validity_period": 0}, 21624, "validity_period"),
        ({"validity_period": 36001}, 21624, "validity_period"),
        ({"schedule_type": "fixed"}, 35118, "messaging_service_sid"),
        ({"to": "whatsapp:+447400123456"}, 21910, "from"),
        ({"from_": "whatsapp:+12065550100"}, 21910, "from"),
        ({"content_sid": "HX1"}, 21655, "content_sid"),
        ({"content_sid": "HX" + "0" * 32, "content_variables": "[1]"}, 21656, "content_variables"),
        ({"content_sid": "HX" + "0" * 32, "content_variables": "{"}, 21656, "content_variables"),
        ({"content_sid": "HX" + "0" * 32, "content_variables": "[" * 100_000}, 21656, "content_variables"),
        ({"content_variables": "{}"}, 21654, "content_sid"),
        ({"content_retention": "forget"}, 30029, "content_retention"),
        ({"address_retention": "forget"}, 30030, "address_retention"),
        ({"max_price": "much"}, 21627, "max_price"),
        ({"max_price": "NaN"}, 21627, "max_price"),
        ({"risk_check": "maybe"}, 20001, "risk_check"),
        ({"fallback_from": FROM}, 21664, "fallback_from"),
        ({"tags": {str(n): "x" for n in range(11)}}, 20001, "tags"),
        ({"tags": {"k" * 129: "x"}}, 20001, "tags"),
        ({"tags": {"k": "v" * 257}}, 20001, "tags"),
        ({"tags": {"k y": "v"}}, 20001, "tags"),
        ({"tags": {"k": ""}}, 20001, "tags"),
        ({"tags": {"k": "v!"}}, 20001, "tags"),
    ],
)
def test_a_fault_is_refused_with_its_code(account: Account, given: dict[str, Any], code: int, field: str) -> None:
    with pytest.raises(Refused) as caught:
        validate(account, request(**given), timezone.now())
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"body": ""}, 21619),
        ({"schedule_type": "fixed"}, 35111),
        ({"schedule_type": "weekly", "send_at": timedelta(hours=1)}, 35126),
        ({"send_at": timedelta(hours=1)}, 35126),
        ({"schedule_type": "fixed", "send_at": timedelta(seconds=299)}, 35114),
        ({"schedule_type": "fixed", "send_at": timedelta(days=35, seconds=1)}, 35114),
        ({"schedule_type": "fixed", "send_at": timedelta(days=-1)}, 35114),
    ],
)
def test_faults_within_a_service(account: Account, service: MessagingService, given: dict[str, Any], code: int) -> None:
    now = timezone.now()
    if "send_at" in given:
        given = {**given, "send_at": now + given["send_at"]}
    with pytest.raises(Refused) as caught:
        validate(account, request(from_=None, messaging_service_sid=service.sid, **given), now)
    assert caught.value.code == code


@pytest.mark.parametrize("seconds", [300, 3_024_000])
def test_both_ends_of_the_scheduling_window_count(account: Account, service: MessagingService, seconds: int) -> None:
    now = timezone.now()
    at = now + timedelta(seconds=seconds)
    asked = request(from_=None, messaging_service_sid=service.sid, schedule_type="fixed", send_at=at)
    assert validate(account, asked, now).send_at == at


def test_a_service_of_another_account_is_unknown(service: MessagingService) -> None:
    with pytest.raises(Refused) as caught:
        validate(factories.account("Other"), request(messaging_service_sid=service.sid), timezone.now())
    assert (caught.value.code, caught.value.status) == (21701, 404)


def test_a_service_sid_in_from_is_taken_for_the_service(account: Account, service: MessagingService) -> None:
    valid = validate(account, request(from_=service.sid), timezone.now())
    assert valid.service == service
    assert valid.sender_address is None


def test_validity_is_the_messages_own_else_the_services_and_capped_for_whatsapp(account: Account) -> None:
    service = factories.service(account, validity_period=20_000)
    now = timezone.now()
    by_service = request(from_=None, messaging_service_sid=service.sid)
    own = request(from_=None, messaging_service_sid=service.sid, validity_period=7)
    whatsapp = request(from_=None, messaging_service_sid=service.sid, to="whatsapp:+447400123456")
    assert validate(account, by_service, now).validity_period == 20_000
    assert validate(account, own, now).validity_period == 7
    assert validate(account, whatsapp, now).validity_period == 14_400
    assert validate(account, request(), now).validity_period == 36_000


def test_the_largest_body_passes(account: Account) -> None:
    assert validate(account, request(body="x" * 1600), timezone.now())
    assert validate(account, request(body="😀" * 800), timezone.now())


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.com/x?y=1#rc=2", True),
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]:80/", True),
        ("https://user:pass@example.com/", True),
        ("https:///x", False),
        ("//example.com/", False),
        ("javascript:alert(1)", False),
        ("https://example.com:notaport/", False),
        ("https://exa mple.com/", False),
        ("", False),
    ],
)
def test_web_urls(url: str, good: bool) -> None:
    assert is_web_url(url) is good
