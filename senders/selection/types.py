"""What the engine is asked, and what it is told: frozen values, no database behind them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

from senders.selection.summary import BucketKey, PoolSummary

Channel = Literal["sms", "rcs", "whatsapp", "messenger"]
LineType = Literal["mobile", "landline", "voip", "unknown"]

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # "used" at this moment means: never used
MOST_RANKED: Final = 10


@dataclass(frozen=True, slots=True)
class Recipient:
    """What the carrier side knows of the To. ``rcs``: the device can be reached over RCS now."""

    carrier: str | None = None
    line_type: LineType = "mobile"
    rcs: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sender, with its load at the time of asking.

    ``member_id`` is None for one outside the pool, ``sender_id`` for an alpha sender that is in no inventory.
    ``owned``: it belongs to the account that sends. ``added_order`` grows with the order in which members were added.
    ``busy``: taken to be at work on other messages, in a what-if; it ranks behind all others then.
    """

    member_id: int | None
    sender_id: int | None
    sid: str
    kind: str
    address: str
    country: str = ""
    area_code: str = ""
    sms: bool = True
    mms: bool = False
    registration: str = "not_required"
    limits: str = ""
    mapping_count: int = 0
    queued_count: int = 0
    sent_count: int = 0
    last_used_at: datetime = NEVER
    added_order: int = 0
    owned: bool = True
    busy: bool = False

    @property
    def bucket_key(self) -> BucketKey:
        return BucketKey(self.kind, self.country, self.sms, self.mms, self.registration, self.limits)

    def to_dict(self) -> dict[str, Any]:
        return {
            "member_id": self.member_id,
            "sender_id": self.sender_id,
            "sid": self.sid,
            "kind": self.kind,
            "address": self.address,
            "country": self.country,
            "area_code": self.area_code,
            "sms": self.sms,
            "mms": self.mms,
            "registration": self.registration,
            "limits": self.limits,
            "mapping_count": self.mapping_count,
            "queued_count": self.queued_count,
            "sent_count": self.sent_count,
            "last_used_at": None if self.last_used_at == NEVER else self.last_used_at.isoformat(),
            "added_order": self.added_order,
            "owned": self.owned,
            **({"busy": True} if self.busy else {}),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Candidate":
        used = data["last_used_at"]
        return cls(**{**data, "last_used_at": datetime.fromisoformat(used) if used else NEVER})


def maybe_candidate(data: Mapping[str, Any] | None) -> Candidate | None:
    return None if data is None else Candidate.from_dict(data)


@dataclass(frozen=True, slots=True)
class SelectionRequest:
    """One message, as far as choosing its sender goes.

    ``address`` is To without its channel prefix; ``area_code`` is set for +1 numbers alone. ``from_sender`` and
    ``fallback_sender`` are what was found for the addresses given, None when nothing was.
    """

    to: str
    channel: Channel
    address: str
    country: str
    area_code: str | None = None
    media: bool = False
    from_address: str | None = None
    fallback_from: str | None = None
    force_delivery: bool = False
    recipient: Recipient = Recipient()
    opted_out: bool = False
    opt_out_detail: str | None = None
    from_sender: Candidate | None = None
    fallback_sender: Candidate | None = None

    @property
    def names_sender(self) -> bool:
        return self.from_address is not None or self.fallback_from is not None

    def to_dict(self) -> dict[str, Any]:
        return {
            "to": self.to,
            "channel": self.channel,
            "address": self.address,
            "country": self.country,
            "area_code": self.area_code,
            "media": self.media,
            "from_address": self.from_address,
            "fallback_from": self.fallback_from,
            "force_delivery": self.force_delivery,
            "carrier": self.recipient.carrier,
            "line_type": self.recipient.line_type,
            "rcs": self.recipient.rcs,
            "opted_out": self.opted_out,
            "opt_out_detail": self.opt_out_detail,
            "from_sender": self.from_sender.to_dict() if self.from_sender else None,
            "fallback_sender": self.fallback_sender.to_dict() if self.fallback_sender else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SelectionRequest":
        rest = {key: value for key, value in data.items() if key not in {"carrier", "line_type", "rcs"}}
        rest["from_sender"] = maybe_candidate(data["from_sender"])
        rest["fallback_sender"] = maybe_candidate(data["fallback_sender"])
        return cls(**rest, recipient=Recipient(data["carrier"], data["line_type"], data["rcs"]))


@dataclass(frozen=True, slots=True)
class Policy:
    """The switches under which a choice is made. ``geo_permissions`` None: every country is permitted."""

    service_sid: str
    config_version: int
    sticky_sender: bool = True
    area_code_geomatch: bool = True
    mms_converter: bool = True
    geo_permissions: frozenset[str] | None = None
    mms_countries: frozenset[str] = frozenset({"US", "CA"})
    trial: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "service_sid": self.service_sid,
            "config_version": self.config_version,
            "sticky_sender": self.sticky_sender,
            "area_code_geomatch": self.area_code_geomatch,
            "mms_converter": self.mms_converter,
            "geo_permissions": None if self.geo_permissions is None else sorted(self.geo_permissions),
            "mms_countries": sorted(self.mms_countries),
            "trial": self.trial,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        geo = data["geo_permissions"]
        return cls(
            **{
                **data,
                "geo_permissions": None if geo is None else frozenset(geo),
                "mms_countries": frozenset(data["mms_countries"]),
            }
        )


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """A sticky mapping as it is stored, joined to what it points to.

    ``kind`` and ``country`` are those of the mapped sender, known even after it has gone; ``member`` is None then.
    ``moved_to`` holds the members that events of the pool's history may have moved it to, those that are still there.
    """

    id: int
    member_id: int
    kind: str
    country: str
    config_version: int
    member: Candidate | None
    moved_to: tuple[Candidate, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "member_id": self.member_id,
            "kind": self.kind,
            "country": self.country,
            "config_version": self.config_version,
            "member": self.member.to_dict() if self.member else None,
            "moved_to": [candidate.to_dict() for candidate in self.moved_to],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "StoredMapping":
        return cls(
            data["id"],
            data["member_id"],
            data["kind"],
            data["country"],
            data["config_version"],
            maybe_candidate(data["member"]),
            tuple(Candidate.from_dict(candidate) for candidate in data["moved_to"]),
        )


class Probe(NamedTuple):
    """A part of the pool whose members must be ranked: a bucket, or those of it with one area code."""

    bucket_id: int
    key: BucketKey
    area_code: str | None

    def to_dict(self) -> dict[str, Any]:
        return {"bucket_id": self.bucket_id, "key": list(self.key), "area_code": self.area_code}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Probe":
        return cls(data["bucket_id"], BucketKey(*data["key"]), data["area_code"])


@dataclass(frozen=True, slots=True)
class Pool:
    """What was fetched: the summary, the best-ranked members of the probes (at most 20), the recipient's mapping."""

    summary: PoolSummary
    ranked: tuple[Candidate, ...] = ()
    mapping: StoredMapping | None = None
