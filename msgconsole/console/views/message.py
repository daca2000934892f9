"""One message: its story, then the tabs that hold the evidence. Each tab is its own address."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from msgconsole.console import message_story, replay_shown
from msgconsole.console.decisions import CHANNELS, draw
from msgconsole.console.fates import fates_of
from msgconsole.console.message_timeline import lines_of
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.test_send_answer import UNITS
from msgconsole.encoding import segments
from msgconsole.messaging import lifecycle, queries
from msgconsole.messaging.api.serializers import message_json, message_path
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.messaging.replay import replay
from msgconsole.webhooks.models import WebhookDelivery
from senders import choosing
from senders.selection.decision import Decision

MOST_DELIVERIES = 50


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int | None = None
    wrong: bool = False


TABS = (
    ("Timeline", "console:message"),
    ("Why this sender", "console:message_why"),
    ("Content", "console:message_content"),
    ("Webhooks", "console:message_webhooks"),
    ("API", "console:message_api"),
)


def find(request: ConsoleRequest, sid: str) -> Message:
    """The message in the current account, with its sender and Service; 404 for any other."""
    message = queries.message_for_sid(request.account, sid)
    if message is None:
        raise Http404(f"There is no message {sid} in the account {request.account}.")
    return message


def trace_of(message: Message) -> dict[str, Any] | None:
    data = DecisionTrace.objects.filter(message=message).values_list("data", flat=True).first()
    return dict(data) if data else None


def may_cancel(message: Message) -> bool:
    return message.status in {lifecycle.Status.SCHEDULED, lifecycle.Status.ACCEPTED}


def is_final(message: Message) -> bool:
    return lifecycle.is_final(lifecycle.status_of(message.status))


def _page(request: ConsoleRequest, sid: str, current: str, **more: Any) -> dict[str, Any]:
    message = more.pop("message", None) or find(request, sid)
    decision = more.pop("decision", None) or trace_of(message)
    deliveries = WebhookDelivery.objects.filter(account=request.account, subject_sid=message.sid)
    states = list(deliveries.values_list("status", flat=True)[:MOST_DELIVERIES])
    notes = {
        "console:message_webhooks": (len(states), WebhookDelivery.Status.FAILED in states),
        "console:message_why": (None, bool(decision and decision["outcome"] != "chosen")),
    }
    return {
        "message": message,
        "story": message_story.tell(message, decision),
        "decision": decision,
        "tabs": [
            Tab(label, reverse(name, args=[sid]), name == current, *notes.get(name, (None, False)))
            for label, name in TABS
        ],
        "tabs_label": "Message",
        "can_cancel": may_cancel(message),
        "final": is_final(message),
        "again": again(message) if message.direction != Message.Direction.INBOUND else "",
        **more,
    }


def again(message: Message) -> str:
    """The test-send page with this message's question. Its text is fetched by SID: no address ever holds one."""
    return f"{reverse('console:test_send')}?like={message.sid}"


@account_view()
def timeline(request: ConsoleRequest, sid: str) -> HttpResponse:
    """What happened, in order. Renews itself until the message is final."""
    message = find(request, sid)
    lines = lines_of(message)
    mark = f"{message.status}-{len(lines)}"
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    context = _page(request, sid, "console:message", message=message, lines=lines, mark=mark)
    part = "console/_message_now.html" if "seen" in request.GET else "console/message.html"
    return render(request, part, context)


@account_view()
def why(request: ConsoleRequest, sid: str) -> HttpResponse:
    context = _page(request, sid, "console:message_why")
    stored = context["decision"]
    if stored:
        decision = Decision.from_dict(stored)
        summary = choosing.summary_at(decision.policy.service_sid, decision.config_version)
        context["drawing"] = draw(stored)
        context["fates"] = fates_of(decision, summary) if summary is not None else None
        if request.GET.get("replay") == "1":
            message = context["message"]
            trace = DecisionTrace.objects.select_related("message__account", "message__service").get(message=message)
            context["replay"] = replay_shown.show(replay(trace))
    return render(request, "console/message_why.html", context)


@account_view()
def content(request: ConsoleRequest, sid: str) -> HttpResponse:
    context = _page(request, sid, "console:message_content")
    message: Message = context["message"]
    # The stored text is what was sent, after smart encoding: it is only cut here.
    context["encoded"] = segments.encode(message.body, smart=False) if message.body else None
    context["unit_noun"] = UNITS.get(message.encoding, "")
    context["channel"] = CHANNELS.get(message.channel, message.channel)
    context["media"] = list(message.media.all())
    context["redacted"] = not message.body and message.num_segments > 0 and not message.num_media
    return render(request, "console/message_content.html", context)


@account_view()
def webhooks(request: ConsoleRequest, sid: str) -> HttpResponse:
    context = _page(request, sid, "console:message_webhooks")
    context["deliveries"] = list(
        WebhookDelivery.objects.filter(account=request.account, subject_sid=sid)
        .prefetch_related("attempts")
        .order_by("id")[:MOST_DELIVERIES]
    )
    return render(request, "console/message_webhooks.html", context)


@account_view()
def api(request: ConsoleRequest, sid: str) -> HttpResponse:
    context = _page(request, sid, "console:message_api")
    message: Message = context["message"]
    context["fetch_label"] = f"GET {message_path(message)}.json"
    context["json"] = json.dumps(message_json(message), indent=2, ensure_ascii=False)
    context["decision_path"] = f"/msgconsole/v1/Messages/{message.sid}/Decision"
    return render(request, "console/message_api.html", context)
