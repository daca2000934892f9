"""A what-if answers what doing it would have answered: any change, to any pool, by real actions."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senders import actions
from senders.selection.decision import Decision
from tests.factories import ACTOR
from tests.senders.selection.harness import ALPHA, CA, CODE, GB, TOLL_FREE, UNREADY, US, US_415, sender
from tests.senders.world import World, send, under, world_of

pytestmark = pytest.mark.django_db

US_TO, GB_TO, CA_TO = "+14155550123", "+447400123456", "+14165550123"
POOL = [
    US,
    US_415,
    sender("b", "long_code", "+12065550101", "US", other_mappings=2),
    CA,
    GB,
    TOLL_FREE,
    CODE,
    ALPHA,
    UNREADY,
    sender("ge", "short_code", "60012", "GB"),
]
NEW = [
    {"kind": "long_code", "address": "+4915199999999", "country": "DE"},
    {"kind": "long_code", "address": "+16285550100", "country": "US"},
    {"kind": "short_code", "address": "54321", "country": "CA"},
    {"kind": "long_code", "address": "+14165550199", "country": "CA", "registration": "unregistered"},
]
TO = [US_TO, GB_TO, CA_TO, "+4915112345678", "+17875550123"]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[int], list[str], dict[str, Any], str, bool]:
    """Which senders are there, who was written to before, the overrides, the recipient, a picture."""
    there = draw(st.lists(st.sampled_from(range(len(POOL))), min_size=1, unique=True))
    known = [POOL[place] for place in there]
    addresses = [one["address"] for one in known if one["address"] != "60012"]
    unset: dict[str, Any] = {}
    if draw(st.booleans()):
        unset["sticky_sender"] = draw(st.booleans())
    if draw(st.booleans()):
        unset["area_code_geomatch"] = draw(st.booleans())
    if draw(st.booleans()):
        unset["mms_converter"] = draw(st.booleans())
    if addresses and draw(st.booleans()):
        unset["remove"] = draw(st.lists(st.sampled_from(addresses), unique=True, max_size=3))
    numbers = [
        one["address"] for one in known if one["type"] == "long_code" and one["address"] not in unset.get("remove", [])
    ]
    if numbers and draw(st.booleans()):
        standing = st.sampled_from(["registered", "unregistered", "suspended"])
        unset["registrations"] = draw(st.dictionaries(st.sampled_from(numbers), standing, max_size=3))
    if draw(st.integers(0, 2)) == 0:
        unset["all_registered"] = True
    if draw(st.booleans()):
        unset["add"] = draw(st.lists(st.sampled_from(NEW), max_size=2, unique_by=lambda one: one["address"]))
    history = draw(st.lists(st.sampled_from(TO), max_size=3))
    return there, history, unset, draw(st.sampled_from(TO)), draw(st.booleans())


def done(world: World, overrides: dict[str, Any]) -> None:
    """The same by real actions."""
    by_address = {made.address: name for name, made in world.senders.items()}
    for address in overrides.get("remove", []):
        world.remove(by_address[address])
    if overrides.get("all_registered"):
        for name, made in list(world.senders.items()):
            ready = {"long_code": "registered", "toll_free": "verified"}.get(made.kind)
            if ready and made.registration in ("unregistered", "unverified", "pending", "suspended"):
                world.senders[name] = actions.update_sender(sender=made, actor=ACTOR, registration=ready)
    for address, registration in overrides.get("registrations", {}).items():
        made = world.senders[by_address[address]]
        actions.update_sender(sender=made, actor=ACTOR, registration=registration)
    for place, spec in enumerate(overrides.get("add", [])):
        kind = {"long_code": sender, "short_code": sender}[spec["kind"]]
        entry = kind(f"new{place}", spec["kind"], spec["address"], spec["country"])
        world.add(entry | ({"registration": spec["registration"]} if "registration" in spec else {}))
    switches = {
        key: overrides[key] for key in ("sticky_sender", "area_code_geomatch", "mms_converter") if key in overrides
    }
    if switches:
        world.configure(switches)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions())
def test_a_what_if_is_what_doing_it_would_be(db: None, question: tuple[Any, ...]) -> None:
    there, history, overrides, to, picture = question
    with transaction.atomic():
        world = world_of(*(POOL[place] for place in there))
        for recipient in history:
            send(world, recipient)
        asked = {"to": to, "media": ["x"] if picture else []}
        foretold = under(world, to, overrides, media=asked["media"])
        done(world, overrides)
        came = world.decide(world.request(asked))
        transaction.set_rollback(True)

    def gist(decision: Decision) -> Any:
        # Upkeep has cleared a removed sender's mapping away, so that the sticky step says the same in other words.
        steps = [
            (step.stage, step.stage == "sticky" or step.verdict, step.before, step.after) for step in decision.steps
        ]
        address = decision.sender.address if decision.sender else None
        return address, decision.error_code, decision.deciding_stage, decision.warnings, steps

    assert gist(foretold) == gist(came)
