"""Reads: lists of messages for the API and the console, and the story of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from msgconsole.accounts.models import Account
from msgconsole.messaging.lifecycle import Status, status_of
from msgconsole.messaging.models import Message
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery
from services.models import MessagingService

# What a list shows. A row also has the request's options, which no list needs.
LISTED = (
    "sid",
    "account_id",
    "service_id",
    "messaging_service_sid",
    "sender_id",
    "direction",
    "status",
    "channel",
    "to",
    "from_address",
    "body",
    "encoding",
    "num_segments",
    "num_media",
    "error_code",
    "price",
    "tags",
    "send_at",
    "decided_by",
    "warning_codes",
    "origin",
    "date_created",
    "date_sent",
    "date_updated",
)


def messages_of(account: Account) -> QuerySet[Message]:
    """An account's messages as the API lists them, newest first: one query, no joins but the account's SID."""
    return Message.objects.filter(account=account).select_related("account").only(*LISTED, "account__sid")


def messages_of_service(service: MessagingService) -> QuerySet[Message]:
    """A Service's messages, newest first."""
    return Message.objects.filter(service=service).select_related("account").only(*LISTED, "account__sid")


def log_of(account: Account) -> QuerySet[Message]:
    """An account's messages as the console's log shows them, with the names of Service and sender."""
    return (
        Message.objects.filter(account=account)
        .select_related("account", "service", "sender")
        .only(
            *LISTED,
            "account__sid",
            "service__sid",
            "service__friendly_name",
            "sender__sid",
            "sender__kind",
            "sender__address",
            "sender__country",
        )
    )


def message_for_sid(account: Account, sid: str) -> Message | None:
    """One message with all that its page and its actions need."""
    return Message.objects.filter(account=account, sid=sid).select_related("account", "service", "sender").first()


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One line of a message's story.

    ``kind``: ``event``, ``callback`` (queued to be told) or ``attempt`` (a try to tell it). ``ok`` is None where there
    is nothing to judge.
    """

    at: datetime
    kind: str
    title: str
    detail: str = ""
    status: Status | None = None
    error_code: int | None = None
    ok: bool | None = None
    delivery: WebhookDelivery | None = None
    attempt: WebhookAttempt | None = None


def timeline(message: Message) -> tuple[TimelineItem, ...]:
    """Events, callbacks and their attempts in the order in which they happened, in three queries."""
    items = [
        TimelineItem(
            at=event.at,
            kind="event",
            title=event.cause,
            detail=event.detail,
            status=status_of(event.status) if event.status else None,
            error_code=event.error_code,
        )
        for event in message.events.all()
    ]
    deliveries = WebhookDelivery.objects.filter(subject_sid=message.sid).order_by("id").prefetch_related("attempts")
    for delivery in deliveries:
        items.append(TimelineItem(delivery.date_created, "callback", delivery.event, delivery.url, delivery=delivery))
        items += [
            TimelineItem(
                at=attempt.at,
                kind="attempt",
                title=f"{delivery.event}, try {attempt.number}",
                detail=attempt.error or f"answered {attempt.response_status} in {attempt.duration_ms} ms",
                error_code=attempt.error_code,
                ok=attempt.error_code is None,
                delivery=delivery,
                attempt=attempt,
            )
            for attempt in delivery.attempts.all()
        ]
    return tuple(sorted(items, key=lambda item: item.at))
