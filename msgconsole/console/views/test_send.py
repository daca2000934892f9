"""Test send: which sender would this recipient see, and why; then really send it and watch."""

from time import perf_counter
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from msgconsole.api.links import base_url
from msgconsole.carriers.simulated import behaviour
from msgconsole.console import message_story, what_if
from msgconsole.console.decisions import draw
from msgconsole.console.message_timeline import lines_of
from msgconsole.console.models import SavedCase
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.test_send_answer import Answer, Counted, answer_to, count, understand
from msgconsole.console.test_send_form import TestSendForm, asks_something, first_service
from msgconsole.console.views.message import find, is_final, trace_of
from msgconsole.error_codes import Refused
from msgconsole.messaging.actions import submit_message
from msgconsole.messaging.models import Message
from senders.models import Sender

UNCHANGED = 204
FIRST_TEXT = "Hello! This is a test message."
ORIGIN = "test_send"
MOST_LISTED = 50
# One number per kind of destination; all of ranges kept free for examples, or of the demo.
TRIES = (
    ("+14155550123", "US"),
    ("+14165550123", "Canada"),
    ("+447400123456", "UK"),
    ("+4915112345678", "Germany"),
    ("+33612345678", "France"),
    ("whatsapp:+447400123456", "WhatsApp"),
)


@account_view(write="viewer")
def test_send(request: ConsoleRequest) -> HttpResponse:
    """The page. An address with a question, or a posted one, is answered at once; nothing is written either way."""
    sent = None
    if request.method == "POST":
        form = TestSendForm(request.POST, account=request.account)
    else:
        data = question(request)
        form = TestSendForm(data, account=request.account)
        if request.GET.get("sent"):
            sent = progress_of(find(request, request.GET["sent"]))
        elif not asks_something(data):
            given = {name: data[name] for name in ("service", "body", "send_at") if name in data}
            form = TestSendForm(initial={"body": FIRST_TEXT, **given}, account=request.account)
    answer = explain(request, form) if form.is_bound and sent is None else None
    return page(request, form, answer=answer, sent=sent)


@require_POST
@account_view(role="configurator")
def send(request: ConsoleRequest) -> HttpResponseBase:
    """Send it for real, through the action that the API calls. Then the live timeline."""
    form = TestSendForm(request.POST, account=request.account)
    if form.is_valid() and (form.what or form.what.fault):
        form.add_error(None, "A what-if is never sent: remove its chips first.")
        return page(request, form, answer=explain(request, form))
    if not form.is_valid():
        return page(request, form)
    try:
        message = submit_message(account=request.account, request=form.to_request(), actor=request.actor, origin=ORIGIN)
    except Refused as refused:
        return page(request, form, answer=explain(request, form, refused))
    address = f"{reverse('console:test_send')}?sent={message.sid}"
    if not request.htmx:
        return redirect(address)
    response = page(request, form, sent=progress_of(message))
    response["HX-Push-Url"] = address  # a reload must not send again
    return response


@account_view()
def progress(request: ConsoleRequest, sid: str) -> HttpResponse:
    """How far a message has come; an empty answer while nothing has changed since ``seen``."""
    sent = progress_of(find(request, sid))
    if request.GET.get("seen") == sent["mark"]:
        return HttpResponse(status=UNCHANGED)
    return render(request, "console/_sent.html", {"sent": sent, "announce": True})


@require_POST
@account_view(write="viewer")
def recipient(request: ConsoleRequest) -> HttpResponse:
    """The recipient as understood, while one types. Posted: numbers and texts stay out of addresses."""
    return render(request, "console/_understood.html", {"understood": understand(request.POST.get("to", ""))})


@require_POST
@account_view(write="viewer")
def segments(request: ConsoleRequest) -> HttpResponse:
    form = TestSendForm(request.POST, account=request.account)
    return render(request, "console/_counter.html", {"counted": counter(form)})


def question(request: ConsoleRequest) -> QueryDict:
    """The question in the address: its own parameters, or those of the message that ``like`` or ``sent`` names."""
    data = request.GET.copy()
    sid = data.get("like") or data.get("sent")
    if sid:
        return like(find(request, sid))
    if data.get("case"):
        return of_case(get_object_or_404(SavedCase, account=request.account, sid=data["case"]))
    if asks_something(data):
        data.setdefault("body", FIRST_TEXT)
        if "service" not in data and "from" not in data:
            data["service"] = first_service(request.account) or ""
    return data


