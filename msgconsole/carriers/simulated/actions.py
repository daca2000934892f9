"""Writes to the simulated carrier's phone book. It serves the whole install, so its log lines belong to no account."""

from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.carriers.simulated.models import PhoneBookEntry
from msgconsole.error_codes import Refused
from msgconsole.numbering import e164

_FIELDS = ("number", "carrier", "line_type", "rcs")


def set_entry(
    *,
    number: str,
    actor: Actor,
    carrier: str = "",
    line_type: str = PhoneBookEntry.LineType.MOBILE,
    rcs: bool = False,
) -> PhoneBookEntry:
    """Say what the carrier side knows of a number; what stood there before is replaced."""
    try:
        address = e164.parse_number(number).e164
    except e164.NumberingError as wrong:
        raise Refused(21211, wrong.message, field="number") from wrong
    with transaction.atomic():
        entry = PhoneBookEntry.objects.select_for_update().filter(number=address).first()
        before = audit.snapshot(entry, _FIELDS) if entry else {}
        entry = entry or PhoneBookEntry(number=address)
        entry.carrier, entry.line_type, entry.rcs = carrier.strip(), line_type, rcs
        after = audit.snapshot(entry, _FIELDS)
        if before != after:
            entry.full_clean()
            entry.save()
            audit.record(account=None, actor=actor, action="phone_book.set", obj=entry, before=before, after=after)
    return entry


def delete_entry(*, entry: PhoneBookEntry, actor: Actor) -> None:
    """Forget a number: it counts as a mobile of an unnamed carrier again."""
    with transaction.atomic():
        before = audit.snapshot(entry, _FIELDS)
        audit.record(account=None, actor=actor, action="phone_book.deleted", obj=entry, before=before)
        PhoneBookEntry.objects.filter(pk=entry.pk).delete()
