"""Kind-specific exceptions of a sender as one canonical text, so that they can be part of a bucket's key. Pure.

Short code: ``carriers:a,b`` (not reached). RCS: ``regions:CA,US`` (approved). Alpha: ``registered:BR,IN``.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_WORD_BY_KIND: Final = {"short_code": "carriers", "rcs": "regions", "alpha": "registered"}


def canonical(
    kind: str,
    *,
    unsupported_carriers: Iterable[str] = (),
    approved_regions: Iterable[str] = (),
    registered_countries: Iterable[str] = (),
) -> str:
    """The text for a sender; empty when it has no exceptions, or its kind has none to have."""
    word = _WORD_BY_KIND.get(kind)
    if word == "carriers":
        values = {carrier.strip().lower() for carrier in unsupported_carriers}
    elif word == "regions":
        values = {region.strip().upper() for region in approved_regions}
    elif word == "registered":
        values = {country.strip().upper() for country in registered_countries}
    else:
        return ""
    listed = ",".join(sorted(value for value in values if value))
    return f"{word}:{listed}" if listed else ""


@lru_cache(maxsize=4096)
def _values(limits: str, word: str) -> frozenset[str]:
    found, _, listed = limits.partition(":")
    return frozenset(listed.split(",")) if found == word and listed else frozenset()


def unsupported_carriers(limits: str) -> frozenset[str]:
    """Carriers, in lower case, that a short code does not reach."""
    return _values(limits, "carriers")


def approved_regions(limits: str) -> frozenset[str]:
    """ISO countries for which an RCS sender is approved."""
    return _values(limits, "regions")


def registered_countries(limits: str) -> frozenset[str]:
    """ISO countries where an alpha sender is registered."""
    return _values(limits, "registered")
