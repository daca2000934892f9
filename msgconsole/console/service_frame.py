"""What all pages of one Service share: finding it by SID, its heading and its tabs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from msgconsole.console.links import page_url
from msgconsole.console.permissions import ConsoleRequest
from services.models import MessagingService

TABS: tuple[tuple[str, str], ...] = (
    ("console:service", "Overview"),
    ("console:service_senders", "Senders"),
    ("console:service_integration", "Integration"),
    ("console:service_opt_out", "Opt-out"),
    ("console:service_content", "Content"),
    ("console:service_compliance", "Compliance"),
    ("console:service_sticky", "Sticky map"),
    ("console:service_coverage", "Coverage"),
    ("console:service_cases", "Cases"),
    ("console:service_history", "History"),
    ("console:service_code", "Code"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    wrong: bool = False
    count: int | None = None


def service_or_404(request: ConsoleRequest, sid: str) -> MessagingService:
    """The Service of the current account; somebody else's does not exist."""
    return get_object_or_404(MessagingService, account=request.account, sid=sid)


def tabs(service: MessagingService, current: str, *, wrong: bool = False) -> list[Tab]:
    """One tab per page of the Service that this install has; ``wrong`` marks the current one as holding an error."""
    return [
        Tab(label, url, name == current, wrong and name == current)
        for name, label in TABS
        if (url := page_url(name, service.sid))
    ]


def render_tab(
    request: ConsoleRequest,
    template: str,
    service: MessagingService,
    name: str,
    context: Mapping[str, Any] | None = None,
    *,
    wrong: bool = False,
) -> HttpResponse:
    """A page of a Service inside its heading and tabs. ``name`` is its URL name; ``wrong`` marks its tab."""
    everything = {"service": service, "tabs": tabs(service, name, wrong=wrong), "tabs_label": "Service"}
    return render(request, template, everything | dict(context or {}))
