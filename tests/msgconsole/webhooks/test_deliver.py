"""A webhook from the outbox to its receiver: signed, tried as its URL says, every try kept."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone
from twilio.request_validator import RequestValidator

from msgconsole.accounts.models import Account
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from msgconsole.webhooks import deliver
from msgconsole.webhooks.client import MOST_BYTES, send
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery
from msgconsole.webhooks.overrides import Overrides, parse

pytestmark = pytest.mark.django_db


def make(url: str, method: str = "POST", **params: str) -> WebhookDelivery:
    account = Account.objects.create(friendly_name="Alice")
    return deliver.queue_delivery(
        account_id=account.pk,
        subject_sid="SM" + "0" * 32,
        event="status.sent",
        url=url,
        method=method,
        params=params or {"MessageStatus": "sent", "Body": "é & +"},
    )


def make_due() -> None:
    OutboxEntry.objects.update(available_at=timezone.now())


def test_a_post_arrives_signed_with_its_parameters_and_no_fragment(receiver: Any) -> None:
    delivery = make(f"{receiver.url}/hook?a=1#rc=0")
    queue.drain()
    (got,) = receiver.got
    assert (got.method, got.path) == ("POST", "/hook?a=1")
    params = dict(parse_qsl(got.body, keep_blank_values=True))
    assert params == delivery.params
    validator = RequestValidator(delivery.account.auth_token)
    assert validator.validate(f"{receiver.url}/hook?a=1", params, got.headers["X-Twilio-Signature"])
    assert got.headers["I-Twilio-Idempotency-Token"] == delivery.idempotency_token
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    attempt = delivery.attempts.get()
    assert (attempt.response_status, attempt.error_code) == (200, None)


def test_a_get_carries_its_parameters_in_the_signed_query(receiver: Any) -> None:
    delivery = make(f"{receiver.url}/hook?a=1", method="GET", X="1 2", Y="")
    queue.drain()
    (got,) = receiver.got
    assert (got.method, got.path, got.body) == ("GET", "/hook?a=1&X=1+2&Y=", "")
    validator = RequestValidator(delivery.account.auth_token)
    assert validator.validate(receiver.url + got.path, {}, got.headers["X-Twilio-Signature"])


def test_credentials_in_the_url_become_basic_auth(receiver: Any) -> None:
    make(receiver.url.replace("//", "//bob:s3cret@") + "/x")
    queue.drain()
    assert receiver.got[0].headers["Authorization"].startswith("Basic ")


def test_an_error_status_is_kept_and_not_tried_again_by_default(receiver: Any) -> None:
    receiver.status, receiver.body = 500, b"broken"
    delivery = make(receiver.url)
    queue.drain()
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    attempt = delivery.attempts.get()
    assert (attempt.response_status, attempt.error_code, attempt.response_excerpt) == (500, 11217, "broken")
    assert not OutboxEntry.objects.exists()


def test_the_fragment_can_ask_for_retries_with_one_token(receiver: Any) -> None:
    receiver.status = 503
    delivery = make(f"{receiver.url}/#rc=2&rp=5xx")
    for number in (1, 2, 3):
        make_due()
        queue.drain()
        assert WebhookAttempt.objects.count() == number
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    assert len({got.headers["I-Twilio-Idempotency-Token"] for got in receiver.got}) == 1


def test_a_refused_connection_is_tried_once_more_after_a_wait() -> None:
    delivery = make("http://127.0.0.1:9/hook")
    queue.drain()
    delivery.refresh_from_db()
    assert delivery.status == "pending"
    assert timezone.now() < OutboxEntry.objects.get().available_at < timezone.now() + timedelta(seconds=5)
    make_due()
    queue.drain()
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    assert list(delivery.attempts.values_list("number", "error_code")) == [(1, 11205), (2, 11205)]


def test_a_private_address_is_never_called(receiver: Any, settings: Any) -> None:
    settings.MSGCONSOLE_WEBHOOK_ALLOW = []
    delivery = make(f"{receiver.url}/#rc=5&rp=all")
    queue.drain()
    assert receiver.got == []
    delivery.refresh_from_db()
    assert delivery.status == "failed"
    assert "MSGCONSOLE_WEBHOOK_ALLOW" in delivery.attempts.get().error


def test_an_unknown_host_says_so() -> None:
    delivery = make("http://nowhere.invalid/#rc=0")
    queue.drain()
    assert delivery.attempts.get().error_code == 11210


def test_plain_http_behind_https_fails_its_handshake(receiver: Any) -> None:
    answer = send("POST", receiver.url.replace("http:", "https:"), {}, {}, Overrides())
    assert (answer.error_code, answer.fault) == (11220, "ct")


def test_redirects_are_not_followed(receiver: Any) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    delivery = make(receiver.url)
    queue.drain()
    assert len(receiver.got) == 1
    assert delivery.attempts.get().error_code == 11200


def test_a_slow_answer_ends_at_the_read_timeout(receiver: Any) -> None:
    receiver.delay = 2.0
    started = time.monotonic()
    answer = send("POST", receiver.url, {}, {}, parse("http://h/#rt=200"))
    assert time.monotonic() - started < 1.5
    assert (answer.status, answer.fault, answer.error_code) == (None, "rt", 11200)


def test_a_dripping_answer_ends_at_the_total_timeout(receiver: Any) -> None:
    receiver.drip = True
    started = time.monotonic()
    answer = send("POST", receiver.url, {}, {}, parse("http://h/#tt=400"))
    assert time.monotonic() - started < 2
    assert (answer.status, answer.fault) == (None, "rt")


def test_a_huge_answer_is_cut(receiver: Any) -> None:
    receiver.body = b"x" * (MOST_BYTES * 3)
    answer = send("GET", receiver.url, {}, {}, Overrides())
    assert (answer.status, len(answer.body)) == (200, MOST_BYTES)


def test_a_nul_in_an_answer_does_not_stop_the_bookkeeping(receiver: Any) -> None:
    receiver.body = b"a\0b\xff"
    delivery = make(receiver.url)
    queue.drain()
    assert delivery.attempts.get().response_excerpt == "ab�"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides()),
        ("#rc=0", Overrides(retries=0)),
        ("#rc=6&ct=50&rt=99999&rp=bogus", Overrides()),
        ("#rc=5&rp=all&ct=100&rt=200&tt=300", Overrides(5, frozenset({"4xx", "5xx", "ct", "rt"}), 100, 200, 300)),
        ("#rp=5xx,rt&sni=n&e=ashburn", Overrides(policy=frozenset({"5xx", "rt"}))),
    ],
)
def test_the_fragment_is_read_as_documented(fragment: str, expected: Overrides) -> None:
    assert parse("https://example.com/x" + fragment) == expected
