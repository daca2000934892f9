"""What-if switches of the test-send page: read from a form or an address, said in words, taken away one by one.

A what-if is the overrides of ``senders.selection.overrides`` cut into pieces, each a small JSON object such as
``{"sticky_sender":false}``. The pieces stand in the address as ``what=…``, so a link asks the same what-if, and each is
a chip on the page. Nothing of it is stored.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from msgconsole.console.templatetags.console import country_name, kind_label, readable
from msgconsole.error_codes import Refused
from msgconsole.numbering import countries
from senders.selection.overrides import REGISTRATIONS, Overrides, parse
from senders.selection.summary import LONG_CODE, READY, TOLL_FREE, PoolSummary

MOST_OFFERED = 50  # senders in one list of choices
LONGEST_PIECE = 40_000
SWITCHES = {
    "sticky_sender": "Sticky Sender",
    "area_code_geomatch": "Area code geomatch",
    "mms_converter": "MMS converter",
    "smart_encoding": "Smart encoding",
}
LINES = {"mobile": "a mobile", "landline": "a landline", "voip": "VoIP", "unknown": "a line nobody knows"}
KINDS = (LONG_CODE, TOLL_FREE, "short_code", "alpha", "whatsapp", "rcs")


@dataclass(frozen=True, slots=True)
class Chip:
    """One piece of a what-if, in words."""

    words: str
    piece: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that adds a piece."""

    label: str
    piece: str


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is set: as plain JSON data, as checked overrides, and as pieces. ``fault``: why it could not be read."""

    data: Mapping[str, Any]
    overrides: Overrides | None
    pieces: tuple[str, ...]
    fault: str = ""

    def __bool__(self) -> bool:
        return bool(self.pieces)


NOTHING = WhatIf({}, None, ())


def read(given: QueryDict, summary: PoolSummary | None) -> WhatIf:
    """The what-if of a form or an address: its pieces, less the one just taken away, and what a button adds.

    ``summary`` is the chosen Service's pool; without a Service there is no choice that a what-if could change.
    """
    if given.get("do") == "clear" or summary is None:
        return NOTHING
    try:
        pieces = [_piece(raw) for raw in given.getlist("what")]
        pieces = [piece for piece in pieces if piece not in [_piece(raw) for raw in given.getlist("without")]]
        pieces += [_piece(raw) for raw in given.getlist("with")]
        added = _picked(given, summary)
        merged = merge([*pieces, *([added] if added else [])])
        if not merged:
            return NOTHING
        return of(merged)
    except Refused as refused:
        kept = merge([_piece_or_nothing(raw) for raw in given.getlist("what")])
        try:
            return WhatIf(kept, parse(kept) if kept else None, split(kept), refused.message)
        except Refused:
            return WhatIf({}, None, (), refused.message)


def of(data: Mapping[str, Any]) -> WhatIf:
    """A what-if from overrides as JSON has them. Raises ``Refused``."""
    return WhatIf(data, parse(data), split(data))


def merge(pieces: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Pieces as one: of a switch the last word counts, lists and objects grow."""
    merged: dict[str, Any] = {}
    for piece in pieces:
        for name, value in piece.items():
            old = merged.get(name)
            if isinstance(value, dict) and isinstance(old, dict):
                merged[name] = {**old, **value}
            elif isinstance(value, list) and isinstance(old, list):
                merged[name] = [*old, *(one for one in value if one not in old)]
            else:
                merged[name] = value
    return merged


