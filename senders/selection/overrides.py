"""What a what-if changes: the overrides of a question, read from plain JSON. Pure.

``sticky_sender``, ``area_code_geomatch``, ``mms_converter``, ``smart_encoding`` (true or false); ``geo_permissions`` (a
list of countries, or null for all); ``recipient_is_new`` (true); ``recipient`` (``carrier``, ``line_type``, ``rcs``,
``opted_out``); ``all_registered`` (true: whoever lacks a registration has it, but for those that ``registrations``
names); ``registrations`` (sender → registration); ``busy`` and ``remove`` (lists of senders); ``add`` (a list of new
senders, which have the registration they are added with). A sender is named by its SID or address.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final

from msgconsole.error_codes import Refused
from msgconsole.numbering import countries, sender_rules
from msgconsole.numbering.e164 import NumberingError, parse_number, parse_sender_address
from senders.selection import limits
from senders.selection.summary import ALPHA, LONG_CODE, RCS, READY, SHORT_CODE, TOLL_FREE
from senders.selection.types import Candidate

MOST_NAMED: Final = 500  # senders in one list
LINE_TYPES: Final = ("mobile", "landline", "voip", "unknown")
REGISTRATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    LONG_CODE: ("registered", "not_required", "unregistered", "pending", "suspended"),
    TOLL_FREE: ("verified", "not_required", "unverified"),
}
SWITCHES: Final = ("sticky_sender", "area_code_geomatch", "mms_converter", "smart_encoding")
_FACTS: Final = ("carrier", "line_type", "rcs", "opted_out")
_US_AND_CANADA: Final = ("US", "CA")
_COUNTRIES: Final = frozenset(iso for iso, _ in countries.ALL)
_OF_NEW: Final = (
    *("kind", "address", "country", "sms", "mms", "registration"),
    *("unsupported_carriers", "approved_regions", "registered_countries"),
)


@dataclass(frozen=True, slots=True)
class Overrides:
    """One what-if. A field that is not in ``given`` leaves things as they are."""

    given: frozenset[str] = frozenset()
    sticky_sender: bool = True
    area_code_geomatch: bool = True
    mms_converter: bool = True
    smart_encoding: bool = True
    geo_permissions: frozenset[str] | None = None
    recipient_is_new: bool = False
    recipient: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    all_registered: bool = False
    registrations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    busy: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    add: tuple[Mapping[str, Any], ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Every sender that is named, each once."""
        return tuple(dict.fromkeys((*self.registrations, *self.busy, *self.remove)))

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; ``parse`` reads it back."""
        found: dict[str, Any] = {name: _plain(getattr(self, name)) for name in _NAMES if name in self.given}
        return found

    def but(self, **changes: Any) -> "Overrides":
        """The same with further changes; lists and objects grow."""
        merged: dict[str, Any] = {}
        for name, value in changes.items():
            old = getattr(self, name) if name in self.given else None
            if isinstance(value, Mapping):
                merged[name] = {**(old or {}), **value}
            elif isinstance(value, tuple):
                merged[name] = tuple(dict.fromkeys((*(old or ()), *value))) if name != "add" else (*(old or ()), *value)
            else:
                merged[name] = value
        return replace(self, given=self.given | merged.keys(), **merged)


_NAMES: Final = tuple(one.name for one in fields(Overrides) if one.name != "given")


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def parse(data: Mapping[str, Any]) -> Overrides:
    """Read overrides. Raises ``Refused`` 20001, naming the key or value that is not known."""
    readers: dict[str, Callable[[str, Any], Any]] = {
        **dict.fromkeys((*SWITCHES, "recipient_is_new", "all_registered"), _boolean),
        "geo_permissions": _countries,
        "recipient": _recipient,
        "registrations": _registrations,
        "busy": _senders,
        "remove": _senders,
        "add": _added,
    }
    for name in data:
        if name not in readers:
            raise _wrong(f"{name!r} is not known: use {', '.join(_NAMES)}")
    values = {name: readers[name](name, value) for name, value in data.items()}
    return Overrides(given=frozenset(values), **values)


def _wrong(sentence: str) -> Refused:
    return Refused(20001, f"Overrides: {sentence}.", field="overrides")


def _boolean(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(f"{name} is {value!r:.60}: use true or false")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 160:
        raise _wrong(f"{name} has {value!r:.60}: use a text")
    return value


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_NAMED:
        raise _wrong(f"{name} is {value!r:.60}: use a list of at most {MOST_NAMED}")
    return value


def _senders(name: str, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(name, one) for one in _list(name, value)))


def _countries(name: str, value: Any) -> frozenset[str] | None:
    if value is None:
        return None
    found = frozenset(_text(name, one).upper() for one in _list(name, value))
    if unknown := sorted(found - _COUNTRIES):
        raise _wrong(f"{name} has {unknown[0]!r}, which is no ISO country code of two letters")
    return found


def _object(name: str, value: Any, known: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"{name} is {value!r:.60}: use an object")
    for key in value:
        if key not in known:
            raise _wrong(f"{name} has {key!r:.60}, which is not known: use {', '.join(known)}")
    return value


def _recipient(name: str, value: Any) -> Mapping[str, Any]:
    facts = _object(name, value, _FACTS)
    for key, fact in facts.items():
        if key in ("rcs", "opted_out"):
            _boolean(f"{name}.{key}", fact)
        elif key == "line_type" and fact not in LINE_TYPES:
            raise _wrong(f"{name}.line_type is {fact!r:.60}: use {', '.join(LINE_TYPES)}")
        elif key == "carrier" and fact is not None:
            _text(f"{name}.carrier", fact)
    return MappingProxyType(dict(facts))


def _registrations(name: str, value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_NAMED:
        raise _wrong(f"{name} is {value!r:.60}: use an object of at most {MOST_NAMED} senders")
    known = {one for values in REGISTRATIONS.values() for one in values}
    for sender, registration in value.items():
        if registration not in known:
            raise _wrong(f"{name} of {sender[:60]} is {registration!r:.60}: use {', '.join(sorted(known))}")
    return MappingProxyType(dict(value))


def _added(name: str, value: Any) -> tuple[Mapping[str, Any], ...]:
    listed = _list(name, value)
    for one in listed:
        new_candidate(_object(name, one, _OF_NEW), -1)
    return tuple(MappingProxyType(dict(one)) for one in listed)


def check_registration(kind: str, address: str, registration: str) -> None:
    """Each kind has its own words. Raises ``Refused`` 20001."""
    known = REGISTRATIONS.get(kind, ("not_required",))
    if registration not in known:
        raise _wrong(f"the registration of {address} is {registration!r:.60}: use {', '.join(known)}")


def made_ready(kind: str, registration: str) -> str:
    """The registration of a sender that is taken to have the one it needs."""
    return registration if registration in READY else REGISTRATIONS.get(kind, ("not_required",))[0]


def new_candidate(spec: Mapping[str, Any], number: int) -> Candidate:
    """A sender that is not there, with what it would have if it were acquired. ``number`` is its id, below zero."""
    kind, given = _text("add.kind", spec.get("kind")), _text("add.address", spec.get("address"))
    country = "" if spec.get("country") in (None, "") else _text("add.country", spec["country"]).upper()
    if country and country not in _COUNTRIES and country != countries.NON_GEOGRAPHIC:
        raise _wrong(f"add has the country {country!r:.20}, which is no ISO country code of two letters")
    address, country, area_code = _place(kind, given, country)
    registration = spec.get("registration") or _first_registration(kind, country)
    check_registration(kind, address, registration)
    pictures = country in sender_rules.MMS_COUNTRIES if kind in (LONG_CODE, TOLL_FREE) else kind not in _TEXT_ALONE
    return Candidate(
        member_id=number,
        sender_id=None,
        sid="",
        kind=kind,
        address=address,
        country=country,
        area_code=area_code if kind == LONG_CODE and country in _US_AND_CANADA else "",
        sms=_boolean("add.sms", spec.get("sms", True)),
        mms=_boolean("add.mms", spec.get("mms", pictures)),
        registration=registration,
        limits=limits.canonical(
            kind,
            unsupported_carriers=_senders("add.unsupported_carriers", spec.get("unsupported_carriers", [])),
            approved_regions=_senders("add.approved_regions", spec.get("approved_regions", [])),
            registered_countries=_senders("add.registered_countries", spec.get("registered_countries", [])),
        ),
        added_order=2**52 - number,  # after all that are there
    )


_TEXT_ALONE: Final = (SHORT_CODE, ALPHA)


def _place(kind: str, given: str, country: str) -> tuple[str, str, str]:
    """Address, country and area code; a country given wins over what a number says."""
    try:
        if kind in (LONG_CODE, TOLL_FREE):
            number = parse_number(given)
            if (number.line_type == "toll_free") != (kind == TOLL_FREE):
                raise _wrong(f"add has {given} as {kind}, which it is not")
            return number.e164, country or number.country, number.area_code or ""
        if kind == SHORT_CODE:
            if not sender_rules.valid_short_code(given, country):
                raise _wrong(f"add has {given!r:.40}, which is no short code of {country or 'a country given'}")
            return given, country, ""
        if kind == ALPHA:
            if not sender_rules.valid_alpha(given):
                raise _wrong(f"add has {given!r:.40}, which cannot be an alpha sender")
            return given, country, ""
        if kind in ("whatsapp", "messenger", RCS):
            read = parse_sender_address(given if ":" in given else f"{kind}:{given}")
            if read.kind_hint != kind:
                raise _wrong(f"add has {given!r:.40} as {kind}, which it is not")
            return f"{kind}:{read.address}", "" if kind == RCS else country or read.country or "", ""
    except NumberingError as fault:
        raise _wrong(f"add: {fault.message}") from None
    raise _wrong(
        f"add has the kind {kind!r:.40}: use long_code, toll_free, short_code, alpha, whatsapp, messenger or rcs"
    )


def _first_registration(kind: str, country: str) -> str:
    if kind == TOLL_FREE:
        return "verified"
    return "registered" if kind == LONG_CODE and country in _US_AND_CANADA else "not_required"
