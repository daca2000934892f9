"""The list of replacements: its size, its shape and the choices where sources contradict each other."""

import pytest

from msgconsole.encoding.gsm7 import ALPHABET, is_gsm7
from msgconsole.encoding.smart import replacements, smart_encode, transliterate


def test_it_replaces_271_code_points_none_of_which_is_gsm7() -> None:
    assert len(replacements()) == 271
    assert not ALPHABET & {chr(point) for point in replacements()}


def test_it_replaces_only_by_gsm7_text() -> None:
    assert all(is_gsm7(text) for text in replacements().values())


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("a\u00a0b", "a b"),
        ("a\u3000b", "a b"),
        ("a\tb", "a b"),
        ("a\u2028b", "a b"),
        ("a\u0090b", "ab"),
        ("‹x›", "<x>"),
        ("«x»", '"x"'),
        ("a\u200cb", "ab"),
        ("´", "'"),
        ("–—", "--"),
    ],
)
def test_it_reads_disputed_entries_in_one_way(given: str, sent: str) -> None:
    assert smart_encode(given) == sent


@pytest.mark.parametrize("kept", ["é", "ç", "™", "©", "®", "€", "\u2011", "′", "″", "→", "😀", "한"])
def test_it_leaves_what_is_not_in_the_list(kept: str) -> None:
    assert transliterate(kept) == kept
