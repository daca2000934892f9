"""Each thing a what-if may change, alone: what is chosen then, and what is refused by name."""

from typing import Any

import pytest
from django.db import transaction

from msgconsole.carriers.simulated import actions as phone_book
from msgconsole.error_codes import Refused
from senders import choosing, whatif
from senders.models import PoolMember, StickyMapping
from senders.selection.overrides import Overrides, parse
from tests.factories import ACTOR
from tests.senders.selection.harness import ALPHA, GB, RCS, UNREADY, US, US_415, sender
from tests.senders.world import World, send, under, world_of

pytestmark = pytest.mark.django_db

US_TO, GB_TO = "+14155550123", "+447400123456"


def chosen(world: World, to: str, overrides: dict[str, Any], **request: Any) -> tuple[str | None, int | None, str]:
    decision = under(world, to, overrides, **request)
    return decision.sender.address if decision.sender else None, decision.error_code, decision.deciding_stage


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


def test_the_phone_book_is_not_asked_for_facts_that_are_overridden() -> None:
    world = world_of(RCS, US)
    phone_book.set_entry(number=US_TO, actor=ACTOR, rcs=True)
    assert chosen(world, US_TO, {"recipient": {"rcs": False}})[2] == "country_match"
