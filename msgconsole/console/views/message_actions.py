"""What can be done to a message that exists: cancel, redact, delete. Each asks first, on a page of its own."""

from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from msgconsole.accounts.audit import Actor
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.views.message import find
from msgconsole.error_codes import Refused
from msgconsole.messaging import actions
from msgconsole.messaging.models import Message


def _confirm(
    request: ConsoleRequest,
    sid: str,
    *,
    title: str,
    text: str,
    verb: str,
    done: str,
    act: Callable[[Message, Actor], object],
    after: str | None = None,
) -> HttpResponse:
    """Ask on GET, act on POST; a refusal is shown where one asked."""
    message = find(request, sid)
    back = reverse("console:message", args=[sid])
    refused: Refused | None = None
    if request.method == "POST":
        try:
            act(message, request.actor)
        except Refused as error:
            refused = error
        else:
            notes.success(request, done)
            return redirect(after or back)
    context = {"message": message, "title": title, "text": text, "verb": verb, "back": back, "refused": refused}
    return render(request, "console/message_confirm.html", context, status=409 if refused else 200)


@account_view(role="configurator")
def cancel(request: ConsoleRequest, sid: str) -> HttpResponse:
    return _confirm(
        request,
        sid,
        title="Cancel message",
        text="It will not be sent. It stays in the log as canceled, and this cannot be taken back.",
        verb="Cancel message",
        done="Canceled: it will not be sent.",
        act=lambda message, actor: actions.cancel_message(message=message, actor=actor),
    )


@account_view(role="configurator")
def redact(request: ConsoleRequest, sid: str) -> HttpResponse:
    return _confirm(
        request,
        sid,
        title="Redact text",
        text="The text is erased for good; the recipient has it all the same. Status, sender, times and decision stay.",
        verb="Redact text",
        done="The text is gone.",
        act=lambda message, actor: actions.redact_message(message=message, actor=actor),
    )


@account_view(role="configurator")
def delete(request: ConsoleRequest, sid: str) -> HttpResponse:
    return _confirm(
        request,
        sid,
        title="Delete message",
        text="With it go its text, media, timeline and decision, for good. A line in the audit log stays.",
        verb="Delete message",
        done="The message is deleted.",
        act=lambda message, actor: actions.delete_message(message=message, actor=actor),
        after=reverse("console:messages"),
    )
