"""Delivery reports: early, late, twice, for each part of a message, or for none."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.carriers.contract import DeliveryReport, SubmitResult
from msgconsole.messaging import reports
from msgconsole.messaging.models import CarrierReceipt, Message
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from services.models import MessagingService
from tests.msgconsole.messaging.conftest import FakeCarrier, Send, drained, pooled, story

pytestmark = pytest.mark.django_db


def report(message: Message, status: Any, code: int | None = None, key: str = "") -> DeliveryReport:
    return DeliveryReport("fake", key or f"fake-{message.sid}", status, timezone.now(), code)


def test_a_report_that_overtakes_its_receipt_is_tried_again(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    message = send()
    reports.delivery_report(report(message, "delivered"))
    assert OutboxEntry.objects.filter(kind=reports.KIND).exists()
    queue.drain(until_idle=True)
    OutboxEntry.objects.filter(kind=reports.KIND).update(available_at=timezone.now())
    assert drained(message).status == "delivered"
    assert not OutboxEntry.objects.exists()


def test_a_report_without_any_message_is_dropped_in_the_end() -> None:
    reports.delivery_report(DeliveryReport("fake", "unknown", "delivered", timezone.now()))
    OutboxEntry.objects.update(available_at=timezone.now())
    queue.drain()
    assert OutboxEntry.objects.exists()
    OutboxEntry.objects.update(available_at=timezone.now(), created_at=timezone.now() - timedelta(hours=2))
    queue.drain()
    assert not OutboxEntry.objects.exists()


def test_late_and_repeated_reports_are_noted_and_change_nothing(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    done = drained(send())
    for status in ("undelivered", "delivered", "undelivered"):
        reports.delivery_report(report(done, status, 30003 if status == "undelivered" else None))
    done.refresh_from_db()
    assert (done.status, done.error_code) == ("undelivered", 30003)
    assert done.events.filter(cause="late_report").count() == 2


def test_a_message_of_several_parts_is_delivered_with_its_last_part(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [SubmitResult("accepted", ("part-1", "part-2"))]
    done = drained(send())
    assert CarrierReceipt.objects.count() == 2
    reports.delivery_report(report(done, "delivered", key="part-1"))
    done.refresh_from_db()
    assert done.status == "sent"
    reports.delivery_report(report(done, "delivered", key="part-2"))
    done.refresh_from_db()
    assert done.status == "delivered"


def test_who_read_it_has_received_it(send: Send, service: MessagingService, carrier: FakeCarrier) -> None:
    pooled(service)
    done = drained(send())
    reports.delivery_report(report(done, "read"))
    assert story(done)[-2:] == ["delivered", "read"]
