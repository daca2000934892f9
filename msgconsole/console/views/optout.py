"""The Opt-out tab of a Service: keyword sets and replies at three layers, and the keyword tester."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from msgconsole.console.forms import ActionForm
from msgconsole.console.optout_forms import EFFECTS, KIND_NAMES, Place, PlaceForm, TesterForm, place_of
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.service_frame import render_tab, service_or_404
from services import actions, config, queries
from services.models import MessagingService, OptOutKeywordSet
from services.optout.classify import Classification, Outcome, classify, outcome
from services.optout.keywords import DEFAULTS, KINDS, is_removable

NAME = "console:service_opt_out"


@dataclass(frozen=True, slots=True)
class ShownSet:
    """One set for the page: (word, may it be removed) and the reply."""

    name: str
    effect: str
    keywords: list[tuple[str, bool]]
    message: str


@account_view()
def service_opt_out(request: ConsoleRequest, sid: str) -> HttpResponse:
    """All places with their sets. Posting switches Advanced Opt-Out."""
    service = service_or_404(request, sid)
    form = ActionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        enabled = request.POST.get("advanced") == "on"
        done = form.attempt(lambda: actions.set_advanced_opt_out(service=service, enabled=enabled, actor=request.actor))
        if done is not None:
            messages.success(request, f"Advanced Opt-Out is {'on' if enabled else 'off'}.")
            return redirect(NAME, sid)
    rows = list(queries.keyword_sets_of(service))
    tester = TesterForm(request.GET if "text" in request.GET else None)
    context = {
        "form": form,
        "places": places(rows),
        "has_countries": any(row.layer == OptOutKeywordSet.Layer.COUNTRY for row in rows),
        "defaults": shown_sets(
            [
                OptOutKeywordSet(kind=k, keywords=[*DEFAULTS.of(k).keywords], message=DEFAULTS.of(k).message)
                for k in KINDS
            ]
        ),
        "blocked": service.consents.filter(status="opted_out").count(),
        "tester": tester,
        "tested": tested(service, tester) if tester.is_bound and tester.is_valid() else None,
    }
    return render_tab(request, "console/service_opt_out.html", service, NAME, context, wrong=bool(form.errors))


def places(rows: list[OptOutKeywordSet]) -> list[tuple[Place, list[ShownSet]]]:
    """The stored places, the standard one first, then languages, then countries."""
    found: dict[Place, list[OptOutKeywordSet]] = {Place("standard"): []}
    order = {"standard": 0, "language": 1, "country": 2}
    for row in sorted(rows, key=lambda row: (order[row.layer], row.country, row.language)):
        found.setdefault(place_of(row), []).append(row)
    return [(place, shown_sets(sets)) for place, sets in found.items()]


def shown_sets(rows: list[OptOutKeywordSet]) -> list[ShownSet]:
    by_kind = {row.kind: row for row in rows}
    shown = []
    for kind in KINDS:
        row = by_kind.get(kind)
        standard = row is not None and row.layer == OptOutKeywordSet.Layer.STANDARD
        words = [(word, not standard or is_removable(kind, word)) for word in row.keywords] if row else []
        if words or standard:
            shown.append(ShownSet(KIND_NAMES[kind], EFFECTS[kind], words, row.message if row else ""))
    return shown


def tested(service: MessagingService, form: TesterForm) -> tuple[Classification, Outcome]:
    """What the pipeline would make of the text, by the very functions it uses."""
    data = form.cleaned_data
    advanced = config.get(service).keywords if service.advanced_opt_out else None
    kind, consent = data["sender_kind"], data["consent"]
    found = classify(
        data["text"], sender_kind=kind, recipient_country=data["country"], advanced=advanced, in_service=True
    )
    return found, outcome(found, consent_before=consent, sender_kind=kind, advanced=advanced)


@account_view(role="configurator")
def opt_out_place(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Change the sets of one place, or make a new one. ``?layer=&country=&language=`` says which."""
    service = service_or_404(request, sid)
    rows = list(queries.keyword_sets_of(service))
    asked = Place(request.GET.get("layer", "standard"), request.GET.get("country", ""), request.GET.get("language", ""))
    if asked.layer not in OptOutKeywordSet.Layer.values:
        raise Http404("There is no such layer of keywords.")
    new = not asked.is_standard and not asked.language
    if not new and not asked.is_standard and all(place_of(row) != asked for row in rows):
        raise Http404(f"This Service has no keywords for {asked}.")
    form = PlaceForm(request.POST if request.method == "POST" else None, place=asked, new=new, rows=rows)
    if form.is_bound and form.is_valid():
        place = form.chosen_place()
        done = form.attempt(
            lambda: actions.set_keyword_place(
                service=service,
                actor=request.actor,
                sets=form.sets(),
                layer=place.layer,
                country=place.country,
                language=place.language,
            )
        )
        if done is not None:
            messages.success(request, f"{place}: keywords saved.")
            return redirect(NAME, sid)
    context = {"service": service, "form": form, "place": asked, "new": new}
    return render(request, "console/opt_out_place.html", context)


@account_view(role="configurator")
def opt_out_remove(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Take a language, or a country's language, away; the standard keywords apply there again."""
    service = service_or_404(request, sid)
    asked = Place(request.GET.get("layer", ""), request.GET.get("country", ""), request.GET.get("language", ""))
    rows = [row for row in queries.keyword_sets_of(service) if place_of(row) == asked]
    if asked.is_standard or not rows:
        raise Http404("This Service has no such keywords.")
    form = ActionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        done = form.attempt(
            lambda: actions.remove_keyword_place(
                service=service,
                actor=request.actor,
                layer=asked.layer,
                country=asked.country,
                language=asked.language,
            )
        )
        if done is not None:
            messages.success(request, f"{asked}: keywords removed.")
            return redirect(NAME, sid)
    context = {"service": service, "form": form, "place": asked, "sets": shown_sets(rows)}
    return render(request, "console/opt_out_remove.html", context)
