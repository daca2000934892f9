"""Work that must happen, kept in the transaction that made it necessary."""

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """One piece of work. It stays until its handler has returned; a crash makes it due again after its lease."""

    class Queue(models.TextChoices):
        DISPATCH = "dispatch", "Dispatch"
        REPORTS = "reports", "Delivery reports"
        CALLBACKS = "callbacks", "Callbacks"

    queue = models.CharField(max_length=16, choices=Queue, help_text="Kept apart so that none starves another.")
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    available_at = models.DateTimeField(default=timezone.now)
    # Claims and postponements count up: the number tells a late worker that its claim has passed to another.
    attempts = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="Set while a worker has it; available_at ends its lease.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_error = models.CharField(max_length=200, blank=True, help_text="The class of the last exception, no text.")

    class Meta:
        ordering = ["available_at", "id"]
        verbose_name_plural = "outbox entries"
        indexes = [models.Index(fields=["queue", "available_at", "id"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
