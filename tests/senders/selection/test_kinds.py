from tests.senders.selection.harness import (
    ALPHA,
    CA,
    DE,
    GB,
    RCS,
    TOLL_FREE,
    US,
    US_415,
    chosen,
    decide,
    pool,
    send,
    sender,
)

US_TO, CA_TO, GB_TO, FR_TO = "+14155550123", "+14165550123", "+447400123456", "+33612345678"
SHORT_US = sender("sc", "short_code", "12345", "US")
CAN_RCS = {"recipient": {"rcs": True}}


def test_rcs_goes_before_a_mapping_and_leaves_it_alone() -> None:
    made = pool(US)
    assert send(made, US_TO) == "us"
    made.add(RCS)
    assert chosen(made, US_TO, **CAN_RCS) == ("r", None, "rcs")
    assert decide(made, US_TO, **CAN_RCS).mapping.action == "none"
    send(made, US_TO, **CAN_RCS)
    assert chosen(made, US_TO) == ("us", None, "sticky")


def test_an_rcs_sender_approved_for_the_country_goes_first() -> None:
    far = sender("far", "rcs", "rcs:far", approved_regions=["GB"])
    made = pool(far, RCS)
    assert chosen(made, US_TO, **CAN_RCS) == ("r", None, "rcs")
    assert chosen(made, FR_TO, **CAN_RCS) == ("far", None, "tie_break")


def test_rcs_carries_media_whatever_the_country_takes() -> None:
    decision = decide(pool(RCS, GB, mms_converter=False), GB_TO, media=["x"], **CAN_RCS)
    assert (decision.sender and decision.sender.sid, decision.rcs) == ("r", "delivered")
    assert not decision.media_as_link
    assert decision.channel_used == "rcs"


def test_a_pool_of_rcs_senders_alone_cannot_reach_other_devices() -> None:
    decision = decide(pool(RCS), US_TO)
    assert (decision.error_code, decision.deciding_stage, decision.rcs) == (63036, "rcs", "not_capable")


def test_a_pool_without_rcs_says_nothing_of_it() -> None:
    assert decide(pool(US), US_TO, **CAN_RCS).rcs is None


def test_a_recipient_addressed_by_rcs_gets_nothing_else() -> None:
    assert chosen(pool(RCS, US), f"rcs:{US_TO}", **CAN_RCS) == ("r", None, "rcs")
    assert chosen(pool(RCS, US), f"rcs:{US_TO}") == (None, 63036, "rcs")


def test_several_short_codes_share_the_load() -> None:
    made = pool(SHORT_US | {"sent": 2}, sender("sc2", "short_code", "54321", "US"), US)
    assert chosen(made, US_TO) == ("sc2", None, "scaler")


def test_a_short_code_without_mms_leaves_media_to_a_number() -> None:
    assert chosen(pool(SHORT_US, US), US_TO, media=["x"]) == ("us", None, "country_match")


def test_an_alpha_sender_for_a_country_is_no_default() -> None:
    made = pool(sender("alfr", "alpha", "ACME FR", iso_country_code="FR"), DE)
    assert chosen(made, FR_TO) == ("alfr", None, "alpha_destination")
    assert chosen(made, GB_TO) == ("de", None, "any_fallback")


def test_a_registered_alpha_sender_raises_no_warning() -> None:
    brazil = "+5511912345678"
    assert decide(pool(ALPHA), brazil).warnings == (30018,)
    assert decide(pool(ALPHA | {"registered_countries": ["br"]}), brazil).warnings == ()
    assert decide(pool(ALPHA), GB_TO).warnings == ()


def test_an_alpha_sender_carries_no_media_unless_they_become_a_link() -> None:
    made = pool(ALPHA, GB | {"capabilities": ["SMS", "MMS"]}, mms_countries=frozenset({"GB"}))
    assert chosen(made, GB_TO, media=["x"]) == ("gb", None, "country_match")


def test_toll_free_goes_first_in_canada_only() -> None:
    made = pool(CA, TOLL_FREE, US_415)
    assert chosen(made, CA_TO) == ("tf", None, "toll_free_priority")
    assert chosen(made, US_TO) == ("us415", None, "area_code_exact")


def test_in_the_us_toll_free_shares_the_load_with_long_codes() -> None:
    made = pool(US | {"sent": 5}, TOLL_FREE)
    assert chosen(made, US_TO) == ("tf", None, "scaler")


def test_whatsapp_prefers_its_country_then_spreads_the_load() -> None:
    made = pool(
        sender("wgb", "whatsapp", "whatsapp:+447400111222", "GB"),
        sender("wus", "whatsapp", "whatsapp:+14155550100", "US"),
        sender("wde", "whatsapp", "whatsapp:+4915199999999", "DE", sent=4),
        US,
    )
    assert chosen(made, f"whatsapp:{GB_TO}") == ("wgb", None, "country_match")
    assert chosen(made, f"whatsapp:{FR_TO}") == ("wgb", None, "tie_break")
    assert decide(made, f"whatsapp:{GB_TO}").channel_used == "whatsapp"


def test_messenger_takes_any_of_its_senders() -> None:
    made = pool(US, sender("m", "messenger", "messenger:acme"))
    assert chosen(made, "messenger:1234567890") == ("m", None, "any_fallback")
    assert chosen(pool(US), "messenger:1234567890") == (None, 21703, "no_sender")
