"""What a pool is made of, without its members: buckets, true counts, a few examples, and the events of its history.

A bucket holds the members that every rule treats alike, but for area code. Deciding on buckets and ranking the
members of the winning one alone is what makes the cost of a choice independent of the size of the pool. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

LONG_CODE: Final = "long_code"
TOLL_FREE: Final = "toll_free"
SHORT_CODE: Final = "short_code"
ALPHA: Final = "alpha"
WHATSAPP: Final = "whatsapp"
RCS: Final = "rcs"
MESSENGER: Final = "messenger"

NUMBERS: Final[frozenset[str]] = frozenset({LONG_CODE, TOLL_FREE})
WITH_COUNTRY: Final[frozenset[str]] = frozenset({LONG_CODE, TOLL_FREE, SHORT_CODE})
BY_SMS: Final[frozenset[str]] = frozenset({LONG_CODE, TOLL_FREE, SHORT_CODE, ALPHA})

# Sender and bucket alike: "ready" means that no registration stands in the way.
READY: Final[frozenset[str]] = frozenset({"registered", "verified", "not_required"})


class BucketKey(NamedTuple):
    """All that filters and preferences look at, but for area code. A tuple: it is hashed with every message."""

    kind: str
    country: str
    sms: bool
    mms: bool
    registration: str
    limits: str


class Example(NamedTuple):
    """A member as a trace names it. Static facts alone: load changes with every message."""

    member_id: int
    sid: str
    address: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """``id`` is the storage's; ``area_codes`` are (code, members) of those that have one, ``examples`` the first 20.

    ``parts``: the same cut by area code, the last part holding those without one.
    """

    key: BucketKey
    id: int
    count: int
    area_codes: tuple[tuple[str, int], ...] = ()
    examples: tuple[Example, ...] = ()
    parts: "tuple[Cell, ...]" = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        parts = [Cell(self, code, count) for code, count in self.area_codes]
        rest = self.count - sum(count for _, count in self.area_codes)
        object.__setattr__(self, "parts", (*parts, *([Cell(self, "", rest)] if rest else ())))

    def to_dict(self) -> dict[str, Any]:
        return {
            "key": list(self.key),
            "id": self.id,
            "count": self.count,
            "area_codes": [list(pair) for pair in self.area_codes],
            "examples": [list(example) for example in self.examples],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Bucket":
        return cls(
            BucketKey(*data["key"]),
            data["id"],
            data["count"],
            tuple((code, count) for code, count in data["area_codes"]),
            tuple(Example(*example) for example in data["examples"]),
        )


class PoolEvent(NamedTuple):
    """What happened to the pool at a configuration version, as far as sticky mappings go.

    ``country``: it got its first sender of a country; ``short_code``: a new short code of it; ``member_id`` is None
    once that member has gone. ``removed``: that member left, and its mappings are still being cleared away.
    """

    kind: Literal["country", "short_code", "removed"]
    country: str
    config_version: int
    member_id: int | None


@dataclass(frozen=True, slots=True)
class PoolSummary:
    """A Service's pool under one configuration version.

    ``memo_key`` names the summary for the memory of plans; empty for one that is not what is stored (a what-if).
    ``keys``: bucket id → its key.
    """

    service_sid: str
    config_version: int
    buckets: tuple[Bucket, ...]
    events: tuple[PoolEvent, ...] = ()
    memo_key: str = ""
    total: int = field(init=False)
    keys: Mapping[int, BucketKey] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", {bucket.id: bucket.key for bucket in self.buckets})
        object.__setattr__(self, "total", sum(bucket.count for bucket in self.buckets))

    def events_of(self, country: str) -> tuple[PoolEvent, ...]:
        """Oldest first."""
        return tuple(event for event in self.events if event.country == country)

    def to_dict(self) -> dict[str, Any]:
        return {
            "service_sid": self.service_sid,
            "config_version": self.config_version,
            "buckets": [bucket.to_dict() for bucket in self.buckets],
            "events": [list(event) for event in self.events],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, memo_key: str = "") -> "PoolSummary":
        return cls(
            data["service_sid"],
            data["config_version"],
            tuple(Bucket.from_dict(bucket) for bucket in data["buckets"]),
            tuple(PoolEvent(*event) for event in data["events"]),
            memo_key,
        )


class Cell(NamedTuple):
    """A bucket, or the part of it with one area code (an empty text: the part without any)."""

    bucket: Bucket
    area_code: str | None
    members: int

    def labels(self, most: int) -> tuple[str, ...]:
        """Addresses of up to ``most`` members, as far as examples are known."""
        return tuple(
            example.address
            for example in self.bucket.examples
            if self.area_code is None or example.area_code == self.area_code
        )[: min(most, self.members)]


def size(cells: Iterable[Cell]) -> int:
    return sum(cell.members for cell in cells)


def labels(cells: Iterable[Cell], most: int) -> tuple[str, ...]:
    """Addresses of up to ``most`` members of several cells."""
    found: list[str] = []
    for cell in cells:
        found.extend(cell.labels(most - len(found)))
        if len(found) >= most:
            break
    return tuple(found)
