"""What every change to a Service shares: its row as the lock, and the version of its configuration.

The version is the key under which configuration is cached, so nothing is ever invalidated.
"""

from django.db import transaction
from django.db.models import F

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.error_codes import Refused
from services.models import MessagingService


def bump_version(service_id: int) -> int:
    """Add 1 in the current transaction and return the new version. The row stays locked until it ends."""
    MessagingService.objects.filter(pk=service_id).update(config_version=F("config_version") + 1)
    return MessagingService.objects.values_list("config_version", flat=True).get(pk=service_id)


def locked(service: MessagingService) -> MessagingService:
    """The Service as it stands now, locked for this transaction: two edits at once are judged one after the other."""
    current = (
        MessagingService.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .filter(pk=service.pk)
        .first()
    )
    if current is None:
        raise Refused(20404, f"Service {service.sid} is gone: someone deleted it meanwhile.")
    return current


def switch(service: MessagingService, name: str, on: bool, actor: Actor) -> MessagingService:
    """Turn one of a Service's switches on or off, audited as ``service.<name>``; nothing happens where it is so."""
    with transaction.atomic():
        current = locked(service)
        if getattr(current, name) != on:
            before = audit.snapshot(current)
            setattr(current, name, on)
            current.save(update_fields=[name, "date_updated"])
            current.config_version = bump_version(current.pk)
            after = audit.snapshot(current)
            audit.record(
                account=current.account, actor=actor, action=f"service.{name}", obj=current, before=before, after=after
            )
    return current
