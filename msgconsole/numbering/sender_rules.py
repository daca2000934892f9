"""What each country allows, and what each kind of sender can carry.

Tables with sources and dates: ``data/alpha_countries.json`` and ``data/sender_limits.json``.
"""

import functools
import re
from typing import Literal

from msgconsole.numbering.data_files import load

AlphaClass = Literal["dynamic", "pre_registration", "optional", "none"]

_LIMITS = load("sender_limits")

MMS_COUNTRIES: frozenset[str] = frozenset(_LIMITS["mms_countries"].split())
"""Countries that take MMS, unless the installation's settings say otherwise."""

QUEUE_HOURS: int = _LIMITS["queue_hours"]
"""How many hours of traffic at its own rate wait behind one sender before sending overflows."""

_ALPHA = re.compile(r"[A-Za-z0-9 \-+_&]{1,11}")


def alpha_class(iso: str) -> AlphaClass:
    """How ``iso`` treats alpha senders.

    ``dynamic``: any text; ``pre_registration``: registered texts only; ``optional``: registration possible or
    for high volumes; ``none``: not supported, which is also what a country in no list gets.
    """
    return _alpha_classes().get(iso, "none")


def valid_alpha(text: str) -> bool:
    """Can ``text`` be an alpha sender?

    1 to 11 of A-Z a-z 0-9 space - + _ &, at least one of them not a digit (published schema); no blank at
    either end and no + with mere digits, so that it is never taken for another sender or a number.
    """
    return _ALPHA.fullmatch(text) is not None and text == text.strip() and not text.lstrip("+").isdigit()


def mps(kind: str, destination_country: str) -> int:
    """Message segments per second that one sender of ``kind`` passes on to a country (messages for channels)."""
    rates: dict[str, int] = _LIMITS["mps"][kind]
    return rates.get(destination_country, rates["*"])


def queue_segments(kind: str, destination_country: str) -> int:
    """Segments that may wait behind one sender of ``kind``; more is an overflow (30001, or 21611 with a From)."""
    return mps(kind, destination_country) * QUEUE_HOURS * 3600


def short_code_digits(country: str) -> tuple[int, int]:
    """The fewest and the most digits of a short code in ``country``."""
    table: dict[str, list[int]] = _LIMITS["short_code_digits"]
    fewest, most = table.get(country, table["*"])
    return fewest, most


def valid_short_code(code: str, country: str) -> bool:
    """Is ``code`` all digits and of a length that short codes of ``country`` have?"""
    fewest, most = short_code_digits(country)
    return code.isascii() and code.isdigit() and fewest <= len(code) <= most


@functools.cache
def _alpha_classes() -> dict[str, AlphaClass]:
    listed: dict[AlphaClass, str] = load("alpha_countries")["classes"]
    return {iso: kind for kind, codes in listed.items() if kind in _OPEN_CLASSES for iso in codes.split()}


_OPEN_CLASSES: frozenset[AlphaClass] = frozenset({"dynamic", "pre_registration", "optional"})
