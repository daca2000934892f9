"""Sticky mappings: which sender a recipient knows."""

from django.db import models

from services.models import MessagingService


class StickyMapping(models.Model):
    """Service + channel + recipient → pool member. Written with the first send, read by every later one."""

    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="mappings", db_index=False)
    channel = models.CharField(max_length=10)
    recipient = models.CharField(max_length=80)
    # Not a foreign key: removing a sender must not visit its mappings. One whose member is gone counts as absent.
    member_id = models.BigIntegerField()
    # Of the mapped sender, known even after it has gone; and the recipient's country, by which mappings move.
    sender_kind = models.CharField(max_length=10)
    sender_country = models.CharField(max_length=3, blank=True)
    recipient_country = models.CharField(max_length=3)
    config_version = models.PositiveBigIntegerField(help_text="Configuration under which it was decided.")
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "channel", "recipient"], name="one_mapping_per_recipient")
        ]
        indexes = [
            models.Index(fields=["member_id", "id"], name="mappings_of_member"),
            models.Index(fields=["service", "recipient_country", "id"], name="mappings_by_country"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} → member {self.member_id}"
