"""Counters of how busy a pool's members are. One statement a member, in ascending order, so batches never deadlock.

Members that have left are passed over. Counts never fall below zero: a repetition after a crash must not break a send.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Greatest

from senders.models import PoolMember


def queued(member_id: int, number: int = 1) -> None:
    """So many more messages wait behind a member."""
    PoolMember.objects.filter(pk=member_id).update(queued_count=F("queued_count") + number)


def unqueued(member_id: int, number: int = 1) -> None:
    """So many messages wait no longer, without having been sent."""
    PoolMember.objects.filter(pk=member_id).update(queued_count=_less("queued_count", number))


def sent(member_id: int, at: datetime, number: int = 1, *, was_queued: bool = True) -> None:
    """So many messages went out; by default they were counted as waiting before."""
    fields = {"sent_count": F("sent_count") + number, "last_used_at": at}
    if was_queued:
        fields["queued_count"] = _less("queued_count", number)
    PoolMember.objects.filter(pk=member_id).update(**fields)


def queued_many(numbers: Mapping[int, int]) -> None:
    """``queued`` (or, for negative numbers, ``unqueued``) for many members: member id → difference."""
    for member_id, number in sorted(numbers.items()):
        if number > 0:
            queued(member_id, number)
        elif number < 0:
            unqueued(member_id, -number)


def sent_many(numbers: Mapping[int, int], at: datetime, *, was_queued: bool = True) -> None:
    """``sent`` for many members: member id → messages."""
    for member_id, number in sorted(numbers.items()):
        sent(member_id, at, number, was_queued=was_queued)


def _less(column: str, number: int) -> CombinedExpression:
    # The difference may not go through a negative number: the column is unsigned on some databases.
    return Greatest(F(column), Value(number)) - Value(number)
