"""Which message an idempotency token stands for."""

from django.db import models

from msgconsole.accounts.models import Account


class IdempotentRequest(models.Model):
    """A send that came with a token. It is stored with its message or not at all, so a retry finds both or neither."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="idempotent_requests")
    token = models.CharField(max_length=128)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the request's parameters.")
    # By SID: a message that was deleted must still not be sent again.
    message_sid = models.CharField(max_length=34)
    date_created = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "token"], name="one_request_per_token")]

    def __str__(self) -> str:
        return f"{self.token} → {self.message_sid}"
