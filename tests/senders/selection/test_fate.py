from senders.selection.fate import fate_of
from tests.senders.selection.harness import (
    ALPHA,
    DE,
    GB,
    TOLL_FREE,
    US,
    US_415,
    MemoryService,
    decide,
    pool,
    send,
    sender,
)

US_TO = "+14155550123"


def fates(made: MemoryService, to: str, **request: object) -> dict[str, tuple[str, str]]:
    decision, summary = decide(made, to, **request), made.summary()
    told = {one.sid: fate_of(decision, summary, one) for one in made.members.values()}
    return {name: (fate.stage, fate.reason) for name, fate in told.items()}


def test_every_sender_has_a_first_rule_against_it() -> None:
    made = pool(
        US, US_415, GB, ALPHA, TOLL_FREE | {"registration": "unverified"}, sender("sc", "short_code", "1", "DE")
    )
    assert fates(made, US_TO) == {
        "us": ("area_code_exact", "area_code_mismatch"),
        "us415": ("area_code_exact", "chosen"),
        "gb": ("reachability", "cannot_reach_country"),
        "al": ("reachability", "alpha_not_supported"),
        "tf": ("registration", "unverified"),
        "sc": ("reachability", "short_code_country"),
    }


def test_the_sentence_holds_the_values() -> None:
    made = pool(US, US_415)
    decision = decide(made, US_TO)
    fate = fate_of(decision, made.summary(), made.named("us"))
    assert fate.detail == "its area code is 206, the recipient's is 415"


def test_members_of_the_last_group_are_ranked_lower_with_figures() -> None:
    made = pool(DE | {"other_mappings": 1}, sender("de2", "long_code", "+4915199999998", "DE", other_mappings=4))
    decision = decide(made, "+4915112345678")
    fate = fate_of(decision, made.summary(), made.named("de2"))
    assert (fate.stage, fate.detail) == ("scaler", "ranked lower: it has 4 conversations, the one taken 1")


def test_a_tie_is_told_as_one() -> None:
    made = pool(DE, sender("de2", "long_code", "+4915199999998", "DE"))
    assert fates(made, "+4915112345678")["de2"] == ("tie_break", "added_later")


def test_a_member_beyond_the_ranked_ones_is_told_so() -> None:
    made = pool(*(sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(30)))
    assert fates(made, US_TO)["n29"] == ("scaler", "ranked_behind")


def test_beside_the_usual_sender_others_are_not_the_usual_one() -> None:
    made = pool(US, US_415, GB)
    send(made, "+13125550123")
    assert fates(made, "+13125550123") == {
        "us": ("sticky", "chosen"),
        "us415": ("sticky", "not_the_usual"),
        "gb": ("reachability", "cannot_reach_country"),
    }


def test_beside_a_named_sender_others_are_not_named() -> None:
    twin = sender("twin", "long_code", "+12065550101", "US")
    made = pool(US, twin, GB)
    assert fates(made, US_TO, **{"from": "+12065550100"}) == {
        "us": ("explicit_from", "chosen"),
        "twin": ("explicit_from", "not_named"),
        "gb": ("explicit_from", "not_named"),
    }


def test_a_refusal_that_concerns_the_message_concerns_every_sender() -> None:
    made = pool(US, GB)
    assert set(fates(made, US_TO, recipient={"opted_out": True}).values()) == {("opt_out", "opted_out")}


def test_a_sender_that_is_named_but_fails_is_told_so() -> None:
    made = pool(US | {"registration": "unregistered"})
    assert fates(made, US_TO)["us"] == ("compliance", "fails")
