"""Upkeep of sticky mappings, in small transactions. None of it decides anything.

A choice reads every mapping as it would be had all upkeep been done: moved by events, gone with its sender. What is
here makes the rows say so too, so that counts and lists are true and old rows do not pile up.
"""

from collections import Counter
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from msgconsole.numbering import countries
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from senders import pool
from senders.models import PoolEvent, PoolMember, StickyMapping
from senders.selection.stages.sticky import event_for, left_under
from senders.selection.summary import ALPHA, WITH_COUNTRY
from senders.selection.summary import PoolEvent as Event

UNCOUNT: Final = "senders.uncount"
PURGE: Final = "senders.purge_mappings"
MOVE: Final = "senders.move_mappings"
BATCH: Final = 500


def uncount_later(member_id: int, number: int = 1) -> None:
    """Lower a sender's count in a transaction of its own: none ever locks two members, so none can deadlock."""
    queue.enqueue(UNCOUNT, str(member_id), payload={"number": number})


def uncount(entry: OutboxEntry) -> None:
    """Handler. The entry goes in the same transaction, so a repetition after a crash counts nothing twice."""
    number = int(entry.payload["number"])
    with transaction.atomic():
        if not queue.complete(entry):
            return
        member = PoolMember.objects.filter(pk=int(entry.reference))
        if not member.filter(mapping_count__gte=number).update(mapping_count=F("mapping_count") - number):
            member.update(mapping_count=0)  # a recount came in between


def take_over(event: PoolEvent, member: PoolMember) -> bool:
    """Move a batch of the mappings that an event moves; True when there may be more.

    Runs in the transaction of the action that added the member, or in the handler's. Rows that a send holds are left
    out: that send, or the next read, sees the event by itself.
    """
    rows = StickyMapping.objects.filter(
        service_id=event.service_id,
        channel="sms",
        recipient_country=event.country,
        config_version__lt=event.config_version,
    )
    if event.kind == PoolEvent.Kind.SHORT_CODE:
        rows = rows.filter(sender_kind=ALPHA)
    else:
        rows = rows.filter(sender_kind__in=WITH_COUNTRY).exclude(sender_country=event.country)
    events = PoolEvent.objects.filter(service_id=event.service_id, config_version__lt=event.config_version)
    same = events.filter(kind=event.kind, country=event.country).order_by("-config_version")
    earlier = same.values_list("config_version", flat=True).first()
    if earlier is not None:
        rows = rows.filter(config_version__gte=earlier)  # those before belong to the earlier event
    gone_before = events.filter(kind=PoolEvent.Kind.REMOVED).values("member_id")
    batch = list(
        rows.exclude(member_id__in=gone_before)
        .select_for_update(skip_locked=True)
        .order_by("id")
        .values_list("id", "member_id")[:BATCH]
    )
    if not batch:
        return False
    moved = _point_to(Q(pk__in=[row for row, _ in batch]), member, event.config_version)
    PoolMember.objects.filter(pk=member.pk).update(mapping_count=F("mapping_count") + moved)
    for old, number in sorted(Counter(old for _, old in batch).items()):
        uncount_later(old, number)
    return len(batch) == BATCH


def _point_to(rows: Q, member: PoolMember, version: int) -> int:
    return StickyMapping.objects.filter(rows).update(
        member_id=member.pk,
        sender_kind=member.sender.kind,
        sender_country=member.sender.country,
        config_version=version,
    )


def move(entry: OutboxEntry) -> None:
    """Handler: the rest of what an event moves, a batch a transaction."""
    event = PoolEvent.objects.filter(pk=int(entry.reference)).first()
    while event is not None:
        with transaction.atomic():
            # The member's row first, as every send does; the mappings after it.
            members = PoolMember.objects.select_for_update(no_key=True, of=("self",)).select_related("sender")
            member = members.filter(pk=event.member_id).first()
            if member is None or not take_over(event, member):
                return


def purge_later(service_id: int, member_id: int) -> None:
    queue.enqueue(PURGE, str(member_id), payload={"service_id": service_id})


def purge(entry: OutboxEntry) -> None:
    """Handler: clear away the mappings of a removed member. Those that had moved before it left go where they moved."""
    member_id, service_id = int(entry.reference), int(entry.payload["service_id"])
    events = pool.events_of(service_id)
    while True:
        rows = list(StickyMapping.objects.filter(member_id=member_id, service_id=service_id).order_by("id")[:BATCH])
        if not rows:
            break
        _purge_batch(rows, events)
    PoolEvent.objects.filter(service_id=service_id, kind=PoolEvent.Kind.REMOVED, member_id=member_id).delete()


def _purge_batch(rows: list[StickyMapping], events: tuple[Event, ...]) -> None:
    by_target: dict[int | None, list[int]] = {}
    for row in rows:
        by_target.setdefault(_target(row, events), []).append(row.pk)
    for target, numbers in by_target.items():
        with transaction.atomic():
            members = PoolMember.objects.select_for_update(no_key=True, of=("self",)).select_related("sender")
            member = None if target is None else members.filter(pk=target).first()
            still = Q(pk__in=numbers, member_id=rows[0].member_id)
            if member is None:
                StickyMapping.objects.filter(still).delete()
            else:
                event = next(event for event in events if event.member_id == target and event.kind != "removed")
                moved = _point_to(still, member, event.config_version)
                PoolMember.objects.filter(pk=member.pk).update(mapping_count=F("mapping_count") + moved)


def _target(row: StickyMapping, events: tuple[Event, ...]) -> int | None:
    event = event_of(row, events, left_under=left_under(events, row.member_id))
    return event.member_id if event is not None else None


def event_of(row: StickyMapping, events: tuple[Event, ...], *, left_under: float) -> Event | None:
    """The event that moved a stored mapping, if any did before its sender left."""
    if row.channel != "sms":
        return None
    for country in dict.fromkeys((row.recipient_country, countries.matching_country(row.recipient_country))):
        event = event_for(
            events,
            to_country=country,
            kind=row.sender_kind,
            country=row.sender_country,
            decided_under=row.config_version,
            left_under=left_under,
        )
        if event is not None:
            return event
    return None
