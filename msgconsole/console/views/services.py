"""The list of Services, making one, and the tabs of one that hold settings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from msgconsole.accounts import queries as accounts
from msgconsole.api.links import base_url
from msgconsole.console import figures, lint_links, recipes, snippets, summaries
from msgconsole.console.figures import Figures
from msgconsole.console.forms import ActionForm
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.service_forms import (
    ContentForm,
    CreateServiceForm,
    IntegrationForm,
    NameForm,
    TryTextForm,
)
from msgconsole.console.service_frame import render_tab, service_or_404
from msgconsole.console.views.home import health
from msgconsole.encoding import segments
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from senders import lint
from senders.models import PoolMember, StickyMapping
from senders.queries import members_of
from services import actions, queries
from services.compliance.queries import campaign_of
from services.models import MessagingService

PAGE = 25


@account_view()
def service_list(request: ConsoleRequest) -> HttpResponse:
    found = queries.services_of(request.account)
    search = request.GET.get("q", "").strip()
    if search:
        found = found.filter(friendly_name__icontains=search)
    page = paginate(found, request, size=PAGE)
    pools = summaries.of_pools(page.rows)
    _, by_service = figures.of_services(request.account)
    rows = [
        (
            service,
            pools[service.pk],
            by_service.get(service.pk) or Figures(),
            health(pools[service.pk], by_service.get(service.pk)),
        )
        for service in page.rows
    ]
    return render(request, "console/services.html", {"rows": rows, "page": page, "search": search})


@account_view(role="configurator")
def service_create(request: ConsoleRequest) -> HttpResponse:
    form = CreateServiceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        service = form.attempt(
            lambda: actions.create_service(account=request.account, actor=request.actor, **form.cleaned_data)
        )
        if service is not None:
            messages.success(request, f"{service} was created. Next: give it senders.")
            return redirect("console:service_senders", service.sid)
    return render(request, "console/service_create.html", {"form": form})


@account_view()
def service(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Overview: what the Service does right now, and its name."""
    service = service_or_404(request, sid)
    form = _settings_form(request, service, NameForm)
    if form.is_bound and form.is_valid():
        done = form.attempt(lambda: actions.update_service(service=service, actor=request.actor, **form.cleaned_data))
        if done is not None:
            messages.success(request, "Saved.")
            return redirect("console:service", sid)
    pool = summaries.of_pools([service])[service.pk]
    _, by_service = figures.of_services(request.account)
    numbers = by_service.get(service.pk)
    context = {
        "form": form,
        "pool": pool,
        "figures": numbers or Figures(),
        "health": health(pool, numbers),
        "lint": lint_links.with_remedies(service, lint.of_service(service)),
    }
    return render_tab(request, "console/service.html", service, "console:service", context, wrong=bool(form.errors))


@account_view()
def service_integration(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    form = IntegrationForm(
        request.POST if request.method == "POST" else None, initial=IntegrationForm.initial_for(service)
    )
    if form.is_bound and form.is_valid() and _update(request, service, form, form.settings):
        return redirect("console:service_integration", sid)
    context = {"form": form}
    return render_tab(
        request,
        "console/service_integration.html",
        service,
        "console:service_integration",
        context,
        wrong=bool(form.errors),
    )


@account_view()
def service_content(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    form = _settings_form(request, service, ContentForm)
    if form.is_bound and form.is_valid() and _update(request, service, form, lambda: form.cleaned_data):
        return redirect("console:service_content", sid)
    text = request.GET.get("text", "")[:1600]
    context = {
        "form": form,
        "try_form": TryTextForm(initial={"text": text}),
        "text": text,
        "tried": segments.encode(text, smart=service.smart_encoding) if text else None,
        "as_typed": segments.encode(text, smart=False) if text else None,
    }
    return render_tab(
        request, "console/service_content.html", service, "console:service_content", context, wrong=bool(form.errors)
    )


@account_view()
def service_history(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    page = paginate(accounts.audit_of(request.account, object_sid=service.sid), request, size=PAGE)
    return render_tab(
        request,
        "console/service_history.html",
        service,
        "console:service_history",
        {"page": page, "entries": page.rows},
    )


@account_view()
def service_code(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Snippets with this Service's SID and this install's address. They name the token's variable, never the token."""
    service = service_or_404(request, sid)
    base = base_url(request)
    context = {
        "snippets": snippets.for_service(base=base, account=request.account.sid, service=service.sid),
        "recipes": recipes.for_service(base=base, service=service.sid),
        "has_senders": members_of(service).exists(),
    }
    return render_tab(request, "console/service_code.html", service, "console:service_code", context)


@account_view(role="configurator")
def service_delete(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    if request.method == "POST":
        form = ActionForm(request.POST)
        form.is_valid()
        name = str(service)
        form.attempt(lambda: actions.delete_service(service=service, actor=request.actor))
        if not form.errors:
            messages.success(request, f"{name} was deleted.")
            return redirect("console:services")
    else:
        form = ActionForm()
    context = {"service": service, "form": form, "losses": losses(service)}
    return render(request, "console/service_delete.html", context)


def losses(service: MessagingService) -> dict[str, Any]:
    """What goes when the Service goes: named before anyone says yes."""
    members = PoolMember.objects.filter(service=service)
    alpha = members.filter(sender__kind="alpha").count()
    waiting = Message.objects.filter(service=service, status__in=[Status.ACCEPTED, Status.QUEUED, Status.SCHEDULED])
    return {
        "returning": members.count() - alpha,
        "alpha": alpha,
        "mappings": StickyMapping.objects.filter(service=service).count(),
        "opt_outs": service.consents.filter(status="opted_out").count(),
        "waiting": waiting.count(),
        "campaign": campaign_of(service),
    }


def _settings_form(request: ConsoleRequest, service: MessagingService, form_class: type[ActionForm]) -> ActionForm:
    initial = {name: getattr(service, name) for name in form_class.base_fields}
    return form_class(request.POST if request.method == "POST" else None, initial=initial)


def _update(
    request: ConsoleRequest, service: MessagingService, form: ActionForm, values: Callable[[], dict[str, Any]]
) -> bool:
    """Save settings through the action; True when it took them."""
    done = form.attempt(lambda: actions.update_service(service=service, actor=request.actor, **values()))
    if done is not None:
        messages.success(request, "Saved.")
    return done is not None
