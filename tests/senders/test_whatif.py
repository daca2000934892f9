"""A what-if answers what doing it would have answered; the smallest change is one that the engine confirms."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from msgconsole.carriers.simulated import actions as phone_book
from msgconsole.error_codes import Refused
from senders import actions, choosing, whatif
from senders.models import PoolMember, StickyMapping
from senders.selection.decision import Decision
from senders.selection.overrides import Overrides, parse
from tests.factories import ACTOR
from tests.senders.selection.harness import ALPHA, CA, GB, RCS, TOLL_FREE, US, US_415, sender
from tests.senders.world import World, send, world_of

pytestmark = pytest.mark.django_db

US_TO, GB_TO, CA_TO = "+14155550123", "+447400123456", "+14165550123"
UNREADY = sender("un", "long_code", "+12065550177", "US", registration="unregistered")
CODE = sender("sc", "short_code", "60012", "US")


def under(world: World, to: str, overrides: dict[str, Any], **request: Any) -> Decision:
    asked = world.request({"to": to, **request})
    return whatif.preview(service=world.fresh(), request=asked, overrides=parse(overrides)).decision


def chosen(world: World, to: str, overrides: dict[str, Any], **request: Any) -> tuple[str | None, int | None, str]:
    decision = under(world, to, overrides, **request)
    return decision.sender.address if decision.sender else None, decision.error_code, decision.deciding_stage


# --- each override ------------------------------------------------------------------------------------------------


def test_without_overrides_it_is_what_a_preview_says() -> None:
    world = world_of(US, US_415, GB)
    asked = world.request({"to": US_TO})
    plain = choosing.preview(service=world.fresh(), request=asked)
    assert whatif.preview(service=world.fresh(), request=asked, overrides=Overrides()).decision == plain


def test_switches_are_taken_as_given() -> None:
    world = world_of(US, US_415)
    assert chosen(world, US_TO, {}) == ("+14155550100", None, "area_code_exact")
    assert chosen(world, US_TO, {"area_code_geomatch": False}) == ("+12065550100", None, "tie_break")
    assert chosen(world_of(ALPHA), GB_TO, {"mms_converter": False}, media=["x"])[1] == 30011


def test_a_known_recipient_can_be_taken_as_new_or_sticky_as_off() -> None:
    world = world_of(US)
    send(world, US_TO)
    world.add(US_415)
    assert chosen(world, US_TO, {})[2] == "sticky"
    assert chosen(world, US_TO, {"recipient_is_new": True}) == ("+14155550100", None, "area_code_exact")
    assert chosen(world, US_TO, {"sticky_sender": False}) == ("+14155550100", None, "area_code_exact")


def test_countries_can_be_permitted_or_not() -> None:
    world = world_of(US)
    assert chosen(world, GB_TO, {"geo_permissions": ["US"]}) == (None, 21408, "destination")
    world.configure({"geo_permissions": ["US"]})
    assert chosen(world, GB_TO, {"geo_permissions": None}) == ("+12065550100", None, "us_fallback")


def test_facts_of_the_recipient() -> None:
    world = world_of(RCS, US, sender("sc", "short_code", "60012", "US", unsupported_carriers=["x"]))
    assert chosen(world, US_TO, {"recipient": {"rcs": True}})[2] == "rcs"
    assert chosen(world, US_TO, {"recipient": {"opted_out": True}}) == (None, 21610, "opt_out")
    assert chosen(world, US_TO, {"recipient": {"carrier": "x"}})[0] == "+12065550100"
    assert chosen(world_of(GB), "+4915112345678", {"recipient": {"line_type": "landline"}})[1] == 21635


def test_a_registration_can_be_given_and_taken() -> None:
    world = world_of(UNREADY)
    assert chosen(world, US_TO, {}) == ("+12065550177", 30034, "compliance")
    assert chosen(world, US_TO, {"registrations": {"+12065550177": "registered"}})[1] is None
    sid = world.senders["un"].sid
    assert chosen(world, US_TO, {"registrations": {sid: "suspended"}})[1] == 30033


def test_who_is_busy_ranks_behind_all_others() -> None:
    world = world_of(US, sender("b", "long_code", "+12065550101", "US", other_mappings=9))
    decision = under(world, US_TO, {"busy": ["+12065550100"]})
    assert decision.sender is not None
    assert decision.sender.address == "+12065550101"
    assert decision.because.endswith("is not busy")
    last = next(step for step in reversed(decision.steps) if step.eliminated)
    assert (last.stage, last.eliminated[0].detail) == ("scaler", "it is taken to be busy with other messages")


def test_a_busy_usual_sender_is_still_the_usual_one() -> None:
    world = world_of(US, US_415)
    send(world, "+13605550123")
    assert chosen(world, "+13605550123", {"busy": ["+12065550100"]})[2] == "sticky"


def test_a_sender_can_be_taken_out_and_its_conversations_are_gone() -> None:
    world = world_of(US)
    send(world, US_TO)
    world.add(US_415)
    assert chosen(world, US_TO, {"remove": ["+12065550100"]}) == ("+14155550100", None, "area_code_exact")
    assert chosen(world, US_TO, {"remove": ["+12065550100", "+14155550100"]}) == (None, 21704, "pool_empty")


def test_a_sender_can_be_added_and_takes_conversations_over_if_it_is_its_countrys_first() -> None:
    world = world_of(US)
    send(world, GB_TO)
    added = {"add": [{"kind": "long_code", "address": "+447400111222"}]}
    assert chosen(world, GB_TO, added) == ("+447400111222", None, "sticky")
    assert (
        chosen(world, US_TO, {"add": [{"kind": "short_code", "address": "60012", "country": "US"}]})[2] == "short_code"
    )


def test_the_request_may_name_a_sender_that_the_what_if_adds_or_removes() -> None:
    world = world_of(US, US_415)
    added = {"add": [{"kind": "long_code", "address": "+13105550100"}]}
    assert chosen(world, US_TO, added, **{"from": "+13105550100"}) == ("+13105550100", None, "explicit_from")
    gone = under(world, US_TO, {"remove": ["+12065550100"]}, **{"from": "+12065550100"})
    assert (gone.sender and gone.sender.address, gone.warnings) == ("+12065550100", (21711,))
    unready = {"registrations": {"+12065550100": "pending"}}
    assert chosen(world, US_TO, unready, **{"from": "+12065550100"}) == ("+12065550100", 30035, "compliance")


def test_numbers_of_the_funnel_stay_true_when_members_are_lifted_out_of_a_large_group() -> None:
    world = world_of(*(sender(f"s{n}", "long_code", f"+1206555{1000 + n}", "US") for n in range(30)))
    busy = [f"+1206555{1000 + n}" for n in range(25)]
    decision = under(world, US_TO, {"busy": busy})
    assert decision.sender is not None
    assert decision.sender.address == "+12065551025"
    assert (decision.steps[0].before, decision.steps[-1].after, decision.group_size) == (30, 1, 30)


def test_nothing_is_written_by_any_of_it() -> None:
    world = world_of(US, US_415)
    send(world, US_TO)
    before = list(PoolMember.objects.values()), list(StickyMapping.objects.values())
    target = whatif.find(world.fresh(), "+14155550100")
    asked = world.request({"to": US_TO})
    with transaction.atomic():
        whatif.why_not(service=world.fresh(), request=asked, target=target)
    assert (list(PoolMember.objects.values()), list(StickyMapping.objects.values())) == before


@pytest.mark.parametrize(
    "data, words",
    [
        ({"sticky": True}, "'sticky' is not known"),
        ({"sticky_sender": "yes"}, "sticky_sender is 'yes'"),
        ({"geo_permissions": ["XX"]}, "'XX'"),
        ({"geo_permissions": "US"}, "use a list"),
        ({"recipient": {"height": 2}}, "'height'"),
        ({"recipient": {"line_type": "string"}}, "line_type is 'string'"),
        ({"recipient": {"rcs": 1}}, "recipient.rcs is 1"),
        ({"registrations": {"+12065550100": "golden"}}, "'golden'"),
        ({"registrations": {"+12065550100": "verified"}}, "the registration of +12065550100 is 'verified'"),
        ({"busy": ["+19995550100"]}, "+19995550100 is no sender of this Service's pool"),
        ({"remove": "all"}, "remove is 'all'"),
        ({"remove": [7]}, "remove has 7"),
        ({"add": [{"kind": "pigeon", "address": "x"}]}, "'pigeon'"),
        ({"add": [{"kind": "long_code"}]}, "add.address has None"),
        ({"add": [{"kind": "long_code", "address": "+18885550199"}]}, "as long_code, which it is not"),
        ({"add": [{"kind": "long_code", "address": "nine"}]}, "nine"),
        ({"add": [{"kind": "short_code", "address": "1", "country": "US"}]}, "no short code"),
        ({"add": [{"kind": "alpha", "address": "12345"}]}, "cannot be an alpha sender"),
        ({"add": [{"kind": "rcs", "address": "whatsapp:+447400123456"}]}, "as rcs, which it is not"),
        ({"add": [{"kind": "long_code", "address": "+12065550100", "colour": "red"}]}, "'colour'"),
        ({"add": [{"kind": "long_code", "address": "+12065550100", "country": "ZZ"}]}, "'ZZ'"),
        ({"add": [{"kind": "long_code", "address": "+12065550100", "sms": "yes"}]}, "add.sms is 'yes'"),
    ],
)
def test_what_is_not_known_is_refused_by_name(data: dict[str, Any], words: str) -> None:
    world = world_of(US)
    with pytest.raises(Refused) as refused:
        under(world, US_TO, data)
    assert refused.value.code == 20001
    assert words in refused.value.message


def test_overrides_are_read_back_as_they_are_written() -> None:
    data = {
        "sticky_sender": False,
        "geo_permissions": ["GB", "US"],
        "recipient_is_new": True,
        "recipient": {"carrier": None, "rcs": True},
        "registrations": {"+12065550100": "pending"},
        "busy": ["a"],
        "remove": ["b"],
        "add": [{"kind": "alpha", "address": "ACME"}],
    }
    assert parse(data).to_dict() == data
    assert parse(parse(data).to_dict()) == parse(data)
    assert parse({"geo_permissions": None}).to_dict() == {"geo_permissions": None}


# --- as if it had been done -----------------------------------------------------------------------------------------

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


def test_all_registered_means_everybody_however_large_the_pool() -> None:
    """Forty-five are alike; the last, with the recipient's area code and the least load, is in no summary by name."""
    many = [
        sender(f"u{n}", "long_code", f"+1206555{1000 + n}", "US", registration="unregistered", other_mappings=1)
        for n in range(44)
    ]
    last = sender("last", "long_code", "+12065551999", "US", registration="unregistered")
    world = world_of(*many, last)
    assert chosen(world, US_TO, {}) == ("+12065551999", 30034, "compliance")
    assert chosen(world, US_TO, {"all_registered": True}) == ("+12065551999", None, "scaler")
    decision = under(world, US_TO, {"all_registered": True})
    (step,) = (step for step in decision.steps if step.stage == "registration")
    assert (step.before, step.after) == (45, 45)
    found = whatif.why_not(
        service=world.fresh(),
        request=world.request({"to": US_TO}),
        target=whatif.find(world.fresh(), "+12065551000"),
        overrides=parse({"all_registered": True}),
    )
    assert found.fate.reason == "more_load"


