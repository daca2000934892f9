"""A Service's pool: its members, and the buckets that let a choice be made without visiting them.

A bucket holds the members that every rule treats alike but for area code; within one, members differ in load
alone. Counts change only with membership, so a trace can give true numbers for the whole pool at no cost.
"""

from datetime import datetime

from django.db import models

from senders.models.sender import Sender
from senders.selection.types import NEVER
from services.models import MessagingService


class PoolBucket(models.Model):
    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="buckets")
    kind = models.CharField(max_length=10)
    country = models.CharField(max_length=3, blank=True)
    sms = models.BooleanField()
    mms = models.BooleanField()
    registration = models.CharField(max_length=12)
    limits = models.CharField(max_length=1000, blank=True, help_text="Kind-specific exceptions in one canonical text.")
    member_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "country", "sms", "mms", "registration", "limits"],
                name="one_bucket_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.country} ({self.member_count})"


class PoolAreaCode(models.Model):
    """How many members of a bucket have an area code."""

    bucket = models.ForeignKey(PoolBucket, on_delete=models.CASCADE, related_name="area_codes")
    area_code = models.CharField(max_length=3)
    member_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["area_code"]
        constraints = [models.UniqueConstraint(fields=["bucket", "area_code"], name="one_count_per_area_code")]

    def __str__(self) -> str:
        return f"{self.area_code} ({self.member_count})"


LOAD = ("mapping_count", "queued_count", "sent_count", "last_used_at", "id")
"""The order within a bucket with Sticky Sender on; without it, from the second on. Indexed: the first come at once."""


class PoolMember(models.Model):
    """A sender in a pool, with its load. A sender is in one pool at most."""

    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="members", db_index=False)
    sender = models.OneToOneField(Sender, on_delete=models.CASCADE, related_name="membership")
    bucket = models.ForeignKey(PoolBucket, on_delete=models.PROTECT, related_name="members", db_index=False)
    area_code = models.CharField(max_length=3, blank=True, help_text="Of US and Canadian long codes.")
    mapping_count = models.PositiveIntegerField(default=0)
    queued_count = models.PositiveIntegerField(default=0)
    sent_count = models.PositiveBigIntegerField(default=0)
    # Never null, so that one plain index gives the order on every database; see used_at.
    last_used_at = models.DateTimeField(default=NEVER)
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["service", "id"], name="members_of_service"),
            models.Index(fields=["bucket", "id"], name="members_of_bucket"),
            models.Index(fields=["bucket", *LOAD], name="sticky_order"),
            models.Index(fields=["bucket", "area_code", *LOAD], name="sticky_order_by_area_code"),
            models.Index(fields=["bucket", *LOAD[1:]], name="load_order"),
            models.Index(fields=["bucket", "area_code", *LOAD[1:]], name="load_order_by_area_code"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} in {self.service_id}"

    @property
    def used_at(self) -> datetime | None:
        """When it last sent, None if never."""
        return None if self.last_used_at == NEVER else self.last_used_at


class PoolEvent(models.Model):
    """The pool got its first sender of a country, or a new short code of one, at a configuration version.

    Sticky mappings decided under an earlier version move to that sender; see ``selection/stages/sticky.py``. A removed
    member leaves an event too, until its mappings are cleared away: those that had moved before must not go with it.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country", "First sender of a country"
        SHORT_CODE = "short_code", "New short code of a country"
        REMOVED = "removed", "Member removed, mappings not yet cleared"

    service = models.ForeignKey(MessagingService, on_delete=models.CASCADE, related_name="pool_events")
    kind = models.CharField(max_length=10, choices=Kind)
    country = models.CharField(max_length=3, blank=True)
    config_version = models.PositiveBigIntegerField()
    # No foreign key: a member that has gone must leave its trace, so that mappings moved to it count as gone too.
    member_id = models.BigIntegerField()

    class Meta:
        ordering = ["config_version", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.country} at {self.config_version}"


class PoolSnapshot(models.Model):
    """What a pool was made of under a configuration version, kept so that a stored decision can be run again.

    Written once per version, with the first message that is decided under it. The Service may be gone by then.
    """

    service_sid = models.CharField(max_length=34)
    config_version = models.PositiveBigIntegerField()
    data = models.JSONField()
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["service_sid", "config_version"], name="one_snapshot_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.service_sid} at {self.config_version}"
