"""The Sticky map tab: which sender each recipient knows, whether that still holds, and forgetting one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.service_frame import render_tab, service_or_404
from msgconsole.console.templatetags.console import readable
from msgconsole.numbering.e164 import NumberingError, parse_destination
from senders import actions, queries
from senders.models import StickyMapping

PAGE = 50
NAME = "console:service_sticky"


@account_view()
def sticky_map(request: ConsoleRequest, sid: str) -> HttpResponse:
    """The newest mappings, or those of one recipient. A constant number of queries whatever the size of the map."""
    service = service_or_404(request, sid)
    text = request.GET.get("q", "").strip()[:80]
    rows = queries.mappings_of(service)
    if text:
        rows = rows.filter(recipient=_address(text))
    page = paginate(rows, request, size=PAGE)
    context = {"page": page, "rows": queries.effective(service, page.rows), "text": text}
    return render_tab(request, "console/service_sticky.html", service, NAME, context)


@account_view(role="configurator")
def sticky_reset(request: ConsoleRequest, sid: str, mapping: int) -> HttpResponse:
    """Forget which sender a recipient knows: the next message chooses afresh."""
    service = service_or_404(request, sid)
    found = get_object_or_404(StickyMapping, service=service, pk=mapping)
    if request.method == "POST":
        actions.reset_mapping(service=service, channel=found.channel, recipient=found.recipient, actor=request.actor)
        messages.success(
            request, f"{readable(found.recipient)} knows no sender any more: the next message chooses afresh."
        )
        return redirect("console:service_sticky", sid)
    (row,) = queries.effective(service, [found])
    return render(request, "console/service_sticky_reset.html", {"service": service, "row": row})


def _address(text: str) -> str:
    """A recipient as the map holds it: without its channel. What is no address finds nothing."""
    try:
        return parse_destination(text).address
    except NumberingError:
        return text
