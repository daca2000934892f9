"""Expectation files: whom a Service should choose, how a text should be encoded; run through the product itself.

A file is a JSON list of cases, or an object with ``cases``; the kind of a case is told by its keys. Each case gets a
throw-away account whose senders, history and message go through the actions, the tables, the worker's step and the
simulated carrier, in a transaction that is undone at the end.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from msgconsole.error_codes import Refused
from msgconsole.messaging import case_shapes
from msgconsole.messaging.explain import explain
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.throwaway import Throwaway, undone

Case = Mapping[str, Any]
Values = dict[str, Any]

# What is compared, by the group under which it is counted. ``cases`` is the answer itself, the others are its reasons.
GROUPS: Final = {
    "sender": "cases",
    "error_code": "cases",
    "encoding": "cases",
    "units": "cases",
    "segments": "cases",
    "smart_encoded_text": "cases",
    "deciding_stage": "stages",
    "warning_codes": "warnings",
    "rcs": "rcs",
}
_RECIPIENT: Final = "+14155550123"
# A request that is refused before anything is decided: the fault's field, and the stage that asks for it.
_STAGE_BY_FIELD: Final = {"to": "destination", "from": "explicit_from", "fallback_from": "fallback_from"} | {
    "messaging_service_sid": "pool_empty"
}


class BadFile(ValueError):
    """A file that holds no cases."""


class NotYet(Exception):
    """A kind of case that the product cannot run."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came; ``group`` is the count it belongs to."""

    name: str
    group: str
    expected: Any
    came: Any

    def __str__(self) -> str:
        return f"{self.name}: expected {_shown(self.expected)}, came {_shown(self.came)}"


@dataclass(frozen=True, slots=True)
class Result:
    """One case. ``compared`` are the groups that its ``expected`` speaks of; ``problem`` says why it could not run."""

    id: str
    kind: str
    compared: frozenset[str]
    differences: tuple[Difference, ...] = ()
    problem: str = ""

    def holds(self, group: str) -> bool:
        return not self.problem and all(one.group != group for one in self.differences)

    @property
    def ok(self) -> bool:
        return not self.problem and not self.differences

    def __str__(self) -> str:
        if self.ok:
            return f"{self.id}: ok"
        return f"{self.id}: " + "; ".join([*([self.problem] if self.problem else []), *map(str, self.differences)])

    def to_dict(self) -> Values:
        return {
            "id": self.id,
            "kind": self.kind,
            "ok": self.ok,
            "problem": self.problem,
            "differences": [
                {"name": one.name, "group": one.group, "expected": one.expected, "came": one.came}
                for one in self.differences
            ],
        }


@dataclass(slots=True)
class Tally:
    """How many cases hold, by group: (those that hold, those that speak of it)."""

    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    ok: bool = True

    def add(self, result: Result) -> None:
        self.ok = self.ok and result.ok
        for group in result.compared | {"cases"}:
            held, of = self.counts.get(group, (0, 0))
            self.counts[group] = held + result.holds(group), of + 1

    def lines(self) -> list[str]:
        order = ("cases", "stages", "warnings", "rcs")
        return [f"{group}: {self.counts[group][0]}/{self.counts[group][1]}" for group in order if group in self.counts]


