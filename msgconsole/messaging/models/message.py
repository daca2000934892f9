"""Messages and their media."""

from typing import Any

from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.messaging.lifecycle import Status
from msgconsole.sids import new_sid
from senders.models import Sender
from services.models import MessagingService


def media_sid() -> str:
    return new_sid("ME")


class Message(models.Model):
    class Direction(models.TextChoices):
        INBOUND = "inbound", "Inbound"
        OUTBOUND_API = "outbound-api", "Outbound, from the API"
        OUTBOUND_REPLY = "outbound-reply", "Outbound, a reply"
        OUTBOUND_CALL = "outbound-call", "Outbound, during a call"

    sid = models.CharField(max_length=34, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="messages")
    # The SID stays when the Service goes; the key is for joins while it lives.
    service = models.ForeignKey(MessagingService, on_delete=models.SET_NULL, null=True, related_name="messages")
    messaging_service_sid = models.CharField(max_length=34, null=True, blank=True)
    sender = models.ForeignKey(Sender, on_delete=models.SET_NULL, null=True, related_name="messages")
    direction = models.CharField(max_length=14, choices=Direction, default=Direction.OUTBOUND_API)
    status = models.CharField(max_length=19, choices=[(s.value, s.label) for s in Status])
    channel = models.CharField(max_length=10, default="sms", help_text="sms, whatsapp, messenger or rcs.")
    to = models.CharField(max_length=80)
    from_address = models.CharField(max_length=80, blank=True, help_text="Empty until a sender is chosen.")
    body = models.TextField(blank=True, help_text="As sent: after smart encoding.")
    encoding = models.CharField(max_length=5, blank=True)
    num_segments = models.PositiveSmallIntegerField(default=0)
    num_media = models.PositiveSmallIntegerField(default=0)
    error_code = models.PositiveIntegerField(null=True, blank=True)
    status_callback = models.CharField(max_length=4000, blank=True)
    validity_period = models.PositiveIntegerField(default=36_000, help_text="Seconds it may wait in our queue.")
    send_at = models.DateTimeField(null=True, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=5, null=True, blank=True)
    tags = models.JSONField(null=True, blank=True)
    # The request's remaining parameters, as validated: read again when the sender is chosen.
    options = models.JSONField(default=dict, blank=True)
    # A short form of the decision for lists; the whole is in DecisionTrace.
    decided_by = models.CharField(max_length=24, blank=True)
    warning_codes = models.JSONField(default=list, blank=True)
    origin = models.CharField(max_length=12, default="api", help_text="api, test_send, twiml or demo.")
    attempts = models.PositiveSmallIntegerField(default=0)
    date_created = models.DateTimeField()
    date_sent = models.DateTimeField(null=True, blank=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="message_by_account"),
            models.Index(fields=["service", "-id"], name="message_by_service"),
            models.Index(fields=["account", "to", "-id"], name="message_by_to"),
            models.Index(fields=["account", "from_address", "-id"], name="message_by_from"),
            models.Index(fields=["account", "status", "-id"], name="message_by_status"),
            models.Index(fields=["account", "date_sent"], name="message_by_date_sent"),
            # What waits behind a sender: few rows, however long the history.
            models.Index(
                fields=["sender"], condition=models.Q(status__in=["queued", "sending"]), name="message_in_queue"
            ),
        ]

    def __str__(self) -> str:
        return self.sid

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.sid:
            self.sid = new_sid("MM" if self.num_media else "SM")
        super().save(*args, **kwargs)


class Media(models.Model):
    sid = models.CharField(max_length=34, unique=True, default=media_sid, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="media")
    url = models.CharField(max_length=4000)
    content_type = models.CharField(max_length=100)
    link_token = models.CharField(max_length=7, blank=True, db_index=True, help_text="Of its short link, if any.")
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return self.sid
