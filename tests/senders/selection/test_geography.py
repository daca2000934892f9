from tests.senders.selection.harness import CA, DE, GB, TOLL_FREE, US, US_415, chosen, decide, pool, sender

US_TO, CA_TO = "+14155550123", "+14165550123"
US_628 = sender("us628", "long_code", "+16285550100", "US")


def test_an_exact_area_code_goes_before_an_overlay_however_busy() -> None:
    assert chosen(pool(US_628, US_415 | {"other_mappings": 9}), US_TO) == ("us415", None, "area_code_exact")


def test_area_codes_are_not_looked_at_outside_the_us_and_canada() -> None:
    jamaica = sender("jm", "long_code", "+18765550100", "JM")
    other = sender("jm2", "long_code", "+16585550100", "JM")
    made = pool(other, jamaica)
    assert chosen(made, "+18765550123") == ("jm2", None, "tie_break")


def test_numbers_with_the_same_area_code_share_the_load() -> None:
    twin = sender("twin", "long_code", "+14155550101", "US")
    assert chosen(pool(US_415 | {"other_mappings": 1}, twin, US), US_TO) == ("twin", None, "scaler")


def test_a_number_of_the_neighbour_country_helps_out() -> None:
    assert chosen(pool(CA, GB), US_TO) == ("ca", None, "nanp_fallback")
    assert chosen(pool(US, GB), CA_TO) == ("us", None, "nanp_fallback")


def test_the_own_country_goes_before_the_neighbour() -> None:
    assert chosen(pool(CA, US), US_TO) == ("us", None, "country_match")
    assert chosen(pool(US, CA), "+16045550123") == ("ca", None, "country_match")


def test_a_us_number_is_the_first_resort_abroad_toll_free_included() -> None:
    assert chosen(pool(GB, TOLL_FREE), "+4915112345678") == ("tf", None, "us_fallback")
    assert chosen(pool(GB, CA), "+4915112345678") == ("gb", None, "tie_break")


def test_a_number_of_no_country_is_reached_from_the_us_first() -> None:
    assert chosen(pool(DE, US), "+88213555555") == ("us", None, "us_fallback")


def test_the_trace_tells_area_codes_side_by_side() -> None:
    step = next(s for s in decide(pool(US, US_415, TOLL_FREE), US_TO).steps if s.stage == "area_code_exact")
    assert (step.before, step.after, step.kept) == (3, 1, ("+14155550100",))
    assert {gone.detail for gone in step.eliminated} == {
        "its area code is 206, the recipient's is 415",
        "it has no area code of its own, the recipient's is 415",
    }
    assert step.setting == "area_code_geomatch"


def test_a_switch_that_is_off_is_told_as_disabled() -> None:
    step = next(s for s in decide(pool(US, area_code_geomatch=False), US_TO).steps if s.stage == "area_code_exact")
    assert (step.verdict, step.note) == ("disabled", "Area Code Geomatch is off")


def test_many_countries_are_told_together_with_true_numbers() -> None:
    from msgconsole.numbering import countries

    others = [iso for iso, _ in countries.ALL if iso not in {"US", "CA", "DE"}][:40]
    made = pool(DE, *(sender(iso, "long_code", f"+999{n:06d}", iso) for n, iso in enumerate(others)))
    step = next(s for s in decide(made, "+4915112345678").steps if s.stage == "country_match")
    assert (step.before, step.after) == (41, 1)
    assert sum(gone.count for gone in step.eliminated) == 40
    assert "senders of 33 other countries" in {gone.detail for gone in step.eliminated}