def read(path: Path) -> list[Case]:
    """The cases of a file. Raises ``BadFile``."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from None
    cases = data.get("cases") if isinstance(data, dict) else data
    if not isinstance(cases, list) or not cases:
        raise BadFile(f"{path} holds no list of cases. Give a JSON list of them, or an object with “cases”.")
    for number, case in enumerate(cases, 1):
        if not isinstance(case, dict):
            raise BadFile(f"{path}: case {number} is no object but {json.dumps(case)[:60]}.")
    return cases


def run(case: Case, number: int) -> Result:
    """Run one case; ``number`` names it where it has no id."""
    name, kind = str(case.get("id") or f"case {number}"), kind_of(case)
    expected = case.get("expected")
    if kind is None or not isinstance(expected, dict):
        problem = (
            "its keys fit no kind of case: one about senders has pool, request and expected,"
            " one about encoding text and expected"
        )
        return Result(name, kind or "unknown", frozenset(), problem=problem)
    compared = frozenset(GROUPS[key] for key in expected if key in GROUPS)
    try:
        case_shapes.check(kind, case)
        with undone():
            differences = KINDS[kind](case)
    except Refused as refused:
        problem = f"its set-up was refused: {refused.code} {refused.message}"
        return Result(name, kind, compared, problem=problem)
    except (NotYet, case_shapes.BadCase) as reason:
        return Result(name, kind, compared, problem=str(reason))
    except Exception as fault:
        # Whatever one case breaks, it must not hide what the others come to.
        problem = f"it could not be run: {type(fault).__name__} {fault}"
        return Result(name, kind, compared, problem=problem)
    return Result(name, kind, compared, tuple(differences))


def kind_of(case: Case) -> str | None:
    """Told by the keys."""
    if "inbound_text" in case:
        return "opt-out"
    if "request" in case and "pool" in case:
        return "selection"
    return "encoding" if "text" in case else None


# --- selection ---------------------------------------------------------------------------------------------------


def check_selection(case: Case) -> list[Difference]:
    """The history as real sends and changes, then the request: explained first, then sent."""
    world = Throwaway(case.get("service"))
    for entry in case["pool"]:
        world.add(entry)
    found: list[Difference] = []
    for number, event in enumerate(case.get("history") or (), 1):
        found += _play(world, event, f"event {number} ({event['op']})")
    asked = case["request"]
    world.know(str(asked["to"]), asked.get("recipient") or {})
    request = world.request(asked)
    foretold, came = _explained(world, request), _sent(world, request)
    found += _compare(case["expected"], came)
    found += [
        Difference(f"explained {name}", "cases", value, foretold[name])
        for name, value in came.items()
        if foretold[name] != value
    ]
    return found


def _play(world: Throwaway, event: Case, where: str) -> list[Difference]:
    match event["op"]:
        case "send":
            world.know(str(event["to"]), event.get("recipient"))
            came = _sent(world, world.request(event))
            if "expect_sender" in event and event["expect_sender"] != came["sender"]:
                return [Difference(f"{where} sender", "cases", event["expect_sender"], came["sender"])]
        case "update_service":
            world.configure(event["service"])
        case "add_sender":
            world.add(event["sender"])
        case "remove_sender":
            world.remove(event["sender"])
        case "update_sender":
            world.change(event["sender"], event["set"])
    return []


def _sent(world: Throwaway, request: MessageRequest) -> Values:
    """What became of a message: its own row, and the trace of its decision."""
    try:
        message = world.send(request)
    except Refused as refused:
        return _refused(world, request, refused.code, refused.field)
    trace = DecisionTrace.objects.filter(message=message).first()
    chosen = trace.data["sender"] if trace else None
    return {
        # A message that names its From keeps it whatever becomes of it: only a chosen sender counts.
        "sender": world.name_of(message) if chosen else None,
        "error_code": message.error_code,
        "deciding_stage": message.decided_by,
        "warning_codes": list(message.warning_codes),
        "rcs": trace.data["rcs"] if trace else None,
    }


def _refused(world: Throwaway, request: MessageRequest, code: int, fault_in: str | None) -> Values:
    decision = explain(world.account, request).decision
    stage = _STAGE_BY_FIELD.get(fault_in or "", "")
    if decision is not None and decision.error_code == code:
        stage = decision.deciding_stage
    return {"sender": None, "error_code": code, "deciding_stage": stage, "warning_codes": [], "rcs": None}


def _explained(world: Throwaway, request: MessageRequest) -> Values:
    """The same, foretold: the explanation must say what the send will do."""
    world.work()
    told = explain(world.account, request)
    now, decision = told.answers_now, told.decision
    if "code" in now:
        return _refused(world, request, now["code"], now["field"])
    if decision is None:
        raise ValueError("the explanation of an accepted message has no decision")
    sender = decision.sender
    return {
        "sender": world.named(sender.sender_id, sender.address) if sender else None,
        "error_code": told.error_code,
        "deciding_stage": decision.deciding_stage,
        "warning_codes": list(decision.warnings),
        "rcs": decision.rcs,
    }


# --- encoding ----------------------------------------------------------------------------------------------------


def check_encoding(case: Case) -> list[Difference]:
    """The text as the body of a real message, and its units as the explanation counts them."""
    world = Throwaway({"smart_encoding": bool(case.get("smart_encoding"))})
    world.add({"id": "us", "type": "long_code", "address": "+12065550100"})
    request = world.request({"to": _RECIPIENT, "body": case["text"]})
    told = explain(world.account, request)
    nothing: Values = dict.fromkeys(("encoding", "units", "segments", "smart_encoded_text"))
    try:
        message = world.send(request)
    except Refused as refused:
        return _compare(case["expected"], {**nothing, "error_code": refused.code})
    return _compare(case["expected"], _encoded(message, told.encoding.units if told.encoding else None))


def _encoded(message: Message, units: int | None) -> Values:
    return {
        "encoding": message.encoding,
        "units": units,
        "segments": message.num_segments,
        "smart_encoded_text": message.body,
        "error_code": message.error_code,
    }


def not_yet(case: Case) -> list[Difference]:
    raise NotYet("kind opt-out is not supported yet")


KINDS: Final[dict[str, Callable[[Case], list[Difference]]]] = {
    "selection": check_selection,
    "encoding": check_encoding,
    "opt-out": not_yet,
}


def _compare(expected: Case, came: Case) -> list[Difference]:
    return [
        Difference(name, GROUPS[name], wanted, came.get(name))
        for name, wanted in expected.items()
        if name in GROUPS and not _same(wanted, came.get(name))
    ]


def _same(wanted: Any, came: Any) -> bool:
    """Warnings are a set: their order says nothing."""
    if isinstance(wanted, list) and isinstance(came, list):
        return sorted(wanted) == sorted(came)
    return bool(wanted == came)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def tally(results: Iterable[Result]) -> Tally:
    total = Tally()
    for result in results:
        total.add(result)
    return total
