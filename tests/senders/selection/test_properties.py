"""What must hold for any pool, history and request."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.fate import fate_of
from senders.selection.stages.eligibility import is_ready, speaks
from senders.selection.types import Candidate, Pool, StoredMapping
from tests.senders.selection.harness import MemoryService, pool, sender

TO = [
    "+14155550123",
    "+13605550123",
    "+14165550123",
    "+447400123456",
    "+4915112345678",
    "+5511912345678",
    "+17875550123",
    "+18765550123",
    "whatsapp:+447400123456",
    "messenger:1234567890",
]
PREFIX = {"US": ["+1415555", "+1628555", "+1212555"], "CA": ["+1416555"], "GB": ["+44740011"], "DE": ["+49151999"]}
REGISTRATIONS = {
    "long_code": ["registered", "unregistered", "pending", "suspended"],
    "toll_free": ["verified", "unverified"],
}


@st.composite
def senders(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["long_code"] * 4 + ["toll_free", "short_code", "alpha", "whatsapp", "rcs", "messenger"])
    )
    country = draw(st.sampled_from(sorted(PREFIX)))
    capabilities = draw(st.sampled_from([["SMS"], ["SMS", "MMS"], ["MMS"]]))
    tail = f"{number:04d}"
    more: dict[str, Any] = {
        "other_mappings": draw(st.integers(0, 2)),
        "queued": draw(st.integers(0, 1)),
        "sent": draw(st.integers(0, 1)),
    }
    name = f"s{number}"
    if kind == "long_code":
        address = draw(st.sampled_from(PREFIX[country])) + tail
        if country in {"US", "CA"}:
            more["registration"] = draw(st.sampled_from(REGISTRATIONS[kind]))
    elif kind == "toll_free":
        country, address = "US", f"+1888555{tail}"
        more["registration"] = draw(st.sampled_from(REGISTRATIONS[kind]))
    elif kind == "short_code":
        address = f"6{tail}"
        more["unsupported_carriers"] = draw(st.sampled_from([[], ["x"]]))
    elif kind == "alpha":
        address, capabilities = f"ACME{number}", ["SMS"]
        more["iso_country_code"] = draw(st.sampled_from(["", "GB", "DE"]))
        return sender(name, kind, address, None, capabilities=capabilities, **more)
    elif kind == "whatsapp":
        address = f"whatsapp:+4474001{tail}"
    else:
        address = f"{kind}:agent{number}"
        more["approved_regions"] = draw(st.sampled_from([[], ["US"]]))
        return sender(name, kind, address, None, **more)
    return sender(name, kind, address, country, capabilities=capabilities, **more)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "to": draw(st.sampled_from(TO)),
        "media": draw(st.sampled_from([[], ["x"]])),
        "recipient": {
            "carrier": draw(st.sampled_from([None, "x"])),
            "rcs": draw(st.booleans()),
            "line_type": draw(st.sampled_from(["mobile", "mobile", "landline"])),
        },
    }


@st.composite
def services(draw: st.DrawFn) -> MemoryService:
    made = pool(
        sticky_sender=draw(st.sampled_from([True, True, False])),
        area_code_geomatch=draw(st.booleans()),
        mms_converter=draw(st.booleans()),
    )
    for number in range(draw(st.integers(0, 8))):
        made.add(draw(senders(number)))
    for number in range(draw(st.integers(0, 6))):
        change = draw(st.sampled_from(["send", "send", "send", "add", "remove"]))
        names = [one.sid for one in made.members.values()]
        if change == "send":
            made.send(made.request(draw(requests())))
        elif change == "add":
            made.add(draw(senders(100 + number)))
        elif names:
            made.remove(draw(st.sampled_from(names)))
    return made


def fits(one: Candidate, decision: Decision) -> bool:
    """The hard rules, written down a second time and in another way."""
    request = decision.request
    if not speaks(one.kind, request.channel):
        return False
    if request.channel != "sms" or one.kind == "rcs":
        return True
    to = "US" if request.country == "PR" else request.country
    mms = request.media and request.country in {"US", "CA"}
    if (mms and not one.mms) or (not mms and not one.sms):
        return False
    if one.kind in {"long_code", "toll_free"}:
        return to not in {"US", "CA"} or one.country in {"US", "CA"}
    if one.kind == "short_code":
        return one.country == to and not (one.limits and request.recipient.carrier == "x")
    return to in {"GB", "DE", "BR", "JM"} and one.country in {"", request.country}


@settings(max_examples=250, deadline=None)
@given(services(), requests())
def test_the_chosen_is_in_the_pool_capable_and_reaches_the_recipient(made: MemoryService, data: dict[str, Any]) -> None:
    decision = made.decide(made.request(data))
    if decision.sender is None:
        if decision.error_code == 21703:
            assert not any(fits(one, decision) for one in made.members.values() if one.kind != "rcs")
        return
    assert decision.sender == made.members[decision.sender.member_id or 0]
    assert fits(decision.sender, decision)
    ready = is_ready(
        decision.sender.kind,
        decision.sender.country,
        decision.sender.registration,
        "US" if decision.request.country == "PR" else decision.request.country,
    )
    assert ready or decision.outcome == "chosen_but_fails" or decision.request.channel != "sms"


@settings(max_examples=250, deadline=None)
@given(services(), requests())
def test_the_numbers_add_up_and_every_sender_has_a_fate(made: MemoryService, data: dict[str, Any]) -> None:
    decision = made.decide(made.request(data))
    assert decision.steps[0].before == len(made.members)
    assert decision.steps[-1].after == (0 if decision.sender is None else 1)
    lost = sum(gone.count for step in decision.steps for gone in step.eliminated)
    assert lost == len(made.members) - (decision.sender is not None)
    summary = made.summary()
    by_stage: dict[str, int] = {}
    for one in made.members.values():
        fate = fate_of(decision, summary, one)
        if fate.reason not in {"chosen", "fails"}:
            by_stage[fate.stage] = by_stage.get(fate.stage, 0) + 1
    told = {step.stage: step.before - step.after for step in decision.steps if step.before != step.after}
    last = {"scaler", "tie_break"}
    assert {k: v for k, v in by_stage.items() if k not in last} == {k: v for k, v in told.items() if k not in last}
    assert sum(by_stage.get(k, 0) for k in last) == sum(told.get(k, 0) for k in last)


@settings(max_examples=250, deadline=None)
@given(services(), requests(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_pool_is_told_makes_no_difference(
    made: MemoryService, data: dict[str, Any], dice: Any
) -> None:
    """Order of adding matters in the tie-break alone; that order is a property of the member, not of the list."""
    request = made.request(data)
    before = made.decide(request)
    members = list(made.members.items())
    dice.shuffle(members)
    made.members = dict(members)
    after = made.decide(request)
    assert (after.sender, after.error_code, after.deciding_stage) == (
        before.sender,
        before.error_code,
        before.deciding_stage,
    )


@settings(max_examples=250, deadline=None)
@given(services(), requests())
def test_a_stored_decision_replays_from_its_own_inputs(made: MemoryService, data: dict[str, Any]) -> None:
    decision = made.decide(made.request(data))
    stored = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
    assert stored == decision
    found: StoredMapping | None = stored.found
    # A usual sender decides before anything is ranked, so ranked members were kept for the other outcomes alone.
    ranked = stored.ranked if stored.deciding_stage != "sticky" else ()
    again = select(stored.request, stored.policy, Pool(made.summary(), ranked, found))
    assert again == decision


@settings(max_examples=250, deadline=None)
@given(services(), requests())
def test_remembering_plans_changes_nothing(made: MemoryService, data: dict[str, Any]) -> None:
    request = made.request(data)
    fresh = made.decide(request)
    made.memo = True
    assert made.decide(request) == fresh
    assert made.decide(request) == fresh


@settings(max_examples=250, deadline=None)
@given(services(), requests())
def test_a_preview_changes_nothing(made: MemoryService, data: dict[str, Any]) -> None:
    request = made.request(data)
    first = made.decide(request)
    assert made.decide(request) == first
