"""Campaigns: what a Service sends to people in the US, as its carriers approved it."""

from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid
from services.compliance.models.brand import BrandRegistration
from services.models import MessagingService

LONGEST_URL = 2048


def campaign_sid() -> str:
    return new_sid("QE")


class Campaign(models.Model):
    """The one campaign of a Service. One that was registered elsewhere has no brand and no texts here."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting for review"
        IN_PROGRESS = "IN_PROGRESS", "In review"
        VERIFIED = "VERIFIED", "Approved"
        FAILED = "FAILED", "Rejected"
        SUSPENDED = "SUSPENDED", "Suspended"

    sid = models.CharField(max_length=34, unique=True, default=campaign_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="campaigns")
    service = models.OneToOneField(MessagingService, on_delete=models.CASCADE, related_name="campaign")
    # RESTRICT, not PROTECT: an account takes brands and campaigns with it together.
    brand = models.ForeignKey(
        BrandRegistration, on_delete=models.RESTRICT, null=True, blank=True, related_name="campaigns"
    )
    description = models.TextField(blank=True)
    message_flow = models.TextField(blank=True)
    message_samples = models.JSONField(default=list, blank=True)
    us_app_to_person_usecase = models.CharField(max_length=40, blank=True)
    has_embedded_links = models.BooleanField(null=True, blank=True)
    has_embedded_phone = models.BooleanField(null=True, blank=True)
    subscriber_opt_in = models.BooleanField(default=False)
    age_gated = models.BooleanField(default=False)
    direct_lending = models.BooleanField(default=False)
    opt_in_message = models.CharField(max_length=320, blank=True)
    opt_out_message = models.CharField(max_length=320, blank=True)
    help_message = models.CharField(max_length=320, blank=True)
    opt_in_keywords = models.JSONField(default=list, blank=True)
    opt_out_keywords = models.JSONField(default=list, blank=True)
    help_keywords = models.JSONField(default=list, blank=True)
    privacy_policy_url = models.CharField(max_length=LONGEST_URL, blank=True)
    terms_and_conditions_url = models.CharField(max_length=LONGEST_URL, blank=True)
    is_externally_registered = models.BooleanField(default=False)
    cnp_migration = models.BooleanField(default=False)
    mock = models.BooleanField(default=False)
    status = models.CharField(max_length=11, choices=Status, default=Status.PENDING, editable=False)
    campaign_id = models.CharField(max_length=64, blank=True, help_text="Id in the campaign registry.")
    rate_limits = models.JSONField(null=True, blank=True, editable=False)
    errors = models.JSONField(default=list, blank=True, editable=False)
    # A suspended brand suspends its campaigns; those alone are resumed with it.
    suspended_with_brand = models.BooleanField(default=False, editable=False)
    review_round = models.PositiveIntegerField(default=1, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="campaign_by_account")]

    def __str__(self) -> str:
        return self.campaign_id or self.sid
