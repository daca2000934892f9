"""A Messaging Service: a name, a pool of senders (in ``senders``), and the settings that steer every send."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid
from services.urls import validate_web_url

LONGEST_URL = 2048
LONGEST_VALIDITY_PERIOD = 36_000  # seconds: ten hours


def service_sid() -> str:
    return new_sid("MG")


class MessagingService(models.Model):
    class Method(models.TextChoices):
        POST = "POST", "POST"
        GET = "GET", "GET"

    class ScanMessageContent(models.TextChoices):
        INHERIT = "inherit", "Inherit"
        ENABLE = "enable", "Enable"
        DISABLE = "disable", "Disable"

    class Usecase(models.TextChoices):
        NOTIFICATIONS = "notifications", "Notifications"
        MARKETING = "marketing", "Marketing"
        VERIFICATION = "verification", "Verification"
        DISCUSSION = "discussion", "Discussion"
        POLL = "poll", "Poll"
        UNDECLARED = "undeclared", "Undeclared"

    sid = models.CharField(max_length=34, unique=True, default=service_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="services")
    friendly_name = models.CharField(max_length=64)
    inbound_request_url = models.CharField(max_length=LONGEST_URL, null=True, blank=True, validators=[validate_web_url])
    inbound_method = models.CharField(max_length=4, choices=Method, default=Method.POST)
    fallback_url = models.CharField(max_length=LONGEST_URL, null=True, blank=True, validators=[validate_web_url])
    fallback_method = models.CharField(max_length=4, choices=Method, default=Method.POST)
    status_callback = models.CharField(max_length=LONGEST_URL, null=True, blank=True, validators=[validate_web_url])
    use_inbound_webhook_on_number = models.BooleanField(default=True)
    sticky_sender = models.BooleanField(default=True)
    area_code_geomatch = models.BooleanField(default=True)
    mms_converter = models.BooleanField(default=True)
    smart_encoding = models.BooleanField(default=True)
    validity_period = models.PositiveIntegerField(
        default=LONGEST_VALIDITY_PERIOD,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_VALIDITY_PERIOD)],
    )
    usecase = models.CharField(max_length=13, choices=Usecase, default=Usecase.UNDECLARED)
    # Stored and returned, without effect: the original documents them as reserved or obsolete.
    fallback_to_long_code = models.BooleanField(default=True)
    scan_message_content = models.CharField(
        max_length=7, choices=ScanMessageContent, default=ScanMessageContent.INHERIT
    )
    synchronous_validation = models.BooleanField(default=False)
    sending_windows = models.JSONField(default=list, blank=True)
    # Written by compliance alone, through an action.
    us_app_to_person_registered = models.BooleanField(default=False, editable=False)
    advanced_opt_out = models.BooleanField(default=False)
    # Grows with every change to the service, its pool or its keywords: the key under which configuration is cached.
    config_version = models.PositiveBigIntegerField(default=1, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="service_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(validity_period__gte=1, validity_period__lte=LONGEST_VALIDITY_PERIOD),
                name="validity_period_in_range",
            ),
            models.CheckConstraint(condition=~models.Q(friendly_name=""), name="service_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.friendly_name
