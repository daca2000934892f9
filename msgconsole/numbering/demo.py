"""Plausible numbers for training and demos, without an end anyone will reach.

In +1 the exchange 555 and its lines 0100 to 0199 are set aside for fiction, so those come first. Elsewhere the
telephone number library's example number of the country is varied in its last digits.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

from msgconsole.numbering import nanp
from msgconsole.numbering.countries import is_nanp
from msgconsole.numbering.e164 import NumberingError, parse_number

Line = Literal["local", "mobile", "toll_free"]

_EXAMPLES: dict[Line, int] = {
    "local": PhoneNumberType.FIXED_LINE,
    "mobile": PhoneNumberType.MOBILE,
    "toll_free": PhoneNumberType.TOLL_FREE,
}
_RESERVED_EXCHANGES = frozenset({555, 950, 958, 959, 976})
_VARIED_DIGITS = 6
_MISSES_ALLOWED = 5_000


def demo_numbers(country: str, area_code: str | None = None, line: Line = "local") -> Iterator[str]:
    """E.164 numbers of ``country`` (ISO), each once, which ``parse_number`` reads back as of that country.

    Empty when there can be none: an area code of another country or outside +1, toll-free numbers of a +1
    country other than the US (the US stands for all of them), or a kind of line the country does not have.
    """
    if is_nanp(country):
        return _nanp_numbers(_codes(country, area_code, line))
    if area_code is not None:
        return iter(())
    return _varied_example(country, line)


def _codes(country: str, area_code: str | None, line: Line) -> tuple[str, ...]:
    if line == "toll_free":
        codes = nanp.toll_free_codes() if country == "US" else ()
    else:
        codes = nanp.area_codes(country)
    if area_code is None:
        return codes
    return (area_code,) if area_code in codes else ()


def _nanp_numbers(codes: tuple[str, ...]) -> Iterator[str]:
    """Fictional lines of every code in turn, then the other lines of 555, then other exchanges."""
    if not codes:
        return
    fiction = ((555, number) for number in range(100, 200))
    # 555-1212 is directory assistance
    rest_of_555 = ((555, number) for number in range(200, 10_000) if number != 1212)
    elsewhere = (
        (exchange, number)
        for exchange in range(200, 1000)
        if exchange % 100 != 11 and exchange not in _RESERVED_EXCHANGES
        for number in range(100, 10_000)
    )
    for exchange, number in chain(fiction, rest_of_555, elsewhere):
        for code in codes:
            yield f"+1{code}{exchange}{number:04d}"


def _varied_example(country: str, line: Line) -> Iterator[str]:
    """The library's example for ``country`` and its neighbours upwards, as long as they are valid there.

    Gives up after a long run of numbers that are not, so that a small range ends instead of hanging.
    """
    example = phonenumbers.example_number_for_type(country, _EXAMPLES[line])
    if example is None:
        return
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    digits = min(_VARIED_DIGITS, len(e164) - len(f"+{example.country_code}") - 1)
    stem, start, span = e164[:-digits], int(e164[-digits:]), 10**digits
    misses = 0
    for step in range(span):
        candidate = f"{stem}{(start + step) % span:0{digits}d}"
        if _is_plausible(candidate, country, line):
            misses = 0
            yield candidate
        elif (misses := misses + 1) > _MISSES_ALLOWED:
            return


def _is_plausible(candidate: str, country: str, line: Line) -> bool:
    try:
        number = parse_number.__wrapped__(candidate)  # a scan must not push real numbers out of the cache
    except NumberingError:
        return False
    if number.country != country or number.e164 != candidate:
        return False
    kind = phonenumbers.number_type(phonenumbers.parse(candidate, None))  # UNKNOWN where it is not valid
    if line == "toll_free":
        return kind == PhoneNumberType.TOLL_FREE
    # Mexico and Chile, like the US, do not tell fixed lines from mobiles
    return kind in (_EXAMPLES[line], PhoneNumberType.FIXED_LINE_OR_MOBILE)
