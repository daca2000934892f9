"""Why not this one, and the smallest change that would make it win: searched for, and tried before it is told. Pure.

One change is tried first, then every two that fit together, then what removes one obstacle after the other. Nothing is
answered that the engine itself has not been seen to do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from senders.selection.decision import Decision
from senders.selection.overrides import REGISTRATIONS, Overrides
from senders.selection.plan import Fate
from senders.selection.reasons import Reason, country_name
from senders.selection.summary import READY
from senders.selection.types import Candidate

MOST_TRIES: Final = 150  # of one change and of two
MOST_ROUNDS: Final = 40  # of obstacles after one another
MOST_REDUCED: Final = 60  # single changes of an answer that are tried to be left out
MOST_REMOVED: Final = 50  # senders of a group that goes before it: an answer that takes out more tells nobody anything

Change = dict[str, Any]

# What no change of settings, state or pool can help: the sentence that the fate gives says why.
_FOR_GOOD: Final = frozenset(
    {
        *(Reason.OTHER_CHANNEL, Reason.CANNOT_REACH_COUNTRY, Reason.NO_SMS, Reason.NO_MMS, Reason.SHORT_CODE_COUNTRY),
        *(Reason.ALPHA_NOT_SUPPORTED, Reason.ALPHA_OTHER_COUNTRY, Reason.ALPHA_ON_TRIAL, Reason.OTHER_ACCOUNT),
        *(Reason.NOT_A_NUMBER, Reason.UNKNOWN_SENDER, Reason.NAMED_TWICE),
    }
)
_UNREADY: Final = frozenset({Reason.UNREGISTERED, Reason.PENDING, Reason.SUSPENDED, Reason.UNVERIFIED})
_GOES_BEFORE: Final = frozenset(
    {
        *(Reason.SHORT_CODE_FIRST, Reason.ALPHA_FIRST, Reason.TOLL_FREE_FIRST, Reason.COUNTRY_MISMATCH),
        *(Reason.NOT_A_US_NUMBER, Reason.AREA_CODE_MISMATCH, Reason.RCS_OTHER_REGION),
    }
)
_RANKED_LOWER: Final = frozenset({Reason.MORE_LOAD, Reason.ADDED_LATER, Reason.RANKED_BEHIND})
_SWITCH_WORDS: Final = {
    "sticky_sender": "Sticky Sender",
    "area_code_geomatch": "Area Code Geomatch",
    "mms_converter": "the MMS converter",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What the engine did under some overrides: its decision, and what became of the sender asked about.

    ``target`` is that sender as it is there; None when it is in no pool.
    """

    decision: Decision
    fate: Fate
    target: Candidate | None

    @property
    def wins(self) -> bool:
        sender, target = self.decision.sender, self.target
        return (
            self.decision.outcome == "chosen"
            and sender is not None
            and target is not None
            and (sender.kind, sender.address, sender.country) == (target.kind, target.address, target.country)
        )


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """``overrides`` make the sender win, None when nothing does; ``sentence`` says it in plain words."""

    overrides: Overrides | None
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "overrides": None if self.overrides is None else self.overrides.to_dict(),
            "sentence": self.sentence,
        }


Run = Callable[[Overrides], Tried]


