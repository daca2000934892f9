"""Keep a pool's buckets true: their counts change with membership alone, inside the action that changes it.

Callers hold the Service's row (``bump_version`` locks it), so these counts have one writer at a time.
"""

from typing import Final

from django.db.models import F, Sum

from senders.models import PoolAreaCode, PoolBucket, PoolMember, Sender
from senders.selection import limits
from senders.selection.summary import LONG_CODE, RCS, SHORT_CODE, TOLL_FREE, WITH_COUNTRY, BucketKey

# What counts against the pool's limit: phone numbers and short codes together.
LIMITED: Final = (LONG_CODE, TOLL_FREE, SHORT_CODE)
US_AND_CANADA: Final = frozenset({"US", "CA"})


def key_of(sender: Sender) -> BucketKey:
    """The bucket a sender belongs to."""
    return BucketKey(
        sender.kind,
        sender.country,
        sender.sms,
        sender.mms,
        sender.registration,
        limits.canonical(
            sender.kind,
            unsupported_carriers=sender.unsupported_carriers,
            approved_regions=sender.approved_regions,
            registered_countries=sender.registered_countries,
        ),
    )


def area_code_of(sender: Sender) -> str:
    """The area code that counts: of US and Canadian long codes. Elsewhere geomatch has no meaning."""
    return sender.area_code if sender.kind == LONG_CODE and sender.country in US_AND_CANADA else ""


def key_in_pool(member: PoolMember, sender: Sender) -> BucketKey:
    """The bucket a member belongs to now. The regions of an RCS sender stay those of the day it was added."""
    key = key_of(sender)
    return key._replace(limits=member.bucket.limits) if sender.kind == RCS else key


def put(service_id: int, sender: Sender, key: BucketKey | None = None) -> PoolBucket:
    """Count a sender into its bucket (or that of ``key``), which is made if need be."""
    bucket, _ = PoolBucket.objects.get_or_create(service_id=service_id, **(key or key_of(sender))._asdict())
    PoolBucket.objects.filter(pk=bucket.pk).update(member_count=F("member_count") + 1)
    area_code = area_code_of(sender)
    if area_code:
        row, _ = PoolAreaCode.objects.get_or_create(bucket=bucket, area_code=area_code)
        PoolAreaCode.objects.filter(pk=row.pk).update(member_count=F("member_count") + 1)
    return bucket


def take(bucket_id: int, area_code: str) -> None:
    """Count a member out of its bucket; what is empty then goes. Its row must have left the bucket before."""
    if area_code:
        rows = PoolAreaCode.objects.filter(bucket_id=bucket_id, area_code=area_code)
        rows.update(member_count=F("member_count") - 1)
        rows.filter(member_count=0).delete()
    PoolBucket.objects.filter(pk=bucket_id).update(member_count=F("member_count") - 1)
    PoolBucket.objects.filter(pk=bucket_id, member_count=0).delete()


def is_in_place(member: PoolMember, sender: Sender) -> bool:
    """Whether a member is in the bucket that its sender belongs to."""
    held = member.bucket
    return BucketKey(*(getattr(held, name) for name in BucketKey._fields)) == key_in_pool(member, sender)


def move(member: PoolMember, sender: Sender) -> bool:
    """Put a member where its changed sender belongs now. False when that is where it is."""
    if is_in_place(member, sender):
        return False
    old, area_code = member.bucket_id, member.area_code
    member.bucket = put(member.service_id, sender, key_in_pool(member, sender))
    member.area_code = area_code_of(sender)
    member.save(update_fields=["bucket", "area_code"])
    take(old, area_code)
    return True


def has_country(service_id: int, country: str) -> bool:
    """Whether the pool has a number or short code of a country. Every member can send SMS or MMS."""
    rows = PoolBucket.objects.filter(service_id=service_id, kind__in=WITH_COUNTRY, country=country)
    return rows.filter(member_count__gt=0).exists()


def count_limited(service_id: int) -> int:
    """Numbers and short codes in a pool."""
    rows = PoolBucket.objects.filter(service_id=service_id, kind__in=LIMITED)
    return rows.aggregate(total=Sum("member_count"))["total"] or 0
