"""Reads of senders and pools, each with a constant number of statements. Lists come as querysets, ready to page."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from msgconsole.accounts.models import Account
from senders import pool
from senders.mappings import event_of
from senders.models import PoolMember, Sender, StickyMapping
from senders.selection.stages.sticky import left_under
from services.models import MessagingService
from services.queries import services_of


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


def services_that_can_send(account: Account) -> QuerySet[MessagingService]:
    """The account's Services with a sender in their pool, newest first."""
    return services_of(account).filter(Exists(PoolMember.objects.filter(service=OuterRef("pk"))))


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
