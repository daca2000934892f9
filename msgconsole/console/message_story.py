"""A message's fate in one sentence: what happened, then why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from msgconsole.console.decisions import Notice, notice
from msgconsole.console.templatetags.console import exact, readable
from msgconsole.messaging.lifecycle import Status, status_of
from msgconsole.messaging.models import Message

_TONES = {Status.FAILED: "bad", Status.UNDELIVERED: "bad", Status.DELIVERED: "good", Status.READ: "good"}
_ON_ITS_WAY = {
    Status.QUEUED: "It waits in that sender's queue.",
    Status.SENDING: "It is being handed to the carrier.",
    Status.SENT: "The carrier took it; no receipt has come back yet.",
    Status.DELIVERED: "It was delivered.",
    Status.READ: "It was delivered, and the recipient opened it.",
}


@dataclass(frozen=True, slots=True)
class Story:
    """``tone`` good, warn, bad or quiet; ``error`` the code with its way out; ``warnings`` what did not stop it."""

    tone: str
    sentence: str
    error: Notice | None
    warnings: tuple[Notice, ...]


def tell(message: Message, decision: Mapping[str, Any] | None) -> Story:
    """The first thing to say about a message; ``decision`` is its stored decision, if there is one."""
    status = status_of(message.status)
    error = notice(message.error_code) if message.error_code else None
    warnings = tuple(notice(code) for code in message.warning_codes)
    return Story(_TONES.get(status, "quiet"), _sentence(message, status, decision, error), error, warnings)


def _sentence(message: Message, status: Status, decision: Mapping[str, Any] | None, error: Notice | None) -> str:
    sender, to = readable(message.from_address), readable(message.to)
    if message.direction == Message.Direction.INBOUND:
        ending = f", but failed: {error.title}." if error else "."
        return f"Received from {sender} by {to}{ending}"
    if status is Status.SCHEDULED:
        moment = f" {exact(message.send_at.astimezone(UTC))}" if message.send_at else " its time"
        return f"Waits until{moment}; a sender is chosen then."
    if status is Status.CANCELED:
        return f"Canceled before it was sent to {to}."
    if status is Status.ACCEPTED:
        return f"Accepted for {to}; a sender is being chosen."
    if status is Status.FAILED:
        return f"This message failed: {_why_failed(sender, decision, error)}"
    told = f"Sent from {sender}{_because(message, decision)}."
    if status is Status.UNDELIVERED:
        return f"{told} It was not delivered: {_title(error)}."
    if status is Status.QUEUED:
        told = f"To be sent from {sender}{_because(message, decision)}."
    return f"{told} {_ON_ITS_WAY.get(status, '')}".rstrip()


def _because(message: Message, decision: Mapping[str, Any] | None) -> str:
    if decision and decision["because"]:
        return f", because {decision['because']}"
    return "" if message.messaging_service_sid else ", because the request named it as From"


def _why_failed(sender: str, decision: Mapping[str, Any] | None, error: Notice | None) -> str:
    """The decision's own words where it was the decision that said no; else what happened after it."""
    if decision and decision["error_detail"] and error and decision["error_code"] == error.code:
        return str(decision["error_detail"])
    tried = f" It would have come from {sender}." if sender else ""
    return f"{_title(error)}.{tried}"


def _title(error: Notice | None) -> str:
    return f"{error.title[0].lower()}{error.title[1:]}" if error else "no reason is known"
