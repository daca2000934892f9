"""Delivery reports: from the carrier's id to the message. They may come twice, late, or before their receipt."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from msgconsole.carriers.contract import DeliveryReport
from msgconsole.messaging.lifecycle import Status, status_of
from msgconsole.messaging.models import CarrierReceipt, Message
from msgconsole.messaging.transitions import note, transition
from msgconsole.outbox import handlers, queue
from msgconsole.outbox.backoff import delay
from msgconsole.outbox.models import OutboxEntry

log = logging.getLogger(__name__)

KIND = "messaging.report"
PATIENCE = timedelta(hours=1)  # how long a report waits for the receipt that it overtook
_STATUS = {"delivered": Status.DELIVERED, "undelivered": Status.UNDELIVERED, "read": Status.READ}


def delivery_report(report: DeliveryReport) -> None:
    """Apply a report. One without a receipt is kept in the outbox and tried again: it has overtaken its receipt."""
    if not apply(report):
        queue.enqueue(
            KIND,
            report.carrier_message_id,
            available_at=timezone.now() + timedelta(milliseconds=100),
            payload={
                "carrier": report.carrier,
                "status": report.status,
                "at": report.at.isoformat(),
                "error_code": report.error_code,
            },
        )


def run(entry: OutboxEntry) -> None:
    """The handler of reports that waited for their receipt."""
    payload = entry.payload
    report = DeliveryReport(
        carrier=payload["carrier"],
        carrier_message_id=entry.reference,
        status=payload["status"],
        at=datetime.fromisoformat(payload["at"]),
        error_code=payload["error_code"],
    )
    if apply(report):
        return
    now = timezone.now()
    if now - entry.created_at > PATIENCE:
        log.warning("a report of %s for %s was dropped: no receipt", report.carrier, report.carrier_message_id)
        return
    raise handlers.Later(now + timedelta(seconds=delay(entry.attempts, 0.5, first=0.1, most=60.0)))


def apply(report: DeliveryReport) -> bool:
    """Move the message as far as the report says. False when there is no receipt (yet) for its id.

    The message row is locked first: of two parts that report at once, one must see that it is the last.
    """
    with transaction.atomic():
        receipt = CarrierReceipt.objects.filter(
            carrier=report.carrier, carrier_message_id=report.carrier_message_id
        ).first()
        if receipt is None:
            return False
        message = (
            Message.objects.select_for_update(of=("self",))
            .select_related("account", "service")
            .get(pk=receipt.message_id)
        )
        CarrierReceipt.objects.filter(pk=receipt.pk).update(status=report.status)
        _move(message, report)
    return True


def _move(message: Message, report: DeliveryReport) -> None:
    to = _STATUS[report.status]
    if to is Status.DELIVERED and _parts_missing(message):
        note(message, cause="report", detail="One part was delivered; others have not reported yet.", at=report.at)
        return
    if to is Status.READ and status_of(message.status) is Status.SENT:
        # The receipt of delivery was lost or comes later: who has read it has received it.
        transition(message, Status.DELIVERED, cause="report", at=report.at)
    fields: dict[str, Any] = {"error_code": report.error_code or 30008} if to is Status.UNDELIVERED else {}
    if not transition(message, to, cause="report", at=report.at, **fields):
        note(
            message,
            cause="late_report",
            detail=f"A report of {report.carrier} said {to.value}; the message was {message.status} already.",
            at=report.at,
            error_code=report.error_code,
        )


def _parts_missing(message: Message) -> bool:
    """Has some part of the message not been reported as delivered?"""
    return message.receipts.exclude(status__in=["delivered", "read"]).exists()