def test_all_registered_leaves_out_whom_registrations_name_and_keeps_conversations() -> None:
    world = world_of(sender("a", "long_code", "+12065550100", "US"), sender("b", "long_code", "+12125550100", "US"))
    assert send(world, "+13125550123") == "a"
    for name in ("a", "b"):
        world.change(name, {"registration": "suspended"})
    everybody = {"all_registered": True}
    assert chosen(world, "+13125550123", everybody) == ("+12065550100", None, "sticky")
    but_one = everybody | {"registrations": {"+12065550100": "suspended"}}
    assert chosen(world, "+13125550123", but_one) == ("+12125550100", None, "country_match")


def test_all_registered_holds_for_a_sender_that_the_request_names() -> None:
    world = world_of(sender("a", "long_code", "+12065550100", "US", registration="pending"), GB)
    request = world.request({"to": US_TO, "from": "+12065550100"})
    answer = whatif.preview(service=world.fresh(), request=request, overrides=parse({"all_registered": True}))
    assert (answer.decision.outcome, answer.decision.deciding_stage) == ("chosen", "explicit_from")


# --- why not --------------------------------------------------------------------------------------------------------


def why(world: World, name: str, to: str = US_TO, **request: Any) -> whatif.WhyNot:
    service = world.fresh()
    asked = world.request({"to": to, **request})
    found = whatif.why_not(service=service, request=asked, target=whatif.find(service, name))
    if found.smallest_change.overrides is not None:
        again = parse(found.smallest_change.overrides.to_dict())
        decision = whatif.preview(service=world.fresh(), request=asked, overrides=again).decision
        assert decision.outcome == "chosen"
        assert decision.sender is not None
        assert decision.sender.address == found.address
    return found


