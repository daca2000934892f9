"""Countries by ISO 3166-1 alpha-2 code: names, calling codes, and who counts as whom.

``001`` stands for numbers of no country (international freephone, satellite networks), as in the telephone
number library.
"""

import phonenumbers

from msgconsole.numbering.data_files import load

NON_GEOGRAPHIC = "001"
"""The "country" of numbers whose calling code belongs to none."""

US_TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Territories with an ISO code of their own that US numbers reach as part of the US."""

_NAMES: dict[str, str] = load("countries")["names"]

ALL: tuple[tuple[str, str], ...] = tuple(sorted(_NAMES.items(), key=lambda entry: entry[1]))
"""Every country as (ISO code, English name), by name."""


def name(iso: str) -> str:
    """The English name of a country; an unknown code comes back as it is."""
    if iso == NON_GEOGRAPHIC:
        return "International (no country)"
    return _NAMES.get(iso, iso)


def calling_code(iso: str) -> int | None:
    """The calling code without its plus (``GB`` → 44), None where a territory has none of its own."""
    return phonenumbers.country_code_for_region(iso) or None


def main_country(calling_code: int) -> str:
    """The country that a calling code stands for when nothing narrower is known (1 → ``US``, 800 → ``001``)."""
    return phonenumbers.region_code_for_country_code(calling_code)


def is_nanp(iso: str) -> bool:
    """Is this a country of calling code 1 (the US, Canada, Jamaica …)?"""
    return calling_code(iso) == 1


def matching_country(iso: str) -> str:
    """The country whose senders serve ``iso`` when it has none of its own: the US for its territories."""
    return "US" if iso in US_TERRITORIES else iso