@dataclass
class _Search:
    run: Run
    base: Overrides
    name: str
    addresses: dict[str, str]
    tries: int = 0

    def tried(self, overrides: Overrides) -> Tried:
        self.tries += 1
        found = self.run(overrides)
        for one in (*found.decision.ranked, found.target, found.decision.sender):
            if one is not None:
                self.addresses[_name(one)] = one.address
        return found

    # --- one change, and two -------------------------------------------------------------------------------------

    def one_or_two(self, first: Tried) -> tuple[Overrides, Tried] | None:
        steps: list[tuple[Overrides, Tried]] = []
        for change in self.options(first):
            overrides = self.base.but(**change)
            found = self.tried(overrides)
            if found.wins:
                return overrides, found
            steps.append((overrides, found))
        for overrides, after_one in steps:
            for change in self.options(after_one):
                if self.tries >= MOST_TRIES:
                    return None
                both = overrides.but(**change)
                found = self.tried(both)
                if found.wins:
                    return both, found
        return None

    def options(self, tried: Tried) -> Iterator[Change]:
        """Changes worth a try: the state of things first, then the Service's switches, then its pool."""
        decision = tried.decision
        request, policy, sender = decision.request, decision.policy, decision.sender
        yield from self._of_target(tried)
        if decision.found is not None:
            yield {"recipient_is_new": True}
        if policy.geo_permissions is not None and request.country not in policy.geo_permissions:
            yield {"geo_permissions": policy.geo_permissions | {request.country}}
        if request.opted_out:
            yield {"recipient": {"opted_out": False}}
        if request.recipient.line_type == "landline":
            yield {"recipient": {"line_type": "mobile"}}
        if request.recipient.carrier:
            yield {"recipient": {"carrier": None}}
        if tried.fate.reason in (Reason.RCS_NOT_CAPABLE, Reason.RCS_FIRST):
            yield {"recipient": {"rcs": not request.recipient.rcs}}
        if tried.fate.reason in _RANKED_LOWER and sender is not None and sender.sid:
            yield {"busy": (sender.sid,)}
        for name in _SWITCH_WORDS:
            if name != "mms_converter" or request.media:
                yield {name: not getattr(policy, name)}
        if sender is not None and sender.sid and sender.member_id is not None:
            yield {"remove": (sender.sid,)}

    def _of_target(self, tried: Tried) -> Iterator[Change]:
        target = tried.target
        if target is not None and target.kind in REGISTRATIONS and target.registration not in READY:
            yield {"registrations": {self.name: REGISTRATIONS[target.kind][0]}}

    # --- one obstacle after the other ----------------------------------------------------------------------------

    def one_by_one(self, first: Tried) -> tuple[Overrides, Tried] | str:
        """Overrides that make it win, with what was seen; or the obstacle that stays."""
        overrides, found = self.base, first
        for _ in range(MOST_ROUNDS):
            change = self._against(found)
            if isinstance(change, str):
                return change
            overrides = overrides.but(**change)
            found = self.tried(overrides)
            if found.wins:
                return self._reduced(overrides, found)
        return "Too many senders go before it for one change to tell."

    def _against(self, tried: Tried) -> Change | str:
        """What removes the obstacle; a sentence when nothing does."""
        fate, decision = tried.fate, tried.decision
        reason, request = fate.reason, decision.request
        if reason == Reason.NOT_NAMED:
            given = request.from_address or request.fallback_from
            parameter = "From" if request.from_address else "FallbackFrom"
            return f"The request names {given} as {parameter}, so nothing is chosen. Leave {parameter} out."
        if reason in _UNREADY or reason == "fails":
            return next(self._of_target(tried), f"Nothing makes it ready: {fate.detail}.")
        if reason in _GOES_BEFORE:
            return self._out_of_the_way(tried)
        if reason in _RANKED_LOWER:
            names = [_name(one) for one in decision.ranked]
            own = _name(tried.target) if tried.target else ""
            ahead = [one.sid for one in decision.ranked[: names.index(own) if own in names else None] if one.sid]
            return {"busy": tuple(ahead)} if ahead else f"It ranks lower: {fate.detail}."
        single: dict[str, Change] = {
            Reason.GEO_NOT_PERMITTED: {
                "geo_permissions": (decision.policy.geo_permissions or frozenset()) | {request.country}
            },
            Reason.LANDLINE: {"recipient": {"line_type": "mobile"}},
            Reason.OPTED_OUT: {"recipient": {"opted_out": False}},
            Reason.MMS_NOT_SUPPORTED: {"mms_converter": True},
            Reason.SHORT_CODE_CARRIER: {"recipient": {"carrier": None}},
            Reason.RCS_NOT_CAPABLE: {"recipient": {"rcs": True}},
            Reason.RCS_FIRST: {"recipient": {"rcs": False}},
            Reason.NOT_THE_USUAL: {"recipient_is_new": True},
        }
        if reason in single:
            return single[reason]
        return f"No change of settings or of the pool makes it win: {fate.detail}."

    def _out_of_the_way(self, tried: Tried) -> Change | str:
        decision = tried.decision
        names = tuple(one.sid for one in decision.ranked)
        # Those that were ranked, at most ten; whoever is left of the group is seen in the next round.
        if decision.group_size <= MOST_REMOVED and names and all(names):
            return {"remove": names}
        if tried.fate.reason == Reason.AREA_CODE_MISMATCH:
            return {"area_code_geomatch": False}
        return f"{decision.group_size:,} senders go before it: {tried.fate.detail}."

    def _reduced(self, overrides: Overrides, found: Tried) -> tuple[Overrides, Tried]:
        """Leave out whatever is not needed."""
        for less in _lesser(overrides, self.base):
            if self.tries > MOST_TRIES + MOST_ROUNDS + MOST_REDUCED:
                break
            now = less(overrides)
            seen = self.tried(now)
            if seen.wins:
                overrides, found = now, seen
        return overrides, found


