"""The Senders tab of a Service: its pool, adding by kind, removing and moving with what is lost."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render

from msgconsole.console import lint_links, summaries
from msgconsole.console.forms import ActionForm
from msgconsole.console.links import page_url
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.pool_rows import GROUP_LABELS, GROUPS, candidates, loss, members
from msgconsole.console.sender_forms import AlphaSenderForm, ChannelSenderForm, DemoNumberForm, ShortCodeForm
from msgconsole.console.service_forms import SelectionForm
from msgconsole.console.service_frame import Tab, render_tab, service_or_404
from msgconsole.console.templatetags.console import counted
from senders import actions as senders
from senders import lint
from senders.models import PoolMember, Sender
from services import actions as services
from services.models import MessagingService

T = TypeVar("T")

PAGE = 50
OFFERED = 50
NEW_FORMS: dict[str, type[ActionForm]] = {
    "numbers": DemoNumberForm,
    "short_codes": ShortCodeForm,
    "channels": ChannelSenderForm,
    "alpha": AlphaSenderForm,
}


@account_view()
def service_senders(request: ConsoleRequest, sid: str) -> HttpResponse:
    """The pool, and the two switches that steer the choice. Posting saves the switches."""
    service = service_or_404(request, sid)
    initial = {"sticky_sender": service.sticky_sender, "area_code_geomatch": service.area_code_geomatch}
    form = SelectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        done = form.attempt(lambda: services.update_service(service=service, actor=request.actor, **form.cleaned_data))
        if done is not None:
            messages.success(request, "Saved. The next message is decided with it.")
            return redirect("console:service_senders", sid)
    group, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:80]
    pool = summaries.of_pools([service])[service.pk]
    mapped = PoolMember.objects.filter(service=service).aggregate(all=Sum("mapping_count"))["all"] or 0
    page = paginate(members(service, group=group, text=text), request, size=PAGE, ascending=True)
    context = {
        "pool": pool,
        "page": page,
        "form": form,
        "mapped": mapped,
        "lint": lint_links.with_remedies(service, lint.of_service(service)),
        "chips": _chips(service, pool, group),
        "kind": group,
        "text": text,
    }
    return render_tab(
        request, "console/service_senders.html", service, "console:service_senders", context, wrong=bool(form.errors)
    )


def _chips(service: MessagingService, pool: summaries.PoolSummary, group: str) -> list[Tab]:
    url = page_url("console:service_senders", service.sid)
    chips = [Tab("All", url, not group, count=pool.total)]
    for name, label in GROUP_LABELS.items():
        count = sum(pool.by_kind.get(kind, 0) for kind in GROUPS[name])
        if count or name == group:
            chips.append(Tab(label, f"{url}?kind={name}", name == group, count=count))
    return chips


@account_view(role="configurator")
def service_sender_add(request: ConsoleRequest, sid: str, kind: str) -> HttpResponse:
    """Add senders of one kind: pick some of the account's own, or make a new one straight into the pool."""
    service = service_or_404(request, sid)
    text = request.GET.get("q", "").strip()[:80]
    picking = request.method == "POST" and request.POST.get("do") == "pick"
    making = request.method == "POST" and not picking
    form = NEW_FORMS[kind](request.POST if making else None)
    picked = ActionForm(request.POST if picking else None)
    if picking and picked.is_valid():
        chosen = list(candidates(request.account, service, kind).filter(sid__in=request.POST.getlist("sender")))
        if not chosen:
            picked.add_error(None, "Mark at least one sender.")
        elif _together(picked, lambda: _join(request, service, chosen)):
            messages.success(request, f"{counted(len(chosen), 'sender')} joined the pool.")
            return redirect("console:service_senders", sid)
    if making and form.is_valid():
        made = _together(form, lambda: _make(request, service, kind, form))
        if made:
            messages.success(request, f"{made} joined the pool.")
            return redirect("console:service_senders", sid)
    offered = [] if kind == "alpha" else list(candidates(request.account, service, kind, text)[: OFFERED + 1])
    context = {
        "service": service,
        "kind": kind,
        "kind_label": GROUP_LABELS[kind],
        "tabs": [
            Tab(label, page_url("console:service_sender_add", sid, name), name == kind)
            for name, label in GROUP_LABELS.items()
        ],
        "form": form,
        "picked": picked,
        "offered": offered[:OFFERED],
        "more": len(offered) > OFFERED,
        "text": text,
        "chosen": request.POST.getlist("sender"),
    }
    return render(request, "console/service_sender_add.html", context)


