"""What happened to a message: its events, the decision about its sender, and the carrier's ids for it."""

from django.db import models

from msgconsole.messaging.models.message import Message
from senders.models import PoolSnapshot


class MessageEvent(models.Model):
    """A line of the timeline. A report that changed nothing has one too."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    status = models.CharField(max_length=19, blank=True, help_text="The status reached; empty when none was.")
    cause = models.CharField(max_length=40, help_text="Such as accepted, sender_chosen, carrier_accepted, report.")
    detail = models.CharField(max_length=300, blank=True)
    error_code = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.cause} {self.status}"


class DecisionTrace(models.Model):
    """The stored decision: which sender, why, and why not each other. Written once.

    ``snapshot``: what the pool was made of, which an exact repetition needs; None without a Service. The database does
    not enforce it: to look at that one row with every message would make all workers queue for it.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="trace")
    data = models.JSONField()
    rules_version = models.CharField(max_length=20)
    snapshot = models.ForeignKey(
        PoolSnapshot, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="decisions"
    )
    date_created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"decision of {self.message_id}"


class CarrierReceipt(models.Model):
    """The carrier's id for a message: how a delivery report finds it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="receipts")
    carrier = models.CharField(max_length=20)
    carrier_message_id = models.CharField(max_length=64)
    status = models.CharField(max_length=11, blank=True, help_text="The last report on this part; empty before it.")
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "carrier_message_id"], name="one_receipt_per_carrier_id")
        ]

    def __str__(self) -> str:
        return self.carrier_message_id
