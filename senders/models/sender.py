"""Senders: one row per address a message can come from, with a proxy per kind."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid

PREFIX_BY_KIND = {
    "long_code": "PN",
    "toll_free": "PN",
    "short_code": "SC",
    "alpha": "AI",
    "whatsapp": "XE",
    "rcs": "XE",
    "messenger": "XE",
}


class Sender(models.Model):
    class Kind(models.TextChoices):
        LONG_CODE = "long_code", "Long code"
        TOLL_FREE = "toll_free", "Toll-free"
        SHORT_CODE = "short_code", "Short code"
        ALPHA = "alpha", "Alpha sender"
        WHATSAPP = "whatsapp", "WhatsApp"
        RCS = "rcs", "RCS"
        MESSENGER = "messenger", "Messenger"

    class LineType(models.TextChoices):
        LOCAL = "local", "Local"
        MOBILE = "mobile", "Mobile"
        TOLL_FREE = "toll_free", "Toll-free"
        NONE = "", "Not a phone line"

    class Registration(models.TextChoices):
        NOT_REQUIRED = "not_required", "Not required"
        REGISTERED = "registered", "Registered (10DLC)"
        UNREGISTERED = "unregistered", "Not registered (10DLC)"
        PENDING = "pending", "Being configured (10DLC)"
        SUSPENDED = "suspended", "Campaign suspended (10DLC)"
        VERIFIED = "verified", "Verified (toll-free)"
        UNVERIFIED = "unverified", "Not verified (toll-free)"

    sid = models.CharField(max_length=34, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="senders")
    kind = models.CharField(max_length=10, choices=Kind)
    address = models.CharField(max_length=80, help_text="E.164 number, short code, alpha sender, or channel:address.")
    friendly_name = models.CharField(max_length=64, blank=True)
    country = models.CharField(max_length=3, blank=True, help_text="ISO country; empty for a default alpha sender.")
    area_code = models.CharField(max_length=3, blank=True, help_text="Of +1 numbers.")
    line_type = models.CharField(max_length=9, choices=LineType, blank=True)
    sms = models.BooleanField("SMS", default=True)
    mms = models.BooleanField("MMS", default=False)
    voice = models.BooleanField(default=False)
    fax = models.BooleanField(default=False)
    registration = models.CharField(max_length=12, choices=Registration, default=Registration.NOT_REQUIRED)
    unsupported_carriers = models.JSONField(default=list, blank=True, help_text="Of short codes: carriers not reached.")
    approved_regions = models.JSONField(default=list, blank=True, help_text="Of RCS senders: ISO countries.")
    registered_countries = models.JSONField(default=list, blank=True, help_text="Of alpha senders: ISO countries.")
    destination_alpha = models.BooleanField(default=False, help_text="Listed among the destination alpha senders.")
    sms_url = models.CharField(max_length=2048, blank=True)
    sms_method = models.CharField(max_length=4, default="POST")
    sms_fallback_url = models.CharField(max_length=2048, blank=True)
    sms_fallback_method = models.CharField(max_length=4, default="POST")
    status_callback = models.CharField(max_length=2048, blank=True)
    status_callback_method = models.CharField(max_length=4, default="POST")
    # The many settings of a number that concern voice or addresses: kept and returned as given.
    settings = models.JSONField(default=dict, blank=True)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "kind", "-id"], name="sender_by_account_kind")]
        constraints = [
            # A number or channel address exists once; a short code once per country; alpha senders are mere text.
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(kind__in=["long_code", "toll_free", "whatsapp", "rcs", "messenger"]),
                name="one_sender_per_address",
            ),
            models.UniqueConstraint(
                fields=["address", "country"],
                condition=Q(kind="short_code"),
                name="one_short_code_per_country",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.sid:
            self.sid = new_sid(PREFIX_BY_KIND[self.kind])
        super().save(*args, **kwargs)


class _OfKinds(models.Manager[Any]):
    def __init__(self, *kinds: str) -> None:
        super().__init__()
        self.kinds = kinds

    def get_queryset(self) -> models.QuerySet[Sender]:
        return super().get_queryset().filter(kind__in=self.kinds)


class PhoneNumber(Sender):
    objects: ClassVar[_OfKinds] = _OfKinds("long_code", "toll_free")

    class Meta:
        proxy = True


class ShortCode(Sender):
    objects: ClassVar[_OfKinds] = _OfKinds("short_code")

    class Meta:
        proxy = True


class AlphaSender(Sender):
    objects: ClassVar[_OfKinds] = _OfKinds("alpha")

    class Meta:
        proxy = True


class ChannelSender(Sender):
    objects: ClassVar[_OfKinds] = _OfKinds("whatsapp", "rcs", "messenger")

    class Meta:
        proxy = True