def named(world: World, *names: str) -> list[str]:
    return [world.senders[name].sid for name in names]


def test_the_chosen_one_needs_no_change() -> None:
    found = why(world_of(US), "+12065550100")
    assert (found.fate.reason, found.smallest_change.overrides) == ("chosen", Overrides())


def test_a_registration_is_the_smallest_change_where_it_is_all_that_lacks() -> None:
    world = world_of(UNREADY)
    change = why(world, "+12065550177").smallest_change
    assert change.overrides is not None
    assert change.overrides.to_dict() == {"registrations": {world.senders["un"].sid: "registered"}}
    assert change.sentence.startswith("If +12065550177 were registered, +12065550177 would be chosen: ")


@pytest.mark.parametrize(
    "pool_, target, to, request_, expected",
    [
        ([US, US_415], "+12065550100", US_TO, {}, {"area_code_geomatch": False}),
        ([US, CODE], "+12065550100", US_TO, {}, {"remove": ["sc"]}),
        ([US, sender("b", "long_code", "+12065550101", "US")], "+12065550101", US_TO, {}, {"busy": ["us"]}),
        ([RCS, US], "rcs:acme_agent", US_TO, {}, {"recipient": {"rcs": True}}),
        ([RCS, US], "+12065550100", US_TO, {"recipient": {"rcs": True}}, {"recipient": {"rcs": False}}),
        ([US], "+12065550100", US_TO, {"recipient": {"opted_out": True}}, {"recipient": {"opted_out": False}}),
        (
            [GB],
            "+447400111222",
            "+4915112345678",
            {"recipient": {"line_type": "landline"}},
            {"recipient": {"line_type": "mobile"}},
        ),
        ([GB, US], "+447400111222", "+4915112345678", {}, {"remove": ["us"]}),
        ([CA, TOLL_FREE], "+14165550100", CA_TO, {}, {"remove": ["tf"]}),
    ],
)
def test_the_smallest_change_is_found(
    pool_: list[Any], target: str, to: str, request_: dict[str, Any], expected: dict[str, Any]
) -> None:
    world = world_of(*pool_)
    change = why(world, target, to, **request_).smallest_change
    wanted = {key: named(world, *value) if key in {"remove", "busy"} else value for key, value in expected.items()}
    assert change.overrides is not None
    assert change.overrides.to_dict() == wanted
    assert f"{target} would be chosen" in change.sentence


