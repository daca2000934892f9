"""Outgoing HTTP: what is to be told to whom, and every try."""

from django.db import models

from msgconsole.accounts.models import Account


class WebhookDelivery(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="webhook_deliveries")
    subject_sid = models.CharField(max_length=34, help_text="What it is about: a message SID.")
    event = models.CharField(max_length=40, help_text="Such as status.delivered.")
    method = models.CharField(max_length=4, default="POST")
    url = models.CharField(max_length=4000)
    params = models.JSONField(default=dict)
    idempotency_token = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["subject_sid", "id"], name="webhook_by_subject"),
            models.Index(fields=["account", "-id"], name="webhook_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.url}"


class WebhookAttempt(models.Model):
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    duration_ms = models.PositiveIntegerField()
    response_status = models.PositiveSmallIntegerField(null=True)
    response_excerpt = models.CharField(max_length=1000, blank=True)
    signature = models.CharField(max_length=64, blank=True)
    error_code = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_per_number")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"
