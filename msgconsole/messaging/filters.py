"""One way to narrow a list of messages, for the API's list and the console's log alike."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Media, Message
from msgconsole.sids import is_sid

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class MessageFilter(django_filters.FilterSet):
    """``sent_on`` is a UTC day, ``sent_from`` and ``sent_until`` include what they name; ``created_…`` likewise.

    ``search`` takes a number, a part of one, or a SID. An address may come with its plus lost to URL decoding.
    """

    to = django_filters.CharFilter(method="by_address", strip=False)
    from_address = django_filters.CharFilter(method="by_address", strip=False)
    status = django_filters.ChoiceFilter(choices=[(status.value, status.label) for status in Status])
    direction = django_filters.ChoiceFilter(choices=Message.Direction.choices)
    error_code = django_filters.NumberFilter()
    service = django_filters.CharFilter(field_name="messaging_service_sid")
    decided_by = django_filters.CharFilter()
    sent_on = django_filters.DateTimeFilter(field_name="date_sent", method="on_day")
    sent_from = django_filters.DateTimeFilter(field_name="date_sent", lookup_expr="gte")
    sent_until = django_filters.DateTimeFilter(field_name="date_sent", method="until")
    created_from = django_filters.DateTimeFilter(field_name="date_created", lookup_expr="gte")
    created_until = django_filters.DateTimeFilter(field_name="date_created", method="until")
    search = django_filters.CharFilter(method="by_search")

    class Meta:
        model = Message
        fields: list[str] = []

    def by_address(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        return rows.filter(**{name: _address(value)})

    def on_day(self, rows: QuerySet[Message], name: str, value: datetime) -> QuerySet[Message]:
        """The whole day, whatever the time of it: clients turn a date into midnight."""
        return rows.filter(_on_day(name, value))

    def until(self, rows: QuerySet[Message], name: str, value: datetime) -> QuerySet[Message]:
        """Up to and including: midnight stands for its day, any other time for its second."""
        return rows.filter(_until(name, value))

    def by_search(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        text = value.strip()
        if is_sid(text):
            return rows.filter(Q(sid=text) | Q(messaging_service_sid=text) | Q(sender__sid=text))
        digits = _address(text)
        return rows.filter(Q(to__contains=digits) | Q(from_address__contains=digits))


def by_created(
    rows: QuerySet[Media], *, on: datetime | None, since: datetime | None, until: datetime | None
) -> QuerySet[Media]:
    """Media narrowed by when they were created, read as the filters of messages are."""
    if on is not None:
        rows = rows.filter(_on_day("date_created", on))
    if since is not None:
        rows = rows.filter(date_created__gte=since)
    if until is not None:
        rows = rows.filter(_until("date_created", until))
    return rows


def _on_day(name: str, value: datetime) -> Q:
    day = datetime.combine(value.astimezone(UTC).date(), time.min, tzinfo=UTC)
    return Q(**{f"{name}__gte": day, f"{name}__lt": _later(day, DAY)})


def _until(name: str, value: datetime) -> Q:
    whole_day = value.astimezone(UTC).time() == time.min
    return Q(**{f"{name}__lt": _later(value, DAY if whole_day else SECOND)})


def _later(moment: datetime, by: timedelta) -> datetime:
    """Without falling off the end of the calendar, which a caller may name."""
    return moment + by if moment.year < 9999 else moment


def _address(value: str) -> str:
    """``To=+1415…`` that was not percent-encoded arrives with a space for its plus."""
    return "+" + value[1:] if value.startswith(" ") else value


def api_filter(rows: QuerySet[Message], **given: Any) -> QuerySet[Message]:
    """The rows narrowed by what was given, already typed; None means not given."""
    narrowed = MessageFilter({name: value for name, value in given.items() if value is not None}, queryset=rows)
    return narrowed.qs
