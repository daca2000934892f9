"""Names, calling codes and who counts as whom."""

import phonenumbers
import pytest

from msgconsole.numbering import countries


def test_it_names_every_region_the_library_can_answer() -> None:
    listed = dict(countries.ALL)
    assert set(listed) >= phonenumbers.SUPPORTED_REGIONS
    assert len(listed) == 252  # 249 of the standard and three that numbering uses
    assert all(name.strip() for name in listed.values())
    assert len(set(listed.values())) == len(listed)


def test_it_lists_countries_by_name() -> None:
    names = [name for _, name in countries.ALL]
    assert names == sorted(names)
    assert countries.name("GB") == "United Kingdom"
    assert countries.name("001") == "International (no country)"
    assert countries.name("ZZ") == "ZZ"


def test_it_knows_calling_codes_both_ways() -> None:
    assert (countries.calling_code("GB"), countries.calling_code("GG"), countries.calling_code("US")) == (44, 44, 1)
    assert countries.calling_code("AQ") is None
    assert (countries.main_country(44), countries.main_country(7), countries.main_country(808)) == (
        "GB",
        "RU",
        "001",
    )


@pytest.mark.parametrize("iso", ["US", "CA", "JM", "PR", "DO"])
def test_it_counts_countries_of_calling_code_1_as_nanp(iso: str) -> None:
    assert countries.is_nanp(iso)


def test_it_counts_nobody_else_as_nanp() -> None:
    assert not any(countries.is_nanp(iso) for iso in ("GB", "MX", "001", "ZZ"))
    assert sum(countries.is_nanp(iso) for iso, _ in countries.ALL) == 25


def test_it_lets_us_senders_serve_us_territories() -> None:
    assert {countries.matching_country(iso) for iso in ("PR", "GU", "VI", "AS", "MP", "US")} == {"US"}
    assert [countries.matching_country(iso) for iso in ("CA", "JM", "VG")] == ["CA", "JM", "VG"]
