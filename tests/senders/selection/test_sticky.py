from typing import Any

import pytest

from tests.senders.selection.harness import (
    ALPHA,
    CA,
    DE,
    GB,
    US,
    US_415,
    MemoryService,
    chosen,
    decide,
    pool,
    send,
    sender,
)

US_TO, GB_TO, DE_TO = "+14155550123", "+447400123456", "+4915112345678"
SHORT_GB = sender("sc", "short_code", "60012", "GB")


def action(made: MemoryService, to: str, **request: Any) -> str:
    return decide(made, to, **request).mapping.action


def test_a_first_send_makes_a_mapping_and_later_ones_leave_it() -> None:
    made = pool(US)
    assert action(made, US_TO) == "create"
    send(made, US_TO)
    assert action(made, US_TO) == "none"


def test_a_mapping_outlives_a_better_kind_of_sender() -> None:
    made = pool(GB)
    send(made, GB_TO)
    made.add(SHORT_GB)
    made.add(ALPHA)
    assert chosen(made, GB_TO) == ("gb", None, "sticky")


def test_a_new_country_takes_over_its_recipients_alone() -> None:
    made = pool(US)
    send(made, GB_TO)
    send(made, DE_TO)
    made.add(GB)
    assert chosen(made, GB_TO) == ("gb", None, "sticky")
    assert action(made, GB_TO) == "move"
    assert chosen(made, DE_TO) == ("us", None, "sticky")


def test_a_second_number_of_a_country_takes_nothing_over() -> None:
    made = pool(US, GB)
    made.configure({"sticky_sender": True})
    send(made, DE_TO)
    made.add(DE)
    made.add(sender("de2", "long_code", "+4915199999998", "DE"))
    assert chosen(made, DE_TO) == ("de", None, "sticky")


def test_the_takeover_counts_even_if_nobody_wrote_meanwhile() -> None:
    """Moved to the first British number; that one leaves; the mapping is gone with it, not back at the old sender."""
    made = pool(US)
    send(made, GB_TO)
    made.add(GB)
    made.remove("gb")
    assert chosen(made, GB_TO) == ("us", None, "us_fallback")
    assert action(made, GB_TO) == "replace"


def test_a_mapping_moved_in_time_survives_the_old_senders_leaving() -> None:
    made = pool(US)
    send(made, GB_TO)
    made.add(GB)
    made.remove("us")
    made.add(sender("gb2", "long_code", "+447400111333", "GB", sent=0))
    assert chosen(made, GB_TO) == ("gb", None, "sticky")


def test_a_country_that_comes_back_is_new_again() -> None:
    made = pool(US, GB)
    made.remove("gb")
    send(made, GB_TO)
    made.add(sender("gb2", "long_code", "+447400111333", "GB"))
    assert chosen(made, GB_TO) == ("gb2", None, "sticky")


def test_a_first_short_code_of_a_country_takes_over_numbers_of_other_countries() -> None:
    made = pool(US)
    send(made, GB_TO)
    made.add(SHORT_GB)
    assert chosen(made, GB_TO) == ("sc", None, "sticky")


def test_an_alpha_mapping_moves_to_a_new_short_code_alone() -> None:
    made = pool(ALPHA)
    send(made, GB_TO)
    made.add(GB)
    assert chosen(made, GB_TO) == ("al", None, "sticky")
    made.add(SHORT_GB)
    assert chosen(made, GB_TO) == ("sc", None, "sticky")


def test_an_alpha_mapping_ignores_a_short_code_of_another_country() -> None:
    made = pool(ALPHA)
    send(made, DE_TO)
    made.add(SHORT_GB)
    assert chosen(made, DE_TO) == ("al", None, "sticky")


def test_removing_a_sender_ends_its_mappings_for_good() -> None:
    made = pool(US, US_415)
    send(made, "+13125550123")
    made.remove("us")
    made.add(US)
    assert chosen(made, "+13125550123") == ("us415", None, "tie_break")


def test_media_that_the_usual_sender_cannot_carry_go_elsewhere_once() -> None:
    made = pool(US_415 | {"capabilities": ["SMS"]}, US)
    send(made, US_TO)
    assert chosen(made, US_TO, media=["x"]) == ("us", None, "country_match")
    assert action(made, US_TO, media=["x"]) == "none"
    send(made, US_TO, media=["x"])
    assert chosen(made, US_TO) == ("us415", None, "sticky")


def test_a_carrier_that_the_short_code_does_not_reach_ends_the_mapping() -> None:
    made = pool(sender("sc", "short_code", "12345", "US", unsupported_carriers=["x"]), US)
    send(made, US_TO)
    assert chosen(made, US_TO, recipient={"carrier": "x"}) == ("us", None, "country_match")
    assert action(made, US_TO, recipient={"carrier": "x"}) == "replace"
    send(made, US_TO, recipient={"carrier": "x"})
    assert chosen(made, US_TO) == ("us", None, "sticky")


def test_a_mapping_that_fails_goes_even_when_nobody_else_can_send() -> None:
    made = pool(sender("sc", "short_code", "12345", "US", unsupported_carriers=["x"]))
    send(made, US_TO)
    assert chosen(made, US_TO, recipient={"carrier": "x"}) == (None, 21703, "no_sender")
    assert action(made, US_TO, recipient={"carrier": "x"}) == "delete"


def test_an_unready_usual_sender_loses_the_mapping_even_if_nobody_is_ready() -> None:
    made = pool(US_415, US)
    send(made, US_TO)
    made.change("us415", {"registration": "suspended"})
    made.change("us", {"registration": "unregistered"})
    assert chosen(made, US_TO) == ("us415", 30033, "compliance")
    assert action(made, US_TO) == "delete"


def test_a_failing_choice_stores_nothing() -> None:
    made = pool(US | {"registration": "unregistered"})
    send(made, US_TO)
    assert not made.mappings


def test_off_means_neither_read_nor_written() -> None:
    made = pool(US, sticky_sender=False)
    send(made, US_TO)
    assert not made.mappings
    step = next(step for step in decide(made, US_TO).steps if step.stage == "sticky")
    assert (step.verdict, step.note) == ("disabled", "Sticky Sender is off")


def test_each_channel_has_its_own_mapping_and_whatsapp_never_moves() -> None:
    whatsapp = sender("w", "whatsapp", "whatsapp:+14155550100", "US")
    made = pool(US, whatsapp)
    send(made, GB_TO)
    send(made, f"whatsapp:{GB_TO}")
    made.add(GB)
    made.add(sender("w2", "whatsapp", "whatsapp:+447400111222", "GB"))
    assert chosen(made, GB_TO) == ("gb", None, "sticky")
    assert chosen(made, f"whatsapp:{GB_TO}") == ("w", None, "sticky")


def test_an_explicit_from_neither_reads_nor_writes_a_mapping() -> None:
    made = pool(US, US_415)
    send(made, US_TO, **{"from": "+12065550100"})
    assert not made.mappings
    send(made, US_TO)
    assert action(made, US_TO, **{"from": "+12065550100"}) == "none"


def test_the_move_reaches_a_us_territory_that_counts_as_the_us() -> None:
    made = pool(CA)
    assert send(made, "+17875550123") == "ca"
    made.add(US)
    assert chosen(made, "+17875550123") == ("us", None, "sticky")


@pytest.mark.parametrize("others", [1, 30])
def test_the_step_counts_whom_the_usual_sender_leaves_behind(others: int) -> None:
    made = pool(US, *(sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(1000, 1000 + others)))
    send(made, US_TO)
    step = next(step for step in decide(made, US_TO).steps if step.stage == "sticky")
    assert (step.before, step.after, step.kept) == (others + 1, 1, ("+12065550100",))
