"""The parameters of a request: PascalCase on the wire, snake_case here, each read in the type it should have."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from rest_framework.request import Request

from msgconsole.error_codes import Refused

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LARGEST_INTEGER = 2**31 - 1  # what an integer column holds
_LONGEST_INTEGER = 11  # its digits and a sign
_SLASHED = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: (\d\d:\d\d:\d\d)(?: ([A-Z]{1,3}))?)?")
_ZONES = {"UTC": "Z", "GMT": "Z", "UT": "Z", "Z": "Z"} | {
    # The zones of RFC 822: standard and daylight saving time of four parts of North America.
    f"{letter}{kind}T": f"-{hours + (kind == 'S'):02}:00"
    for letter, hours in (("E", 4), ("C", 5), ("M", 6), ("P", 7))
    for kind in "SD"
}


def snake(name: str) -> str:
    """``MessagingServiceSid`` → ``messaging_service_sid``."""
    return _BOUNDARY.sub("_", name).lower()


def pascal(name: str) -> str:
    """``messaging_service_sid`` → ``MessagingServiceSid``; ``from_`` → ``From``."""
    return "".join(part.capitalize() for part in name.split("_"))


class Form(Mapping[str, list[str]]):
    """The parameters given, by snake_case name. Readers return None (or an empty tuple) for what was not given.

    A value of the wrong type is refused with 20001 unless the reader is told another code.
    """

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    @classmethod
    def from_wire(cls, pairs: Iterable[tuple[str, list[str]]]) -> "Form":
        """Names that do not start with a capital are no parameters of these APIs; they are ignored like any unknown."""
        values: dict[str, list[str]] = {}
        for name, given in pairs:
            if any("\x00" in value for value in given) or "\x00" in name:
                raise Refused(20001, f"{name.strip(chr(0))} holds a NUL character.", field=snake(name))
            if name[:1].isupper():
                values.setdefault(snake(name), []).extend(given)
        return cls(values)

    def __getitem__(self, name: str) -> list[str]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def text(self, name: str) -> str | None:
        """The value; the last one where it was repeated."""
        given = self._values.get(name)
        return given[-1] if given else None

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a repeated parameter, in order."""
        return tuple(self._values.get(name, ()))

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None or value == "":
            raise Refused(20001, f"Missing required parameter {pascal(name)} in the post body", field=name)
        return value

    def boolean(self, name: str) -> bool | None:
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise Refused(20001, f"Invalid {pascal(name)}: {value[:40]!r}. Use true or false.", field=name)
        return value.lower() == "true"

    def integer(self, name: str, code: int = 20001, too_large: int | None = None) -> int | None:
        """A whole number. ``too_large``: the code for one that no column holds; without it, ``code`` as well."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"[+-]?[0-9]+", value):
            raise Refused(code, f"Invalid {pascal(name)}: {value[:40]!r}. Use a whole number.", field=name)
        if len(value) > _LONGEST_INTEGER or abs(int(value)) > _LARGEST_INTEGER:
            raise Refused(
                code if too_large is None else too_large,
                f"Invalid {pascal(name)}: {value[:40]!r}. The number is too large.",
                field=name,
            )
        return int(value)

    def moment(self, name: str, code: int = 20001) -> datetime | None:
        """A point in time in UTC, such as ``2026-11-30T08:00:00Z``."""
        value = self.text(name)
        if not value:
            return None
        found = parse_moment(value)
        if found is None:
            raise Refused(code, f"Invalid {pascal(name)}: {value[:40]!r}. Use YYYY-MM-DDTHH:MM:SSZ.", field=name)
        return found

    def json_object(self, name: str, code: int = 20001) -> dict[str, Any] | None:
        value = self.text(name)
        if not value:
            return None
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Refused(code, f"Invalid {pascal(name)}: it is not a JSON object.", field=name)
        return found


def form_of(request: Request) -> Form:
    """The request's body as a Form; an empty one where there is no body."""
    data = request.data
    return data if isinstance(data, Form) else Form({})


def query_of(request: Request) -> Form:
    """The request's query as a Form. Operators stay in the name: ``DateSent<`` → ``date_sent<``."""
    return Form.from_wire(request.query_params.lists())


def parse_moment(value: str) -> datetime | None:
    """The strict form, and the lenient ones that the original's examples show: RFC 2822, and US dates with a zone.

    A zone or offset is honoured; without one it is UTC.
    """
    value = value.strip()
    found: datetime | None = None
    if slashed := _SLASHED.fullmatch(value):
        month, day, year, clock, zone = slashed.groups()
        if (zone or "UTC") not in _ZONES:
            return None
        value = f"{year}-{month}-{day}T{clock or '00:00:00'}{_ZONES[zone or 'UTC']}"
    with contextlib.suppress(ValueError, TypeError):
        found = datetime.fromisoformat(value)
    if found is None and value[:1].isalpha():
        with contextlib.suppress(ValueError, TypeError):
            found = parsedate_to_datetime(value)
    if found is None:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:  # the year 1 or 9999, moved across its end by an offset
        return None
