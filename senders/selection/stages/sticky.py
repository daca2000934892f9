"""Sticky Sender: the recipient's mapping, if it still holds. Pure.

A mapping remembers the configuration version it was decided under. When a pool gets its first sender of a country,
mappings of that country's recipients to senders of other countries move to it; the move is an event with a version,
and is worked out here when a mapping is read. That equals moving them all at once, costs nothing, and needs no clock.
Mappings to alpha senders, which have no country, move only for a new short code of the recipient's country.
"""

import math
from dataclasses import dataclass
from typing import Literal

from msgconsole.explain import MOST_EXAMPLES, Elimination, Step
from senders.selection.order import STICKY, STICKY_QUESTION
from senders.selection.plan import Plan
from senders.selection.reasons import Reason, country_name, unready
from senders.selection.summary import ALPHA, WITH_COUNTRY, PoolEvent
from senders.selection.types import Candidate, Policy, Pool, StoredMapping

Action = Literal["none", "create", "move", "replace", "delete"]
_SETTING = "sticky_sender"


@dataclass(frozen=True, slots=True)
class MappingChange:
    """What is to become of the recipient's mapping once the decision is carried out.

    ``create``: there is none yet. ``move``: an event has moved it, it points to the chosen sender from now on.
    ``replace``: it did not hold, the chosen sender takes its place. ``delete``: it did not hold and nothing takes its
    place. ``old_member_id`` is what is stored now.
    """

    action: Action
    mapping_id: int | None = None
    old_member_id: int | None = None


NO_CHANGE = MappingChange("none")


@dataclass(frozen=True, slots=True)
class Judgement:
    """``usual`` is the sender to use, if the mapping holds."""

    step: Step
    change: MappingChange
    usual: Candidate | None = None
    because: str = ""


def moving_event(plan: Plan, mapping: StoredMapping) -> PoolEvent | None:
    """The earliest event that moved a mapping, if any did while its sender was in the pool."""
    events = plan.context.summary.events
    return event_for(
        events,
        to_country=plan.context.country,
        kind=mapping.kind,
        country=mapping.country,
        decided_under=mapping.config_version,
        left_under=math.inf if mapping.member is not None else left_under(events, mapping.member_id),
    )


def event_for(
    events: tuple[PoolEvent, ...],
    *,
    to_country: str,
    kind: str,
    country: str,
    decided_under: int,
    left_under: float,
) -> PoolEvent | None:
    """The same by its facts alone: kind and country of the mapped sender, and the version under which it left."""
    if kind == ALPHA:
        moves = "short_code"
    elif kind in WITH_COUNTRY and country != to_country:
        moves = "country"
    else:
        return None
    for event in events:  # oldest first
        if event.country == to_country and event.kind == moves and decided_under < event.config_version < left_under:
            return event
    return None


def left_under(events: tuple[PoolEvent, ...], member_id: int) -> int:
    """The configuration version under which a member left; 0 when that is no longer known."""
    left = (event for event in events if event.kind == "removed" and event.member_id == member_id)
    return next((event.config_version for event in left), 0)


def judge(plan: Plan, policy: Policy, pool: Pool) -> Judgement:
    """Whether the recipient's mapping decides, and what becomes of it."""
    if not plan.reads_mapping:
        return Judgement(_unread(plan, policy), NO_CHANGE)
    mapping = pool.mapping
    if mapping is None:
        return Judgement(_absent(plan, "no conversation yet"), MappingChange("create"))
    event = moving_event(plan, mapping) if plan.context.request.channel == "sms" else None
    if event is None:
        target = mapping.member
        gone = "its sender has left the pool"
    else:
        target = next((one for one in mapping.moved_to if one.member_id == event.member_id), None)
        gone = "it moved to a sender that has left"
    replaced = MappingChange("replace", mapping.id, mapping.member_id)
    if target is None:
        return Judgement(_absent(plan, gone), replaced)
    if target.bucket_key in plan.eligible and not plan.unready:
        change = NO_CHANGE if event is None else MappingChange("move", mapping.id, mapping.member_id)
        because = "this recipient's conversation is with it"
        if event is not None:
            because = f"this recipient's conversation moved to it: it was the pool's first {_first_of(event)}"
        return Judgement(_holds(plan, target), change, target, because)
    note, lasting = _why_not(plan, target)
    # A fault of this one message (it has media, the sender no MMS) leaves the mapping alone; one of the route ends it.
    return Judgement(_absent(plan, f"{target.address}: {note}"), replaced if lasting else NO_CHANGE)


def _first_of(event: PoolEvent) -> str:
    what = "sender" if event.kind == "country" else "short code"
    return f"{what} of {country_name(event.country)}"


def _why_not(plan: Plan, target: Candidate) -> tuple[str, bool]:
    fate = plan.fate(target.bucket_key, target.area_code)
    if fate is not None and fate.stage in {step.stage for step in plan.before}:
        return fate.detail, fate.stage != "capability"
    return f"it {unready(target.kind, target.registration)[2]}", True


def _step(plan: Plan, verdict: Literal["applied", "not_applicable", "disabled"], note: str) -> Step:
    left = plan.eligible_size
    kept = plan.eligible_labels if verdict == "applied" else ()
    return Step(STICKY, STICKY_QUESTION, verdict, left, left, kept, note=note, setting=_SETTING)


def _unread(plan: Plan, policy: Policy) -> Step:
    settled = plan.rule
    if settled in {"explicit_from", "fallback_from"}:
        return _step(plan, "not_applicable", "the request names its sender")
    if settled == "rcs":
        return _step(plan, "not_applicable", "RCS keeps no mapping")
    if not policy.sticky_sender:
        return _step(plan, "disabled", "Sticky Sender is off")
    return _step(plan, "not_applicable", "not reached")


def _absent(plan: Plan, note: str) -> Step:
    return _step(plan, "not_applicable" if note == "no conversation yet" else "applied", note)


def _holds(plan: Plan, usual: Candidate) -> Step:
    others = plan.eligible_size - 1
    eliminated: tuple[Elimination, ...] = ()
    if others:
        examples = tuple(label for label in plan.eligible_labels if label != usual.address)
        detail = f"the recipient's usual sender is {usual.address}"
        most = min(MOST_EXAMPLES, others)
        eliminated = (Elimination(Reason.NOT_THE_USUAL, detail, others, examples[:most]),)
    return Step(
        STICKY,
        STICKY_QUESTION,
        "applied",
        plan.eligible_size,
        1,
        (usual.address,),
        eliminated,
        setting=_SETTING,
        decided=True,
    )
