"""From accepted to sent: choose, encode, hand over. The work of one outbox entry per message.

Safe to repeat at any point: each step asks for the status that it starts from, and a message that was being handed
over when its worker died is handed over again under the same key, where the carrier can tell.
"""

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import random
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.accounts.spending import charge
from msgconsole.carriers import registry
from msgconsole.carriers.contract import Submission, SubmitResult
from msgconsole.messaging import bare, content, lifecycle, within
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import CarrierReceipt, DecisionTrace, Media, Message
from msgconsole.messaging.settings import base_url
from msgconsole.messaging.transitions import note, transition
from msgconsole.messaging.validation import due_from
from msgconsole.numbering.e164 import parse_destination
from msgconsole.outbox import handlers
from msgconsole.outbox.backoff import delay
from msgconsole.outbox.models import OutboxEntry
from senders import choosing, load
from senders.selection.decision import Decision
from senders.selection.types import Candidate

KIND = "messaging.dispatch"
ENDS_WITH = "ends_with"  # an option: the code with which carriers will turn the chosen sender away
MOST_ATTEMPTS = 6
PRICE_PER_SEGMENT = Decimal("0.00750")  # USD


class _Overtaken(Exception):
    """Someone else moved the message while we chose."""


@dataclass(slots=True)
class _Work:
    """A message on its way. ``member_id``: the pool member whose load it adds to, once it is queued."""

    message: Message
    member_id: int | None
    sender_kind: str = "alpha"


def run(entry: OutboxEntry) -> None:
    """The handler: take a message as far towards ``sent`` as it will go."""
    message = (
        Message.objects.select_related("account", "service", "sender__membership").filter(sid=entry.reference).first()
    )
    if message is None:
        return
    if message.service is not None:
        message.service.account = message.account  # the same row: not to be read again
    work = _Work(message, None)
    if message.sender is not None:
        member = bare.member_of(message.sender)
        work = _Work(message, member.pk if member else None, message.sender.kind)
    resumed = message.status == Status.SENDING
    if message.status in (Status.ACCEPTED, Status.SCHEDULED) and _may_go_on(work):
        _choose(work)
    if message.status == Status.QUEUED and _may_go_on(work):
        _start(work)
    if message.status == Status.SENDING and (not resumed or _resume(work)):
        _hand_over(work)


def _may_go_on(work: _Work) -> bool:
    """Account active, and not too old. A message that may not go on fails here."""
    message = work.message
    if message.account.status != Account.Status.ACTIVE:
        _end(work, Status.FAILED, 30002, "account_suspended", "The account was suspended before it was sent.")
        return False
    if timezone.now() > due_from(message.send_at, message.date_created, message.validity_period):
        waited = f"It waited for longer than its {message.validity_period} seconds."
        _end(work, Status.FAILED, 30036, "validity_expired", waited)
        return False
    return True


def _choose(work: _Work) -> None:
    """Choose the sender and queue the message, in one transaction with mapping, trace and load; or fail it."""
    message = work.message
    if message.service is None:
        gone = "Its Messaging Service was deleted before a sender was chosen."
        _end(work, Status.FAILED, 21701, "service_deleted", gone)
        return
    asked = within.asked_again(message, message.service)
    # When the message was moved meanwhile (canceled), what was reserved for it is undone with the transaction.
    with contextlib.suppress(_Overtaken), transaction.atomic():
        choice = choosing.choose(service=message.service, request=asked)
        decision = choice.decision
        moved = _refuse(message, decision) if decision.sender is None else _queue(work, decision, decision.sender)
        if not moved:
            raise _Overtaken
        DecisionTrace.objects.create(
            message=message,
            data=decision.to_dict(),
            rules_version=decision.rules_version,
            snapshot_id=choice.snapshot_id,
        )
        if message.status == Status.QUEUED:
            # One commit less. Dying now looks like dying in the submission, which an idempotent carrier forgives.
            if registry.carrier_for(message.channel).idempotent:
                _start(work)
            if work.member_id is not None:
                load.queued(work.member_id)  # last: the row stays locked until the commit


def _start(work: _Work) -> bool:
    """``queued → sending``, and count the attempt. False: another worker has the message."""
    tries = work.message.attempts + 1
    return transition(work.message, Status.SENDING, cause="dispatched", attempts=tries)


def _refuse(message: Message, decision: Decision) -> bool:
    return transition(
        message,
        Status.FAILED,
        cause="no_sender",
        detail=decision.error_detail,
        error_code=decision.error_code or 21703,
        decided_by=decision.deciding_stage,
    )


