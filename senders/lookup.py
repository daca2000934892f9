"""Who is meant by an address that a request names as From or FallbackFrom."""

from dataclasses import replace

from msgconsole.numbering.e164 import NumberingError, SenderAddress, parse_sender_address
from senders.buckets import area_code_of, key_in_pool, key_of
from senders.models import PoolMember, Sender
from senders.selection.types import Candidate
from services.models import MessagingService

PREFIXED = frozenset({"whatsapp", "messenger", "rcs"})


def named_sender(service: MessagingService, address: str, to_country: str) -> Candidate | None:
    """The sender with that address as the engine sees it; None when nobody has it.

    An alpha sender is mere text: one that is in no inventory is still a sender. Of short codes, which exist once per
    country, the recipient's own comes first.
    """
    try:
        read = parse_sender_address(address)
    except NumberingError:
        return None
    rows = Sender.objects.filter(address=stored_address(read)).select_related("membership__bucket")
    found = list(rows[:50])
    if not found:
        return mere_text(read.address) if read.kind_hint == "alpha" else None

    def preference(sender: Sender) -> tuple[bool, bool, bool, int]:
        member = _member(sender)
        return (
            sender.account_id != service.account_id,
            member is None or member.service_id != service.pk,
            sender.country != to_country,
            sender.pk,
        )

    best = min(found, key=preference)
    if best.kind == Sender.Kind.ALPHA and best.account_id != service.account_id:
        return mere_text(best.address)
    return candidate_of(best, service)


def stored_address(read: SenderAddress) -> str:
    """An address as the inventory writes it: with its channel prefix."""
    return f"{read.kind_hint}:{read.address}" if read.kind_hint in PREFIXED else read.address


def candidate_of(sender: Sender, service: MessagingService) -> Candidate:
    """A sender of the inventory as a candidate of a Service, in its pool or not."""
    member = _member(sender)
    pooled = member is not None and member.service_id == service.pk
    key = key_in_pool(member, sender) if member is not None and pooled else key_of(sender)
    candidate = Candidate(
        member_id=None,
        sender_id=sender.pk,
        sid=sender.sid,
        address=sender.address,
        area_code=area_code_of(sender),
        owned=sender.account_id == service.account_id,
        **key._asdict(),
    )
    if member is None or not pooled:
        return candidate
    return replace(
        candidate,
        member_id=member.pk,
        mapping_count=member.mapping_count,
        queued_count=member.queued_count,
        sent_count=member.sent_count,
        last_used_at=member.last_used_at,
        added_order=member.pk,
    )


def _member(sender: Sender) -> PoolMember | None:
    return getattr(sender, "membership", None)


def mere_text(text: str) -> Candidate:
    """An alpha sender that is in no inventory: any account may use any text."""
    return Candidate(member_id=None, sender_id=None, sid="", kind="alpha", address=text)
