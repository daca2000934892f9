"""The Cases tab: questions that a Service should keep answering as it did. Saved from the test-send page."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from msgconsole.console import saved_cases, what_if
from msgconsole.console.decisions import rule_words
from msgconsole.console.links import page_url
from msgconsole.console.models import SavedCase
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.service_frame import render_tab, service_or_404
from msgconsole.console.templatetags.console import counted, readable
from msgconsole.console.test_send_form import TestSendForm
from msgconsole.console.views import test_send
from msgconsole.error_codes import Refused
from senders import pool
from services.models import MessagingService

NAME = "console:service_cases"


@dataclass(frozen=True, slots=True)
class Row:
    """``state``: True holds, False does not, None was never run. ``link`` asks the question on the test-send page."""

    case: SavedCase
    state: bool | None
    expected: str
    came: str
    what: str
    link: str


@account_view()
def cases(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    names = what_if.names_of(pool.summary_of(service))
    rows = [_row(case, names) for case in SavedCase.objects.filter(service=service)[: saved_cases.MOST]]
    failing = sum(1 for row in rows if row.state is False)
    context = {
        "rows": sorted(rows, key=lambda row: row.state is not False),
        "failing": failing,
        "good": sum(1 for row in rows if row.state),
        "run_at": max((row.case.run_at for row in rows if row.case.run_at), default=None),
    }
    return render_tab(request, "console/service_cases.html", service, NAME, context, wrong=bool(failing))


@require_POST
@account_view(role="configurator")
def case_save(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Keep the question of the test-send form under a name; today's answer is what is expected from now on."""
    service = service_or_404(request, sid)
    form = TestSendForm(request.POST, account=request.account)
    if not form.is_valid():
        return test_send.page(request, form)
    name = request.POST.get("case_name", "")[:80]
    try:
        saved_cases.save_case(
            account=request.account, service=service, name=name, question=_question(form), actor=request.actor
        )
    except Refused as refused:
        answer = test_send.explain(request, form)
        return test_send.page(request, form, answer=answer, case_fault=refused.message, case_name=name)
    messages.success(request, f"“{name.strip()}” is saved: run all cases here after every change.")
    return _go(request, reverse("console:service_cases", args=[sid]))


@require_POST
@account_view(role="configurator")
def cases_run(request: ConsoleRequest, sid: str) -> HttpResponse:
    service = service_or_404(request, sid)
    service.account = request.account
    found = list(SavedCase.objects.filter(service=service)[: saved_cases.MOST])
    good = saved_cases.run_cases(service=service, cases=found, actor=request.actor)
    messages.success(request, f"{good} of {counted(len(found), 'case')} came as expected.")
    return redirect("console:service_cases", sid)


@require_POST
@account_view(role="configurator")
def case_accept(request: ConsoleRequest, sid: str, case: str) -> HttpResponse:
    found = _find(service_or_404(request, sid), case)
    saved_cases.accept_result(case=found, actor=request.actor)
    messages.success(request, f"“{found.name}” now expects what came last.")
    return redirect("console:service_cases", sid)


@account_view(role="configurator")
def case_delete(request: ConsoleRequest, sid: str, case: str) -> HttpResponse:
    service = service_or_404(request, sid)
    found = _find(service, case)
    if request.method == "POST":
        saved_cases.delete_case(case=found, actor=request.actor)
        messages.success(request, f"“{found.name}” is deleted.")
        return redirect("console:service_cases", sid)
    return render(request, "console/service_case_delete.html", {"service": service, "case": found})


def _find(service: MessagingService, sid: str) -> SavedCase:
    return get_object_or_404(SavedCase, service=service, sid=sid)


def _question(form: TestSendForm) -> dict[str, object]:
    given = form.cleaned_data
    return {
        "to": given["to"].strip(),
        "from": given["from_"].strip(),
        "body": given["body"],
        "media": list(form.media_urls),
        "overrides": dict(form.what.data),
    }


def _row(case: SavedCase, names: Mapping[str, str]) -> Row:
    pieces = what_if.split(case.question.get("overrides", {}))
    return Row(
        case,
        saved_cases.holds(case),
        _told(case.expected),
        _told(case.result) if case.result else "",
        "; ".join(chip.words for chip in what_if.chips(pieces, names)),
        f"{page_url('console:test_send')}?case={case.sid}",
    )


def _told(answer: dict[str, object]) -> str:
    sender = readable(str(answer["sender"])) if answer["sender"] else "no sender"
    rule = "refused at once" if answer["stage"] == saved_cases.REFUSED else rule_words(str(answer["stage"]))
    code = f", error {answer['code']}" if answer["code"] else ""
    return f"{sender} ({rule}{code})"


def _go(request: ConsoleRequest, url: str) -> HttpResponse:
    """A redirect that htmx follows with the whole page."""
    if not request.htmx:
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer
