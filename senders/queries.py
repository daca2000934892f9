"""Reads of senders and pools, each with a constant number of statements. Lists come as querysets, ready to page."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet, Sum

from msgconsole.accounts.models import Account
from senders import buckets, pool
from senders.mappings import event_of
from senders.models import PoolBucket, PoolMember, Sender, StickyMapping
from senders.selection.stages.sticky import left_under
from services.models import MessagingService


def senders_of(account: Account, kinds: Iterable[str] = ()) -> QuerySet[Sender]:
    """The account's inventory, newest first, with the Service each is in. No kinds: all."""
    rows = Sender.objects.filter(account=account).select_related("membership__service").order_by("-id")
    wanted = list(kinds)
    return rows.filter(kind__in=wanted) if wanted else rows


def members_of(service: MessagingService, kinds: Iterable[str] = ()) -> QuerySet[PoolMember]:
    """A pool's members in the order in which they were added, with their senders and buckets."""
    rows = PoolMember.objects.filter(service=service).select_related("sender", "bucket").order_by("id")
    wanted = list(kinds)
    return rows.filter(bucket__kind__in=wanted) if wanted else rows


def sender_for_sid(account: Account, sid: str, kinds: Iterable[str] = ()) -> Sender | None:
    """One sender of an account; None when there is none with that SID (of these kinds)."""
    return senders_of(account, kinds).filter(sid=sid).first()


def member_for_sid(service: MessagingService, sid: str, kinds: Iterable[str] = ()) -> PoolMember | None:
    """One member of a pool by its sender's SID."""
    return members_of(service, kinds).filter(sender__sid=sid).first()


def free_senders(account: Account, kinds: Iterable[str] = ()) -> QuerySet[Sender]:
    """Senders of the account that are in no pool and could be in one, newest first."""
    rows = senders_of(account, kinds).filter(membership__isnull=True)
    return rows.exclude(kind=Sender.Kind.ALPHA).exclude(sms=False, mms=False)


@dataclass(frozen=True, slots=True)
class PoolOverview:
    """``by_kind`` and ``countries`` count members, the most first; ``limited`` of ``limit`` is what counts as full."""

    total: int
    by_kind: tuple[tuple[str, int], ...]
    countries: tuple[tuple[str, int], ...]
    limited: int
    limit: int


def pool_overview(service: MessagingService) -> PoolOverview:
    """What a pool is made of, from its buckets: the cost does not depend on its size."""
    rows = PoolBucket.objects.filter(service=service, member_count__gt=0).order_by().values("kind", "country")
    by_kind: dict[str, int] = {}
    by_country: dict[str, int] = {}
    for kind, country, number in rows.annotate(number=Sum("member_count")).values_list("kind", "country", "number"):
        by_kind[kind] = by_kind.get(kind, 0) + number
        if country:
            by_country[country] = by_country.get(country, 0) + number

    def most_first(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

    return PoolOverview(
        total=sum(by_kind.values()),
        by_kind=most_first(by_kind),
        countries=most_first(by_country),
        limited=sum(by_kind.get(kind, 0) for kind in buckets.LIMITED),
        limit=settings.MSGCONSOLE_POOL_LIMIT,
    )


def mappings_of(service: MessagingService) -> QuerySet[StickyMapping]:
    """A Service's sticky mappings, newest first. Show them through ``effective``."""
    return StickyMapping.objects.filter(service=service).order_by("-id")


@dataclass(frozen=True, slots=True)
class EffectiveMapping:
    """A mapping as the next message will read it: ``member`` is None when it counts as gone."""

    mapping: StickyMapping
    member: PoolMember | None
    moved: bool


def effective(service: MessagingService, mappings: Iterable[StickyMapping]) -> list[EffectiveMapping]:
    """A page of mappings with the senders they stand for now. Three statements, whatever the size of the page."""
    rows = list(mappings)
    events = pool.events_of(service.pk)
    members = PoolMember.objects.select_related("sender").filter(service=service)
    by_id = members.in_bulk([row.member_id for row in rows])
    targets = {
        row.pk: event_of(
            row,
            events,
            left_under=math.inf if row.member_id in by_id else left_under(events, row.member_id),
        )
        for row in rows
    }
    others = [event.member_id for event in targets.values() if event is not None and event.member_id is not None]
    by_id |= members.in_bulk([number for number in others if number not in by_id])
    found = []
    for row in rows:
        event = targets[row.pk]
        number = row.member_id if event is None else event.member_id
        found.append(EffectiveMapping(row, by_id.get(number) if number is not None else None, event is not None))
    return found


def sticky_mapping(service: MessagingService, channel: str, recipient: str) -> EffectiveMapping | None:
    """Which sender a recipient knows; None when no mapping is stored."""
    rows = StickyMapping.objects.filter(service=service, channel=channel, recipient=recipient)
    return next(iter(effective(service, rows)), None)
