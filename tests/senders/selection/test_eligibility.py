import pytest

from tests.senders.selection.harness import ALPHA, CA, DE, GB, TOLL_FREE, US, US_415, chosen, decide, pool, sender

US_TO, CA_TO, GB_TO, DE_TO = "+14155550123", "+14165550123", "+447400123456", "+4915112345678"
PR_TO = "+17875550123"


def test_a_country_without_permission_is_refused_before_anything_else() -> None:
    made = pool(geo_permissions=frozenset({"US"}))
    assert chosen(made, GB_TO, recipient={"opted_out": True}) == (None, 21408, "destination")


def test_a_landline_is_tried_where_delivery_is_forced() -> None:
    landline = {"line_type": "landline"}
    assert chosen(pool(DE), DE_TO, recipient=landline) == (None, 21635, "destination")
    assert chosen(pool(DE), DE_TO, recipient=landline, force_delivery=True) == ("de", None, "country_match")
    assert chosen(pool(GB), GB_TO, recipient=landline)[1] is None


def test_opt_out_is_told_before_an_empty_pool() -> None:
    assert chosen(pool(), US_TO, recipient={"opted_out": True}) == (None, 21610, "opt_out")


def test_a_pool_of_whatsapp_senders_is_not_empty() -> None:
    made = pool(sender("w", "whatsapp", "whatsapp:+447400111222", "GB"))
    assert chosen(made, GB_TO) == (None, 21703, "no_sender")


def test_media_without_mms_at_the_destination_need_the_converter() -> None:
    made = pool(GB, mms_converter=False)
    assert chosen(made, GB_TO, media=["x"]) == (None, 30011, "capability")
    assert chosen(made, GB_TO) == ("gb", None, "country_match")


def test_media_become_a_link_where_mms_is_not_taken() -> None:
    decision = decide(pool(GB), GB_TO, media=["x"])
    assert decision.media_as_link
    assert decision.channel_used == "sms"


def test_media_to_an_mms_country_go_as_mms() -> None:
    decision = decide(pool(US), US_TO, media=["x"])
    assert not decision.media_as_link
    assert decision.channel_used == "mms"


def test_mms_countries_are_a_setting() -> None:
    made = pool(GB, mms_countries=frozenset({"GB"}))
    assert chosen(made, GB_TO, media=["x"]) == (None, 21703, "no_sender")


def test_a_number_without_sms_cannot_carry_a_text() -> None:
    made = pool(sender("m", "long_code", "+14155550100", "US", capabilities=["MMS"]))
    assert chosen(made, US_TO)[1] == 21703
    assert chosen(made, US_TO, media=["x"])[0] == "m"


@pytest.mark.parametrize("to", [US_TO, CA_TO])
def test_the_us_and_canada_are_reached_from_their_own_numbers_alone(to: str) -> None:
    assert chosen(pool(GB, DE), to) == (None, 21703, "no_sender")


def test_the_refusal_counts_who_failed_for_what() -> None:
    made = pool(GB, ALPHA, sender("sc", "short_code", "60012", "GB"))
    detail = decide(made, US_TO).error_detail
    assert detail.startswith("0 of 3 senders can send this message.")
    assert "United States (US) does not accept alpha senders" in detail
    assert "the number is in GB, the recipient in US" in detail


def test_carriers_are_compared_without_regard_to_case() -> None:
    made = pool(sender("sc", "short_code", "12345", "US", unsupported_carriers=["Carrier-X"]))
    assert chosen(made, US_TO, recipient={"carrier": "CARRIER-x"}) == (None, 21703, "no_sender")
    assert chosen(made, US_TO, recipient={"carrier": "carrier-y"}) == ("sc", None, "short_code")


def test_trial_accounts_have_no_alpha_senders() -> None:
    assert chosen(pool(ALPHA, GB), GB_TO) == ("al", None, "alpha_default")
    assert chosen(pool(ALPHA, GB, trial=True), GB_TO) == ("gb", None, "country_match")


@pytest.mark.parametrize(("registration", "code"), [("unregistered", 30034), ("pending", 30035), ("suspended", 30033)])
def test_an_unready_long_code_is_named_and_the_message_fails(registration: str, code: int) -> None:
    decision = decide(pool(US | {"registration": registration}), US_TO)
    assert (decision.outcome, decision.error_code, decision.deciding_stage) == ("chosen_but_fails", code, "compliance")
    assert decision.mapping.action == "none"


def test_the_unready_are_chosen_among_by_the_same_rules() -> None:
    unready = {"registration": "unregistered"}
    made = pool(US | unready, US_415 | unready, TOLL_FREE | {"registration": "unverified"})
    assert chosen(made, US_TO) == ("us415", 30034, "compliance")


def test_a_ready_sender_of_any_kind_goes_before_an_unready_one() -> None:
    made = pool(US_415 | {"registration": "pending"}, TOLL_FREE)
    assert chosen(made, US_TO) == ("tf", None, "country_match")


def test_registration_for_10dlc_is_asked_for_the_us_alone() -> None:
    unready = US | {"registration": "unregistered"}
    assert chosen(pool(unready), CA_TO) == ("us", None, "nanp_fallback")
    assert chosen(pool(unready), GB_TO) == ("us", None, "us_fallback")


def test_a_canadian_long_code_needs_registration_for_the_us() -> None:
    made = pool(CA | {"registration": "unregistered"})
    assert chosen(made, US_TO) == ("ca", 30034, "compliance")
    assert chosen(made, CA_TO) == ("ca", None, "area_code_exact")


def test_an_unverified_toll_free_number_stands_back_in_canada_too() -> None:
    unverified = TOLL_FREE | {"registration": "unverified"}
    assert chosen(pool(unverified, CA), CA_TO) == ("ca", None, "area_code_exact")
    assert chosen(pool(unverified), CA_TO) == ("tf", 30032, "compliance")
    assert chosen(pool(unverified), GB_TO)[1] is None


def test_a_us_territory_without_a_sender_of_its_own_counts_as_the_us() -> None:
    assert chosen(pool(US, GB), PR_TO) == ("us", None, "country_match")
    assert chosen(pool(GB), PR_TO) == (None, 21703, "no_sender")
    assert chosen(pool(sender("sc", "short_code", "12345", "US")), PR_TO) == ("sc", None, "short_code")
    assert chosen(pool(US | {"registration": "unregistered"}), PR_TO)[1] == 30034


def test_a_us_territory_with_a_sender_of_its_own_is_its_own_country() -> None:
    own = sender("pr", "long_code", "+17875550100", "PR")
    assert chosen(pool(US, own), PR_TO) == ("pr", None, "country_match")


def test_other_countries_of_calling_code_1_are_not_the_us() -> None:
    assert chosen(pool(GB, US), "+18765550123") == ("us", None, "us_fallback")
    assert chosen(pool(GB), "+18765550123") == ("gb", None, "any_fallback")