def test_a_usual_sender_stands_aside_for_a_new_recipient() -> None:
    world = world_of(US)
    send(world, US_TO)
    world.add(US_415)
    change = why(world, "+14155550100").smallest_change
    assert change.overrides is not None
    assert change.overrides.to_dict() == {"recipient_is_new": True}
    assert change.sentence.startswith("If the recipient were new, ")


def test_many_changes_when_many_stand_before_it_and_none_that_is_not_needed() -> None:
    codes = [sender(f"c{n}", "short_code", str(60_000 + n), "US") for n in range(4)]
    world = world_of(*codes, UNREADY)
    change = why(world, "+12065550177").smallest_change
    assert change.overrides is not None
    assert change.overrides.to_dict() == {
        "registrations": {world.senders["un"].sid: "registered"},
        "remove": change.overrides.to_dict()["remove"],
    }
    assert sorted(change.overrides.remove) == sorted(named(world, "c0", "c1", "c2", "c3"))


def test_two_changes_where_one_will_not_do() -> None:
    world = world_of(US, UNREADY)
    change = why(world, "+12065550177").smallest_change
    assert change.overrides is not None
    assert change.overrides.to_dict() == {
        "registrations": {world.senders["un"].sid: "registered"},
        "busy": named(world, "us"),
    }
    assert change.sentence.startswith("If +12065550177 were registered and +12065550100 were busy, ")


