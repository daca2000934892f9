"""A stored decision run again: on its own inputs, which must give it again, and under what holds today.

Nothing is written. What an exact repetition needs is kept with the message (the question, the switches, the mapping,
the best-ranked members with their load) and once per configuration version (the pool's buckets).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from msgconsole.explain import Step
from msgconsole.messaging import bare, within
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.numbering.e164 import parse_destination, parse_sender_address
from senders import choosing, whatif
from senders.selection.decision import Decision
from senders.selection.overrides import Overrides

SETTINGS: Final = ("sticky_sender", "area_code_geomatch", "mms_converter", "geo_permissions", "mms_countries", "trial")
FACTS: Final = ("carrier", "line_type", "rcs", "opted_out", "country")
_AS_NEW: Final = Overrides(frozenset({"recipient_is_new"}), recipient_is_new=True)


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing that was otherwise then."""

    name: str
    then: Any
    now: Any

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "then": self.then, "now": self.now}


@dataclass(frozen=True, slots=True)
class Differences:
    """What is otherwise today. ``first_step`` is the first stage that comes to something else, None if none does."""

    settings: tuple[Changed, ...] = ()
    facts: tuple[Changed, ...] = ()
    pool: tuple[Changed, ...] = ()
    outcome: tuple[Changed, ...] = ()
    first_step: Changed | None = None

    def __bool__(self) -> bool:
        return bool(self.settings or self.facts or self.pool or self.outcome or self.first_step)

    def to_dict(self) -> dict[str, Any]:
        return {
            "settings": [one.to_dict() for one in self.settings],
            "facts": [one.to_dict() for one in self.facts],
            "pool": [one.to_dict() for one in self.pool],
            "outcome": [one.to_dict() for one in self.outcome],
            "first_step": self.first_step.to_dict() if self.first_step else None,
        }


@dataclass(frozen=True, slots=True)
class Replay:
    """``again`` is the stored decision decided anew, None when it cannot be (``note`` says why); ``equal``: the same.

    ``today`` is the decision on the same message under what holds now, None when its Service has gone. A conversation
    that this message began is left aside in it: ``note`` says so.
    """

    then: Decision
    again: Decision | None
    equal: bool
    today: Decision | None
    differences: Differences
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "equal": self.equal,
            "note": self.note,
            "then": self.then.to_dict(),
            "again": self.again.to_dict() if self.again else None,
            "today": self.today.to_dict() if self.today else None,
            "differences": self.differences.to_dict(),
        }


def replay(trace: DecisionTrace) -> Replay:
    """Run a message's decision again. The trace is best read with its message, account and Service."""
    then = Decision.from_dict(trace.data)
    again, notes = _again(trace, then), []
    if again is None:
        notes.append("What the pool was made of then was not kept, so the decision cannot be run again.")
    elif again.rules_version != then.rules_version:
        notes.append(f"The rules were those of version {then.rules_version} then; now they are {again.rules_version}.")
    today, note = _today(trace.message, then)
    notes += [note] if note else []
    differences = differ(choosing.as_decided(then), today) if today else Differences()
    equal = again is not None and again == choosing.as_decided(then)
    return Replay(then, again, equal, today, differences, " ".join(notes))


def _again(trace: DecisionTrace, then: Decision) -> Decision | None:
    if not then.policy.service_sid:
        return bare.decision_on(then.request, then.policy)
    return choosing.replay(trace.data)


def _today(message: Message, then: Decision) -> tuple[Decision | None, str]:
    service = message.service
    if message.messaging_service_sid is None:
        asked, _ = bare.question(
            message.account,
            parse_destination(message.to),
            parse_sender_address(message.from_address),
            wants_mms=then.request.media,
            force_delivery=then.request.force_delivery,
        )
        return bare.decision_on(asked, bare.policy_of(message.account)), ""
    if service is None:
        return None, "Its Messaging Service was deleted, so there is no today to compare with."
    service.account = message.account
    asked = within.asked_again(message, service)
    now = choosing.preview(service=service, request=asked)
    if then.mapping.action != "create" or now.found is None:
        return now, ""
    without = whatif.preview(service=service, request=asked, overrides=_AS_NEW).decision
    known = now.found.member.address if now.found.member else "a sender that has left"
    return without, f"The recipient's conversation with {known}, begun since, is left aside."


def differ(then: Decision, now: Decision) -> Differences:
    """What is otherwise in a later decision on the same message."""
    old, new = then.policy.to_dict(), now.policy.to_dict()
    before, after = then.request.to_dict(), now.request.to_dict()
    return Differences(
        settings=tuple(Changed(name, old[name], new[name]) for name in SETTINGS if old[name] != new[name]),
        facts=tuple(Changed(name, before[name], after[name]) for name in FACTS if before[name] != after[name]),
        pool=tuple(_unequal(_of_pool(then), _of_pool(now))),
        outcome=tuple(_unequal(_outcome(then), _outcome(now))),
        first_step=_first_step(then.steps, now.steps),
    )


def _unequal(then: dict[str, Any], now: dict[str, Any]) -> Iterator[Changed]:
    for name, value in then.items():
        if value != now[name]:
            yield Changed(name, value, now[name])


def _of_pool(decision: Decision) -> dict[str, Any]:
    return {
        "senders": decision.steps[0].before if decision.steps else 0,
        "config_version": decision.config_version,
        "rules_version": decision.rules_version,
    }


def _outcome(decision: Decision) -> dict[str, Any]:
    return {
        "sender": decision.sender.address if decision.sender else None,
        "error_code": decision.error_code,
        "deciding_stage": decision.deciding_stage,
        "warnings": list(decision.warnings),
        "channel_used": decision.channel_used,
    }


def _first_step(then: tuple[Step, ...], now: tuple[Step, ...]) -> Changed | None:
    """The first stage that came to something else. How many there were to choose from is told by the pool."""
    old, new = ({step.stage: step for step in steps} for steps in (then, now))
    for stage in dict.fromkeys((*old, *new)):
        if _gist(old.get(stage)) != _gist(new.get(stage)):
            return Changed(stage, _told(old.get(stage)), _told(new.get(stage)))
    return None


def _gist(step: Step | None) -> Any:
    if step is None:
        return None
    reasons = frozenset((gone.reason, gone.detail) for gone in step.eliminated)
    return step.verdict, step.note, reasons


def _told(step: Step | None) -> dict[str, Any] | None:
    return step.to_dict() if step else None
