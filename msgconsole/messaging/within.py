"""A message within a Service: what is checked at once, and how the question to the selection is put.

The send, the worker and the explanation share these functions, so that what is explained is what happens.
"""

from django.conf import settings

from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.messaging import bare, consent
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.validation import Valid
from msgconsole.numbering.e164 import (
    Destination,
    NumberingError,
    SenderAddress,
    parse_destination,
    parse_sender_address,
)
from senders import choosing, pool
from senders.lookup import stored_address
from senders.selection.summary import PoolSummary
from senders.selection.types import SelectionRequest
from senders.selection.whatif import WhatIf
from services.models import MessagingService

SMS_KINDS = frozenset({"long_code", "toll_free", "short_code", "alpha"})


def check(account: Account, request: MessageRequest, valid: Valid, asked: WhatIf | None = None) -> None:
    """The faults that a request to a Service is told at once: an empty pool, and senders it names but may not use.

    ``asked``: a what-if, whose pool counts instead of the one that is there.
    """
    assert valid.service is not None  # noqa: S101 - the caller has one
    summary = pool.summary_of(valid.service) if asked is None else asked.summary
    new = asked.new_addresses if asked is not None else frozenset()
    if not summary.total:
        raise Refused(
            21704,
            f"The Messaging Service {valid.service.sid} has no senders. Add one to its pool.",
            field="messaging_service_sid",
        )
    if valid.send_at is not None:
        _refuse_too_many_scheduled(account)
    if valid.sender_address is not None and stored_address(valid.sender_address) not in new:
        _check_named(account, request, valid.sender_address, valid.destination)
    if request.fallback_from:
        _check_fallback(account, request.fallback_from, valid, summary, new)


def _refuse_too_many_scheduled(account: Account) -> None:
    """Looks for the row that fills the limit and counts no further. Requests at the same moment may pass it together:
    the limit is there for the database's sake, and a few more do it no harm."""
    most = settings.MSGCONSOLE_SCHEDULED_LIMIT
    scheduled = Message.objects.filter(account=account, status=Status.SCHEDULED.value).order_by("-id")
    if scheduled.values("pk")[most - 1 : most]:
        raise Refused(
            35125,
            f"Account {account.sid} has {most} scheduled messages, the most it may have. Wait until some are sent, or"
            " cancel some.",
            field="send_at",
        )


def _check_named(account: Account, request: MessageRequest, address: SenderAddress, destination: Destination) -> None:
    """From belongs to the account and can carry the content. Whether it reaches the recipient shows later."""
    if address.kind_hint == "alpha":
        return
    sender = bare.find_sender(account, address, destination.country)
    text = stored_address(address)
    if sender is None:
        raise Refused(21659, f"From {text} is not a sender of this system.", field="from")
    if sender.account_id != account.pk:
        raise Refused(21660, f"From {text} belongs to another account.", field="from")
    if destination.channel == "sms" and sender.kind in SMS_KINDS:
        needs_mms = request.wants_mms and destination.country in choosing.mms_countries()
        if needs_mms and not sender.mms:
            raise Refused(21621, f"The message has media and From {text} has no MMS.", field="from")
        if not needs_mms and not sender.sms:
            raise Refused(21661, f"From {text} has no SMS.", field="from")


def _check_fallback(
    account: Account, fallback_from: str, valid: Valid, summary: PoolSummary, new: frozenset[str]
) -> None:
    if not any(bucket.key.kind == "rcs" for bucket in summary.buckets):
        raise Refused(21667, "FallbackFrom was given, but the Service has no RCS sender.", field="fallback_from")
    try:
        address = parse_sender_address(fallback_from.strip())
    except NumberingError as error:
        raise Refused(21665, error.message, field="fallback_from") from None
    if stored_address(address) in new:
        return
    sender = bare.find_sender(account, address, valid.destination.country)
    if sender is None or sender.account_id != account.pk or sender.kind not in SMS_KINDS:
        raise Refused(
            21665, f"FallbackFrom {fallback_from} is not an SMS or MMS sender of this account.", field="fallback_from"
        )


def address_of(destination: Destination) -> str:
    """To in its canonical form, with its channel prefix."""
    return destination.address if destination.channel == "sms" else f"{destination.channel}:{destination.address}"


def question_of(
    account: Account,
    service: MessagingService,
    destination: Destination,
    *,
    from_address: str | None,
    fallback_from: str | None,
    wants_mms: bool,
    force_delivery: bool,
) -> SelectionRequest:
    """The question to the selection: the request with what is known of consent and of the recipient's side."""
    verdict = consent.verdict(account, service, "", destination)
    return choosing.request_for(
        service,
        destination,
        media=wants_mms,
        from_address=from_address,
        fallback_from=fallback_from,
        force_delivery=force_delivery,
        recipient=bare.recipient_of(destination),
        opted_out=verdict.opted_out,
        opt_out_detail=verdict.detail,
    )


def asked_by(account: Account, service: MessagingService, request: MessageRequest, valid: Valid) -> SelectionRequest:
    """The question of a request that is not stored."""
    return question_of(
        account,
        service,
        valid.destination,
        from_address=stored_address(valid.sender_address) if valid.sender_address else None,
        fallback_from=request.fallback_from,
        wants_mms=request.wants_mms,
        force_delivery=bool(request.force_delivery),
    )


def asked_again(message: Message, service: MessagingService) -> SelectionRequest:
    """The same question, read back from the stored message. ``from`` among its options: the request named one."""
    options = message.options
    return question_of(
        message.account,
        service,
        parse_destination(message.to),
        from_address=(message.from_address or None) if "from" in options else None,
        fallback_from=options.get("fallback_from"),
        wants_mms=message.num_media > 0 or bool(options.get("send_as_mms")),
        force_delivery=bool(options.get("force_delivery")),
    )


def smart(message: Message) -> bool:
    """Smart encoding: as the message says, else as its Service does."""
    given = message.options.get("smart_encoded")
    if given is not None:
        return bool(given)
    return message.service.smart_encoding if message.service else False
