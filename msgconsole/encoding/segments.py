"""How a text goes out over SMS: its encoding, its length in units, and its segments.

A segment carries 140 octets: 160 septets of GSM-7 or 70 16-bit units of UCS-2. When a text needs several,
each gives up 6 octets to the concatenation header (3GPP TS 23.040), which leaves 153 and 67.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from msgconsole.encoding.gsm7 import EXTENSION, foreign_characters, is_gsm7, septets
from msgconsole.encoding.smart import smart_encode, transliterate

Encoding = Literal["GSM-7", "UCS-2"]

MAX_BODY = 1600
"""Longest body the API takes, in UTF-16 code units as :func:`units_of_body` counts them (21617 beyond)."""

SINGLE_UNITS: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
"""Units that fit into a message of one segment."""

PART_UNITS: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}
"""Units that fit into each segment of a longer message."""

_LAST_BMP = "\uffff"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text made ready for SMS.

    ``text`` is what is sent: the original, or what smart encoding made of it (then ``replaced`` is true).
    ``units`` are septets in GSM-7 and 16-bit units in UCS-2. ``parts`` is the text of each segment, so that
    ``"".join(parts) == text``. ``forcing`` names the distinct characters that made the message UCS-2 although
    smart encoding, where it is on, was tried; it is empty in GSM-7.
    """

    encoding: Encoding
    text: str
    units: int
    parts: tuple[str, ...]
    replaced: bool
    forcing: tuple[str, ...]

    @property
    def segments(self) -> int:
        """How many segments are sent and charged: at least one."""
        return len(self.parts)

    @property
    def per_segment(self) -> int:
        """Units that fit into each segment of this message."""
        return (SINGLE_UNITS if len(self.parts) == 1 else PART_UNITS)[self.encoding]

    @property
    def room_left(self) -> int:
        """Units that still fit into the last segment."""
        return self.per_segment - _units(self.parts[-1], self.encoding)


def encode(text: str, *, smart: bool) -> Encoded:
    """Choose the encoding of ``text`` and cut it into segments.

    One character outside GSM-7 makes the whole message UCS-2. ``smart`` tries smart encoding first.
    """
    sent = smart_encode(text) if smart else text
    if is_gsm7(sent):
        units = septets(sent)
        return Encoded("GSM-7", sent, units, _split(sent, units, "GSM-7"), sent != text, ())
    units = utf16_units(sent)
    forcing = foreign_characters(transliterate(text) if smart else text)
    return Encoded("UCS-2", sent, units, _split(sent, units, "UCS-2"), False, forcing)


def utf16_units(text: str) -> int:
    """16-bit units of ``text``: a character beyond U+FFFF counts two, a stray surrogate one."""
    if text.isascii() or max(text) <= _LAST_BMP:
        return len(text)
    return len(text) + sum(1 for character in text if character > _LAST_BMP)


def units_of_body(text: str) -> int:
    """The length of a body as the limit of :data:`MAX_BODY` counts it, whatever its encoding will be."""
    return utf16_units(text)


def _units(text: str, encoding: Encoding) -> int:
    return septets(text) if encoding == "GSM-7" else utf16_units(text)


def _split(text: str, units: int, encoding: Encoding) -> tuple[str, ...]:
    if units <= SINGLE_UNITS[encoding]:
        return (text,)
    room = PART_UNITS[encoding]
    if units == len(text):  # every character costs one unit
        return tuple(text[start : start + room] for start in range(0, len(text), room))
    return _fill(text, room, EXTENSION.__contains__ if encoding == "GSM-7" else _LAST_BMP.__lt__)


def _fill(text: str, room: int, costs_two: Callable[[str], bool]) -> tuple[str, ...]:
    """Cut ``text`` into parts of at most ``room`` units.

    The two halves of an escape pair or a surrogate pair stay together: a pair that does not fit starts the
    next part. That is why a text of 306 septets can take three segments.
    """
    parts: list[str] = []
    start = used = 0
    for index, character in enumerate(text):
        cost = 2 if costs_two(character) else 1
        if used + cost > room:
            parts.append(text[start:index])
            start, used = index, 0
        used += cost
    parts.append(text[start:])
    return tuple(parts)
