"""Who has opted out of what. One row per recipient and scope; the scope is a Service, or a single sender."""

from django.db import models
from django.db.models import Q

from msgconsole.accounts.models import Account
from services.models.service import MessagingService


class ConsentRecord(models.Model):
    class Status(models.TextChoices):
        OPTED_OUT = "opted_out", "Opted out"
        OPTED_IN = "opted_in", "Opted in"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, null=True, related_name="consents")
    sender_address = models.CharField(max_length=80, blank=True, help_text="Scope without a Service: one sender.")
    channel = models.CharField(max_length=10, default="sms", help_text="sms (with MMS and RCS) or whatsapp.")
    recipient = models.CharField(max_length=80)
    status = models.CharField(max_length=9, choices=Status)
    keyword = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "channel", "recipient"],
                condition=Q(service__isnull=False),
                name="consent_by_service",
            ),
            models.UniqueConstraint(
                fields=["account", "sender_address", "channel", "recipient"],
                condition=Q(service__isnull=True),
                name="consent_by_sender",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.get_status_display().lower()}"
