"""Domains for short links, their certificates, and which Service uses which.

Settings alone: links in messages stay as they are, and nothing here serves a domain or looks it up.
"""

from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid
from services.models import MessagingService

LONGEST_URL = 2048
LONGEST_HOST = 253  # RFC 1035


def certificate_sid() -> str:
    return new_sid("CW")


class Domain(models.Model):
    """A domain is known by a SID that was made elsewhere; here it comes into being when it is first named."""

    class Dns(models.TextChoices):
        HERE = "here", "Points here"
        MISSING = "missing", "Has no record"
        ELSEWHERE = "elsewhere", "Points elsewhere"

    sid = models.CharField(max_length=34, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="short_link_domains")
    config_sid = models.CharField(max_length=34, blank=True, editable=False, help_text="Empty until it is configured.")
    fallback_url = models.CharField(max_length=LONGEST_URL, blank=True)
    callback_url = models.CharField(max_length=LONGEST_URL, blank=True)
    continue_on_failure = models.BooleanField(default=False)
    disable_https = models.BooleanField(default=False)
    dns = models.CharField(
        "DNS",
        max_length=9,
        choices=Dns,
        default=Dns.HERE,
        help_text="What a check of its DNS finds. Simulated: nobody is asked.",
    )
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.sid

    @property
    def stand_in(self) -> str:
        """The host name it goes by until a certificate tells it; ``.example`` is nobody's (RFC 2606)."""
        return f"{self.sid.lower()}.example"


class Certificate(models.Model):
    """What a domain proves its name with: one in use, and at most one on its way to replace it.

    Of an uploaded one its facts are kept, never its private key: nothing here would use it.
    """

    sid = models.CharField(max_length=34, unique=True, default=certificate_sid, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="certificates")
    host = models.CharField(max_length=LONGEST_HOST)
    managed = models.BooleanField(default=False, help_text="Issued on request, instead of uploaded.")
    in_use = models.BooleanField(default=False, help_text="Otherwise it is being validated or issued.")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="SHA-256 of an uploaded one, in hex.")
    date_expires = models.DateTimeField(null=True, blank=True, help_text="Empty until a managed one is issued.")
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["domain", "in_use"], name="certificate_one_in_use_and_one_to_come"),
        ]

    def __str__(self) -> str:
        return f"{self.sid} for {self.host}"


class ServiceDomain(models.Model):
    """The one domain of a Service."""

    service = models.OneToOneField(MessagingService, on_delete=models.CASCADE, related_name="short_link_domain")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="services")
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.service_id} uses {self.domain_id}"
