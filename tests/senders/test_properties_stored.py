"""What must hold for any pool, settings and history, through the database."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msgconsole.messaging.explain import explain
from msgconsole.messaging.models import DecisionTrace
from msgconsole.messaging.replay import replay
from msgconsole.messaging.throwaway import Throwaway, undone
from senders import choosing, fetch
from senders.selection.decision import Decision
from senders.selection.stages.eligibility import speaks
from tests.senders.selection.harness import sender

pytestmark = pytest.mark.django_db

TO = ["+14155550123", "+13605550123", "+14165550123", "+447400123456", "+4915112345678", "+17875550123"]
TO += ["+18765550123", "whatsapp:+447400123456"]
KINDS = ["us", "us", "ca", "gb", "de", "tf", "sc", "al", "wa", "rcs"]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def entries(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind, name = draw(st.sampled_from(KINDS)), f"s{number}"
    more: dict[str, Any] = {"other_mappings": draw(st.integers(0, 2)), "sent": draw(st.integers(0, 1))}
    standing = draw(st.sampled_from(["registered", "registered", "unregistered", "suspended"]))
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
            return sender(name, "short_code", str(61_000 + number), draw(st.sampled_from(["US", "GB"])), **more)
        case "al":
            return sender(name, "alpha", f"ACME{number}", iso_country_code="GB" if number == 0 else "", **more)
        case "wa":
            return sender(name, "whatsapp", f"whatsapp:+44740012{1000 + number}", "GB", **more)
    return sender(name, "rcs", f"rcs:agent{number}", approved_regions=["US"], **more)


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    """A pool, switches, what happened since, and a message."""
    pool, plain, defaults = [], [], 0
    for number in range(draw(st.integers(1, 7))):
        entry = draw(entries(number))
        if entry["type"] == "alpha" and not entry["iso_country_code"]:
            defaults += 1
            if defaults > 2:  # the plain one, and one for any country
                continue
        pool.append(entry)
        plain.append(entry["id"])
    switches = st.fixed_dictionaries(
        {name: st.booleans() for name in ("sticky_sender", "area_code_geomatch", "mms_converter")}
    )
    messages = st.fixed_dictionaries(
        {
            "to": st.sampled_from(TO),
            "media": st.sampled_from([[], [], ["https://example.com/a.png"]]),
            "recipient": st.fixed_dictionaries(
                {"rcs": st.booleans(), "opted_out": st.sampled_from([False] * 5 + [True])}
            ),
        }
    )
    return {
        "switches": draw(switches),
        "pool": pool,
        "history": draw(st.lists(messages, max_size=4)),
        "removed": draw(st.lists(st.sampled_from(plain), max_size=1)),
        "switched": draw(st.one_of(st.none(), switches)),
        "request": draw(messages),
    }


def told(story: dict[str, Any]) -> Throwaway:
    """The story up to its message."""
    world = Throwaway(story["switches"])
    for entry in story["pool"]:
        world.add(entry)
    for event in story["history"]:
        world.know(event["to"], event["recipient"])
        world.send(world.request(event))
    for name in story["removed"]:
        if len(story["pool"]) > 1:
            world.remove(name)
    if story["switched"]:
        world.configure(story["switched"])
    world.work()
    world.know(story["request"]["to"], story["request"]["recipient"])
    return world


def answered(world: Throwaway, story: dict[str, Any]) -> tuple[Decision, DecisionTrace]:
    """The explanation of the message, and what its send stored."""
    request = world.request(story["request"])
    foretold = explain(world.account, request).decision
    assert foretold is not None
    message = world.send(request)
    trace = DecisionTrace.objects.select_related("message__account", "message__service").get(message=message)
    return foretold, trace


def rows() -> dict[str, list[Any]]:
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}


@FEW
@given(stories())
def test_what_is_previewed_is_what_is_sent_and_what_is_sent_is_replayed(story: dict[str, Any]) -> None:
    with undone():
        world = told(story)
        foretold, trace = answered(world, story)
        stored = choosing.as_decided(Decision.from_dict(trace.data))
        assert stored == foretold
        found = replay(trace)
        assert found.equal
        assert found.again == stored


@FEW
@given(stories())
def test_the_chosen_is_in_the_pool_and_speaks_the_channel_and_the_numbers_add_up(story: dict[str, Any]) -> None:
    with undone():
        world = told(story)
        decision, _ = answered(world, story)
        service = world.service
        total = service.members.count()
        assert decision.steps[0].before == total
        for step in decision.steps:
            assert step.before == step.after + sum(gone.count for gone in step.eliminated)
        assert decision.steps[-1].after == (0 if decision.sender is None else 1)
        chosen = decision.sender
        if chosen is None:
            return
        member = service.members.select_related("sender").get(pk=chosen.member_id)
        assert (member.sender.address, member.sender.kind) == (chosen.address, chosen.kind)
        assert speaks(chosen.kind, decision.request.channel)
        if decision.channel_used == "mms":
            assert member.sender.mms
        elif decision.channel_used == "sms":
            assert member.sender.sms
        if decision.request.country in ("US", "CA") and chosen.kind in ("long_code", "toll_free"):
            assert member.sender.country in ("US", "CA")
        if chosen.kind == "short_code":
            assert member.sender.country == decision.request.country or decision.request.country == "PR"


@FEW
@given(stories(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_back_makes_no_difference(story: dict[str, Any], dice: Any) -> None:
    """A database may answer in any order; the order of adding decides in the tie-break alone, and by its own column."""
    brought = fetch.rows

    def shuffled(sql: str, params: Any) -> Any:
        found = list(brought(sql, params))
        dice.shuffle(found)
        return found

    with undone():
        world = told(story)
        request = world.request(story["request"])
        before = explain(world.account, request).decision
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(fetch, "rows", shuffled)
            after = explain(world.account, request).decision
        assert before == after


@FEW
@given(stories())
def test_an_explanation_changes_no_row(story: dict[str, Any]) -> None:
    with undone():
        world = told(story)
        request = world.request(story["request"])
        before = rows()
        told_ = explain(world.account, request)
        json.dumps(told_.to_dict())
        with transaction.atomic():
            explain(world.account, request)
        assert rows() == before
