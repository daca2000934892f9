from dataclasses import replace
from typing import Any

import pytest

from senders.selection.decision import Decision
from senders.selection.types import Candidate
from tests.senders.selection.harness import (
    ALPHA,
    GB,
    RCS,
    US,
    US_415,
    MemoryService,
    candidate_from,
    chosen,
    decide,
    pool,
    sender,
)

US_TO, GB_TO = "+14155550123", "+447400123456"


def named(made: MemoryService, to: str, given: dict[str, Any] | None, **request: Any) -> Decision:
    """Decide with a From outside the pool (None: a From that nobody has)."""
    asked = made.request({"to": to, **request})
    outside: Candidate | None = None
    if given is not None:
        outside = replace(candidate_from(given, 0), member_id=None, owned=given.get("owned", True))
    address = given["address"] if given else "+15005550000"
    return made.decide(replace(asked, from_address=address, from_sender=outside))


def result(decision: Decision) -> tuple[str | None, int | None, str]:
    return decision.sender.sid if decision.sender else None, decision.error_code, decision.deciding_stage


def test_a_from_outside_the_pool_is_used_with_a_warning() -> None:
    decision = named(pool(US), US_TO, US_415)
    assert result(decision) == ("us415", None, "explicit_from")
    assert decision.warnings == (21711,)


def test_a_from_in_the_pool_raises_no_warning() -> None:
    assert decide(pool(US, US_415), US_TO, **{"from": "+12065550100"}).warnings == ()


SMS_ONLY = US | {"capabilities": ["SMS"]}


@pytest.mark.parametrize(
    ("given", "to", "media", "code"),
    [
        pytest.param(None, US_TO, [], 21659, id="nobody has it"),
        pytest.param(US | {"owned": False}, US_TO, [], 21660, id="another account"),
        pytest.param(US | {"owned": False, "capabilities": []}, US_TO, [], 21660, id="account before capability"),
        pytest.param(US | {"capabilities": ["MMS"]}, US_TO, [], 21661, id="no SMS"),
        pytest.param(SMS_ONLY, US_TO, ["x"], 21621, id="no MMS"),
        pytest.param(sender("sc", "short_code", "60012", "GB"), US_TO, [], 21659, id="short code abroad"),
        pytest.param(sender("sc", "short_code", "60012", "GB"), US_TO, ["x"], 21621, id="capability before place"),
        pytest.param(ALPHA, US_TO, [], 21612, id="alpha to the US"),
        pytest.param(GB, US_TO, [], 21612, id="British number to the US"),
        pytest.param(sender("w", "whatsapp", "whatsapp:+14155550100", "US"), US_TO, [], 21910, id="other channel"),
        pytest.param(RCS, US_TO, [], 63036, id="RCS to a device without"),
    ],
)
def test_a_from_that_cannot_do_it_is_refused(
    given: dict[str, Any] | None, to: str, media: list[str], code: int
) -> None:
    assert result(named(pool(US_415), to, given, media=media)) == (None, code, "explicit_from")


def test_a_from_without_the_converter_cannot_send_media_abroad() -> None:
    assert result(named(pool(US, mms_converter=False), GB_TO, US_415, media=["x"]))[1] == 30011
    assert result(named(pool(US), GB_TO, US_415, media=["x"]))[1] is None


def test_a_trial_account_cannot_name_an_alpha_sender() -> None:
    assert result(named(pool(US, trial=True), GB_TO, ALPHA))[1] == 21267


def test_an_unready_from_is_named_and_the_message_fails() -> None:
    made = pool(US | {"registration": "unregistered"}, US_415)
    assert chosen(made, US_TO, **{"from": "+12065550100"}) == ("us", 30034, "compliance")


def test_an_empty_pool_is_told_before_the_from() -> None:
    assert result(named(pool(), US_TO, US))[1:] == (21704, "pool_empty")


def test_a_from_over_rcs_works_where_the_device_can() -> None:
    decision = named(pool(US), US_TO, RCS, recipient={"rcs": True})
    assert (result(decision)[0], decision.rcs, decision.channel_used) == ("r", "delivered", "rcs")


def test_everybody_else_is_eliminated_as_not_named() -> None:
    decision = decide(pool(US, US_415, GB), US_TO, **{"from": "+12065550100"})
    step = next(step for step in decision.steps if step.stage == "explicit_from")
    assert (step.before, step.after, step.kept) == (3, 1, ("+12065550100",))
    assert {gone.reason for gone in step.eliminated} == {"not_named"}


@pytest.mark.parametrize(
    ("made", "request_", "code"),
    [
        (pool(RCS, US), {"from": "+12065550100", "fallback_from": "+12065550100"}, 21664),
        (pool(RCS, US), {"fallback_from": "+19995550100"}, 21665),
        (pool(RCS, US), {"fallback_from": "rcs:acme_agent"}, 21665),
        (pool(US), {"fallback_from": "+12065550100"}, 21667),
    ],
)
def test_a_fallback_from_that_makes_no_sense_is_refused(
    made: MemoryService, request_: dict[str, Any], code: int
) -> None:
    decision = decide(made, US_TO, **request_, recipient={"rcs": True})
    assert decision.error_code == code
    assert decision.deciding_stage == "fallback_from"


def test_a_fallback_from_stands_by_while_rcs_works() -> None:
    made = pool(RCS, US)
    assert chosen(made, US_TO, fallback_from="+12065550100", recipient={"rcs": True}) == ("r", None, "rcs")


def test_a_fallback_from_may_be_outside_the_pool() -> None:
    made = pool(RCS)
    outside = replace(candidate_from(US, 0), member_id=None)
    request = replace(made.request({"to": US_TO}), fallback_from="+12065550100", fallback_sender=outside)
    decision = made.decide(request)
    assert (result(decision), decision.rcs) == (("us", None, "fallback_from"), "not_capable")
    assert decision.mapping.action == "none"