def split(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Overrides as pieces: one for each thing that can be taken away alone. Registrations go together."""
    found: list[Mapping[str, Any]] = []
    for name, value in data.items():
        if name == "recipient" and isinstance(value, Mapping):
            found += [{name: {key: fact}} for key, fact in value.items()]
        elif name in ("busy", "remove", "add") and isinstance(value, list):
            found += [{name: [one]} for one in value]
        else:
            found.append({name: value})
    return tuple(compact(piece) for piece in found)


def chips(pieces: Sequence[str], names: Mapping[str, str] | None = None) -> list[Chip]:
    """``names``: what a SID is called; an address stands for itself."""
    return [Chip(words(json.loads(piece), names or {}), piece) for piece in pieces]


def words(piece: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A piece as people say it: ``Sticky Sender off``, ``without +1 415 555 0100``."""
    (name, value), *_ = piece.items()
    if name in SWITCHES:
        return f"{SWITCHES[name]} {'on' if value else 'off'}"
    match name:
        case "recipient_is_new":
            return "the recipient is new"
        case "geo_permissions":
            return "every country allowed" if value is None else f"only {', '.join(map(country_name, value))} allowed"
        case "recipient":
            return "recipient: " + ", ".join(_fact(key, fact) for key, fact in value.items())
        case "all_registered":
            return "all senders registered" if value else "senders registered as they are"
        case "registrations":
            return _registered(value, names)
        case "busy":
            return f"{_called(value, names)} busy"
        case "remove":
            return f"without {_called(value, names)}"
        case "add":
            return "with " + ", ".join(f"{kind_label(one['kind']).lower()} {readable(one['address'])}" for one in value)
    return name.replace("_", " ")


def _fact(key: str, fact: Any) -> str:
    match key:
        case "rcs":
            return "can do RCS" if fact else "cannot do RCS"
        case "opted_out":
            return "opted out" if fact else "not opted out"
        case "line_type":
            return LINES.get(fact, fact)
    return f"carrier {fact}" if fact else "carrier unknown"


def _registered(value: Mapping[str, str], names: Mapping[str, str]) -> str:
    standings = sorted(set(value.values()))
    standing = " or ".join(standings).replace("_", " ")
    return f"{_called([next(iter(value))], names) if len(value) == 1 else f'{len(value)} senders'} {standing}"


def _called(senders: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(readable(names.get(one, one)) for one in senders)


def offers(what: WhatIf, service: Any, summary: PoolSummary) -> list[Offer]:
    """The switches that would change something: each the other way round than it stands now."""
    found = [
        Offer(f"{label} {'off' if _stands(what, service, name) else 'on'}", compact({name: other}))
        for name, label in SWITCHES.items()
        for other in (not _stands(what, service, name),)
    ]
    if not what.data.get("recipient_is_new"):
        found.append(Offer("Recipient is new", compact({"recipient_is_new": True})))
    if _has_unready(summary) and not what.data.get("all_registered"):
        found.append(Offer("All senders registered", compact({"all_registered": True})))
    facts = what.data.get("recipient", {})
    for label, key, value in (
        ("Recipient can do RCS", "rcs", True),
        ("Recipient cannot do RCS", "rcs", False),
        ("Recipient is a landline", "line_type", "landline"),
        ("Recipient opted out", "opted_out", True),
        ("Recipient not opted out", "opted_out", False),
    ):
        if facts.get(key) != value:
            found.append(Offer(label, compact({"recipient": {key: value}})))
    return found


def _stands(what: WhatIf, service: Any, name: str) -> bool:
    return bool(what.data.get(name, getattr(service, name)))


def _has_unready(summary: PoolSummary) -> bool:
    """Whether anybody in the pool lacks a registration."""
    return any(bucket.key.kind in REGISTRATIONS and bucket.key.registration not in READY for bucket in summary.buckets)


def names_of(summary: PoolSummary | None) -> dict[str, str]:
    """SID → address, of the senders that the pool's summary names."""
    buckets = summary.buckets if summary is not None else ()
    return {example.sid: example.address for bucket in buckets for example in bucket.examples}


def senders_offered(summary: PoolSummary) -> list[Choice]:
    """Senders to take out or to keep busy, at most 50; of a larger pool the rest is named by its address."""
    return [
        Choice(example.sid, f"{readable(example.address)} · {kind_label(bucket.key.kind)}")
        for bucket in summary.buckets
        for example in bucket.examples
    ][:MOST_OFFERED]


KIND_CHOICES = [Choice(kind, kind_label(kind)) for kind in KINDS]
COUNTRY_CHOICES = [Choice(iso, name) for iso, name in countries.ALL]


def _picked(given: QueryDict, summary: PoolSummary | None) -> dict[str, Any]:
    """What a form's button with a field of its own adds."""
    match given.get("do"):
        case "busy" | "remove" as name:
            sender = (given.get(f"{name}_typed") or given.get(f"pick_{name}") or "").strip()
            return {name: [_known(sender, summary)]} if sender else {}
        case "carrier":
            return {"recipient": {"carrier": given.get("pick_carrier", "").strip() or None}}
        case "add":
            address = given.get("add_address", "").strip()
            if not address:
                raise Refused(20001, "Give the new sender an address: a number, a code or a name.", field="overrides")
            spec: dict[str, Any] = {"kind": given.get("add_kind", LONG_CODE), "address": address}
            if given.get("add_country"):
                spec["country"] = given["add_country"]
            return {"add": [spec]}
    return {}


def _known(sender: str, summary: PoolSummary | None) -> str:
    """An address typed becomes the SID where the summary knows it."""
    return next((sid for sid, address in names_of(summary).items() if address == sender), sender)


def _piece(raw: str) -> dict[str, Any]:
    try:
        piece = json.loads(raw) if len(raw) <= LONGEST_PIECE else None
    except ValueError:
        piece = None
    if not isinstance(piece, dict):
        raise Refused(20001, "This what-if cannot be read.", field="overrides")
    return piece


def _piece_or_nothing(raw: str) -> dict[str, Any]:
    try:
        return _piece(raw)
    except Refused:
        return {}


def compact(piece: Mapping[str, Any]) -> str:
    """A piece as it stands in an address."""
    return json.dumps(piece, separators=(",", ":"), ensure_ascii=False)
