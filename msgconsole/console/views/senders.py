"""The account's inventory of senders: list by kind, one sender's page, making and releasing senders."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from msgconsole.accounts import queries as accounts
from msgconsole.console.forms import ActionForm
from msgconsole.console.links import page_url
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.pool_rows import GROUP_LABELS, GROUPS, loss, matching
from msgconsole.console.registration_links import next_step
from msgconsole.console.sender_forms import (
    ChannelSenderForm,
    DemoNumberForm,
    NumberForm,
    SenderForm,
    ShortCodeForm,
)
from msgconsole.console.service_frame import Tab
from msgconsole.console.templatetags.console import country_name
from msgconsole.messaging.models import Message
from senders import actions
from senders.models import PoolMember, Sender

PAGE = 50
LATEST = 10


@account_view()
def senders(request: ConsoleRequest) -> HttpResponse:
    mine = Sender.objects.filter(account=request.account)
    found, filters = _filtered(request)
    by_kind = dict(mine.order_by().values_list("kind").annotate(number=Count("pk")))
    page = paginate(found.select_related("membership__service"), request, size=PAGE)
    countries = mine.exclude(country="").order_by("country").values_list("country", flat=True).distinct()
    context = {
        "page": page,
        "total": sum(by_kind.values()),
        "chips": _chips(request.GET, by_kind),
        "countries": sorted(((iso, country_name(iso) or iso) for iso in countries), key=lambda pair: pair[1]),
        "standings": Sender.Registration.choices,
        "filters": filters,
    }
    return render(request, "console/senders.html", context)


def _filtered(request: ConsoleRequest) -> tuple[QuerySet[Sender], dict[str, str]]:
    """The account's senders narrowed by the address's filters, and those filters as they were understood."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("kind", "country", "use", "registration", "q")}
    found = Sender.objects.filter(account=request.account)
    if asked["kind"] in GROUPS:
        found = found.filter(kind__in=GROUPS[asked["kind"]])
    if asked["country"]:
        found = found.filter(country=asked["country"])
    if asked["registration"]:
        found = found.filter(registration=asked["registration"])
    if asked["use"] in {"free", "used"}:
        found = found.filter(membership__isnull=asked["use"] == "free")
    if asked["q"]:
        found = found.filter(matching(asked["q"]))
    return found, asked


def _chips(query: QueryDict, by_kind: dict[str, int]) -> list[Tab]:
    chips = [Tab("All", _with(query, kind=None), not query.get("kind"), count=sum(by_kind.values()))]
    for name, label in GROUP_LABELS.items():
        count = sum(by_kind.get(kind, 0) for kind in GROUPS[name])
        chips.append(Tab(label, _with(query, kind=name), query.get("kind") == name, count=count))
    return chips


def _with(query: QueryDict, **changes: str | None) -> str:
    """The address of this list with some filters changed, back at its newest rows."""
    changed = query.copy()
    for name in ("older", "newer", *changes):
        changed.pop(name, None)
    for name, value in changes.items():
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"


@dataclass(frozen=True, slots=True)
class Making:
    """One way to get a sender: its form, its words, and the action that makes it."""

    title: str
    verb: str
    text: str
    form: type[ActionForm]
    make: Callable[[ConsoleRequest, ActionForm], Sender]


def _demo_number(request: ConsoleRequest, form: ActionForm) -> Sender:
    values = {**form.cleaned_data, "area_code": form.cleaned_data["area_code"] or None}
    return actions.acquire_demo_number(account=request.account, actor=request.actor, **values)


def _number(request: ConsoleRequest, form: ActionForm) -> Sender:
    return actions.acquire_number(account=request.account, actor=request.actor, **form.cleaned_data)


def _short_code(request: ConsoleRequest, form: ActionForm) -> Sender:
    return actions.add_short_code(account=request.account, actor=request.actor, **form.cleaned_data)


def _channel_sender(request: ConsoleRequest, form: ActionForm) -> Sender:
    assert isinstance(form, ChannelSenderForm)  # noqa: S101 - for the type checker: MAKINGS pairs them
    return actions.add_channel_sender(account=request.account, actor=request.actor, **form.settings())


MAKINGS: dict[str, Making] = {
    "demo": Making(
        "Add a demo number",
        "Add a demo number",
        "It looks real and reaches nobody: the simulated carrier answers for it.",
        DemoNumberForm,
        _demo_number,
    ),
    "number": Making(
        "Add a number you name",
        "Add the number",
        "For when a test needs a certain number. Messages to and from it are simulated.",
        NumberForm,
        _number,
    ),
    "short_code": Making(
        "Add a short code",
        "Add the short code",
        "Five or six digits that reach one country.",
        ShortCodeForm,
        _short_code,
    ),
    "channel": Making(
        "Add a channel sender",
        "Add the channel sender",
        "A WhatsApp number, an RCS agent or a Messenger page.",
        ChannelSenderForm,
        _channel_sender,
    ),
}


@account_view(role="configurator")
def sender_add(request: ConsoleRequest, what: str) -> HttpResponse:
    making = MAKINGS[what]
    form = making.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        sender = form.attempt(lambda: making.make(request, form))
        if sender is not None:
            messages.success(request, f"{sender} is yours. Put it into a Service's pool to use it.")
            return redirect("console:sender", sender.sid)
    tabs = [Tab(one.title, page_url("console:sender_add", name), name == what) for name, one in MAKINGS.items()]
    context = {"making": making, "form": form, "what": what, "tabs": tabs}
    return render(request, "console/sender_add.html", context)


@account_view()
def sender(request: ConsoleRequest, sid: str) -> HttpResponse:
    """One sender: where it is used, its standing and webhooks, its latest messages and changes."""
    sender = _sender_or_404(request, sid)
    form = SenderForm(request.POST if request.method == "POST" else None, sender=sender)
    if form.is_bound and form.is_valid():
        done = form.attempt(lambda: actions.update_sender(sender=sender, actor=request.actor, **form.cleaned_data))
        if done is not None:
            messages.success(request, "Saved.")
            return redirect("console:sender", sid)
    sent = Message.objects.filter(account=request.account, from_address=sender.address)
    member = getattr(sender, "membership", None)
    context = {
        "sender": sender,
        "member": member,
        "remedy": next_step(sender.registration, member.service.sid if member else "", sender.sid),
        "form": form,
        "latest": list(sent.select_related("sender", "service").order_by("-id")[:LATEST]),
        "history": list(accounts.audit_of(request.account, object_sid=sid)[:LATEST]),
        "now": timezone.now(),
    }
    return render(request, "console/sender.html", context)


@account_view(role="configurator")
def sender_release(request: ConsoleRequest, sid: str) -> HttpResponse:
    sender = _sender_or_404(request, sid)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        # An action that returns nothing is told from a refusal by the form's errors.
        form.attempt(lambda: actions.release_sender(sender=sender, actor=request.actor))
        if not form.errors:
            messages.success(request, f"{sender} was released.")
            return redirect("console:senders")
    member: PoolMember | None = getattr(sender, "membership", None)
    context = {"sender": sender, "member": member, "loss": loss([member] if member else []), "form": form}
    return render(request, "console/sender_release.html", context)


def _sender_or_404(request: ConsoleRequest, sid: str) -> Sender:
    return get_object_or_404(Sender.objects.select_related("membership__service"), account=request.account, sid=sid)
