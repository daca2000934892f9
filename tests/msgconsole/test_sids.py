import time

import pytest

from msgconsole.sids import PATTERN, is_sid, new_sid


def test_a_sid_has_its_prefix_and_32_hex_digits() -> None:
    sid = new_sid("MG")
    assert len(sid) == 34
    assert PATTERN.match(sid)
    assert sid.startswith("MG")


def test_later_sids_sort_later() -> None:
    first = new_sid("SM")
    time.sleep(0.003)
    assert first < new_sid("SM")


def test_sids_of_one_moment_differ() -> None:
    assert len({new_sid("SM") for _ in range(2000)}) == 2000


@pytest.mark.parametrize("prefix", ["", "M", "mg", "MGX"])
def test_a_prefix_must_be_two_capital_letters(prefix: str) -> None:
    with pytest.raises(ValueError, match="two capital letters"):
        new_sid(prefix)


@pytest.mark.parametrize(
    "value, prefixes, expected",
    [
        ("MG" + "0aF9" * 8, (), True),
        ("MG" + "0aF9" * 8, ("MG",), True),
        ("MG" + "0aF9" * 8, ("SM", "MM"), False),
        ("MG" + "0" * 31, (), False),
        ("MG" + "0" * 33, (), False),
        ("MG" + "g" * 32, (), False),
        ("MG" + "0" * 32 + "\n", (), False),
        (None, (), False),
    ],
)
def test_is_sid_checks_form_and_prefix(value: object, prefixes: tuple[str, ...], expected: bool) -> None:
    assert is_sid(value, *prefixes) is expected


def test_it_sorts_those_of_one_process_as_they_were_made() -> None:
    made = [new_sid("SM") for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
