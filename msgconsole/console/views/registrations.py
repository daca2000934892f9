"""Registrations: brands, campaigns and toll-free verifications, what their state does to sending, and their review."""

from collections.abc import Callable
from typing import Any, TypeGuard

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from msgconsole.accounts import queries as accounts
from msgconsole.console import registration_facts, registration_words
from msgconsole.console.forms import ActionForm
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.registration_forms import BrandForm, CampaignForm, QuestionForm
from msgconsole.console.registration_steps import Registration, steps_for, take
from msgconsole.console.registration_words import State
from msgconsole.console.service_frame import Tab, render_tab, service_or_404
from msgconsole.console.templatetags.console import readable
from msgconsole.console.tollfree_form import TollfreeForm
from msgconsole.error_codes import Refused
from senders import queries as senders
from senders.models import Sender
from services.compliance import actions
from services.compliance import queries as compliance
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification
from services.queries import services_of

PAGE = 25
HISTORY = 20
MOST_CHOICES = 200
FAILED_BRANDS = (BrandRegistration.Status.FAILED, BrandRegistration.Status.SUSPENDED)


@account_view()
def registrations(request: ConsoleRequest) -> HttpResponse:
    """Campaigns: what most people come for. Brands and toll-free numbers are a tab away."""
    page = paginate(compliance.campaigns_of(request.account), request, size=PAGE)
    standings = registration_words.standings_of(row.service_id for row in page)
    rows = [(row, registration_words.campaign_state(row, standings[row.service_id])) for row in page]
    return _list(request, "registrations", {"page": page, "rows": rows})


@account_view()
def brands(request: ConsoleRequest) -> HttpResponse:
    found: QuerySet[Any] = compliance.brands_of(request.account).annotate(held=Count("campaigns"))
    page = paginate(found, request, size=PAGE)
    rows = [(row, registration_words.brand_state(row, row.held)) for row in page]
    return _list(request, "registrations_brands", {"page": page, "rows": rows})


@account_view()
def toll_free(request: ConsoleRequest) -> HttpResponse:
    page = paginate(compliance.verifications_of(request.account), request, size=PAGE)
    rows = [(row, registration_words.verification_state(row)) for row in page]
    return _list(request, "registrations_toll_free", {"page": page, "rows": rows})


