"""The only writer of a message's status."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from msgconsole.messaging import callbacks, lifecycle
from msgconsole.messaging.lifecycle import Status, status_of
from msgconsole.messaging.models import Message, MessageEvent


def transition(
    message: Message,
    to: Status,
    *,
    cause: str,
    detail: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> bool:
    """Move a message to ``to`` if it still has the status it was read with, and if that may follow.

    Writes the further ``fields`` with it, a line of the timeline, and the callback where the change is announced: all
    in one transaction. False, and nothing written, when the message has moved meanwhile or may not go there.
    ``message`` must have been read with its account and Service; it carries the new values afterwards.
    """
    origin = status_of(message.status)
    if to not in lifecycle.ALLOWED[origin]:
        return False
    now = timezone.now()
    # No savepoint inside a caller's transaction: what fails here fails all of it.
    with transaction.atomic(savepoint=False):
        changed = Message.objects.filter(pk=message.pk, status=origin.value).update(
            status=to.value, date_updated=now, **fields
        )
        if not changed:
            return False
        message.status = to.value
        message.date_updated = now
        for name, value in fields.items():
            setattr(message, name, value)
        note(message, cause=cause, status=to, detail=detail, at=at, error_code=fields.get("error_code"))
        if lifecycle.called_back(origin, to):
            callbacks.announce(message, to, at or now)
    return True


def note(
    message: Message,
    *,
    cause: str,
    status: Status | None = None,
    detail: str = "",
    at: datetime | None = None,
    error_code: int | None = None,
) -> MessageEvent:
    """Add a line to the timeline. Without a status: something happened that changed nothing."""
    return MessageEvent.objects.create(
        message=message,
        at=at or timezone.now(),
        status=status.value if status else "",
        cause=cause,
        detail=detail[:300],
        error_code=error_code,
    )
