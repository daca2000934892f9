"""Who has opted out: one indexed row per recipient and scope, looked up with every send."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from services.models import ConsentRecord, MessagingService


def list_of(channel: str) -> str:
    """SMS, MMS and RCS share one block list; every other channel has its own."""
    return "sms" if channel in ("sms", "mms", "rcs") else channel


def consent_of(
    *, account: Account, service: MessagingService | None, sender_address: str, channel: str, recipient: str
) -> ConsentRecord | None:
    """What is known of the recipient in this scope: the Service, or without one the single sender."""
    rows = ConsentRecord.objects.filter(channel=list_of(channel), recipient=recipient)
    if service is not None:
        return rows.filter(service=service).first()
    return rows.filter(account=account, service=None, sender_address=sender_address).first()


def is_opted_out(
    *, account: Account, service: MessagingService | None, sender_address: str, channel: str, recipient: str
) -> ConsentRecord | None:
    """The record that blocks a send, or None. One query on a unique index."""
    found = consent_of(
        account=account,
        service=service,
        sender_address=sender_address,
        channel=channel,
        recipient=recipient,
    )
    return found if found and found.status == ConsentRecord.Status.OPTED_OUT else None


def record(
    *,
    account: Account,
    service: MessagingService | None,
    sender_address: str,
    channel: str,
    recipient: str,
    status: str,
    actor: Actor,
    keyword: str = "",
    reason: str = "",
) -> ConsentRecord:
    """Note that a recipient opted out or in; the newest word replaces the one before."""
    scope: dict[str, Any] = {"account": account, "service": None, "sender_address": sender_address}
    if service is not None:
        scope = {"service": service}
    values = {
        "account": account,
        "status": ConsentRecord.Status(status),
        "keyword": keyword,
        "reason": reason,
        "at": timezone.now(),
    }
    with transaction.atomic():
        known = ConsentRecord.objects.filter(channel=list_of(channel), recipient=recipient, **scope).first()
        before = audit.snapshot(known, ["status", "keyword", "reason"]) if known else {}
        consent, _ = ConsentRecord.objects.update_or_create(
            channel=list_of(channel), recipient=recipient, **scope, defaults=values
        )
        audit.record(
            account=account,
            actor=actor,
            action=f"consent.{consent.status}",
            obj=consent,
            before=before,
            after=audit.snapshot(consent, ["status", "keyword", "reason"]),
            label=f"{recipient} · {service.sid if service else sender_address}",
        )
    return consent
