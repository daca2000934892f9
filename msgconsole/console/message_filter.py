"""The filters of the message log: those of the API, with words, groups of statuses and days of the calendar."""

import re
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from msgconsole.accounts.models import Account
from msgconsole.console.decisions import RULES
from msgconsole.messaging import filters
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from services.queries import services_of

MOST_SERVICES = 500
STATUS_GROUPS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "not_delivered": ("Failed or undelivered", (Status.FAILED, Status.UNDELIVERED)),
    "under_way": ("On the way", (Status.ACCEPTED, Status.QUEUED, Status.SENDING, Status.SENT)),
}
DIRECTIONS = (("outbound", "Outbound"), ("inbound", "Inbound"))
_NEVER = {Status.PARTIALLY_DELIVERED}
_RARE = ("to", "from_address", "error_code", "decided_by", "created_from", "created_until")
_BETWEEN_DIGITS = re.compile(r"[\s().\-]")


def plain_address(raw: str) -> str:
    """An address as it is stored: without what people put between digits. Names keep their blanks."""
    raw = raw.strip()
    compact = _BETWEEN_DIGITS.sub("", raw)
    return compact if compact.lstrip("+").isdigit() or ":" in raw else raw


def matching(field: str, raw: str) -> Q:
    """Whole addresses are looked up by index; a few digits are searched for."""
    address = plain_address(raw)
    if not address.isdigit():
        return Q(**{field: address})
    if len(address) < 10:
        return Q(**{f"{field}__contains": address})
    return Q(**{field: f"+{address}"}) | Q(**{field: address})  # pasted without its plus


def _day(label: str, **given: Any) -> django_filters.DateTimeFilter:
    """A whole UTC day, included."""
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateTimeFilter(label=label, widget=widget, input_formats=["%Y-%m-%d"], **given)


class LogFilter(filters.MessageFilter):
    search = django_filters.CharFilter(label="Number or SID", method="by_search")
    status = django_filters.ChoiceFilter(
        label="Status",
        method="by_status",
        empty_label="Any",
        choices=[
            *((key, words) for key, (words, _) in STATUS_GROUPS.items()),
            *((status.value, status.label) for status in Status if status not in _NEVER),
        ],
    )
    service = django_filters.ChoiceFilter(label="Service", method="by_service", empty_label="Any", choices=())
    direction = django_filters.ChoiceFilter(
        label="Direction", method="by_direction", empty_label="Both", choices=DIRECTIONS
    )
    to = django_filters.CharFilter(label="To", method="by_address")
    from_address = django_filters.CharFilter(label="From", method="by_address")
    error_code = django_filters.NumberFilter(label="Error code", min_value=0, max_value=99_999)
    decided_by = django_filters.ChoiceFilter(
        label="Decided by", empty_label="Any rule", choices=sorted(RULES.items(), key=lambda rule: rule[1])
    )
    created_from = _day("From day", field_name="date_created", lookup_expr="gte")
    created_until = _day("To day", field_name="date_created", method="until")

    def __init__(self, data: QueryDict, queryset: QuerySet[Message], *, account: Account) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["service"].extra["choices"] = [
            *services_of(account).values_list("sid", "friendly_name")[:MOST_SERVICES],
            ("none", "Without a Service"),
        ]

    @property
    def rare_in_use(self) -> bool:
        """Is one of the rarer filters in use? Then they are shown open."""
        return any(self.data.get(name) for name in _RARE)

    def by_address(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        return rows.filter(matching(name, value))

    def by_search(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        if plain_address(value).lstrip("+").isdigit():
            return rows.filter(matching("to", value) | matching("from_address", value))
        return super().by_search(rows, name, value)

    def by_status(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        group = STATUS_GROUPS.get(value)
        return rows.filter(status__in=group[1]) if group else rows.filter(status=value)

    def by_service(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        if value == "none":
            return rows.filter(messaging_service_sid__isnull=True)
        return rows.filter(messaging_service_sid=value)

    def by_direction(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        inbound = Q(direction=Message.Direction.INBOUND)
        return rows.filter(inbound if value == "inbound" else ~inbound)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use: what it says, and the query string of the same list without it."""

    label: str
    value: str
    without: str


def chips(found: LogFilter, query: QueryDict) -> list[Chip]:
    """The filters in use. A value that makes no sense is in use too: it can be removed."""
    in_use = []
    for name, field in found.form.fields.items():
        raw = query.get(name, "").strip()
        if not raw or field.label is None:
            continue
        words = dict(getattr(field, "choices", ())).get(raw, raw)
        rest = query.copy()
        for gone in (name, "older", "newer"):
            rest.pop(gone, None)
        in_use.append(Chip(str(field.label), str(words), rest.urlencode()))
    return in_use