def _join(request: ConsoleRequest, service: MessagingService, chosen: Sequence[Sender]) -> bool:
    for sender in sorted(chosen, key=lambda one: one.pk):
        if hasattr(sender, "membership"):
            senders.move_to_service(sender=sender, service=service, actor=request.actor)
        else:
            senders.add_to_service(service=service, sender=sender, actor=request.actor)
    return True


def _make(request: ConsoleRequest, service: MessagingService, kind: str, form: ActionForm) -> Sender:
    """Make a sender and put it into the pool; both or neither."""
    account, actor = request.account, request.actor
    if isinstance(form, AlphaSenderForm):
        return senders.add_alpha_sender(service=service, actor=actor, **form.settings()).sender
    if isinstance(form, ChannelSenderForm):
        sender = senders.add_channel_sender(account=account, actor=actor, **form.settings())
    elif kind == "short_codes":
        sender = senders.add_short_code(account=account, actor=actor, **form.cleaned_data)
    else:
        values = {**form.cleaned_data, "area_code": form.cleaned_data["area_code"] or None}
        sender = senders.acquire_demo_number(account=account, actor=actor, **values)
    senders.add_to_service(service=service, sender=sender, actor=actor)
    return sender


def _together(form: ActionForm, work: Callable[[], T]) -> T | None:
    """Several actions as one: when one refuses, none of them happened, and the form says why."""

    def all_or_nothing() -> T:
        with transaction.atomic():
            return work()

    return form.attempt(all_or_nothing)


@account_view(role="configurator")
def service_sender_remove(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Take the marked senders out of the pool, after saying what is lost."""
    service = service_or_404(request, sid)
    marked = _marked(request, service)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and marked:

        def remove() -> bool:
            for member in marked:
                senders.remove_from_service(service=service, sender=member.sender, actor=request.actor)
            return True

        if _together(form, remove):
            messages.success(request, f"{counted(len(marked), 'sender')} removed from the pool.")
            return redirect("console:service_senders", sid)
    context = {"service": service, "marked": marked, "loss": loss(marked), "form": form}
    return render(request, "console/service_sender_remove.html", context)


@account_view(role="configurator")
def service_sender_move(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Move the marked senders to another Service. Alpha senders belong to their Service and stay."""
    service = service_or_404(request, sid)
    marked = [member for member in _marked(request, service) if member.sender.kind != Sender.Kind.ALPHA]
    others = MessagingService.objects.filter(account=request.account).exclude(pk=service.pk)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and marked:
        target = others.filter(sid=request.POST.get("target", "")).first()
        if target is None:
            form.add_error(None, "Choose the Service to move to.")
        elif _together(form, lambda: _join(request, target, [member.sender for member in marked])):
            messages.success(request, f"{counted(len(marked), 'sender')} moved to {target}.")
            return redirect("console:service_senders", target.sid)
    context = {"service": service, "marked": marked, "loss": loss(marked), "form": form, "others": list(others[:200])}
    return render(request, "console/service_sender_move.html", context)


def _marked(request: ConsoleRequest, service: MessagingService) -> list[PoolMember]:
    sids = (request.POST if request.method == "POST" else request.GET).getlist("sender")
    return list(members(service).filter(sender__sid__in=sids).order_by("id"))