def test_far_behind_in_a_large_group_all_before_it_are_busy() -> None:
    world = world_of(*(sender(f"s{n}", "long_code", f"+1206555{1000 + n}", "US") for n in range(45)))
    change = why(world, "+12065551044").smallest_change
    assert change.overrides is not None
    assert set(change.overrides.given) == {"busy"}
    assert len(change.overrides.busy) == 44


@pytest.mark.parametrize(
    "pool_, target, to, request_, words",
    [
        ([GB, US], "+447400111222", US_TO, {}, "the number is in GB, the recipient in US"),
        ([ALPHA, US], "ACME", US_TO, {}, "does not accept alpha senders"),
        ([US, US_415], "+14155550100", US_TO, {"from": "+12065550100"}, "Leave From out"),
        (
            [US, sender("w", "whatsapp", "whatsapp:+447400111222", "GB")],
            "+12065550100",
            "whatsapp:+447400123456",
            {},
            "WhatsApp",
        ),
        (
            [sender("n", "long_code", "+12065550111", "US", capabilities=["SMS"]), US],
            "+12065550111",
            US_TO,
            {"media": ["x"]},
            "no MMS",
        ),
    ],
)
def test_nothing_helps_and_it_says_why(
    pool_: list[Any], target: str, to: str, request_: dict[str, Any], words: str
) -> None:
    found = why(world_of(*pool_), target, to, **request_)
    assert found.smallest_change.overrides is None
    assert words in found.smallest_change.sentence


def test_too_many_that_go_before_it_is_said_in_numbers() -> None:
    world = world_of(GB, *(sender(f"s{n}", "long_code", f"+1206555{1000 + n}", "US") for n in range(51)))
    found = why(world, "+447400111222", "+4915112345678")
    assert found.smallest_change.overrides is None
    assert found.smallest_change.sentence.startswith("51 senders go before it")


def test_a_sender_outside_the_pool_would_have_to_be_in_it() -> None:
    world = world_of(US)
    made = actions.acquire_number(account=world.account, actor=ACTOR, phone_number="+14155550100")
    found = why(world, made.sid)
    assert (found.fate.stage, found.fate.detail) == ("not_in_pool", "+14155550100 is not in this Service's pool")
    assert found.smallest_change.overrides is not None
    assert [one["address"] for one in found.smallest_change.overrides.add] == ["+14155550100"]
    assert found.smallest_change.sentence.startswith("If it were in the pool, it would be chosen")


def test_a_sender_of_nobody_is_refused() -> None:
    with pytest.raises(Refused, match="no sender of this account"):
        whatif.find(world_of(US).fresh(), "+19995550100")


def test_the_change_comes_on_top_of_what_was_asked() -> None:
    world = world_of(US, US_415, GB)
    service, asked = world.fresh(), world.request({"to": US_TO})
    target = whatif.find(service, "+12065550100")
    given_ = parse({"sticky_sender": False})
    found = whatif.why_not(service=service, request=asked, target=target, overrides=given_)
    assert found.smallest_change.overrides is not None
    assert found.smallest_change.overrides.to_dict() == {"sticky_sender": False, "area_code_geomatch": False}
    assert found.smallest_change.sentence.startswith("If Area Code Geomatch were off, ")


def test_the_phone_book_is_not_asked_for_facts_that_are_overridden() -> None:
    world = world_of(RCS, US)
    phone_book.set_entry(number=US_TO, actor=ACTOR, rcs=True)
    assert chosen(world, US_TO, {"recipient": {"rcs": False}})[2] == "country_match"
