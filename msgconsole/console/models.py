"""What the console keeps for people: questions with the answer they expect, and lists of recipients tried out."""

from django.conf import settings
from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid
from services.models import MessagingService


def case_sid() -> str:
    return new_sid("TC")


def list_sid() -> str:
    return new_sid("TL")


class SavedCase(models.Model):
    """A question to a Service with the answer it should keep getting."""

    sid = models.CharField(max_length=34, unique=True, default=case_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_cases")
    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="saved_cases")
    name = models.CharField(max_length=80)
    question = models.JSONField(help_text="to, from, body, media and the overrides of a what-if.")
    expected = models.JSONField(help_text="sender (address or null), stage and code: the answer it had when saved.")
    result = models.JSONField(null=True, blank=True, help_text="The answer of the last run, with its sentence.")
    run_at = models.DateTimeField(null=True, blank=True)
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="one_case_per_name")]

    def __str__(self) -> str:
        return self.name


class ListRun(models.Model):
    """A list of recipients tried out on a Service, a chunk at a time. No recipient has a row of its own."""

    class Status(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    sid = models.CharField(max_length=34, unique=True, default=list_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="list_runs")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="list_runs")
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    media = models.BooleanField(default=False, help_text="The message has a picture.")
    recipients = models.BinaryField(help_text="The lines as given, compressed.")
    outcomes = models.BinaryField(default=bytes, blank=True, help_text="What each recipient would see, compressed.")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, blank=True, help_text="Counts by sender, rule and code; wrong lines.")
    date_created = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.total:,} recipients on {self.service}"
