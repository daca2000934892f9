"""Counters of how busy a pool's members are. One statement each.

Members that have left are passed over. Counts never fall below zero: a repetition after a crash must not break a send.
"""

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


def _less(column: str, number: int) -> CombinedExpression:
    # The difference may not go through a negative number: the column is unsigned on some databases.
    return Greatest(F(column), Value(number)) - Value(number)
