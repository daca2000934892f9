"""Why not this sender: the smallest change under which it wins is one that the engine confirms."""

from typing import Any

import pytest

from msgconsole.error_codes import Refused
from senders import actions, whatif
from senders.selection.overrides import Overrides, parse
from tests.factories import ACTOR
from tests.senders.selection.harness import ALPHA, CA, CODE, GB, RCS, TOLL_FREE, UNREADY, US, US_415, sender
from tests.senders.world import World, send, world_of

pytestmark = pytest.mark.django_db

US_TO, CA_TO = "+14155550123", "+14165550123"


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
