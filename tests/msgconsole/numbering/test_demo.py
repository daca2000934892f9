"""Numbers for demos read back as what they were asked to be."""

from itertools import islice

import phonenumbers
import pytest

from msgconsole.numbering.demo import Line, demo_numbers
from msgconsole.numbering.e164 import parse_number


def take(count: int, country: str, area_code: str | None = None, line: Line = "local") -> list[str]:
    return list(islice(demo_numbers(country, area_code, line), count))


def test_it_starts_with_the_lines_reserved_for_fiction() -> None:
    assert take(3, "US", "415") == ["+14155550100", "+14155550101", "+14155550102"]


def test_it_goes_round_the_area_codes_when_none_is_asked_for() -> None:
    first = take(20, "US")
    assert len({parse_number(number).area_code for number in first}) == 20
    assert all(number.endswith("5550100") for number in first)


@pytest.mark.parametrize(
    ("country", "area_code", "line"),
    [
        ("US", "415", "local"),
        ("CA", "416", "mobile"),
        ("US", None, "toll_free"),
        ("US", "888", "toll_free"),
        ("JM", None, "local"),
        ("GB", None, "mobile"),
        ("GB", None, "local"),
        ("DE", None, "mobile"),
        ("MX", None, "mobile"),
        ("FR", None, "toll_free"),
    ],
)
def test_it_has_thousands_without_repeating_itself(country: str, area_code: str | None, line: Line) -> None:
    numbers = take(3000, country, area_code, line)

    assert len(set(numbers)) == 3000
    for number in numbers:
        found = parse_number(number)
        assert found.country == country
        assert found.e164 == number
        assert area_code is None or found.area_code == area_code
        assert (found.line_type == "toll_free") == (line == "toll_free")


# Western Sahara and Saint Martin share ranges that the library reads as Morocco's and Guadeloupe's.
INDISTINCT = {"EH", "MF"}


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS - INDISTINCT))
def test_it_serves_every_country(country: str) -> None:
    numbers = take(5, country)
    assert len(set(numbers)) == 5
    assert {parse_number(number).country for number in numbers} == {country}


@pytest.mark.parametrize(
    ("country", "area_code", "line"),
    [
        ("US", "416", "local"),  # Canada's
        ("US", "888", "local"),
        ("US", "415", "toll_free"),
        ("CA", "273", "local"),  # planned
        ("CA", None, "toll_free"),  # shared, and counted as the US's
        ("GB", "207", "local"),  # area codes are for +1
        ("ZZ", None, "local"),
        ("AQ", None, "mobile"),
        ("EH", None, "local"),
    ],
)
def test_it_gives_nothing_where_there_can_be_nothing(country: str, area_code: str | None, line: Line) -> None:
    assert take(1, country, area_code, line) == []
