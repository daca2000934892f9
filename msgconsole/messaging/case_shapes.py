"""What a case of an expectation file may say. A slip in a file must be told, never taken for a case that holds.

Each fault names where it is, the value, and what to write instead. Pure: nothing is looked up but tables of countries.
"""

import difflib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from msgconsole.numbering import countries
from senders.selection.order import AFTER_STICKY, BEFORE_STICKY, SCALER, STICKY, TIE_BREAK

Check = Callable[[Any], str | None]  # what is wrong with a value, with the remedy; None: nothing

LOAD: Final = ("other_mappings", "queued", "sent")
TYPES: Final = ("long_code", "toll_free", "short_code", "alpha", "whatsapp", "rcs", "messenger")
REGISTRATIONS: Final = {
    "long_code": ("registered", "unregistered", "pending", "suspended", "not_required"),
    "toll_free": ("verified", "unverified", "not_required"),
}
STAGES: Final = (
    *(stage.name for stage in BEFORE_STICKY if stage.name not in ("fallback_usable", "channel", "reachability")),
    STICKY,
    *(stage.name for stage in AFTER_STICKY),
    SCALER,
    TIE_BREAK,
    "compliance",
    "no_sender",
)
# Fields of a pool entry that mean something for one type of sender alone.
_OWNER: Final = {
    "unsupported_carriers": "short_code",
    "iso_country_code": "alpha",
    "registered_countries": "alpha",
    "approved_regions": "rcs",
}
# Words for people, which no rule looks at. Others start with an underscore.
_WORDS: Final = frozenset({"label", "why", "note", "notes", "comment", "description"})
_WORDS_OF_A_CASE: Final = _WORDS | {"certainty", "source", "basis", "mark", "title", "name", "group", "rule", "tags"}
_COUNTRIES: Final = frozenset(iso for iso, _ in countries.ALL) | {countries.NON_GEOGRAPHIC}


class BadCase(ValueError):
    """A case that says something no case may say; the text is for the person who wrote it."""


def check(kind: str, case: Mapping[str, Any]) -> None:
    """Raise ``BadCase`` with the first fault of a case."""
    faults = {"selection": _selection, "encoding": _encoding}.get(kind)
    for fault in faults(case) if faults else ():
        raise BadCase(fault)


# --- selection -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pool:
    """The senders that a case has named so far: their entries, and which of them are in the pool."""

    entries: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)


def _selection(case: Mapping[str, Any]) -> Iterator[str]:
    known = ("id", "service", "pool", "history", "request", "expected")
    yield from _unknown("the case", case, known, words=_WORDS_OF_A_CASE)
    yield from _object("service", case.get("service"), _SERVICE, needed=())
    pool = _Pool()
    if not isinstance(case["pool"], list):
        yield f"pool: {_told(case['pool'])} is no list; list the senders in the order in which they were added"
        return
    for at, entry in enumerate(case["pool"]):
        yield from _joining(f"pool[{at}]", entry, pool)
    history = case.get("history")
    if not isinstance(history, list | None):
        yield f"history: {_told(history)} is no list; list the events in their order"
        return
    for at, event in enumerate(history or ()):
        yield from _event(f"history[{at}]", event, pool)
    yield from _message("request", case["request"], _MESSAGE)
    yield from _selection_expected(case["expected"], case["request"], pool)


def _joining(where: str, entry: Any, pool: _Pool) -> Iterator[str]:
    yield from _object(where, entry, _ENTRY, needed=("id", "type", "address"))
    name, kind = str(entry["id"]), entry["type"]
    where = f"{where} ({name})"
    if name in pool.inside:
        yield f"{where}.id: {name!r} is in the pool already; give each sender an id of its own"
    before = pool.entries.get(name)
    if before is not None and (before["type"], before["address"]) != (kind, entry["address"]):
        yield f"{where}.id: {name!r} was {before['type']} {before['address']} before; give another sender another id"
    yield from _own_fields(where, entry, kind)
    pool.entries[name] = entry
    pool.inside.add(name)


def _own_fields(where: str, values: Mapping[str, Any], kind: str) -> Iterator[str]:
    for name, owner in _OWNER.items():
        if values.get(name) and kind != owner:
            yield f"{where}.{name}: it is for senders of type {owner}, and this is a {kind}; leave it out"
    standing, allowed = values.get("registration"), REGISTRATIONS.get(kind, ("not_required",))
    if standing is not None and standing not in allowed:
        yield f"{where}.registration: {_told(standing)} is none of a {kind}; give {_either(allowed)}, or leave it out"


