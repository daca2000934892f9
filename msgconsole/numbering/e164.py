"""Reading and writing addresses: E.164 numbers, short codes, alpha senders and channel prefixes.

Wraps ``phonenumbers`` and corrects it where it must not have the last word: a +1 number is judged by the table
of area codes, which is newer, and a number of possible length is taken even if the library does not know its
range (test ranges, ranges opened since).
"""

import functools
import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from msgconsole.numbering import nanp
from msgconsole.numbering.countries import main_country
from msgconsole.numbering.sender_rules import valid_alpha

Channel = Literal["sms", "whatsapp", "messenger", "rcs"]
LineType = Literal["local", "mobile", "toll_free", "unknown"]
AddressKind = Literal["number", "short_code", "alpha", "whatsapp", "messenger", "rcs"]

INVALID_TO = 21211
INVALID_FROM = 21212
SHORT_CODE_TO = 21265
PREMIUM_TO = 21268

_NANP = 1
_LONGEST = 160
"""Characters, formatting included, beyond which a value is not looked at."""
_PREFIXES: tuple[Channel, ...] = ("whatsapp", "messenger", "rcs")
_CHANNEL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,127}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}", re.ASCII)
_PLUS_AND_DIGITS = re.compile(r"\+[0-9]+", re.ASCII)
# What people and address books put between digits: blanks, dashes, dots, brackets, marks of writing direction.
_DECORATION = dict.fromkeys(map(ord, " \t\u00a0\u2009\u202f-‐‑‒–.()/\u200e\u202a\u202c\u2068\u2069"))

_LINE_TYPES: dict[int, LineType] = {
    PhoneNumberType.FIXED_LINE: "local",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "local",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
}


