"""The audit log: who changed what, when, from where, and what it was before."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from msgconsole.accounts import queries
from msgconsole.accounts.models import AuditEntry
from msgconsole.console import audit_filter
from msgconsole.console.audit_filter import AuditFilter, Change
from msgconsole.console.csv_export import MOST_ROWS, csv_response
from msgconsole.console.message_filter import chips
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view

HEAD = ("Time (UTC)", "Who", "Kind", "From", "Action", "Type", "Object", "SID", "Field", "Before", "After")


@account_view()
def listing(request: ConsoleRequest) -> HttpResponse:
    found = _filtered(request)
    page = paginate(_rows(found), request)
    query = request.GET.copy()
    for name in ("older", "newer"):
        query.pop(name, None)
    context = {
        "filter": found,
        "page": page,
        "entries": [(entry, audit_filter.action_words(entry.action), audit_filter.object_url(entry)) for entry in page],
        "chips": chips(found, query),
        "query": query.urlencode(),
        "install": _of_install(request),
        "people": [member.user.get_username() for member in queries.members_of(request.account)],
    }
    return render(request, "console/audit.html", context)


@account_view()
def export(request: ConsoleRequest) -> HttpResponseBase:
    """The filtered log as CSV, newest first: one line for each field that changed, of at most 10,000 entries."""
    return csv_response("audit", HEAD, _lines(_rows(_filtered(request)).order_by("-pk")[:MOST_ROWS]))


def _of_install(request: ConsoleRequest) -> bool:
    """Superusers can also see what belongs to no account: users, the phone book."""
    return request.user.is_superuser and request.GET.get("of") == "install"


def _filtered(request: ConsoleRequest) -> AuditFilter:
    if _of_install(request):
        return AuditFilter(request.GET, AuditEntry.objects.filter(account=None))
    return AuditFilter(request.GET, queries.audit_of(request.account))


def _rows(found: AuditFilter) -> QuerySet[AuditEntry]:
    rows: QuerySet[AuditEntry] = found.qs if found.form.is_valid() else found.queryset.none()
    return rows


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[tuple[object, ...]]:
    for entry in entries.iterator(chunk_size=500):
        fixed = (
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            entry.actor_label,
            entry.actor_kind,
            entry.source,
            entry.action,
            entry.object_type,
            entry.object_label,
            entry.object_sid,
        )
        for change in audit_filter.changes_of(entry) or [Change("", "", "")]:
            yield (*fixed, change.field, change.before, change.after)