def _queue(work: _Work, decision: Decision, chosen: Candidate) -> bool:
    """Give the message its sender and its final text."""
    message = work.message
    media = list(message.media.all()) if message.num_media else []
    composed = content.compose(
        message.body,
        [medium.url for medium in media],
        channel_used=decision.channel_used,
        as_link=decision.media_as_link,
        smart=within.smart(message),
        base_url=base_url(),
        owner=message.account.sid,
    )
    named: dict[str, Any] = {
        "sender_id": chosen.sender_id,
        "from_address": chosen.address,
        "decided_by": decision.deciding_stage,
        "warning_codes": list(decision.warnings),
    }
    if bare.is_full(chosen, decision.request.country, composed.segments):
        full = f"The queue of {chosen.address} is full."
        return transition(message, Status.FAILED, cause="queue_overflow", detail=full, error_code=30001, **named)
    for medium, token in zip(media, composed.links, strict=False):
        Media.objects.filter(pk=medium.pk).update(link_token=token)
    options = message.options
    if decision.error_code is not None:
        options = {**options, ENDS_WITH: decision.error_code}
    moved = transition(
        message,
        Status.QUEUED,
        cause="sender_chosen",
        detail=decision.sentence,
        body=composed.body,
        encoding=composed.encoding,
        num_segments=composed.segments,
        channel="rcs" if decision.channel_used == "rcs" else message.channel,
        options=options,
        **named,
    )
    if moved:
        work.member_id, work.sender_kind = chosen.member_id, chosen.kind
    return moved


def _resume(work: _Work) -> bool:
    """A worker died between handing the message over and noting the answer. May it be handed over again?"""
    message = work.message
    if not registry.carrier_for(message.channel).idempotent:
        unknown = (
            "A worker was lost while handing it over, and this carrier would send a repeat twice: it is not sent again."
        )
        _end(work, Status.FAILED, 30008, "outcome_unknown", unknown)
        return False
    if message.attempts >= MOST_ATTEMPTS:
        silent = f"The carrier gave no answer in {MOST_ATTEMPTS} tries."
        _end(work, Status.FAILED, 30410, "carrier_gave_no_answer", silent)
        return False
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
        message.attempts += 1
        note(message, cause="resumed", detail="The last try was cut off; it is handed over again under the same key.")
    return True


def _hand_over(work: _Work) -> None:
    """Submit outside of any transaction, and note what the carrier said."""
    message = work.message
    doomed = message.options.get(ENDS_WITH)
    if doomed is not None:
        refused = f"Carriers turn {message.from_address} away: it lacks a registration or a capability."
        _end(work, lifecycle.ending(doomed), doomed, "sender_not_ready", refused)
        return
    carrier = registry.carrier_for(message.channel)
    result = carrier.submit(submission_of(work))
    if result.outcome == "accepted":
        _sent(work, carrier.name, result)
    elif result.outcome == "refused":
        code = result.error_code or 30008
        _end(work, lifecycle.ending(code), code, "carrier_refused", result.detail)
    else:
        _later(work, result)


def _end(work: _Work, status: Status, code: int, cause: str, detail: str) -> None:
    """End a message that goes no further, and take it off its sender's queue."""
    message = work.message
    waiting = message.status in (Status.QUEUED, Status.SENDING)
    with transaction.atomic():
        moved = transition(message, status, cause=cause, detail=detail, error_code=code)
        if moved and waiting and work.member_id is not None:
            load.unqueued(work.member_id)


def _sent(work: _Work, carrier: str, result: SubmitResult) -> None:
    message, now = work.message, timezone.now()
    price = -PRICE_PER_SEGMENT * message.num_segments
    with transaction.atomic():
        if not transition(message, Status.SENT, cause="carrier_accepted", date_sent=now, price=price):
            return
        receipts = [
            CarrierReceipt(message=message, carrier=carrier, carrier_message_id=key)
            for key in result.carrier_message_ids
        ]
        CarrierReceipt.objects.bulk_create(receipts, ignore_conflicts=True)
        if work.member_id is not None:
            load.sent(work.member_id, now)
        charge(message.account_id, -price)


def _later(work: _Work, result: SubmitResult) -> None:
    """The carrier is busy: back to the queue, same sender, until the tries are used up."""
    message = work.message
    if message.attempts >= MOST_ATTEMPTS:
        code = result.error_code or 30017
        _end(work, Status.FAILED, code, "carrier_busy", f"The carrier was busy {message.attempts} times.")
        return
    wait = result.retry_after
    if wait is None:
        wait = delay(message.attempts, random())  # noqa: S311 - jitter, not a secret
    detail = f"{result.detail} Try {message.attempts + 1} follows in {wait:.1f} seconds."
    if transition(message, Status.QUEUED, cause="carrier_busy", detail=detail):
        raise handlers.Later(timezone.now() + timedelta(seconds=wait))


def submission_of(work: _Work) -> Submission:
    """What the carrier is given. Media that became links are not among it."""
    message = work.message
    prefix, _, address = message.from_address.rpartition(":")
    media = tuple(message.media.filter(link_token="").values_list("url", flat=True)) if message.num_media else ()
    return Submission(
        key=message.sid,
        channel=message.channel,
        sender=address if prefix else message.from_address,
        sender_kind=work.sender_kind,
        recipient=parse_destination(message.to).address,
        body=message.body,
        encoding=message.encoding,
        segments=message.num_segments,
        media_urls=media,
    )
