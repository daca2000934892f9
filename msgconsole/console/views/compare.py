"""Two Services side by side on the same question: what each would do, and where they part."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from msgconsole.console.decisions import CHANNELS, rule_words
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.templatetags.console import readable
from msgconsole.console.test_send_answer import Answer
from msgconsole.console.test_send_form import TestSendForm
from msgconsole.console.views import test_send
from msgconsole.messaging.explain import Explanation, explain
from services.models import MessagingService

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the comparison."""

    label: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Side:
    service: MessagingService
    answer: Answer
    link: str


@account_view()
def compare(request: ConsoleRequest) -> HttpResponse:
    """``service`` and ``other``, and the question as on the test-send page."""
    data = request.GET.copy()
    if data.get("to"):
        data.setdefault("body", test_send.FIRST_TEXT)
    form = TestSendForm(data, account=request.account)
    context: dict[str, Any] = {"form": form, "other": data.get("other", ""), "asked": bool(data.get("to"))}
    services = {service.sid: service for service in form.services}
    first, second = services.get(data.get("service", "")), services.get(data.get("other", ""))
    if first is not None and second is not None and data.get("to") and form.is_valid():
        sides = [_side(request, data, service) for service in (first, second)]
        lines = _lines(*(found for _, found in sides))
        context |= {
            "sides": [side for side, _ in sides],
            "lines": lines,
            "differing": sum(1 for line in lines if line.differs),
        }
    elif data.get("to") and (first is None or second is None):
        context["fault"] = "Choose two Services of this account."
    return render(request, "console/compare.html", context)


def _side(request: ConsoleRequest, data: QueryDict, service: MessagingService) -> tuple[Side, Explanation]:
    mine = data.copy()
    mine["service"] = service.sid
    form = TestSendForm(mine, account=request.account)
    form.is_valid()
    found = explain(request.account, form.to_request())
    answer = test_send.explain(request, form)
    assert answer is not None  # noqa: S101 - the same fields were valid for the other Service
    return Side(service, answer, answer.share), found


def _lines(one: Explanation, other: Explanation) -> list[Line]:
    """The answer and the switches, then the steps at which senders go on either side."""
    first, second = _facts(one), _facts(other)
    found = [Line(label, first.get(label, NOTHING), second.get(label, NOTHING)) for label in {**first, **second}]
    steps, others = _steps(one), _steps(other)
    nothing = (NOTHING, False)
    order = [q for q in {**steps, **others} if steps.get(q, nothing)[1] or others.get(q, nothing)[1]]
    found += [Line(q, steps.get(q, nothing)[0], others.get(q, nothing)[0]) for q in order]
    return found


def _facts(found: Explanation) -> dict[str, str]:
    """What can differ, label → words."""
    now, decision = found.answers_now, found.decision
    facts = {"The API answers": f"{now['status_code']}, {now.get('code') or now.get('status')}"}
    if decision is None:
        return facts
    on = {True: "on", False: "off"}
    facts |= {
        "Sender": readable(decision.sender.address) if decision.sender else "none",
        "Decided by": rule_words(decision.deciding_stage),
        "Error": str(found.error_code or "none"),
        "Goes out over": CHANNELS.get(decision.channel_used, decision.channel_used),
        "Encoding": f"{found.encoding.encoding}, {found.encoding.segments}" if found.encoding else NOTHING,
        "Sticky Sender": on[decision.policy.sticky_sender],
        "Area code geomatch": on[decision.policy.area_code_geomatch],
        "MMS converter": on[decision.policy.mms_converter],
    }
    return facts


def _steps(found: Explanation) -> dict[str, tuple[str, bool]]:
    """Question → how many went in and out, and whether that tells anything: somebody went, or it decided."""
    steps: dict[str, tuple[str, bool]] = {}
    for step in found.decision.steps if found.decision is not None else ():
        went = f"{step.before:,} → {step.after:,}" if step.verdict == "applied" else "not asked"
        tells = step.decided or step.before != step.after
        steps[step.question] = (f"{went}, decided" if step.decided else went, tells)
    return steps