def _list(request: ConsoleRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    tabs = [
        Tab(label, registration_facts.url(f"console:{one}"), one == name)
        for one, label in (
            ("registrations", "Campaigns"),
            ("registrations_brands", "Brands"),
            ("registrations_toll_free", "Toll-free numbers"),
        )
    ]
    return render(request, f"console/{name}.html", {"tabs": tabs, "tabs_label": "Registrations", **context})


# One registration


@account_view()
def registration(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Its state, what that means, who said what, and what can be done now."""
    row = _found(request, sid)
    steps = steps_for(row)
    context: dict[str, Any] = {
        "row": row,
        "name": registration_facts.name_of(row),
        "kind": registration_facts.KINDS[type(row)],
        "state": _state(row),
        "reasons": registration_facts.reasons(row),
        "facts": registration_facts.facts(row),
        "campaigns": compliance.campaigns_of(request.account).filter(brand=row)
        if isinstance(row, BrandRegistration)
        else None,
        "vettings": compliance.vettings_of(row)[:HISTORY] if isinstance(row, BrandRegistration) else None,
        "reviewer_steps": [step for step in steps if step.reviewer],
        "own_steps": [step for step in steps if not step.reviewer],
        "editable": _editable(row),
        "deletable": not isinstance(row, BrandRegistration),
        "history": list(accounts.audit_of(request.account, object_sid=sid).order_by("-pk")[:HISTORY]),
    }
    return render(request, "console/registration.html", context)


@account_view()
def registration_poll(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Asked while a page shows a registration under review: nothing new, or time to load the page again."""
    answer = HttpResponse(status=204)
    if _found(request, sid).status != request.GET.get("status"):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@account_view()
def registration_step(request: ConsoleRequest, sid: str, step: str) -> HttpResponse:
    """Take one of the steps that the page offers; one that its state no longer allows changes nothing."""
    row = _found(request, sid)
    chosen = next((one for one in steps_for(row) if one.name == step), None)
    if chosen is None:
        messages.error(request, f"Nothing was changed: it is {row.get_status_display().lower()} by now.")
        return redirect("console:registration", sid)
    try:
        take(chosen, row, request.actor, request.POST.get("code", ""))
    except Refused as refusal:
        messages.error(request, f"Nothing was changed. {refusal.message} ({refusal.code})")
    else:
        messages.success(request, chosen.done)
    return redirect("console:registration", sid)


@account_view(role="configurator")
def registration_edit(request: ConsoleRequest, sid: str) -> HttpResponse:
    row = _found(request, sid)
    if not _editable(row):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form: CampaignForm | TollfreeForm
    if isinstance(row, Campaign):
        form = CampaignForm(posted, campaign=row)
    else:
        form = TollfreeForm(posted, verification=row)
    if form.is_bound and form.is_valid():
        done = form.attempt(lambda: _edited(row, request, form.values()))
        if done is not None:
            messages.success(request, "Saved, and sent to review again.")
            return redirect("console:registration", sid)
    context = {"title": f"Edit {registration_facts.name_of(row)}", "verb": "Save and send to review", "back": sid}
    return _question_page(request, form, context)


def _edited(row: Campaign | TollfreeVerification, request: ConsoleRequest, values: dict[str, Any]) -> Registration:
    if isinstance(row, Campaign):
        return actions.update_campaign(campaign=row, actor=request.actor, **values)
    return actions.update_verification(verification=row, actor=request.actor, **values)


@account_view(role="configurator")
def registration_delete(request: ConsoleRequest, sid: str) -> HttpResponse:
    row = _found(request, sid)
    if isinstance(row, BrandRegistration):
        raise Http404
    form = ActionForm(request.POST if request.method == "POST" else None)
    name = registration_facts.name_of(row)
    if form.is_bound and form.is_valid():
        form.attempt(lambda: _deleted(row, request))
        if not form.errors:
            messages.success(request, f"{name} was deleted.")
            page = "registrations" if isinstance(row, Campaign) else "registrations_toll_free"
            return redirect(f"console:{page}")
    context = {"row": row, "name": name, "form": form, "loss": registration_facts.loss(row)}
    return render(request, "console/registration_delete.html", context, status=422 if form.errors else 200)


def _deleted(row: Campaign | TollfreeVerification, request: ConsoleRequest) -> None:
    if isinstance(row, Campaign):
        actions.delete_campaign(campaign=row, actor=request.actor)
    else:
        actions.delete_verification(verification=row, actor=request.actor)


def _found(request: ConsoleRequest, sid: str) -> Registration:
    """The account's registration of that SID, whatever it is; somebody else's does not exist."""
    lists: dict[str, Callable[[Any], QuerySet[Any]]] = {
        "BN": compliance.brands_of,
        "QE": compliance.campaigns_of,
        "HH": compliance.verifications_of,
    }
    rows = lists.get(sid[:2])
    row: Registration | None = rows(request.account).filter(sid=sid).first() if rows else None
    if row is None:
        raise Http404
    return row


def _state(row: Registration) -> State:
    if isinstance(row, BrandRegistration):
        return registration_words.brand_state(row, row.campaigns.count())
    if isinstance(row, Campaign):
        standings = registration_words.standings_of([row.service_id])
        return registration_words.campaign_state(row, standings[row.service_id])
    return registration_words.verification_state(row)


def _editable(row: Registration) -> TypeGuard[Campaign | TollfreeVerification]:
    if isinstance(row, Campaign):
        return row.status != Campaign.Status.SUSPENDED and not row.is_externally_registered
    return isinstance(row, TollfreeVerification)


# Registering


@account_view(role="configurator")
def brand_new(request: ConsoleRequest) -> HttpResponse:
    form = BrandForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = form.attempt(lambda: actions.create_brand(account=request.account, actor=request.actor, **form.values()))
        if made is not None:
            service = request.GET.get("service", "")
            if service:  # somebody on the way to a campaign: it may be submitted while its brand is under review
                messages.success(request, "The brand was submitted. Now its campaign.")
                query = urlencode({"service": service, "brand": made.sid})
                return redirect(f"{registration_facts.url('console:registration_campaign')}?{query}")
            return _registered(request, made, "The brand was submitted.")
    return _question_page(request, form, {"title": "Register a brand", "verb": "Submit the brand"})


@account_view(role="configurator")
def campaign_new(request: ConsoleRequest) -> HttpResponse:
    asked = request.GET.get("service", "")
    known = compliance.campaigns_of(request.account).filter(service__sid=asked).first() if asked else None
    if known is not None:  # a Service has one campaign: what to do next stands on its page
        messages.info(request, f"{known.service.friendly_name} has a campaign already: this one.")
        return redirect("console:registration", known.sid)
    free = list(services_of(request.account).filter(campaign=None)[:MOST_CHOICES])
    usable = list(compliance.brands_of(request.account).exclude(status__in=FAILED_BRANDS)[:MOST_CHOICES])
    initial = {"service": asked, "brand_registration_sid": request.GET.get("brand", "")}
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(posted, services=free, brands=usable, initial=initial)
    if form.is_bound and form.is_valid():
        service = next(one for one in free if one.sid == form.cleaned_data["service"])
        made = form.attempt(lambda: actions.create_campaign(service=service, actor=request.actor, **form.values()))
        if made is not None:
            return _registered(request, made, "The campaign was submitted.")
    missing = "" if usable else "brand"
    if usable and not free:
        missing = "service"
    context = {"title": "Register a campaign", "verb": "Submit the campaign", "missing": missing}
    context["brand_url"] = registration_facts.url("console:registration_brand")
    if asked:  # carried along, so that whoever comes back from the brand finds the Service chosen
        context["brand_url"] += f"?{urlencode({'service': asked})}"
    return _question_page(request, form, context)


@account_view(role="configurator")
def toll_free_new(request: ConsoleRequest) -> HttpResponse:
    free = _unverified(request)
    form = TollfreeForm(
        request.POST if request.method == "POST" else None,
        numbers=[(sender.sid, readable(sender.address)) for sender in free],
        initial={"number": request.GET.get("number", "")},
    )
    if form.is_bound and form.is_valid():
        made = form.attempt(
            lambda: actions.create_verification(
                account=request.account,
                actor=request.actor,
                tollfree_phone_number_sid=form.cleaned_data["number"],
                **form.values(),
            )
        )
        if made is not None:
            return _registered(request, made, "The number was submitted.")
    context = {
        "title": "Verify a toll-free number",
        "verb": "Submit the number",
        "missing": "" if free else "number",
    }
    return _question_page(request, form, context)


def _unverified(request: ConsoleRequest) -> list[Sender]:
    """Toll-free numbers without a verification that waits or holds."""
    held = compliance.verifications_of(request.account).exclude(status=TollfreeVerification.Status.TWILIO_REJECTED)
    taken = list(held.values_list("tollfree_phone_number_sid", flat=True))
    return list(senders.senders_of(request.account, ["toll_free"]).exclude(sid__in=taken)[:MOST_CHOICES])


def _registered(request: ConsoleRequest, row: Registration, words: str) -> HttpResponse:
    messages.success(request, f"{words} The reviewer will look at it.")
    return redirect("console:registration", row.sid)


def _question_page(request: ConsoleRequest, form: QuestionForm, context: dict[str, Any]) -> HttpResponse:
    everything = {"form": form, **context}
    return render(request, "console/registration_form.html", everything, status=422 if form.errors else 200)


# The tab of a Service


@account_view()
def service_compliance(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    campaign = compliance.campaign_of(service)
    standings = registration_words.standings_of([service.pk])[service.pk]
    labels = dict(Sender.Registration.choices)
    context = {
        "campaign": campaign,
        "state": registration_words.campaign_state(campaign, standings) if campaign else None,
        "standings": [(labels[Sender.Registration(name)], number) for name, number in standings.items()],
        "waiting": sum(standings.get(name, 0) for name in ("unregistered", "pending", "suspended")),
        "toll_free": senders.members_of(service, ["toll_free"])[:PAGE],
    }
    return render_tab(request, "console/registrations_service.html", service, "console:service_compliance", context)
