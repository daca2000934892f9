"""Why not this one: whatever the pool, the change that is told makes the sender win, and nothing less of it does."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senders.selection.engine import select
from senders.selection.fate import fate_of
from senders.selection.overrides import Overrides, parse
from senders.selection.stages.balance import sort_key
from senders.selection.types import MOST_RANKED, Candidate, SelectionRequest, StoredMapping
from senders.selection.whatif import WhatIf, apply
from senders.selection.whynot import SmallestChange, Tried, smallest_change
from tests.senders.selection.harness import MemoryService, sender, service

TO = ["+14155550123", "+13605550123", "+14165550123", "+447400123456", "+4915112345678", "+17875550123"]
TO += ["+18765550123", "whatsapp:+447400123456"]
KINDS = ["us", "us", "us", "ca", "gb", "de", "tf", "sc", "al", "wa", "rcs"]
NOTHING = Overrides()
Run = Callable[[Overrides], Tried]


# --- a pool in memory under a what-if --------------------------------------------------------------------------------


def runner(made: MemoryService, request: SelectionRequest, target: Candidate) -> Run:
    """What the engine does under overrides, and what becomes of a sender there."""
    summary = made.summary()
    ids = {bucket.key: bucket.id for bucket in summary.buckets}

    def run(overrides: Overrides) -> Tried:
        named = {name: made.named(name) for name in overrides.named}
        changed = apply(overrides, request, made.policy, summary, named)
        asked = changed.asked()
        there = changed.fetchable(asked)
        found = [
            member
            for one in made.members.values()
            if one.member_id not in changed.without and (member := changed.as_it_is(one)) is not None
            for probe in there.probes
            if ids[one.bucket_key] == probe.bucket_id and probe.area_code in (None, one.area_code)
        ]
        found.sort(key=lambda one: sort_key(one, sticky=changed.policy.sticky_sender))
        pool = changed.pool(asked, found[:MOST_RANKED], mapping(made, request, changed) if there.mapping else None)
        decision = select(changed.request, changed.policy, pool)
        now = changed.as_it_is(target)
        assert now is not None
        return Tried(decision, fate_of(decision, changed.summary, now), now)

    return run


def mapping(made: MemoryService, request: SelectionRequest, changed: WhatIf) -> StoredMapping | None:
    stored = made.mappings.get((request.channel, request.address))
    if stored is None:
        return None

    def now(member: int | None) -> Candidate | None:
        held = made.members.get(member or 0)
        return None if held is None else changed.as_it_is(held)

    moved = tuple(one for event in made.events if (one := now(event.member_id)) is not None)
    return StoredMapping(
        stored.id, stored.member_id, stored.kind, stored.country, stored.version, now(stored.member_id), moved
    )


# --- stories -----------------------------------------------------------------------------------------------------


@st.composite
def entries(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind, name = draw(st.sampled_from(KINDS)), f"s{number}"
    more: dict[str, Any] = {"other_mappings": draw(st.integers(0, 2)), "sent": draw(st.integers(0, 1))}
    standing = draw(st.sampled_from(["registered", "registered", "unregistered", "suspended", "pending"]))
    if draw(st.integers(0, 5)) == 0:
        more["capabilities"] = draw(st.sampled_from([["SMS"], ["MMS"]]))
    match kind:
        case "us":
            code = draw(st.sampled_from(["415", "628", "206"]))
            return sender(name, "long_code", f"+1{code}555{1000 + number}", "US", registration=standing, **more)
        case "ca":
            return sender(name, "long_code", f"+1416555{1000 + number}", "CA", registration=standing, **more)
        case "gb" | "de":
            start, country = ("+44740011", "GB") if kind == "gb" else ("+49151999", "DE")
            return sender(name, "long_code", f"{start}{1000 + number}", country, **more)
        case "tf":
            verified = "verified" if standing == "registered" else "unverified"
            return sender(name, "toll_free", f"+1888555{1000 + number}", "US", registration=verified, **more)
        case "sc":
            carriers = draw(st.sampled_from([[], ["one"]]))
            country = draw(st.sampled_from(["US", "GB"]))
            return sender(name, "short_code", str(61_000 + number), country, unsupported_carriers=carriers, **more)
        case "al":
            return sender(name, "alpha", f"ACME{number}", draw(st.sampled_from(["", "GB"])), **more)
        case "wa":
            country = draw(st.sampled_from(["GB", "US"]))
            return sender(name, "whatsapp", f"whatsapp:+44740012{1000 + number}", country, **more)
    return sender(name, "rcs", f"rcs:agent{number}", approved_regions=draw(st.sampled_from([["US"], ["GB"]])), **more)


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    rare = st.sampled_from([False] * 5 + [True])
    facts = {
        "rcs": draw(st.booleans()),
        "opted_out": draw(rare),
        "carrier": draw(st.sampled_from([None, "one"])),
        "line_type": "landline" if draw(rare) else "mobile",
    }
    return {"to": draw(st.sampled_from(TO)), "media": ["x"] if draw(rare) else [], "recipient": facts}


@st.composite
def questions(draw: st.DrawFn, most: int = 8) -> tuple[MemoryService, SelectionRequest]:
    """A pool with switches and a history, and a message."""
    made = service(
        sticky_sender=draw(st.sampled_from([True, True, False])),
        area_code_geomatch=draw(st.sampled_from([True, True, False])),
        mms_converter=draw(st.booleans()),
    )
    for number in range(draw(st.integers(2, most))):
        made.add(draw(entries(number)))
    asked = draw(messages())
    for message in draw(st.lists(st.one_of(messages(), st.just(asked)), max_size=3)):
        made.send(made.request({**message, "recipient": {}}))
    if draw(st.booleans()):
        made.configure({"sticky_sender": draw(st.booleans())})
    if draw(st.integers(0, 5)) == 0:
        made.configure({"geo_permissions": draw(st.sampled_from([["US"], ["GB", "CA"]]))})
    if draw(st.integers(0, 9)) == 0:
        asked["from"] = draw(st.sampled_from([one.address for one in made.members.values()]))
    decision = made.decide(made.request(asked))  # brings the policy up to date
    return made, decision.request


def losers(made: MemoryService, request: SelectionRequest) -> Iterator[tuple[Candidate, Run, Tried]]:
    for target in made.members.values():
        run = runner(made, request, target)
        first = run(NOTHING)
        if not first.wins:
            yield target, run, first


# --- a change in its single parts ------------------------------------------------------------------------------------


def parts_of(overrides: Overrides) -> list[dict[str, Any]]:
    """Each thing that the overrides change, as overrides of its own."""
    parts: list[dict[str, Any]] = []
    for name, value in overrides.to_dict().items():
        if name in ("busy", "remove"):
            parts += [{name: [one]} for one in value]
        elif name in ("recipient", "registrations"):
            parts += [{name: {key: one}} for key, one in value.items()]
        else:
            parts.append({name: value})
    return parts


def together(parts: tuple[dict[str, Any], ...]) -> Overrides:
    merged = NOTHING
    for part in parts:
        one = parse(part)
        merged = merged.but(**{name: getattr(one, name) for name in one.given})
    return merged


def anything(made: MemoryService, request: SelectionRequest, target: Candidate) -> list[dict[str, Any]]:
    """Every single change that could be thought of, without a thought for what stands in the way."""
    others = [one.sid for one in made.members.values() if one.sid != target.sid]
    found: list[dict[str, Any]] = [{"remove": [one]} for one in others] + [{"busy": [one]} for one in others]
    ready = {"long_code": "registered", "toll_free": "verified"}.get(target.kind)
    if ready:
        found.append({"registrations": {target.sid: ready}})
    facts = {"rcs": (True, False), "opted_out": (False,), "line_type": ("mobile",), "carrier": (None,)}
    found += [{"recipient": {name: value}} for name, values in facts.items() for value in values]
    found += [{name: not getattr(made.policy, name)} for name in ("sticky_sender", "area_code_geomatch")]
    found += [{"mms_converter": not made.policy.mms_converter}, {"geo_permissions": None}, {"recipient_is_new": True}]
    return found


def answer(target: Candidate, run: Run, first: Tried) -> SmallestChange:
    found = smallest_change(NOTHING, target.sid, first, run)
    assert found.sentence
    assert found.sentence.endswith(".")
    return found


MANY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(questions())
def test_the_change_that_is_told_makes_it_win_and_nothing_less_does(
    question: tuple[MemoryService, SelectionRequest],
) -> None:
    for target, run, first in losers(*question):
        found = answer(target, run, first)
        if found.overrides is None:
            continue
        assert run(found.overrides).wins, (target, found)
        assert target.address in found.sentence
        parts = parts_of(found.overrides)
        assert together(tuple(parts)) == found.overrides
        sizes = range(len(parts)) if len(parts) <= 7 else (0, 1, 2, len(parts) - 1)
        for size in sizes:
            for fewer in combinations(parts, size):
                assert not run(together(fewer)).wins, (target, found, fewer)


@MANY
@given(questions(most=6))
def test_where_it_says_nothing_does_nothing_does_and_where_one_or_two_things_do_it_tells_no_more(
    question: tuple[MemoryService, SelectionRequest],
) -> None:
    made, request = question
    for target, run, first in losers(made, request):
        found = answer(target, run, first)
        told = None if found.overrides is None else len(parts_of(found.overrides))
        if told == 1:
            continue
        singles = anything(made, request, target)
        for size in (1, 2):
            if told is not None and told <= size:
                break
            for parts in combinations(singles, size):
                assert not run(together(parts)).wins, (target, found, parts)


def crowd(number: int) -> tuple[Candidate, Run, Tried]:
    """So many British numbers, and a German one that is asked about, for a recipient in Britain."""
    made = service()
    for place in range(number):
        made.add(sender(f"g{place}", "long_code", f"+44740011{1000 + place}", "GB"))
    made.add(sender("de", "long_code", "+4915199999999", "DE"))
    decision = made.decide(made.request({"to": "+447400123456"}))
    target = made.named("de")
    run = runner(made, decision.request, target)
    return target, run, run(NOTHING)


def test_a_group_that_goes_before_it_is_taken_out_as_a_whole_though_not_all_of_it_was_ranked() -> None:
    target, run, first = crowd(25)
    found = answer(target, run, first)
    assert found.overrides is not None
    assert sorted(found.overrides.remove) == sorted(f"g{place}" for place in range(25))
    assert "21 more were not in the pool, +4915199999999 would be chosen" in found.sentence
    parts = parts_of(found.overrides)
    assert not any(run(together(fewer)).wins for fewer in combinations(parts, 24))


def test_a_crowd_is_told_by_its_number() -> None:
    target, run, first = crowd(51)
    found = answer(target, run, first)
    assert found.overrides is None
    assert found.sentence.startswith("51 senders go before it")
