"""What registrations mean for numbers: a campaign's status for the long codes of its pool, a verification's for one.

Registered with ``services.compliance.hooks``. A pool may hold thousands of numbers, so they move bucket by bucket:
the number of statements depends on how many buckets there are, not on how many numbers.
"""

from typing import Final

from django.db.models import F
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from senders import buckets, pool
from senders.actions import update_sender
from senders.models import PoolAreaCode, PoolBucket, PoolMember, Sender
from senders.selection.summary import LONG_CODE, BucketKey
from senders.standings import MOVES
from services.actions import bump_version
from services.compliance.hooks import DELETED, KnownNumber
from services.models import MessagingService

Registration = Sender.Registration

TOLL_FREE: Final = {
    "TWILIO_APPROVED": Registration.VERIFIED,
    "TWILIO_REJECTED": Registration.UNVERIFIED,
    DELETED: Registration.UNVERIFIED,
}


def campaign_changed(service: MessagingService, status: str, actor: Actor) -> None:
    """Give the US and Canadian long codes of a pool the standing that their campaign has now."""
    origins, to = MOVES[status]
    rows = PoolBucket.objects.filter(
        service=service, kind=LONG_CODE, country__in=buckets.US_AND_CANADA, registration__in=origins
    )
    if not rows.exists():
        return
    bump_version(service.pk)  # locks the Service: from here on the pool has one writer
    pool.mark_changed(service.pk)
    moved = sum(_move_bucket(bucket, to) for bucket in list(rows.order_by("pk")))
    audit.record(
        account=service.account,
        actor=actor,
        action="service.numbers_registration",
        obj=service,
        after={"registration": to.value, "numbers": moved},
    )


def _move_bucket(bucket: PoolBucket, registration: Registration) -> int:
    """Move all members of a bucket to the one that differs in registration alone. Returns how many there were."""
    key = BucketKey(*(getattr(bucket, name) for name in BucketKey._fields))._replace(registration=registration.value)
    target, _ = PoolBucket.objects.get_or_create(service_id=bucket.service_id, **key._asdict())
    now = timezone.now()
    Sender.objects.filter(membership__bucket=bucket).update(registration=registration, date_updated=now)
    moved = PoolMember.objects.filter(bucket=bucket).update(bucket=target)
    _move_area_codes(bucket, target)
    PoolBucket.objects.filter(pk=target.pk).update(member_count=F("member_count") + moved)
    bucket.delete()
    return moved


def _move_area_codes(origin: PoolBucket, target: PoolBucket) -> None:
    counts = dict(PoolAreaCode.objects.filter(bucket=target).values_list("area_code", "member_count"))
    moving = PoolAreaCode.objects.filter(bucket=origin).values_list("area_code", "member_count")
    rows = [
        PoolAreaCode(bucket=target, area_code=area_code, member_count=number + counts.get(area_code, 0))
        for area_code, number in moving
    ]
    PoolAreaCode.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["bucket", "area_code"], update_fields=["member_count"]
    )
    PoolAreaCode.objects.filter(bucket=origin).delete()


def tollfree_changed(account: Account, phone_number_sid: str, status: str, actor: Actor) -> None:
    """Give a toll-free number the standing that its verification gives it. Until a decision it keeps what it has."""
    to = TOLL_FREE.get(status)
    if to is None:
        return
    sender = Sender.objects.filter(account=account, sid=phone_number_sid, kind=Sender.Kind.TOLL_FREE).first()
    if sender is not None:  # else the number was released meanwhile
        update_sender(sender=sender, actor=actor, registration=to.value)


def known_number(account: Account, phone_number_sid: str) -> KnownNumber | None:
    """A phone number of an account, for whoever registers it."""
    found = Sender.objects.filter(account=account, sid=phone_number_sid, kind__in=("long_code", "toll_free")).first()
    return KnownNumber(found.sid, found.address, found.kind == Sender.Kind.TOLL_FREE) if found else None
