"""What all registrations have in common: how they are locked, changed, audited and sent to the reviewer."""

from datetime import timedelta
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue

KIND = "compliance.review"
"""Work for the simulated reviewer; the reference is the registration's SID."""

REVIEWER = Actor.system("reviewer")

BOOKKEEPING = ("review_round", "holds")
"""What follows from the rest and is of no interest to readers of the log."""

M = TypeVar("M", bound=models.Model)


class Registration(Protocol):
    sid: str
    review_round: int


def locked(model: type[M], pk: int, *, what: str) -> M:
    """The row as it is now, locked until the transaction ends, with its account."""
    rows = model._default_manager.select_for_update(of=("self",), no_key=True).select_related("account")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused(20404, f"The {what} is gone: someone deleted it meanwhile.")
    return found


def create(row: models.Model, *, account: Account, actor: Actor, action: str) -> None:
    """Store a new row with its audit entry. Whatever a field refuses becomes the general 400."""
    try:
        row.full_clean()
    except ValidationError as invalid:
        field, messages = next(iter(invalid.message_dict.items()))
        raise Refused(20001, f"{field}: {messages[0]}", field=field) from invalid
    row.save(force_insert=True)
    audit.record(account=account, actor=actor, action=action, obj=row, after=audit.snapshot(row))


def change(row: models.Model, *, account: Account, actor: Actor, action: str, **values: Any) -> None:
    """Change a locked row, with its audit entry."""
    before = audit.snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "date_updated"])
    after = audit.snapshot(row)
    for shown in (before, after):
        for name in BOOKKEEPING:
            shown.pop(name, None)
    audit.record(account=account, actor=actor, action=action, obj=row, before=before, after=after)


def send_to_review(registration: Registration) -> None:
    """Let the reviewer take the next step after the usual delay. Part of the transaction that makes it necessary."""
    delay = timedelta(milliseconds=settings.MSGCONSOLE_REVIEW_DELAY_MS)
    queue.enqueue(
        KIND,
        registration.sid,
        available_at=timezone.now() + delay,
        payload={"round": registration.review_round},
    )


def must_be(status: str, allowed: tuple[str, ...], *, verb: str, what: str) -> None:
    """Refuse a step that the registration's status does not allow."""
    if status not in allowed:
        raise Refused(
            20409, f"The {what} is {status}: it cannot be {verb} now. It can be while {' or '.join(allowed)}."
        )


def no_words(value: Any) -> bool:
    """Whether an answer is missing: not given, or empty."""
    return value is None or value == "" or value == [] or value == ()
