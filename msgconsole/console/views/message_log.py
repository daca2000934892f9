"""The message log: newest first, filtered, renewed while one looks, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from msgconsole.console.csv_export import MOST_ROWS, csv_response
from msgconsole.console.decisions import rule_words
from msgconsole.console.message_filter import LogFilter, chips
from msgconsole.console.paging import Page, paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.error_codes import message_for
from msgconsole.messaging import queries
from msgconsole.messaging.models import Message

PAGE_SIZE = 50
UNCHANGED = 204  # htmx leaves the page as it is


def _filtered(request: ConsoleRequest) -> LogFilter:
    return LogFilter(request.GET, queries.log_of(request.account), account=request.account)


def _context(request: ConsoleRequest) -> dict[str, Any]:
    found = _filtered(request)
    queryset: QuerySet[Message] = found.qs if found.form.is_valid() else found.queryset.none()
    page = paginate(queryset, request, size=PAGE_SIZE)
    query = request.GET.copy()
    for name in ("older", "newer", "seen"):
        query.pop(name, None)
    plain = query.copy()
    plain.pop("live", None)
    return {
        "filter": found,
        "page": page,
        "now": timezone.now(),
        "chips": chips(found, plain),
        "filter_query": query.urlencode(),
        "plain_query": plain.urlencode(),
        "newest": page.newer is None and not request.GET.get("older"),
        "live": request.GET.get("live") != "off",
        "mark": _mark(page),
    }


def _mark(page: Page) -> str:
    """Changes whenever something on the page does."""
    newest = max((row.date_updated for row in page), default=None)
    return f"{page.rows[0].pk}-{len(page)}-{newest.timestamp():.6f}" if newest else "empty"


@account_view()
def messages(request: ConsoleRequest) -> HttpResponse:
    return render(request, "console/messages.html", _context(request))


@account_view()
def messages_rows(request: ConsoleRequest) -> HttpResponse:
    """The newest page of the table alone; an empty answer while nothing has changed since ``seen``."""
    context = _context(request)
    if request.GET.get("seen") == context["mark"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "console/_message_rows.html", context)


@account_view()
def messages_export(request: ConsoleRequest) -> HttpResponseBase:
    """The filtered log as CSV, newest first, at most 10,000 lines, sent as it is read."""
    found = _filtered(request)
    rows = found.qs if found.form.is_valid() else found.queryset.none()
    return csv_response("messages", HEAD, _lines(rows.order_by("-pk")[:MOST_ROWS]))


HEAD = (
    "Message SID",
    "Created (UTC)",
    "Direction",
    "Status",
    "To",
    "From",
    "Service",
    "Service SID",
    "Decided by",
    "Segments",
    "Media",
    "Error code",
    "Error",
    "Message",
)


def _lines(rows: QuerySet[Message]) -> Iterator[tuple[object, ...]]:
    for row in rows.iterator(chunk_size=500):
        yield (
            row.sid,
            f"{row.date_created:%Y-%m-%d %H:%M:%S}",
            row.direction,
            row.status,
            row.to,
            row.from_address,
            row.service.friendly_name if row.service else "",
            row.messaging_service_sid,
            rule_words(row.decided_by) if row.decided_by else "",
            row.num_segments,
            row.num_media,
            row.error_code,
            message_for(row.error_code),
            row.body,
        )
