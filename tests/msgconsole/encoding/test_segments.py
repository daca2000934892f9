"""Encoding, units and segments, by example and by property."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msgconsole.encoding.gsm7 import ALPHABET, BASIC, ESCAPE, EXTENSION, is_gsm7
from msgconsole.encoding.segments import (
    MAX_BODY,
    PART_UNITS,
    SINGLE_UNITS,
    encode,
    units_of_body,
    utf16_units,
)
from msgconsole.encoding.smart import replacements, smart_encode

CJK = "一"
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
TYPOGRAPHIC = "“Hi” – it’s here…"

# (text, smart, encoding, units, segments, text sent or None for unchanged)
EXAMPLES = {
    1: ("Hello world", False, "GSM-7", 11, 1, None),
    2: ("a" * 160, False, "GSM-7", 160, 1, None),
    3: ("a" * 161, False, "GSM-7", 161, 2, None),
    4: ("a" * 306, False, "GSM-7", 306, 2, None),
    5: ("a" * 307, False, "GSM-7", 307, 3, None),
    6: ("a" * 1530, False, "GSM-7", 1530, 10, None),
    7: ("a" * 1600, False, "GSM-7", 1600, 11, None),
    8: ("{}[]\\~^|€", False, "GSM-7", 18, 1, None),
    9: ("€" * 80, False, "GSM-7", 160, 1, None),
    10: ("€" * 81, False, "GSM-7", 162, 2, None),
    11: ("a" * 159 + "€", False, "GSM-7", 161, 2, None),
    12: ("a" * 152 + "€" + "a" * 151, False, "GSM-7", 305, 2, None),
    13: ("a" * 152 + "€" + "a" * 152, False, "GSM-7", 306, 3, None),
    14: ("àèéìòù ÄÖÑÜß ΓΔΘΛ", False, "GSM-7", 17, 1, None),
    15: ("Ça va", False, "GSM-7", 5, 1, None),
    16: ("ça va", False, "UCS-2", 5, 1, None),
    17: ("áíóú", False, "UCS-2", 4, 1, None),
    18: ("ΑΒΓ", False, "UCS-2", 3, 1, None),
    19: ("25°C", False, "UCS-2", 4, 1, None),
    20: ("\f", False, "GSM-7", 2, 1, None),
    21: ("a\r\nb", False, "GSM-7", 4, 1, None),
    22: ("a\tb", False, "UCS-2", 3, 1, None),
    23: (CJK * 70, False, "UCS-2", 70, 1, None),
    24: (CJK * 71, False, "UCS-2", 71, 2, None),
    25: (CJK * 134, False, "UCS-2", 134, 2, None),
    26: (CJK * 135, False, "UCS-2", 135, 3, None),
    27: ("😀" * 35, False, "UCS-2", 70, 1, None),
    28: ("😀" * 36, False, "UCS-2", 72, 2, None),
    29: (CJK * 66 + "😀" + CJK * 66, False, "UCS-2", 134, 3, None),
    30: ("[" * 30 + CJK * 45, False, "UCS-2", 75, 2, None),
    31: (FAMILY, False, "UCS-2", 11, 1, None),
    32: ("e\u0301" * 40, False, "UCS-2", 80, 2, None),
    33: (TYPOGRAPHIC, False, "UCS-2", 17, 1, None),
    34: (TYPOGRAPHIC, True, "GSM-7", 19, 1, '"Hi" - it\'s here...'),
    35: ("a" * 157 + "…", True, "GSM-7", 160, 1, "a" * 157 + "..."),
    36: ("a" * 158 + "…", True, "GSM-7", 161, 2, "a" * 158 + "..."),
    37: ("½ price‼", True, "GSM-7", 11, 1, "1/2 price!!"),
    38: ("Ａ１！", True, "GSM-7", 3, 1, "A1!"),
    39: ("`", True, "GSM-7", 1, 1, "'"),
    40: ("ab\u200bcd", True, "GSM-7", 4, 1, "abcd"),
    41: ("10÷2", True, "GSM-7", 4, 1, "10/2"),
    42: ("n\u0303", True, "GSM-7", 3, 1, "n~"),
    43: ("😱", True, "UCS-2", 2, 1, None),
    44: ("안녕하세요", True, "UCS-2", 5, 1, None),
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_it_agrees_with_the_worked_example(number: int) -> None:
    text, smart, encoding, units, segments, sent = EXAMPLES[number]

    encoded = encode(text, smart=smart)

    assert (encoded.encoding, encoded.units, encoded.segments) == (encoding, units, segments)
    assert encoded.text == (text if sent is None else sent)
    assert encoded.replaced == (sent is not None)


def test_it_knows_the_whole_alphabet_and_nothing_more() -> None:
    assert (len(BASIC), len(EXTENSION), len(ALPHABET)) == (127, 10, 137)
    assert ESCAPE not in ALPHABET
    assert not is_gsm7("\x1b")
    for lacking in "çáíóúâêïÀÈΑΒΕ`°µ\t\u00a0":
        assert not is_gsm7(lacking)
    for present in "Çàèéìòùäöüåøæñ@£$¥¤¡¿§ΓΔΘΛΞΠΣΦΨΩ":
        assert is_gsm7(present)


def test_it_names_the_characters_that_force_ucs2_once_each_and_in_order() -> None:
    assert encode("ça → ça ™", smart=False).forcing == ("ç", "→", "™")
    assert encode("plain", smart=False).forcing == ()


def test_it_does_not_blame_a_character_that_smart_encoding_would_have_replaced() -> None:
    encoded = encode("“안녕”…", smart=True)

    assert encoded.forcing == ("안", "녕")
    assert encoded.text == "“안녕”…"  # all or nothing
    assert encode("“Hi”", smart=False).forcing == ("“", "”")


def test_it_gives_an_empty_text_one_segment() -> None:
    encoded = encode("", smart=True)

    assert (encoded.encoding, encoded.units, encoded.segments, encoded.parts) == ("GSM-7", 0, 1, ("",))


def test_it_says_how_much_room_the_last_segment_has() -> None:
    assert encode("a" * 150, smart=False).room_left == 10
    assert encode("a" * 161, smart=False).room_left == 153 - 8
    assert encode("😀" * 36, smart=False).room_left == 67 - (72 - 66)


def test_it_counts_a_body_in_utf16_units_whatever_the_encoding() -> None:
    assert units_of_body("€" * MAX_BODY) == MAX_BODY  # extension characters count one here
    assert units_of_body("😀" * 800) == MAX_BODY
    assert units_of_body("😀" * 801) > MAX_BODY
    assert units_of_body("") == 0


def test_it_counts_a_stray_surrogate_as_one_unit() -> None:
    assert utf16_units("\ud83d") == 1
    assert encode("\ud83d", smart=True).encoding == "UCS-2"


ANY_TEXT = st.text(max_size=400)
MIXED = st.text(alphabet=st.sampled_from("a€[]{}~ \n一😀é‘…½\u200b"), max_size=500)
TEXTS = ANY_TEXT | MIXED


@given(TEXTS, st.booleans())
def test_it_cuts_parts_that_join_to_the_text_and_never_overflow(text: str, smart: bool) -> None:
    encoded = encode(text, smart=smart)
    room = (SINGLE_UNITS if encoded.segments == 1 else PART_UNITS)[encoded.encoding]

    assert "".join(encoded.parts) == encoded.text
    for part in encoded.parts:
        alone = encode(part, smart=False)
        size = alone.units if encoded.encoding == "GSM-7" else utf16_units(part)
        assert size <= room
    assert sum(map(utf16_units, encoded.parts)) == utf16_units(encoded.text)


@given(st.text(alphabet=st.sampled_from("a€[é"), min_size=150, max_size=700))
def test_it_leaves_no_septet_unused_except_before_an_escape_pair(text: str) -> None:
    encoded = encode(text, smart=False)
    for part, following in zip(encoded.parts, encoded.parts[1:], strict=False):
        unused = 153 - len(part) - sum(character in EXTENSION for character in part)
        assert unused == 0 or (unused == 1 and following[0] in EXTENSION)


@given(st.text(alphabet=st.sampled_from("a一😀"), min_size=60, max_size=400).filter(lambda t: not t.isascii()))
def test_it_never_splits_a_surrogate_pair(text: str) -> None:
    encoded = encode(text, smart=False)
    on_the_wire = text.encode("utf-16-be")
    assert b"".join(part.encode("utf-16-be") for part in encoded.parts) == on_the_wire
    for part in encoded.parts:
        assert len(part.encode("utf-16-be")) <= 140  # octets of user data


@given(TEXTS)
def test_it_makes_smart_text_all_gsm7_or_leaves_it_alone(text: str) -> None:
    smart = smart_encode(text)
    assert is_gsm7(smart) or smart == text
    assert smart_encode(smart) == smart


@given(TEXTS)
def test_it_is_ucs2_exactly_when_something_forces_it(text: str) -> None:
    for smart in (False, True):
        encoded = encode(text, smart=smart)
        assert (encoded.encoding == "UCS-2") == bool(encoded.forcing)


@given(st.text(alphabet=st.sampled_from([chr(point) for point in replacements()]), min_size=1, max_size=100))
def test_it_turns_every_listed_look_alike_into_gsm7(text: str) -> None:
    assert encode(text, smart=True).encoding == "GSM-7"


def _microseconds(text: str, *, smart: bool) -> float:
    """The best of several rounds, so that a busy machine does not fail the test."""
    best = float("inf")
    for _ in range(20):
        started = time.perf_counter()
        for _ in range(200):
            encode(text, smart=smart)
        best = min(best, (time.perf_counter() - started) / 200 * 1e6)
    return best


def test_it_encodes_a_full_gsm_segment_in_well_under_twenty_microseconds() -> None:
    assert _microseconds("Hello, your code is 123456. " * 5 + "Thanks, see you soon", smart=True) < 20
