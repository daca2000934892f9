"""A carrier that refuses, is busy, breaks down or never answers: nothing is lost or sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.carriers.contract import SubmitResult
from msgconsole.carriers.simulated.models import SimulatedSubmission
from msgconsole.messaging import dispatch
from msgconsole.messaging.models import Message
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from senders.models import PoolMember
from services.models import MessagingService
from tests.msgconsole.messaging.conftest import TO, FakeCarrier, Send, drained, pooled, story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("[fail 30003]", "undelivered", 30003),
        ("[fail 30019]", "failed", 30019),
        ("[fail 30410]", "failed", 30410),
        ("[congested]", "failed", 30017),
        ("[no report]", "sent", None),
        ("[twice]", "delivered", None),
    ],
)
def test_the_carriers_fault_is_the_messages(
    send: Send, service: MessagingService, body: str, status: str, code: int | None
) -> None:
    sender = pooled(service)
    done = drained(send(body=body))
    assert (done.status, done.error_code) == (status, code)
    assert PoolMember.objects.get(sender=sender).queued_count == 0


def test_a_busy_carrier_gets_it_again_from_the_same_sender(send: Send, service: MessagingService) -> None:
    pooled(service)
    pooled(service, "+12065550111")
    done = drained(send(body="[retry]"))
    assert done.status == "delivered"
    assert done.attempts == 3
    assert SimulatedSubmission.objects.get().sender == done.from_address
    assert story(done) == ["accepted", "queued", *["sending", "queued"] * 2, "sending", "sent", "delivered"]
    assert len([status for status in story(done) if status == "queued"]) == 3


def test_the_wait_for_a_busy_carrier_is_in_the_outbox(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [SubmitResult("retry", retry_after=20.0)]
    done = drained(send())
    assert done.status == "queued"
    assert OutboxEntry.objects.get().available_at > timezone.now() + timedelta(seconds=15)


def test_an_exception_of_the_carrier_leaves_it_to_be_resumed_under_the_same_key(
    send: Send, service: MessagingService, carrier: FakeCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    pooled(service)
    carrier.answers = [TimeoutError(f"{TO}: my secret")]
    message = send(body="my secret")
    assert drained(message).status == "sending"
    assert OutboxEntry.objects.get().last_error == "TimeoutError"
    assert "secret" not in caplog.text
    OutboxEntry.objects.update(available_at=timezone.now())
    assert drained(message).status == "sent"
    assert [submission.key for submission in carrier.got] == [message.sid, message.sid]
    assert message.events.filter(cause="resumed").exists()


def test_a_carrier_that_never_answers_ends_it_after_some_tries(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [TimeoutError()] * 20
    message = send()
    for _ in range(10):
        OutboxEntry.objects.update(available_at=timezone.now())
        drained(message)
    done = drained(message)
    assert (done.status, done.error_code, len(carrier.got)) == ("failed", 30410, dispatch.MOST_ATTEMPTS)


def test_a_carrier_that_would_send_twice_is_not_asked_again(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.idempotent = False
    carrier.answers = [TimeoutError()]
    message = send()
    drained(message)
    OutboxEntry.objects.update(available_at=timezone.now())
    done = drained(message)
    assert (done.status, done.error_code, len(carrier.got)) == ("failed", 30008, 1)
    assert "not sent again" in done.events.last().detail


def test_a_worker_that_died_after_the_carrier_took_it_sends_nothing_twice(
    send: Send, service: MessagingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled(service)
    message = send()

    def die(*args: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_sent", die)
        with pytest.raises(SystemExit):
            queue.drain(queues=["dispatch"])
    assert Message.objects.get(pk=message.pk).status == "sending"
    queue.release_all()
    done = drained(message)
    assert done.status == "delivered"
    assert SimulatedSubmission.objects.get().handed_over == 2
