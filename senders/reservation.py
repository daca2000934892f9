"""Reserve: carry a decision out among other workers who are doing the same.

PostgreSQL, read committed, in the caller's transaction. A new mapping is written first, for the first in rank: whoever
loses the race for a recipient holds nothing yet. Then one ranked member is locked (whoever is not busy with another
message goes first), counted, and the mapping pointed to it if it is another: mostly all in one statement. A mapping
that is replaced is written the other way round, in a savepoint. Nobody ever waits for a member or a mapping while
holding another member, so there is no lock cycle. SQLite has one writer at a time and needs no lock: there, the first
of the ranked is free.

Accepted: a snapshot may be a moment old, so an even spread is nearly even. Known recipients take no lock at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction
from django.utils import timezone

from senders import fetch
from senders.mappings import uncount_later
from senders.models import PoolMember, StickyMapping
from senders.selection.decision import Decision
from senders.selection.order import STICKY
from senders.selection.plan import plan_for
from senders.selection.stages.named import StalePool
from senders.selection.summary import PoolSummary
from senders.selection.types import Candidate
from senders.statements import on_postgresql, rows

AT_ONCE: Final = 3
"""So many of the ranked are looked at in the statement that writes a mapping: one of them is nearly always free."""
_BY_LOAD: Final = {
    True: "mapping_count, queued_count, sent_count, last_used_at, id",
    False: "queued_count, sent_count, last_used_at, id",
}


@dataclass(frozen=True, slots=True)
class Reservation:
    """Who was taken in the end, and what happened on the way."""

    taken: Candidate
    note: str


def reserve(service_id: int, decision: Decision, summary: PoolSummary, *, now: datetime) -> Decision:
    """Write what the decision says: mapping, counts, last use. The decision comes back with a ``reserve`` step.

    Raises ``StalePool`` when every ranked member has left meanwhile: nothing has been written then.
    """
    sender, change = decision.sender, decision.mapping
    if change.action == "delete":
        _delete(decision)
    if sender is None or sender.member_id is None or decision.outcome != "chosen":
        return decision
    if change.action == "create":
        done = _with_new_mapping(service_id, decision, summary)
    elif change.action in {"replace", "move"}:
        done = _with_mapping(service_id, decision, summary)
    elif not decision.policy.sticky_sender and decision.group_size > 1:
        done = _by_last_use(decision, now)
    else:
        return decision
    return decision.reserved(done.taken, done.note)


def _id(taken: Candidate) -> int:
    if taken.member_id is None:
        raise ValueError(f"{taken.address} is in no pool")
    return taken.member_id


class _Overtaken(Exception):
    """Another worker has written this recipient's mapping first."""


# --- a new mapping -----------------------------------------------------------------------------------------------

_INSERT: Final = """
INSERT INTO senders_stickymapping (service_id, channel, recipient, member_id, sender_kind, sender_country,
    recipient_country, config_version, date_created, date_updated)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""
_COUNT: Final = "UPDATE senders_poolmember SET mapping_count = mapping_count + 1 WHERE id = %s RETURNING id"
# Nobody is locked unless the mapping is ours: the condition is looked at before the members are.
_INSERT_LOCK_AND_COUNT: Final = f"""
WITH made AS ({_INSERT}),
locked AS MATERIALIZED (
    SELECT id FROM senders_poolmember WHERE id = ANY(%s::bigint[]) AND EXISTS (SELECT 1 FROM made)
    ORDER BY {_BY_LOAD[True]} LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
),
counted AS (
    UPDATE senders_poolmember m SET mapping_count = m.mapping_count + 1 FROM locked
    WHERE m.id = locked.id RETURNING m.id
)
SELECT (SELECT id FROM made), (SELECT id FROM counted)
"""  # noqa: S608 - constants of this file
INSERT_AND_COUNT: Final = f"""
WITH made AS ({_INSERT}),
counted AS (
    UPDATE senders_poolmember SET mapping_count = mapping_count + 1
    WHERE id = %s AND EXISTS (SELECT 1 FROM made) RETURNING id
)
SELECT (SELECT id FROM made), (SELECT id FROM counted)
"""  # noqa: S608 - constants of this file
_LOCK_AND_COUNT: Final = {
    busy: f"""
WITH locked AS MATERIALIZED (
    SELECT id FROM senders_poolmember WHERE id = ANY(%s::bigint[])
    ORDER BY {_BY_LOAD[True]} LIMIT 1 FOR NO KEY UPDATE{clause}
)
UPDATE senders_poolmember m SET mapping_count = m.mapping_count + 1 FROM locked WHERE m.id = locked.id RETURNING m.id
"""  # noqa: S608 - constants of this file
    for busy, clause in (("skip", " SKIP LOCKED"), ("wait", ""))
}


def _with_new_mapping(service_id: int, decision: Decision, summary: PoolSummary) -> Reservation:
    """The recipient's first mapping, and one of the ranked to hold it."""
    ranked = decision.ranked
    first, numbers = ranked[0], [_id(member) for member in ranked]
    row = _new_row(service_id, decision, first)
    if on_postgresql() and len(ranked) == 1:
        ((mapping_id, number),) = rows(INSERT_AND_COUNT, [*row, numbers[0]])
    elif on_postgresql():
        ((mapping_id, number),) = rows(_INSERT_LOCK_AND_COUNT, [*row, numbers[:AT_ONCE]])
        if mapping_id is not None and number is None:  # these are busy: another of the ranked, or wait for one
            number = _count_one("skip", numbers) or _count_one("wait", numbers)
    else:
        mapping_id = next((found for (found,) in rows(_INSERT, row)), None)
        number = None
        if mapping_id is not None:
            number = next((found for (found,) in rows(_COUNT, [_id(first)])), None)
    if mapping_id is None:
        return _overtaken(service_id, decision, summary)
    if number is None:  # all of them have left
        StickyMapping.objects.filter(pk=mapping_id).delete()
        raise StalePool(first.address)
    taken = next(member for member in ranked if member.member_id == number)
    if taken is not first:
        StickyMapping.objects.filter(pk=mapping_id).update(**_pointer(taken))
    return Reservation(taken, _told(ranked, taken))


