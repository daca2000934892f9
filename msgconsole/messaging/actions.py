"""What can be done with messages: send, cancel, redact, delete. The API, the console and replies all come here."""

import mimetypes
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.messaging import bare, content, dispatch, within
from msgconsole.messaging.lifecycle import Status, is_final, status_of
from msgconsole.messaging.models import DecisionTrace, Media, Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.transitions import note, transition
from msgconsole.messaging.validation import Valid, validate
from msgconsole.outbox import queue
from senders import load
from senders.lookup import stored_address
from senders.models import Sender
from senders.selection.decision import Decision


def submit_message(
    *,
    account: Account,
    request: MessageRequest,
    actor: Actor,
    origin: str = "api",
    on_stored: Callable[[Message], None] | None = None,
) -> Message:
    """Accept a message: store it with the work of sending it, in one transaction. Raises ``Refused``.

    With a Service: ``accepted`` (or ``scheduled``), its sender is chosen afterwards. With a bare From: ``queued``, and
    every fault of the sender is told now. ``origin``: api, test_send, twiml or demo. ``on_stored`` is called within
    the transaction: what must be stored with the message or not at all.
    """
    now = timezone.now()
    valid = validate(account, request, now)
    message = _new(account, request, valid, now, origin)
    if valid.service is None:
        decision, sender = bare.judge(account, request, valid)
        return _store_bare(message, request, decision, sender, on_stored)
    within.check(account, request, valid)
    message.status = (Status.SCHEDULED if valid.send_at else Status.ACCEPTED).value
    with transaction.atomic():
        _insert(message, request)
        if on_stored is not None:
            on_stored(message)
        queue.enqueue(dispatch.KIND, message.sid, available_at=valid.send_at)
    return message


def cancel_message(*, message: Message, actor: Actor) -> Message:
    """Take a message back while it is scheduled or accepted. Raises 30409 afterwards."""
    with transaction.atomic():
        origin = message.status
        moved = origin in (Status.SCHEDULED, Status.ACCEPTED) and transition(
            message, Status.CANCELED, cause="canceled", detail=f"by {actor.label}"
        )
        if not moved:
            message.refresh_from_db(fields=["status"])
            raise Refused(
                30409,
                f"{message.sid} is {message.status} and can no longer be canceled: only scheduled or accepted messages"
                " can be.",
                field="status",
            )
        audit.record(
            account=message.account,
            actor=actor,
            action="message.canceled",
            obj=message,
            before={"status": origin},
            after={"status": message.status},
        )
    return message


def redact_message(*, message: Message, actor: Actor) -> Message:
    """Empty the body of a message that has come to rest; all else stays. Raises 20009 before that."""
    with transaction.atomic():
        _must_be_final(message)
        Message.objects.filter(pk=message.pk).update(body="", date_updated=timezone.now())
        message.refresh_from_db(fields=["body", "date_updated"])
        note(message, cause="redacted", detail=f"by {actor.label}")
        audit.record(account=message.account, actor=actor, action="message.redacted", obj=message)
    return message


def delete_message(*, message: Message, actor: Actor) -> None:
    """Remove a message that has come to rest, with its history. Raises 20009 before that."""
    with transaction.atomic():
        _must_be_final(message)
        audit.record(account=message.account, actor=actor, action="message.deleted", obj=message)
        message.delete()


def _must_be_final(message: Message) -> None:
    """``sent`` may stay for ever when no receipt comes, yet a receipt still may: so it is not final."""
    message.refresh_from_db(fields=["status"])
    if not is_final(status_of(message.status)):
        raise Refused(20009, f"{message.sid} is still {message.status}. Wait until it is final, then try again.")


def _new(account: Account, request: MessageRequest, valid: Valid, now: datetime, origin: str) -> Message:
    """The row of a message, not stored yet."""
    named = valid.sender_address
    reply = origin == "twiml"
    return Message(
        account=account,
        service=valid.service,
        messaging_service_sid=valid.service.sid if valid.service else None,
        direction=Message.Direction.OUTBOUND_REPLY if reply else Message.Direction.OUTBOUND_API,
        channel=valid.destination.channel,
        to=within.address_of(valid.destination),
        from_address=stored_address(named) if named else "",
        body=request.body,
        num_media=len(request.media_urls),
        status_callback=request.status_callback or "",
        validity_period=valid.validity_period,
        send_at=valid.send_at,
        tags=request.tags or None,
        options=request.options(),
        origin=origin,
        date_created=now,
    )


def _insert(message: Message, request: MessageRequest, *, detail: str = "") -> None:
    """Store the message, its media and the first line of its timeline."""
    message.save(force_insert=True)
    if request.media_urls:
        Media.objects.bulk_create(
            Media(message=message, url=url, content_type=content_type_of(url)) for url in request.media_urls
        )
    note(message, cause="created", status=status_of(message.status), detail=detail, at=message.date_created)


def _store_bare(
    message: Message,
    request: MessageRequest,
    decision: Decision,
    sender: Sender | None,
    on_stored: Callable[[Message], None] | None,
) -> Message:
    """Store a message whose sender is known: its text is final, and it waits in that sender's queue."""
    composed = content.compose(
        request.body,
        request.media_urls,
        channel_used=decision.channel_used,
        as_link=False,
        smart=bool(request.smart_encoded),
        base_url="",
        owner=message.account.sid,
    )
    kind = decision.sender.kind if decision.sender else "long_code"
    bare.check_room(kind, decision.request.country, sender, composed.segments)
    message.status = Status.QUEUED.value
    message.sender = sender
    message.body, message.encoding, message.num_segments = composed.body, composed.encoding, composed.segments
    message.decided_by, message.warning_codes = decision.deciding_stage, list(decision.warnings)
    if decision.error_code is not None:
        message.options[dispatch.ENDS_WITH] = decision.error_code
    with transaction.atomic():
        _insert(message, request, detail=decision.sentence)
        if on_stored is not None:
            on_stored(message)
        DecisionTrace.objects.create(message=message, data=decision.to_dict(), rules_version=decision.rules_version)
        queue.enqueue(dispatch.KIND, message.sid)
        if sender is not None and (member := bare.member_of(sender)) is not None:
            load.queued(member.pk)
    return message


def content_type_of(url: str) -> str:
    """What a medium is, judged by the ending of its URL."""
    return mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