def _event(where: str, event: Any, pool: _Pool) -> Iterator[str]:
    if not isinstance(event, Mapping):
        yield f"{where}: {_told(event)} is no object; an event has an op: {_either(tuple(_EVENTS))}"
        return
    op = event.get("op")
    if op not in _EVENTS:
        yield f"{where}.op: there is no event {op!r}; give {_either(tuple(_EVENTS))}"
        return
    where = f"{where} ({op})"
    if op == "send":
        yield from _message(where, event, _SEND)
        expected = event.get("expect_sender")
        if expected is not None and expected not in pool.entries and expected != event.get("from"):
            yield f"{where}.expect_sender: {_told(expected)} is no id of a sender so far; {_ids(pool.entries)}"
        return
    yield from _object(where, event, _EVENTS[op], needed=tuple(_EVENTS[op])[1:])
    match op:
        case "update_service":
            yield from _object(f"{where}.service", event["service"], _SERVICE, needed=())
        case "add_sender":
            yield from _joining(f"{where}.sender", event["sender"], pool)
        case "remove_sender":
            yield from _present(f"{where}.sender", event["sender"], pool.inside)
            pool.inside.discard(event["sender"])
        case "update_sender":
            yield from _change(where, event, pool)


def _change(where: str, event: Mapping[str, Any], pool: _Pool) -> Iterator[str]:
    name, values = event["sender"], event["set"]
    yield from _object(f"{where}.set", values, _CHANGES, needed=())
    if not values:
        yield f"{where}.set: it changes nothing; give {_either(tuple(_CHANGES))}"
    # A number that left is still the account's and can change; its load, and an alpha sender, are gone.
    gone = any(load in values for load in LOAD) or pool.entries.get(name, {}).get("type") == "alpha"
    yield from _present(f"{where}.sender", name, pool.inside if gone else pool.entries)
    yield from _own_fields(f"{where}.set", values, pool.entries[name]["type"])


def _present(where: str, name: Any, names: Collection[str]) -> Iterator[str]:
    if name not in names:
        yield f"{where}: {_told(name)} is no sender of the pool at this point; {_ids(names)}"


def _message(where: str, value: Any, known: Mapping[str, Check]) -> Iterator[str]:
    yield from _object(where, value, known, needed=("to",))
    yield from _object(f"{where}.recipient", value.get("recipient"), _RECIPIENT, needed=())


def _selection_expected(expected: Any, request: Mapping[str, Any], pool: _Pool) -> Iterator[str]:
    yield from _expected(expected, _SELECTION_EXPECTED)
    sender = expected.get("sender")
    if sender is not None and sender not in {*pool.entries, request.get("from"), request.get("fallback_from")}:
        yield f"expected.sender: {_told(sender)} is no id of a sender of the case; {_ids(pool.entries)}, or null"


# --- encoding --------------------------------------------------------------------------------------------------------