def smallest_change(base: Overrides, name: str, first: Tried, run: Run) -> SmallestChange:
    """What, on top of ``base``, makes a sender win. ``name`` is how overrides name it; ``first`` what is seen now."""
    search = _Search(run, base, name, {})
    if first.wins:
        return SmallestChange(base, "It is the one chosen: nothing has to change.")
    if first.fate.reason in _FOR_GOOD or first.fate.reason == Reason.NOT_NAMED:
        told = search._against(first)
        return SmallestChange(None, told if isinstance(told, str) else first.fate.detail)
    found = search.one_or_two(first)
    if found is None:
        obstacle = search.one_by_one(first)
        if isinstance(obstacle, str):
            return SmallestChange(None, obstacle)
        found = obstacle
    overrides, seen = found
    return SmallestChange(overrides, _sentence(overrides, base, seen, search.addresses))


def _name(candidate: Candidate) -> str:
    return candidate.sid or candidate.address


def _lesser(overrides: Overrides, base: Overrides) -> Iterator[Callable[[Overrides], Overrides]]:
    """Each way of leaving one thing out of what was added to ``base``."""

    def without_one(name: str, gone: str) -> Callable[[Overrides], Overrides]:
        return lambda full: _rebuilt(full, name, tuple(one for one in getattr(full, name) if one != gone))

    for name in ("remove", "busy"):
        if name in overrides.given:
            for one in getattr(overrides, name):
                if one not in getattr(base, name):
                    yield without_one(name, one)
    for name in overrides.given - base.given - {"remove", "busy"}:
        yield partial(_rebuilt, name=name, value=None)


def _rebuilt(full: Overrides, name: str, value: Any) -> Overrides:
    values = {one: getattr(full, one) for one in full.given if one != name}
    if value:
        values[name] = value
    return Overrides(given=frozenset(values), **values)


def _sentence(overrides: Overrides, base: Overrides, seen: Tried, addresses: dict[str, str]) -> str:
    told = list(_conditions(overrides, base, seen.decision.request.country, addresses))
    together = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    sender = seen.decision.sender
    address = sender.address if sender else ""
    return f"If {together}, {address} would be chosen: {seen.decision.because}."


def _conditions(overrides: Overrides, base: Overrides, country: str, addresses: dict[str, str]) -> Iterator[str]:
    def listed(names: tuple[str, ...]) -> str:
        shown = [addresses.get(name, name) for name in names]
        if len(shown) > 5:
            shown = [*shown[:4], f"{len(shown) - 4} more"]
        return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]

    for name, registration in overrides.registrations.items():
        if base.registrations.get(name) != registration:
            yield f"{addresses.get(name, name)} were {registration}"
    if overrides.recipient_is_new and not base.recipient_is_new:
        yield "the recipient were new"
    if "geo_permissions" in overrides.given and overrides.geo_permissions != base.geo_permissions:
        yield f"messages to {country_name(country)} were permitted"
    facts = {name: value for name, value in overrides.recipient.items() if base.recipient.get(name, ...) != value}
    if facts.get("opted_out") is False:
        yield "the recipient had not opted out"
    if facts.get("line_type") == "mobile":
        yield "the recipient's line were a mobile"
    if "carrier" in facts:
        yield "the recipient were with another carrier"
    if "rcs" in facts:
        yield f"the recipient's device could{'' if facts['rcs'] else ' not'} do RCS"
    for name, words in _SWITCH_WORDS.items():
        if name in overrides.given and name not in base.given:
            yield f"{words} were {'on' if getattr(overrides, name) else 'off'}"
    if busy := tuple(one for one in overrides.busy if one not in base.busy):
        yield f"{listed(busy)} were busy"
    if gone := tuple(one for one in overrides.remove if one not in base.remove):
        yield f"{listed(gone)} were not in the pool"
    if new := tuple(str(one["address"]) for one in overrides.add[len(base.add) :]):
        yield f"{listed(new)} were in the pool"
