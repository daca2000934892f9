"""Try a list: what up to 10,000 recipients would see from a Service, worked out in the background."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from msgconsole.console import list_runs
from msgconsole.console.csv_export import csv_response
from msgconsole.console.decisions import notice, rule_words
from msgconsole.console.forms import ActionForm
from msgconsole.console.models import ListRun
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.error_codes import message_for
from services.models import MessagingService
from services.queries import services_of

MOST_SERVICES = 500
MOST_RUNS = 20
BAR_UNITS = 120


class ListForm(ActionForm):
    service = forms.ChoiceField(label="Service")
    recipients = forms.CharField(
        help_text=f"One a line, at most {list_runs.MOST:,}; of a table, its first column.",
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "placeholder": "+14155550123\n+447400123456"}),
    )
    picture = forms.BooleanField(label="The message has a picture", required=False)

    def __init__(self, *args: Any, services: list[MessagingService], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_sid = {service.sid: service for service in services}
        self.fields["recipients"].unmarked = True  # type: ignore[attr-defined] # the action says what is missing
        self.set_choices("service", [(service.sid, service.friendly_name) for service in services])


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a result: ``what`` is a sender, a rule or an error; ``bar`` a length out of 120."""

    what: Any
    count: int
    percent: str
    bar: float


@account_view(write="viewer")
def try_list(request: ConsoleRequest) -> HttpResponse:
    """The form and the latest runs. Posting begins one: it writes no message and sends nothing."""
    services = list(services_of(request.account)[:MOST_SERVICES])
    initial = {"service": request.GET.get("service", "")}
    form = ListForm(request.POST if request.method == "POST" else None, services=services, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        run = form.attempt(
            lambda: list_runs.start(
                account=request.account,
                service=form.by_sid[given["service"]],
                text=given["recipients"],
                media=given["picture"],
                user=request.user,
                actor=request.actor,
            )
        )
        if run is not None:
            return redirect("console:try_list_run", run.sid)
    runs = ListRun.objects.filter(account=request.account).select_related("service", "user")
    latest = list(runs.defer("recipients", "outcomes", "result")[:MOST_RUNS])
    return render(request, "console/try_list.html", {"form": form, "runs": latest, "services": services})


@account_view()
def try_list_run(request: ConsoleRequest, sid: str) -> HttpResponse:
    """How far a run is, and what it found so far. Renews itself until it is done; can be left and come back to."""
    run = _find(request, sid)
    if request.GET.get("seen") == str(run.done) and run.status == ListRun.Status.RUNNING:
        return HttpResponse(status=204)
    part = "console/_list_run.html" if "seen" in request.GET else "console/try_list_run.html"
    return render(request, part, {"run": run, **result_of(run)})


@require_POST
@account_view(write="viewer")
def try_list_stop(request: ConsoleRequest, sid: str) -> HttpResponse:
    list_runs.stop(run=_find(request, sid), actor=request.actor)
    messages.success(request, "Stopped. What was found so far stays.")
    return redirect("console:try_list_run", sid)


@account_view()
def try_list_csv(request: ConsoleRequest, sid: str) -> HttpResponseBase:
    """One line a recipient: what they would see, by which rule, or the code and its words."""
    run = get_object_or_404(ListRun, account=request.account, sid=sid)
    rows = (
        (one.line, one.recipient, one.sender, _rule(one.rule), one.code or "", _words(one))
        for one in list_runs.outcomes(run)
    )
    return csv_response("recipients", ("Line", "Recipient", "Sender", "Decided by", "Code", "Error"), rows)


def _words(one: list_runs.Outcome) -> str:
    return message_for(one.code) or "" if one.code else ""


def _rule(rule: str) -> str:
    return {list_runs.WRONG: "not an address", list_runs.TWICE: "stands in the list twice"}.get(rule) or rule_words(
        rule
    )


def _find(request: ConsoleRequest, sid: str) -> ListRun:
    rows = ListRun.objects.select_related("service").defer("recipients", "outcomes")
    return get_object_or_404(rows, account=request.account, sid=sid)


def result_of(run: ListRun) -> dict[str, Any]:
    """A run's counts, made ready for tables."""
    found = run.result
    senders = found.get("senders", {})
    by_sender = _shares((senders.get(address), number) for address, number in found.get("by_sender", {}).items())
    codes = {int(code): number for code, number in found.get("by_code", {}).items()}
    blocked = codes.pop(list_runs.OPTED_OUT, 0)
    return {
        "by_sender": by_sender,
        "by_rule": _shares((rule_words(rule), number) for rule, number in found.get("by_rule", {}).items()),
        "by_code": _shares((notice(code), number) for code, number in codes.items()),
        "sent": sum(share.count for share in by_sender),
        "blocked": blocked,
        "failing": sum(codes.values()),
        "wrong": [(line, text, notice(code)) for line, text, code in found.get("wrong", [])],
        "wrong_count": found.get("wrong_count", 0),
        "twice": found.get("twice", 0),
        "running": run.status == ListRun.Status.RUNNING,
    }


def _shares(counted: Any) -> list[Share]:
    rows = [(what, number) for what, number in counted if number]
    total = sum(number for _, number in rows)
    return [
        Share(
            what,
            number,
            f"{number / total:.1%}" if number * 1000 >= total else "under 0.1%",
            max(2.0, round(number / total * BAR_UNITS, 1)),
        )
        for what, number in rows
    ]
