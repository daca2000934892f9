"""Work of the simulated carrier: send the reports that have come due."""

from django.utils import timezone

from msgconsole.carriers import registry
from msgconsole.carriers.contract import DeliveryReport
from msgconsole.outbox.models import OutboxEntry


def send_report(entry: OutboxEntry) -> None:
    """The handler of ``simulated.report``; the reference is the carrier message id."""
    registry.events().delivery_report(
        DeliveryReport(
            carrier="simulated",
            carrier_message_id=entry.reference,
            status=entry.payload["status"],
            at=timezone.now(),
            error_code=entry.payload["error_code"],
        )
    )