class NumberingError(ValueError):
    """An address that cannot be used: the code of the refusal and a sentence that names the value."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number.

    ``country`` is ISO 3166-1 alpha-2, or ``001`` for none. ``area_code`` is given for +1 only. Toll-free numbers
    of +1 count as US numbers. ``landline`` is true only where a range is known to hold nothing but fixed lines.
    """

    e164: str
    country: str
    area_code: str | None
    line_type: LineType
    calling_code: int
    landline: bool = False
    premium: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a message is for. ``address`` is the number without its channel prefix, or a Messenger id (whose
    ``e164`` is empty and whose ``country`` is ``001``)."""

    raw: str
    channel: Channel
    address: str
    e164: str
    country: str
    area_code: str | None
    is_toll_free: bool
    is_landline: bool = False


@dataclass(frozen=True, slots=True)
class SenderAddress:
    """What a From value is, judged by its form alone. ``address`` is without channel prefix; ``country`` and
    ``area_code`` are known for numbers only (a short code does not say where it belongs)."""

    kind_hint: AddressKind
    address: str
    country: str | None
    area_code: str | None


@functools.lru_cache(maxsize=32_768)
def parse_number(raw: str) -> Number:
    """Read a telephone number that starts with a plus, with or without human formatting.

    Raises :class:`NumberingError` (21211) when it cannot be a number: no plus, unknown calling code, impossible
    length, or an area code that neither the table nor the library knows.
    """
    _check_size(raw, INVALID_TO)
    compact = _compact(raw)
    if compact.startswith("+1"):
        return _read_nanp(raw, compact)
    try:
        parsed = phonenumbers.parse(compact, None)
    except phonenumbers.NumberParseException as error:
        unknown_code = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        problem = "no country has that calling code" if unknown_code else "it is too short"
        raise NumberingError(INVALID_TO, f"“{raw}” is not a phone number: {problem}.") from None
    _check_length(raw, parsed)
    kind = phonenumbers.number_type(parsed)
    calling_code = parsed.country_code or 0  # the parser always sets it
    return Number(
        e164=phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        country=phonenumbers.region_code_for_number(parsed) or main_country(calling_code),
        area_code=None,
        line_type=_LINE_TYPES.get(kind, "unknown"),
        calling_code=calling_code,
        landline=kind == PhoneNumberType.FIXED_LINE,
        premium=kind == PhoneNumberType.PREMIUM_RATE,
    )


@functools.lru_cache(maxsize=32_768)
def parse_destination(raw: str) -> Destination:
    """Read a To value: a number, or ``whatsapp:``, ``rcs:`` and a number, or ``messenger:`` and an id.

    Raises :class:`NumberingError`: 21211 not a number, 21265 a short code, 21268 a premium-rate number.
    """
    _check_size(raw, INVALID_TO)
    channel, address = _split_prefix(raw)
    if channel == "messenger":
        if not _CHANNEL_ID.fullmatch(address):
            raise NumberingError(INVALID_TO, f"“{raw}” is not a Messenger address: the id after the colon is missing.")
        return Destination(raw, channel, address, "", "001", None, False)
    if channel == "sms" and _SHORT_CODE.fullmatch(address.strip()):
        raise NumberingError(SHORT_CODE_TO, f"“{raw}” is a short code, and messages cannot be sent to one.")
    number = parse_number(address)
    if number.premium:
        raise NumberingError(PREMIUM_TO, f"“{raw}” is a premium-rate number, and messages cannot be sent to one.")
    return Destination(
        raw=raw,
        channel=channel,
        address=number.e164,
        e164=number.e164,
        country=number.country,
        area_code=number.area_code,
        is_toll_free=number.line_type == "toll_free",
        is_landline=number.landline,
    )


@functools.lru_cache(maxsize=8_192)
def parse_sender_address(raw: str) -> SenderAddress:
    """Read a From value by its form.

    Raises :class:`NumberingError` (21212) when it is no number, short code, alpha sender or channel address.
    """
    _check_size(raw, INVALID_FROM)
    channel, address = _split_prefix(raw.strip())
    if channel in ("messenger", "rcs") and _CHANNEL_ID.fullmatch(address):
        return SenderAddress(channel, address, None, None)
    if channel == "sms" and _SHORT_CODE.fullmatch(address):
        return SenderAddress("short_code", address, None, None)
    if channel == "sms" and not address.startswith("+") and valid_alpha(address):
        return SenderAddress("alpha", address, None, None)
    if channel in ("sms", "whatsapp") and address.startswith("+"):
        try:
            number = parse_number(address)
        except NumberingError as error:
            raise NumberingError(INVALID_FROM, error.message) from None
        kind: AddressKind = "whatsapp" if channel == "whatsapp" else "number"
        return SenderAddress(kind, number.e164, number.country, number.area_code)
    raise NumberingError(
        INVALID_FROM,
        f"“{raw}” cannot be a sender. Use a number with + and country code, a short code, an alpha sender of up to"
        " 11 characters with a letter in it, or whatsapp:, messenger: or rcs: and an address.",
    )


@functools.lru_cache(maxsize=8_192)
def format_national(e164: str) -> str:
    """The number as people of its country write it (``(415) 555-0123``); what is no number comes back as it is."""
    if e164.startswith("+1") and len(e164) == 12:
        return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    return _format(e164, phonenumbers.PhoneNumberFormat.NATIONAL)


@functools.lru_cache(maxsize=8_192)
def format_international(e164: str) -> str:
    """The number spaced for reading, with its calling code (``+44 7400 123456``)."""
    if e164.startswith("+1") and len(e164) == 12:
        return f"+1 {e164[2:5]} {e164[5:8]} {e164[8:]}"
    return _format(e164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _format(e164: str, style: int) -> str:
    if not _PLUS_AND_DIGITS.fullmatch(e164):
        return e164
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164, None), style)
    except phonenumbers.NumberParseException:
        return e164


def _check_size(raw: str, code: int) -> None:
    """Keep long texts out of messages and caches."""
    if len(raw) > _LONGEST:
        raise NumberingError(code, f"“{raw[:40]}…” is too long to be an address.")


def _split_prefix(raw: str) -> tuple[Channel, str]:
    before, colon, after = raw.partition(":")
    if colon:
        for channel in _PREFIXES:
            if before.strip().lower() == channel:
                return channel, after.strip()
    return "sms", raw


def _compact(raw: str) -> str:
    """``raw`` without human formatting: a plus and digits, or a refusal that says what is wrong."""
    compact = raw.strip().translate(_DECORATION)
    if _PLUS_AND_DIGITS.fullmatch(compact):
        return compact
    if not compact:
        raise NumberingError(INVALID_TO, "The phone number is empty.")
    if compact.isascii() and compact.isdigit():
        remedy = "start it with + and the country code, for example +14155550123"
        if raw.startswith(" "):
            remedy += " (in a form body an unescaped + arrives as a blank; write %2B)"
        raise NumberingError(INVALID_TO, f"“{raw}” is not a phone number in E.164 form: {remedy}.")
    raise NumberingError(
        INVALID_TO, f"“{raw}” is not a phone number: write + and digits only, for example +14155550123."
    )


def _check_length(raw: str, parsed: phonenumbers.PhoneNumber) -> None:
    verdict = phonenumbers.is_possible_number_with_reason(parsed)
    if verdict == ValidationResult.IS_POSSIBLE:
        return
    problem = "too long" if verdict == ValidationResult.TOO_LONG else "too short"
    if verdict == ValidationResult.INVALID_LENGTH:
        problem = "of the wrong length"
    raise NumberingError(
        INVALID_TO, f"“{raw}” is not a phone number: it is {problem} for calling code +{parsed.country_code}."
    )


def _read_nanp(raw: str, compact: str) -> Number:
    """A +1 number: ten digits, of which the first three say where it belongs."""
    national = compact[2:]
    if len(national) != 10:
        raise NumberingError(
            INVALID_TO,
            f"“{raw}” is not a phone number: +1 is followed by ten digits, here there are {len(national)}.",
        )
    code = national[:3]
    area = nanp.region(code)
    if area is not None and area.kind == "geographic" and area.country in ("US", "CA"):
        # The plan does not tell fixed lines from mobiles here, so there is nothing to ask the library.
        return Number(compact, area.country, code, "local", _NANP)
    if area is not None and area.kind == "toll_free":
        return Number(compact, "US", code, "toll_free", _NANP)
    parsed = phonenumbers.PhoneNumber(country_code=_NANP, national_number=int(national))
    country = (area and area.country) or phonenumbers.region_code_for_number(parsed)
    if area is None and code[0] in "01":  # a code that nobody knows yet counts as of the US: tables grow old
        raise NumberingError(
            INVALID_TO, f"“{raw}” is not a phone number: +1 has no area code {code}, they begin with 2 to 9."
        )
    kind = phonenumbers.number_type(parsed)
    geographic = area is None or area.kind == "geographic"
    return Number(
        e164=compact,
        country=country or main_country(_NANP),
        area_code=code,
        line_type=_LINE_TYPES.get(kind, "local") if geographic else "unknown",
        calling_code=_NANP,
        landline=geographic and kind == PhoneNumberType.FIXED_LINE,
        premium=(area is not None and area.kind == "premium") or kind == PhoneNumberType.PREMIUM_RATE,
    )
