"""Accounts, the people and keys that act for them, and the record of what they did."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from msgconsole.accounts import secrets
from msgconsole.sids import new_sid


def account_sid() -> str:
    return new_sid("AC")


def key_sid() -> str:
    return new_sid("SK")


class User(AbstractUser):
    """A person who logs in to the console. What they may do is told by their memberships, account by account."""


class Account(models.Model):
    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CLOSED = "closed", "Closed"

    class Type(models.TextChoices):
        FULL = "Full", "Full"
        TRIAL = "Trial", "Trial"

    sid = models.CharField(max_length=34, unique=True, default=account_sid, editable=False)
    friendly_name = models.CharField(max_length=64)
    owner = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subaccounts",
        help_text="Parent account.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    type = models.CharField(max_length=5, choices=Type, default=Type.FULL)
    auth_token_encrypted = models.BinaryField(editable=False, default=secrets.new_encrypted_token)
    geo_permissions = models.JSONField(
        null=True, blank=True, help_text="ISO country codes that may be messaged; empty for every country."
    )
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.friendly_name

    @property
    def auth_token(self) -> str:
        """The auth token in clear: 32 hex digits. It also signs this account's webhooks."""
        return secrets.decrypt(bytes(self.auth_token_encrypted))


class Membership(models.Model):
    """What a user may do in an account."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        CONFIGURATOR = "configurator", "Configurator"
        VIEWER = "viewer", "Viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "account"], name="one_role_per_user_and_account")]

    def __str__(self) -> str:
        return f"{self.user} is {self.get_role_display().lower()} of {self.account}"


class ApiKey(models.Model):
    """Credentials that act for an account. Only a digest of the secret is kept: it is shown once, at creation."""

    class Kind(models.TextChoices):
        KEY = "key", "API key"
        SIGNING = "signing", "Signing key"

    sid = models.CharField(max_length=34, unique=True, default=key_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.KEY)
    friendly_name = models.CharField(max_length=64, blank=True)
    secret_digest = models.CharField(max_length=64, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.friendly_name or self.sid


class Spending(models.Model):
    """A part of what an account has been charged, in US dollars. See ``spending``."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="spending")
    part = models.PositiveSmallIntegerField(help_text="So that workers need not wait for each other.")
    amount = models.DecimalField(max_digits=18, decimal_places=5, default=0)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "spending"
        constraints = [models.UniqueConstraint(fields=["account", "part"], name="one_row_per_part_of_spending")]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount}"


class AuditEntry(models.Model):
    """One change: who did what to which thing, from where, and what it was before and after."""

    class Source(models.TextChoices):
        CONSOLE = "console", "Console"
        API = "api", "API"
        COMMAND = "command", "Command"
        SYSTEM = "system", "System"

    # Empty for what concerns the whole install, such as a new user.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="audit_entries")
    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=8)
    actor_label = models.CharField(max_length=150)
    source = models.CharField(max_length=8, choices=Source)
    action = models.CharField(max_length=60, help_text="What happened, such as service.updated.")
    object_type = models.CharField(max_length=40)
    object_sid = models.CharField(max_length=34, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict, help_text="Field → [before, after]. Secrets are never in it.")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["account", "-id"], name="audit_by_account"),
            models.Index(fields=["account", "object_sid", "-id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.object_label}"
