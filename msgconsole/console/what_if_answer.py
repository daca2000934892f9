"""What a what-if comes to beside today's answer; why one sender is not chosen, and what would make it win."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgconsole.console.decisions import rule_words
from msgconsole.console.fates import MOST_SENDERS, Fates, fates_of
from msgconsole.console.templatetags.console import readable
from msgconsole.console.what_if import Chip, WhatIf, chips, compact, names_of
from msgconsole.error_codes import Refused, message_for
from msgconsole.messaging.replay import differ
from senders import pool, whatif
from senders.fetch import candidates
from senders.models import PoolMember
from senders.selection.decision import Decision
from senders.selection.overrides import Overrides
from senders.selection.summary import PoolSummary
from senders.selection.types import Candidate
from senders.selection.whatif import WhatIf as Asked
from services.models import MessagingService


@dataclass(frozen=True, slots=True)
class Compared:
    """A what-if beside today: ``same`` when nothing that matters differs; ``differences`` are sentences."""

    chips: tuple[Chip, ...]
    today: str
    same: bool
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """``change`` in words; ``piece`` makes the sender win as a what-if (JSON), empty when nothing does."""

    sender: Candidate | None
    chosen: bool
    reason: str
    change: str
    piece: str = ""


def compare(now: Decision, then: Decision, what: WhatIf, summary: PoolSummary | None) -> Compared:
    """What a what-if changes against today's decision."""
    found = tuple(_differences(now, then))
    return Compared(tuple(chips(what.pieces, names_of(summary))), told(now), not found, found)


def told(decision: Decision) -> str:
    """A decision in one sentence, with numbers as people read them."""
    if decision.sender is None:
        return decision.error_detail
    sentence = f"{readable(decision.sender.address)}, because {decision.because}."
    return f"{sentence} {decision.error_detail}".rstrip()


def _differences(now: Decision, then: Decision) -> list[str]:
    found = []
    if _who(now) != _who(then):
        found.append(f"Sender: {_who(now)} today, {_who(then)} in this what-if.")
    if now.deciding_stage != then.deciding_stage:
        found.append(f"Decided by: {rule_words(now.deciding_stage)} today, {rule_words(then.deciding_stage)} then.")
    if now.error_code != then.error_code:
        found.append(f"Error: {_code(now)} today, {_code(then)} then.")
    if now.channel_used != then.channel_used:
        found.append(f"Goes out as: {now.channel_used} today, {then.channel_used} then.")
    step = first_other_step(now, then)
    if step is not None and found:
        found.append(f"The first step that goes another way: {step}")
    return found


def first_other_step(now: Decision, then: Decision) -> str | None:
    """The question of the first step that comes to something else; None when all steps agree."""
    changed = differ(now, then).first_step
    if changed is None:
        return None
    return next((str(step["question"]) for step in (changed.now, changed.then) if step), changed.name)


def _who(decision: Decision) -> str:
    return readable(decision.sender.address) if decision.sender is not None else "none"


def _code(decision: Decision) -> str:
    return f"{decision.error_code} ({message_for(decision.error_code)})" if decision.error_code else "none"


def fates(decision: Decision, service: MessagingService, asked: Asked | None) -> Fates | None:
    """What became of every sender of a pool of up to 50; of some of a larger one."""
    summary = asked.summary if asked is not None else pool.summary_of(service)
    return fates_of(decision, summary, _members(service, asked) if summary.total <= MOST_SENDERS else None)


def _members(service: MessagingService, asked: Asked | None) -> list[Candidate]:
    numbers = list(
        PoolMember.objects.filter(service=service).order_by("id").values_list("id", flat=True)[:MOST_SENDERS]
    )
    found = candidates(numbers) if numbers else {}
    members: Sequence[Candidate | None] = [found[number] for number in numbers if number in found]
    if asked is not None:
        members = [asked.as_it_is(one) for one in members if one is not None]
        members = [*members, *(one for number, one in asked.lifted.items() if number < 0)]
    return [one for one in members if one is not None]


def why_not(service: MessagingService, decision: Decision, name: str, what: WhatIf) -> WhyNot:
    """Why a sender (by SID or address) is not chosen for today's question under a what-if, and what would do it."""
    try:
        target = whatif.find(service, name)
        found = whatif.why_not(
            service=service, request=decision.request, target=target, overrides=what.overrides or Overrides()
        )
    except Refused as refused:
        return WhyNot(None, False, refused.message, "")
    change = found.smallest_change
    chosen = str(found.fate.reason) == "chosen"
    piece = compact(change.overrides.to_dict()) if change.overrides is not None and not chosen else ""
    return WhyNot(target, chosen, found.fate.detail, change.sentence, piece)