def _encoding(case: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown("the case", case, ("id", "smart_encoding", "text", "expected"), words=_WORDS_OF_A_CASE)
    for name, judge in (("text", _text), ("smart_encoding", _switch)):
        fault = judge(case[name]) if name in case else None
        if fault:
            yield f"{name}: {fault}"
    yield from _expected(case["expected"], _ENCODING_EXPECTED)


# --- values ----------------------------------------------------------------------------------------------------------


def _switch(value: Any) -> str | None:
    return None if isinstance(value, bool) else f"{_told(value)} is no switch; give true or false"


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else f"{_told(value)} is no text; put it in quotation marks"


def _name(value: Any) -> str | None:
    good = isinstance(value, str | int) and not isinstance(value, bool) and str(value)
    return None if good else f"{_told(value)} is no name; give a text that is not empty"


def _number(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if good else f"{_told(value)} is no number of things; give a whole number from 0"


def _code(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool)
    return None if good else f"{_told(value)} is no error code; give a whole number such as 21703"


def _country(value: Any) -> str | None:
    # An empty text is how the original writes "any country" for an alpha sender.
    good = isinstance(value, str) and (not value or value.upper() in _COUNTRIES)
    return None if good else f"{_told(value)} is no country; give an ISO code of two letters such as GB"


def _media(value: Any) -> str | None:
    good = isinstance(value, bool) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    return None if good else f"{_told(value)} are no media; give a list of URLs, or true for one picture"


def _capabilities(value: Any) -> str | None:
    known = ("SMS", "MMS", "VOICE", "FAX")
    if not isinstance(value, list):
        return f"{_told(value)} is no list; give a list of SMS and MMS"
    wrong = next((one for one in value if not isinstance(one, str) or one.upper() not in known), None)
    return None if wrong is None else f"{_told(wrong)} is no capability; give SMS, MMS or both"


def _listed(of: Check) -> Check:
    def judge(value: Any) -> str | None:
        if not isinstance(value, list):
            return f"{_told(value)} is no list; put what it holds in square brackets"
        return next((fault for one in value if (fault := of(one))), None)

    return judge


def _maybe(of: Check) -> Check:
    return lambda value: None if value is None else of(value)


def _one_of(*known: str, what: str) -> Check:
    def judge(value: Any) -> str | None:
        return None if value in known else f"there is no {what} {value!r}; give {_either(known)}"

    return judge


def _anything(value: Any) -> str | None:
    return None


_SERVICE: Final[dict[str, Check]] = {
    "sticky_sender": _switch,
    "area_code_geomatch": _switch,
    "mms_converter": _switch,
    "geo_permissions": _maybe(_listed(_country)),
}
_CHANGES: Final[dict[str, Check]] = {
    "capabilities": _capabilities,
    "registration": _maybe(_text),
    "unsupported_carriers": _maybe(_listed(_text)),
    "registered_countries": _maybe(_listed(_country)),
    "approved_regions": _maybe(_listed(_country)),
    **dict.fromkeys(LOAD, _number),
}
_ENTRY: Final[dict[str, Check]] = {
    "id": _name,
    "type": _one_of(*TYPES, what="type of sender"),
    "address": _text,
    "country": _maybe(_country),
    "iso_country_code": _maybe(_country),
    **_CHANGES,
}
_RECIPIENT: Final[dict[str, Check]] = {
    "carrier": _maybe(_text),
    "line_type": _maybe(_one_of("mobile", "landline", "voip", what="line type")),
    "rcs": _maybe(_switch),
    "opted_out": _maybe(_switch),
}
_MESSAGE: Final[dict[str, Check]] = {
    "to": _text,
    "body": _maybe(_text),
    "media": _maybe(_media),
    "from": _maybe(_text),
    "fallback_from": _maybe(_text),
    "force_delivery": _maybe(_switch),
    "recipient": _anything,  # looked at by itself
}
_SEND: Final[dict[str, Check]] = {"op": _anything, **_MESSAGE, "expect_sender": _maybe(_name)}
_EVENTS: Final[dict[str, dict[str, Check]]] = {
    "send": _SEND,
    "update_service": {"op": _anything, "service": _anything},
    "add_sender": {"op": _anything, "sender": _anything},
    "remove_sender": {"op": _anything, "sender": _name},
    "update_sender": {"op": _anything, "sender": _name, "set": _anything},
}
_SELECTION_EXPECTED: Final[dict[str, Check]] = {
    "sender": _maybe(_name),
    "error_code": _maybe(_code),
    "deciding_stage": _one_of(*STAGES, what="deciding stage"),
    "warning_codes": _listed(_code),
    "rcs": _maybe(_one_of("delivered", "not_capable", what="outcome of RCS")),
}
_ENCODING_EXPECTED: Final[dict[str, Check]] = {
    "encoding": _one_of("GSM-7", "UCS-2", what="encoding"),
    "units": _number,
    "segments": _number,
    "smart_encoded_text": _text,
    "error_code": _maybe(_code),
}


# --- shapes ----------------------------------------------------------------------------------------------------------


def _object(where: str, value: Any, known: Mapping[str, Check], *, needed: tuple[str, ...]) -> Iterator[str]:
    """The faults of an object: what it is, fields nobody knows, fields it lacks, and its values."""
    if value is None and not needed:
        return
    if not isinstance(value, Mapping):
        yield f"{where}: {_told(value)} is no object; give one with {', '.join(needed or known)}"
        return
    if "id" in known and value.get("id") is not None:
        where = f"{where} ({value['id']})"
    yield from _unknown(where, value, tuple(known))
    for name in needed:
        if value.get(name) is None:
            yield f"{where}: {name} is missing; it needs {', '.join(needed)}"
    for name, judge in known.items():
        fault = judge(value[name]) if name in value else None
        if fault:
            yield f"{where}.{name}: {fault}"


def _expected(value: Any, known: Mapping[str, Check]) -> Iterator[str]:
    yield from _object("expected", value, known, needed=())
    if not any(name in known for name in value):
        yield f"expected: it expects nothing; give {_either(tuple(known))}"


def _unknown(
    where: str, value: Mapping[str, Any], known: tuple[str, ...], words: frozenset[str] = _WORDS
) -> Iterator[str]:
    for name in value:
        if name in known or name in words or name.startswith("_"):
            continue
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        yield f"{where}: there is no field {name!r}; {remedy}"


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _ids(names: Collection[str]) -> str:
    return f"give one of {', '.join(sorted(names))}" if names else "there is none"


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
