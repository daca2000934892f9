"""What the simulated carrier knows: what it was handed, and its phone book. Due reports wait in the outbox."""

from django.db import models


class SimulatedSubmission(models.Model):
    """A message handed to the carrier. One row per idempotency key, however often it was handed over."""

    idempotency_key = models.CharField(max_length=64, unique=True)
    carrier_message_id = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=80)
    recipient = models.CharField(max_length=80, db_index=True)
    segments = models.PositiveSmallIntegerField(default=1)
    handed_over = models.PositiveIntegerField(default=1, help_text="How often it was submitted; repeats are ignored.")
    outcome = models.CharField(
        max_length=8, default="accepted", help_text="accepted, retry or refused: the last answer."
    )
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.carrier_message_id


class PhoneBookEntry(models.Model):
    """What the carrier side knows of a recipient. A number that is not listed is a mobile of an unnamed carrier."""

    class LineType(models.TextChoices):
        MOBILE = "mobile", "Mobile"
        LANDLINE = "landline", "Landline"
        VOIP = "voip", "VoIP"

    number = models.CharField(max_length=20, unique=True, help_text="E.164, such as +14155550123.")
    carrier = models.CharField(max_length=60, blank=True)
    line_type = models.CharField(max_length=8, choices=LineType, default=LineType.MOBILE)
    rcs = models.BooleanField("RCS capable", default=False)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "phone book entries"

    def __str__(self) -> str:
        return self.number
