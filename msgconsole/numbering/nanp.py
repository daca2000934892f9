"""Area codes of the North American Numbering Plan (+1): where each belongs, and which share its territory.

The table is the numbering administrator's own (``data/area_codes.json``). It is newer than the telephone number
library, which does not know every code, so here the table is asked first.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from msgconsole.numbering.data_files import load

Kind = Literal["geographic", "toll_free", "non_geographic", "premium"]


@dataclass(frozen=True, slots=True)
class AreaCode:
    """One assigned area code.

    ``country`` is the ISO code, None where a code belongs to no one country (toll-free, 500, 900). ``region`` is
    the state or province (``NY``; ``NS+PE`` where one code serves several), None outside the US and Canada.
    ``planned`` codes are assigned but not in service on the day of the table; ``planned_for`` is the ISO date of
    their start, where one is set.
    """

    code: str
    kind: Kind
    country: str | None
    region: str | None
    region_name: str | None
    overlays: frozenset[str]
    planned: bool
    planned_for: str | None


def region(area_code: str) -> AreaCode | None:
    """What is known of ``area_code`` (three digits), or None where it is not assigned."""
    return _table().get(area_code)


def overlays(area_code: str) -> frozenset[str]:
    """The other codes that serve part of the same place as ``area_code``.

    Symmetric but not transitive: 206 shares with 564, 564 with 360, yet 206 and 360 are different places.
    """
    known = _table().get(area_code)
    return known.overlays if known else frozenset()


def area_codes(country: str) -> tuple[str, ...]:
    """The geographic codes in service in ``country`` (ISO), in order; empty outside +1."""
    return _by_country().get(country, ())


def toll_free_codes() -> tuple[str, ...]:
    """The toll-free codes in service (800, 833 …), which the whole of +1 shares."""
    return tuple(code for code, area in _table().items() if area.kind == "toll_free" and not area.planned)


@functools.cache
def _table() -> dict[str, AreaCode]:
    data = load("area_codes")
    sharing: dict[str, set[str]] = {}
    for territory in data["shared_territories"]:
        codes = territory.split()
        for code in codes:
            sharing.setdefault(code, set()).update(codes)
    planned: dict[str, str | None] = data["planned"]

    def entries() -> Iterator[AreaCode]:
        for code, kind, country, state in _rows():
            names = data["region_names"].get(country or "", {})
            yield AreaCode(
                code=code,
                kind=kind,
                country=country,
                region=state,
                region_name=", ".join(names[part] for part in state.split("+")) if state else None,
                overlays=frozenset(sharing.get(code, ())) - {code},
                planned=code in planned,
                planned_for=planned.get(code),
            )

    return {area.code: area for area in sorted(entries(), key=lambda area: area.code)}


def _rows() -> Iterator[tuple[str, Kind, str | None, str | None]]:
    """Every code of the table with its kind, country and state, empty strings turned into None."""
    data = load("area_codes")
    for country, states in data["geographic"].items():
        for state, codes in states.items():
            for code in codes.split():
                yield code, "geographic", country, state or None
    for country, codes in data["non_geographic"].items():
        for code in codes.split():
            yield code, "non_geographic", country or None, None
    for code in data["toll_free"].split():
        yield code, "toll_free", None, None
    for code in data["premium"].split():
        yield code, "premium", None, None


@functools.cache
def _by_country() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for area in _table().values():
        if area.kind == "geographic" and area.country and not area.planned:
            found.setdefault(area.country, []).append(area.code)
    return {country: tuple(codes) for country, codes in found.items()}
