"""Brands: who sends, as the US carriers know it. A campaign belongs to one."""

from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid


def brand_sid() -> str:
    return new_sid("BN")


def vetting_sid() -> str:
    return new_sid("VT")


class BrandRegistration(models.Model):
    class Type(models.TextChoices):
        STANDARD = "STANDARD", "Standard"
        SOLE_PROPRIETOR = "SOLE_PROPRIETOR", "Sole proprietor"

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting for review"
        APPROVED = "APPROVED", "Approved"
        FAILED = "FAILED", "Rejected"
        IN_REVIEW = "IN_REVIEW", "In manual review"
        DELETION_PENDING = "DELETION_PENDING", "Being deleted"
        DELETION_FAILED = "DELETION_FAILED", "Not deleted"
        SUSPENDED = "SUSPENDED", "Suspended"

    class Identity(models.TextChoices):
        SELF_DECLARED = "SELF_DECLARED", "Self-declared"
        UNVERIFIED = "UNVERIFIED", "Not verified"
        VERIFIED = "VERIFIED", "Verified"
        VETTED_VERIFIED = "VETTED_VERIFIED", "Verified and vetted"

    sid = models.CharField(max_length=34, unique=True, default=brand_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="brands")
    business_name = models.CharField(max_length=150, blank=True, help_text="For people; the API does not know it.")
    # The business profiles behind these SIDs are kept elsewhere: any well-formed SID is taken.
    customer_profile_bundle_sid = models.CharField(max_length=34)
    a2p_profile_bundle_sid = models.CharField(max_length=34)
    brand_type = models.CharField(max_length=15, choices=Type, default=Type.STANDARD)
    mock = models.BooleanField(default=False, help_text="For tests: may always be sent in again.")
    skip_automatic_sec_vet = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.PENDING, editable=False)
    identity_status = models.CharField(max_length=15, choices=Identity, blank=True, editable=False)
    tcr_id = models.CharField(max_length=20, blank=True, editable=False, help_text="Id in the campaign registry.")
    brand_score = models.PositiveSmallIntegerField(null=True, editable=False)
    errors = models.JSONField(default=list, blank=True, editable=False)
    resubmissions = models.PositiveSmallIntegerField(default=0, editable=False)
    codes_sent = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Texts to a sole proprietor.")
    # Work for the reviewer carries the round it was made in: what is overtaken by a newer submission does nothing.
    review_round = models.PositiveIntegerField(default=1, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="brand_by_account")]

    def __str__(self) -> str:
        return self.business_name or self.sid


class BrandVetting(models.Model):
    """A third party's word on a brand: it raises the brand's score, or says that it may send political messages."""

    class Provider(models.TextChoices):
        CAMPAIGN_VERIFY = "campaign-verify", "Campaign Verify"
        AEGIS = "aegis", "Aegis"

    class Status(models.TextChoices):
        PENDING = "PENDING", "In progress"
        SUCCESS = "SUCCESS", "Succeeded"
        FAILED = "FAILED", "Failed"

    sid = models.CharField(max_length=34, unique=True, default=vetting_sid, editable=False)
    brand = models.ForeignKey(BrandRegistration, on_delete=models.CASCADE, related_name="vettings")
    provider = models.CharField(max_length=15, choices=Provider)
    vetting_id = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=11, choices=Status, default=Status.PENDING, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["brand", "-id"], name="vetting_by_brand")]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} of {self.brand_id}"

    @property
    def vetting_class(self) -> str:
        """What kind of vetting the provider does."""
        return "POLITICAL" if self.provider == self.Provider.CAMPAIGN_VERIFY else "STANDARD"
