"""What would happen to a message, and why: asked of the same functions that send, writing nothing at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.encoding.segments import Encoded
from msgconsole.error_codes import Refused, message_for
from msgconsole.messaging import bare, consent, content, lifecycle, within
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.settings import base_url
from msgconsole.messaging.validation import Valid, validate
from senders import choosing, whatif
from senders.selection.decision import Decision
from senders.selection.overrides import Overrides
from senders.selection.plan import Fate
from senders.selection.whatif import WhatIf
from senders.selection.whynot import SmallestChange
from services.models import MessagingService

QUEUE_OVERFLOW: Final = 30001


@dataclass(frozen=True, slots=True)
class Explanation:
    """``decision`` is None when the request is refused before a sender is looked for. ``content`` is what would be
    sent; ``encoding`` is its SMS encoding, None where there is none.

    ``answers_now``: ``status_code`` and, for a refusal, ``code``, ``message`` and ``field``; else ``status``.
    ``happens_later``: sentences, in order; empty after a refusal. ``overflows``: the chosen sender's queue is full.
    ``asked``: the question as overrides changed it, None without any.
    """

    decision: Decision | None
    content: content.Content | None
    opt_out: consent.Verdict | None
    answers_now: Mapping[str, Any]
    happens_later: tuple[str, ...] = ()
    overflows: bool = False
    asked: WhatIf | None = None

    @property
    def error_code(self) -> int | None:
        """The code with which the message is refused, or will end before it reaches the carrier; None for neither."""
        if "code" in self.answers_now:
            return int(self.answers_now["code"])
        if self.overflows:
            return QUEUE_OVERFLOW
        return self.decision.error_code if self.decision else None

    @property
    def encoding(self) -> Encoded | None:
        return self.content.encoded if self.content else None

    def to_dict(self) -> dict[str, Any]:
        """As the API answers."""
        return {
            "decision": self.decision.to_dict() if self.decision else None,
            "content": _content(self.content),
            "encoding": _encoding(self.encoding),
            "opt_out": self.opt_out and {"opted_out": self.opt_out.opted_out, "detail": self.opt_out.detail},
            "answers_now": {"status_code": 0, "status": None, "code": None, "message": None, "field": None}
            | dict(self.answers_now),
            "happens_later": list(self.happens_later),
            "error_code": self.error_code,
            "error_message": message_for(self.error_code),
        }


def _content(composed: content.Content | None) -> dict[str, Any] | None:
    if composed is None:
        return None
    return {"text": composed.body, "segments": composed.segments, "media_links": len(composed.links)}


def _encoding(encoded: Encoded | None) -> dict[str, Any] | None:
    """``forcing_ucs2``: the characters for which the text is not GSM-7, smart encoding or not."""
    if encoded is None:
        return None
    return {
        "encoding": encoded.encoding,
        "units": encoded.units,
        "segments": encoded.segments,
        "units_per_segment": encoded.per_segment,
        "smart_encoded_text": encoded.text,
        "replaced": encoded.replaced,
        "forcing_ucs2": list(encoded.forcing),
    }


def explain(account: Account, request: MessageRequest, overrides: Overrides | None = None) -> Explanation:
    """Say what the API would answer to the request and what would follow; under ``overrides``, what if.

    A bare From has no pool and no switches: overrides change nothing there.
    """
    try:
        valid = validate(account, request, timezone.now())
    except Refused as fault:
        return Explanation(None, None, None, _refusal(fault))
    if valid.service is None:
        return _bare(account, request, valid)
    return _within(account, request, valid, overrides)


def why_not(
    account: Account, service: MessagingService, request: MessageRequest, name: str, overrides: Overrides | None = None
) -> whatif.WhyNot:
    """What becomes of a sender of the account, named by SID or address, and the smallest change that makes it win.

    ``request`` names the Service. Raises ``Refused`` 20001 for a sender that is not there.
    """
    target = whatif.find(service, name)
    try:
        valid = validate(account, request, timezone.now())
    except Refused as fault:
        told = f"the request is refused at once: {fault.message}"
        return whatif.WhyNot(target.sid, target.address, Fate("request", "refused", told), SmallestChange(None, told))
    asked = within.asked_by(account, service, request, valid)
    return whatif.why_not(service=service, request=asked, target=target, overrides=overrides or whatif.NOTHING)


def _bare(account: Account, request: MessageRequest, valid: Valid) -> Explanation:
    decision, sender = bare.decide(account, request, valid)
    composed = _compose(account, request, decision, smart=bool(request.smart_encoded))
    verdict = consent.Verdict(decision.request.opted_out, decision.request.opt_out_detail)
    fault = bare.refusal(decision)
    if fault is None and decision.sender is not None:
        try:
            bare.check_room(decision.sender.kind, decision.request.country, sender, composed.segments)
        except Refused as full:
            fault = full
    if fault is not None:
        return Explanation(decision, composed, verdict, _refusal(fault))
    later = _later(decision, composed, Status.QUEUED)
    return Explanation(decision, composed, verdict, {"status_code": 201, "status": Status.QUEUED.value}, later)


def _within(account: Account, request: MessageRequest, valid: Valid, overrides: Overrides | None) -> Explanation:
    assert valid.service is not None  # noqa: S101 - the caller looked
    asked = within.asked_by(account, valid.service, request, valid)
    smart = valid.service.smart_encoding if request.smart_encoded is None else request.smart_encoded
    changed: WhatIf | None = None
    if overrides is None:
        decision = choosing.preview(service=valid.service, request=asked)
    else:
        answer = whatif.preview(service=valid.service, request=asked, overrides=overrides)
        decision, changed = answer.decision, answer.asked
        smart = overrides.smart_encoding if "smart_encoding" in overrides.given else smart
    composed = _compose(account, request, decision, smart=smart)
    verdict = consent.Verdict(decision.request.opted_out, decision.request.opt_out_detail)
    try:
        within.check(account, request, valid, changed)
    except Refused as fault:
        return Explanation(decision, composed, verdict, _refusal(fault), asked=changed)
    first = Status.SCHEDULED if valid.send_at else Status.ACCEPTED
    sender = decision.sender
    full = sender is not None and bare.is_full(sender, decision.request.country, composed.segments)
    later = _later(decision, composed, first, full=full)
    now = {"status_code": 201, "status": first.value}
    return Explanation(decision, composed, verdict, now, later, full, changed)


def _compose(account: Account, request: MessageRequest, decision: Decision, *, smart: bool) -> content.Content:
    return content.compose(
        request.body,
        request.media_urls,
        channel_used=decision.channel_used,
        as_link=decision.media_as_link,
        smart=smart,
        base_url=base_url(),
        owner=account.sid,
    )


def _refusal(fault: Refused) -> dict[str, Any]:
    return {"status_code": fault.status, "code": fault.code, "message": fault.message, "field": fault.field}


def _later(decision: Decision, composed: content.Content, first: Status, *, full: bool = False) -> tuple[str, ...]:
    """What follows the answer, in sentences."""
    start = "When its time has come, a sender is chosen" if first is Status.SCHEDULED else "A sender is chosen"
    if decision.sender is None:
        code = decision.error_code or 21703
        return (f"{start}: none can send it.", f"The message fails with {code}: {message_for(code)}.")
    if full:
        sentence = f"{start}: {decision.sender.address}. Its queue is full."
        return (sentence, f"The message fails with {QUEUE_OVERFLOW}: {message_for(QUEUE_OVERFLOW)}.")
    told = [] if first is Status.QUEUED else [f"{start}: {decision.sender.address}. The message is queued."]
    if decision.error_code is not None:
        ending = lifecycle.ending(decision.error_code).label.lower()
        told.append(f"It ends {ending} with {decision.error_code}: {message_for(decision.error_code)}.")
        return tuple(told)
    told.append(f"It is handed to the carrier as {_size(decision, composed)}, and is then sent.")
    told.append("The carrier's report makes it delivered or undelivered.")
    told += [f"Warning {code}: {message_for(code)}." for code in decision.warnings]
    return tuple(told)


def _size(decision: Decision, composed: content.Content) -> str:
    if composed.encoded is None:
        return {"mms": "one MMS", "rcs": "one RCS message"}.get(decision.channel_used, "one message")
    plural = "" if composed.segments == 1 else "s"
    return f"{composed.segments} SMS segment{plural} in {composed.encoding}"
