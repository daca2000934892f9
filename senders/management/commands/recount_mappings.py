"""Compare the pool's counters with what they count, and set them right."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from senders.models import PoolAreaCode, PoolBucket, PoolMember, StickyMapping
from services.models import MessagingService

Counted = PoolMember | PoolBucket | PoolAreaCode


@dataclass(frozen=True)
class Difference:
    what: str
    row: Counted
    column: str
    counted: int
    true: int

    def __str__(self) -> str:
        return f"{self.what}: counted {self.counted}, there are {self.true}"


class Command(BaseCommand):
    help = "Compare counts of sticky mappings and pool members with the rows they count; repair unless --check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only tell; exit with status 1 if anything differs.")

    def handle(self, *args: Any, **options: Any) -> str:
        found = list(differences())
        for difference in found:
            self.stdout.write(str(difference))
            if not options["check"]:
                repair(difference)
        if not found:
            return "All counts are right."
        noun = "count was" if len(found) == 1 else "counts were"
        if options["check"]:
            self.stderr.write(f"{len(found)} {noun} wrong. Run without --check to repair.")
            raise SystemExit(1)
        return f"{len(found)} {noun} wrong and {'is' if len(found) == 1 else 'are'} repaired."


def differences() -> Iterator[Difference]:
    """Work that waits in the outbox (a mapping moved, its old sender not yet counted down) shows as a difference."""
    mapped = StickyMapping.objects.filter(member_id=OuterRef("pk"))
    for member in _wrong(PoolMember.objects.select_related("sender"), mapped, "member_id", "mapping_count"):
        what = f"mappings of {member.sender.address}"
        yield Difference(what, member, "mapping_count", member.mapping_count, member.true)
    held = PoolMember.objects.filter(bucket_id=OuterRef("pk"))
    for bucket in _wrong(PoolBucket.objects.all(), held, "bucket_id", "member_count"):
        what = f"members of bucket {bucket.pk} ({bucket.kind} {bucket.country})"
        yield Difference(what, bucket, "member_count", bucket.member_count, bucket.true)
    there = PoolMember.objects.filter(bucket_id=OuterRef("bucket_id"), area_code=OuterRef("area_code"))
    for area in _wrong(PoolAreaCode.objects.all(), there, "bucket_id", "member_count"):
        what = f"members of bucket {area.bucket_id} with area code {area.area_code}"
        yield Difference(what, area, "member_count", area.member_count, area.true)


def _wrong(rows: QuerySet[Any], counted: QuerySet[Any], group: str, column: str) -> Iterator[Any]:
    number = counted.order_by().values(group).annotate(number=Count("pk")).values("number")
    true = Coalesce(Subquery(number, output_field=IntegerField()), 0)
    yield from rows.annotate(true=true).exclude(**{column: F("true")}).order_by("pk").iterator()


def repair(difference: Difference) -> None:
    """Count again under a lock and write that: what was read before may have changed meanwhile."""
    row, column = difference.row, difference.column
    model = type(row)
    with transaction.atomic():
        if isinstance(row, PoolMember):
            held: Counted | None = PoolMember.objects.select_for_update().filter(pk=row.pk).first()
            true = StickyMapping.objects.filter(member_id=row.pk).count()
        else:
            bucket = row if isinstance(row, PoolBucket) else row.bucket
            MessagingService.objects.select_for_update().filter(pk=bucket.service_id).first()
            held = model._default_manager.filter(pk=row.pk).first()
            members = PoolMember.objects.filter(bucket_id=bucket.pk)
            true = (members if isinstance(row, PoolBucket) else members.filter(area_code=row.area_code)).count()
        if held is not None:
            model._default_manager.filter(pk=row.pk).update(**{column: true})
