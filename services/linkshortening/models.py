"""Domains for short links, and which Service uses which. Settings alone: links in messages stay as they are."""

from django.db import models

from msgconsole.accounts.models import Account
from services.models import MessagingService

LONGEST_URL = 2048


class Domain(models.Model):
    """A domain is known by a SID that was made elsewhere; here it comes into being when it is first named."""

    sid = models.CharField(max_length=34, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="short_link_domains")
    config_sid = models.CharField(max_length=34, blank=True, editable=False, help_text="Empty until it is configured.")
    fallback_url = models.CharField(max_length=LONGEST_URL, blank=True)
    callback_url = models.CharField(max_length=LONGEST_URL, blank=True)
    continue_on_failure = models.BooleanField(default=False)
    disable_https = models.BooleanField(default=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.sid


class ServiceDomain(models.Model):
    """The one domain of a Service."""

    service = models.OneToOneField(MessagingService, on_delete=models.CASCADE, related_name="short_link_domain")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="services")
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.service_id} uses {self.domain_id}"