def like(message: Message) -> QueryDict:
    data = QueryDict(mutable=True)
    data["service"] = message.messaging_service_sid or ""
    data["from"] = message.options.get("from", "") if message.messaging_service_sid else message.from_address
    data["to"] = message.to
    data["body"] = message.body
    data["media"] = "\n".join(message.media.values_list("url", flat=True))
    return data


def of_case(case: SavedCase) -> QueryDict:
    """A saved case's question, with its what-if. Fetched by SID, as a message's is."""
    data = QueryDict(mutable=True)
    data["service"] = case.service.sid
    for name in ("from", "to", "body"):
        data[name] = case.question.get(name, "")
    data["media"] = "\n".join(case.question.get("media", ()))
    data.setlist("what", list(what_if.split(case.question.get("overrides", {}))))
    return data


def explain(request: ConsoleRequest, form: TestSendForm, refused: Refused | None = None) -> Answer | None:
    """Ask the pipeline, unless a send has just been ``refused``. A refusal stands beside its field as well."""
    form.is_valid()
    if set(form.errors) - {NON_FIELD_ERRORS}:
        return None
    if form.what.fault:
        form.add_error(None, form.what.fault)
    started = perf_counter()
    typed = form.data.get("why_typed", "") if form.data.get("do") == "find" else ""
    why = (form.data.get("why") or typed).strip()[:160]
    try:
        answer = answer_to(request.account, form, base_url(request), refused, why=why)
    except Refused as fault:  # of the what-if: a sender that it names has left the pool, a name that cannot be
        form.add_error(None, fault.message)
        form.what = what_if.NOTHING
        answer = answer_to(request.account, form, base_url(request), refused)
    if answer.refused is not None:
        form.refuse(answer.refused)
    answer.took = round((perf_counter() - started) * 1000)
    return answer


def counter(form: TestSendForm) -> Counted:
    text = str(form["body"].value() or "").replace("\r\n", "\n")
    service = form.chosen_service
    return count(text, smart=service is not None and service.smart_encoding)


def progress_of(message: Message) -> dict[str, Any]:
    decision = trace_of(message)
    lines = lines_of(message)
    return {
        "message": message,
        "story": message_story.tell(message, decision),
        "lines": lines,
        "mark": f"{message.status}-{len(lines)}-{bool(decision)}",
        "drawing": draw(decision) if decision else None,
        "final": is_final(message),
    }


def page(request: ConsoleRequest, form: TestSendForm, **more: Any) -> HttpResponse:
    """The whole page, or for htmx the part with question and answer."""
    addresses = Message.objects.filter(account=request.account).exclude(direction=Message.Direction.INBOUND)
    recent = dict.fromkeys(addresses.order_by("-pk").values_list("to", flat=True)[:MOST_LISTED])
    service, summary = form.chosen_service, form.summary
    context = {
        "form": form,
        "chosen_service": service,
        "compare_query": form.query(pieces=()) if form.is_bound and service is not None and form.is_valid() else "",
        "what": form.what,
        "what_chips": what_if.chips(form.what.pieces, what_if.names_of(summary)),
        "what_offers": what_if.offers(form.what, service, summary) if service is not None and summary else [],
        "what_senders": what_if.senders_offered(summary) if summary else [],
        "what_kinds": what_if.KIND_CHOICES,
        "what_countries": what_if.COUNTRY_CHOICES,
        "understood": understand(str(form["to"].value() or "")),
        "counted": counter(form),
        "tries": TRIES,
        "try_query": _try_query(form),
        "senders": Sender.objects.filter(account=request.account).only("address", "kind")[:MOST_LISTED],
        "recipients": [*dict.fromkeys([*recent, *(number for number, _ in TRIES)])],
        "magic": behaviour.table(),
        **more,
    }
    part = "console/_test_send_swap.html" if request.htmx else "console/test_send.html"
    return render(request, part, context)


def _try_query(form: TestSendForm) -> str:
    query = QueryDict(mutable=True)
    query["service"] = str(form["service"].value() or "")
    return f"{query.urlencode()}&"