def _count_one(busy: str, numbers: list[int]) -> int | None:
    """Lock and count the least loaded of these; ``busy`` members are skipped, or waited for. None if all have left."""
    return next((found for (found,) in rows(_LOCK_AND_COUNT[busy], [numbers])), None)


def _new_row(service_id: int, decision: Decision, first: Candidate) -> list[Any]:
    request, now = decision.request, timezone.now()
    return [
        service_id,
        request.channel,
        request.address,
        _id(first),
        first.kind,
        first.country,
        request.country,
        decision.config_version,
        now,
        now,
    ]


def _told(ranked: Sequence[Candidate], taken: Candidate) -> str:
    """What happened on the way, in few words."""
    first = ranked[0]
    if len(ranked) == 1:
        return "the only one"
    if taken is first:
        return f"first of {len(ranked)} ranked"
    return f"{first.address} was busy or has been used since; number {ranked.index(taken) + 1} was free"


# --- a mapping that did not hold, or has moved ----------------------------------------------------------------------


def _with_mapping(service_id: int, decision: Decision, summary: PoolSummary) -> Reservation:
    try:
        # The savepoint lets go of the locked member when another worker was first: the caller may go on to count
        # that worker's sender as busy, and nobody may hold two members.
        with transaction.atomic():
            return _take_and_point(decision)
    except _Overtaken:
        return _overtaken(service_id, decision, summary)


def _take_and_point(decision: Decision) -> Reservation:
    reservation = _take(decision)
    if not _point(decision, reservation.taken):
        raise _Overtaken
    if not rows(_COUNT, [_id(reservation.taken)]):
        raise StalePool(reservation.taken.address)  # it has left; what was written here is rolled back
    return reservation


def _point(decision: Decision, taken: Candidate) -> bool:
    """Let the existing mapping point to the taken sender; False when it is no longer what was read."""
    changed = _as_read(decision).update(
        **_pointer(taken), config_version=decision.config_version, date_updated=timezone.now()
    )
    if changed:
        _uncount_old(decision)
    return bool(changed)


def _pointer(taken: Candidate) -> dict[str, Any]:
    return {"member_id": taken.member_id, "sender_kind": taken.kind, "sender_country": taken.country}


def _as_read(decision: Decision) -> models.QuerySet[StickyMapping]:
    """The mapping's row, if it still points where it did."""
    change = decision.mapping
    if change.mapping_id is None or change.old_member_id is None:
        return StickyMapping.objects.none()
    return StickyMapping.objects.filter(pk=change.mapping_id, member_id=change.old_member_id)


def _delete(decision: Decision) -> None:
    if _as_read(decision).delete()[0]:
        _uncount_old(decision)


def _uncount_old(decision: Decision) -> None:
    # A sender that has left took its count along.
    if decision.found is not None and decision.found.member is not None:
        uncount_later(decision.found.member_id)


def _overtaken(service_id: int, decision: Decision, summary: PoolSummary) -> Reservation:
    """Another worker's mapping stands: use its sender, so that one recipient sees one sender; ours is not counted."""
    request = decision.request
    rows = StickyMapping.objects.filter(service_id=service_id, channel=request.channel, recipient=request.address)
    theirs = rows.values_list("member_id", flat=True).first()
    other = fetch.candidates([theirs]).get(theirs) if theirs is not None else None
    if other is not None and other.bucket_key in plan_for(request, decision.policy, summary).eligible:
        return Reservation(other, f"another worker had just chosen {other.address} for this recipient")
    first = decision.ranked[0]
    return Reservation(first, f"{first.address} is used once: the recipient's mapping has just changed")


# --- taking one of the ranked --------------------------------------------------------------------------------------


def _by_last_use(decision: Decision, now: datetime) -> Reservation:
    reservation = _take(decision)
    if not PoolMember.objects.filter(pk=_id(reservation.taken)).update(last_used_at=now):
        raise StalePool(reservation.taken.address)
    return reservation


def _take(decision: Decision) -> Reservation:
    ranked = decision.ranked
    first = ranked[0]
    if len(ranked) == 1 and decision.deciding_stage == STICKY:
        return Reservation(first, "the mapping moved")
    if len(ranked) == 1 or not on_postgresql():
        return Reservation(first, _told(ranked, first))
    numbers = [_id(member) for member in ranked]
    sticky = decision.policy.sticky_sender
    number = _lock(numbers, sticky=sticky, skip=True) or _lock(numbers, sticky=sticky, skip=False)
    if number is None:
        raise StalePool(first.address)
    taken = next(member for member in ranked if member.member_id == number)
    return Reservation(taken, _told(ranked, taken))


def _lock(numbers: Sequence[int], *, sticky: bool, skip: bool) -> int | None:
    """Lock the least loaded of these members, as they are now. ``NO KEY``: a mere reference to it is no use of it."""
    clause = " SKIP LOCKED" if skip else ""
    sql = (
        "SELECT id FROM senders_poolmember WHERE id = ANY(%s::bigint[])"  # noqa: S608 - constants of this file
        f" ORDER BY {_BY_LOAD[sticky]} LIMIT 1 FOR NO KEY UPDATE{clause}"
    )
    return next((number for (number,) in rows(sql, [list(numbers)])), None)
