"""A message without a Service: From names its sender, and every fault of that is told at once.

The same engine judges it as judges a From inside a Service, over a pool of that one sender, so that the trace reads
alike. No mapping is read or written.
"""

from dataclasses import replace

from django.db.models import Sum

from msgconsole.accounts.models import Account
from msgconsole.carriers import registry
from msgconsole.error_codes import Refused
from msgconsole.messaging import consent
from msgconsole.messaging.lifecycle import NOT_REGISTERED
from msgconsole.messaging.models import Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.messaging.validation import Valid
from msgconsole.numbering import sender_rules
from msgconsole.numbering.e164 import Destination, SenderAddress
from senders import choosing
from senders.buckets import key_of
from senders.lookup import mere_text, stored_address
from senders.models import PoolMember, Sender
from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.stages.named import alone
from senders.selection.summary import PoolSummary
from senders.selection.types import Candidate, Policy, Pool, Recipient, SelectionRequest

MOST_SEGMENTS = 40  # of one message: 1600 UCS-2 units and ten links
NOT_IN_POOL = 21711  # a warning that means nothing where there is no pool


def find_sender(account: Account, address: SenderAddress, country: str) -> Sender | None:
    """The sender with that address: the account's own before another's, a short code of ``country`` before others."""
    kinds = {"number": ("long_code", "toll_free"), "short_code": ("short_code",), "alpha": ("alpha",)}
    text = stored_address(address)
    rows = list(
        Sender.objects.filter(address=text, kind__in=kinds.get(address.kind_hint, (address.kind_hint,)))
        .select_related("membership__service")
        .order_by("id")[:50]
    )
    if address.kind_hint == "alpha":  # mere text: another account's row says nothing
        rows = [row for row in rows if row.account_id == account.pk]
    rows.sort(key=lambda row: (row.account_id != account.pk, row.country != country))
    return rows[0] if rows else None


def candidate_of(sender: Sender, account: Account) -> Candidate:
    """A sender as the engine sees it outside of any pool."""
    return Candidate(
        member_id=None,
        sender_id=sender.pk,
        sid=sender.sid,
        address=sender.address,
        area_code=sender.area_code,
        owned=sender.account_id == account.pk,
        **key_of(sender)._asdict(),
    )


def judge(account: Account, request: MessageRequest, valid: Valid) -> tuple[Decision, Sender | None]:
    """The decision about the From, and the sender's row if there is one. Raises ``Refused``; writes nothing."""
    decision, sender = decide(account, request, valid)
    fault = refusal(decision)
    if fault is not None:
        raise fault
    return decision, sender


def decide(account: Account, request: MessageRequest, valid: Valid) -> tuple[Decision, Sender | None]:
    """As ``judge``, but a fault is told by the decision's error code alone: for explanations."""
    assert valid.sender_address is not None  # noqa: S101 - without a Service there is a From
    asked, sender = question(
        account,
        valid.destination,
        valid.sender_address,
        wants_mms=request.wants_mms,
        force_delivery=bool(request.force_delivery),
    )
    return decision_on(asked, policy_of(account)), sender


def question(
    account: Account, destination: Destination, address: SenderAddress, *, wants_mms: bool, force_delivery: bool
) -> tuple[SelectionRequest, Sender | None]:
    """The question to the engine, with what is known now of the sender, of consent and of the recipient's side."""
    sender = find_sender(account, address, destination.country)
    candidate: Candidate | None = None
    if sender is not None:
        candidate = candidate_of(sender, account)
    elif address.kind_hint == "alpha":
        candidate = mere_text(address.address)
    verdict = consent.verdict(account, None, candidate.address if candidate else address.address, destination, sender)
    asked = SelectionRequest(
        to=destination.raw,
        channel=destination.channel,
        address=destination.address,
        country=destination.country,
        area_code=destination.area_code,
        media=wants_mms,
        from_address=address.address,
        force_delivery=force_delivery,
        recipient=recipient_of(destination),
        opted_out=verdict.opted_out,
        opt_out_detail=verdict.detail,
        from_sender=candidate,
    )
    return asked, sender


def policy_of(account: Account) -> Policy:
    """The switches without a Service: none is on."""
    return Policy(
        service_sid="",
        config_version=0,
        sticky_sender=False,
        mms_converter=False,
        geo_permissions=None if account.geo_permissions is None else frozenset(account.geo_permissions),
        mms_countries=choosing.mms_countries(),
        trial=account.type == Account.Type.TRIAL,
    )


def decision_on(asked: SelectionRequest, policy: Policy) -> Decision:
    """The engine's word on a question, over a pool of the one sender that it names. Pure."""
    named = asked.from_sender or Candidate(None, None, "", "long_code", asked.from_address or "")
    decision = select(asked, policy, Pool(PoolSummary("", 0, (alone(named).bucket,))))
    return replace(decision, warnings=tuple(code for code in decision.warnings if code != NOT_IN_POOL))


def refusal(decision: Decision) -> Refused | None:
    """The fault that is told at once: everything but what only carriers say (30000 and up, registrations aside)."""
    code = decision.error_code
    if code is None or (code >= 30000 and code not in NOT_REGISTERED):
        return None
    field = "to" if decision.error_code in (21408, 21610, 21635) else "from"
    return Refused(code, decision.error_detail, field=field)


def recipient_of(destination: Destination) -> Recipient:
    """What the carrier side knows of the recipient."""
    if not destination.e164:
        return Recipient()
    facts = registry.recipient_facts(destination.e164)
    return Recipient(facts.carrier, facts.line_type, facts.rcs)


def check_room(kind: str, country: str, sender: Sender | None, segments: int) -> None:
    """Is there room in the sender's queue? Raises 21611."""
    if sender is not None and overflows(kind, country, waiting_segments(sender.pk), segments):
        raise Refused(21611, f"The queue of {sender.address} is full.", field="from")


def waiting_segments(sender_id: int | None) -> int:
    """Segments that wait behind a sender. Reads only what waits, however long its history."""
    if sender_id is None:
        return 0
    rows = Message.objects.filter(sender_id=sender_id, status__in=["queued", "sending"])
    return rows.aggregate(waiting=Sum("num_segments"))["waiting"] or 0


def overflows(kind: str, country: str, waiting: int, segments: int) -> bool:
    """Is a sender's queue too full for so many segments more? It holds ten hours of traffic at the sender's rate."""
    return waiting + segments > sender_rules.queue_segments(kind, country)


def is_full(chosen: Candidate, country: str, segments: int) -> bool:
    """Would a chosen sender's queue overflow? Counted exactly only where the number of messages makes it possible."""
    longest = chosen.queued_count * MOST_SEGMENTS
    if chosen.member_id is not None and not overflows(chosen.kind, country, longest, segments):
        return False
    return overflows(chosen.kind, country, waiting_segments(chosen.sender_id), segments)


def member_of(sender: Sender) -> PoolMember | None:
    """The pool membership of a sender, if it has one: even a bare send adds to its load."""
    return getattr(sender, "membership", None)
