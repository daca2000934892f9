"""The audit log: who changed what. Every action calls ``record`` inside its own transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from msgconsole.accounts.models import Account, AuditEntry, User

HIDDEN = {"auth_token_encrypted", "secret_digest", "password"}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where. ``kind``: user, token (AccountSid and auth token), key, system."""

    kind: str
    label: str
    source: str

    @classmethod
    def user(cls, user: User) -> "Actor":
        return cls("user", user.get_username(), AuditEntry.Source.CONSOLE)

    @classmethod
    def command(cls, name: str) -> "Actor":
        return cls("system", name, AuditEntry.Source.COMMAND)

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls("system", name, AuditEntry.Source.SYSTEM)


def snapshot(obj: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """The values of an object's own columns, in a form JSON can hold. Take one before and one after a change."""
    wanted = set(fields) if fields is not None else None
    return {
        field.name: _plain(field.value_from_object(obj))
        for field in obj._meta.concrete_fields
        if field.name not in HIDDEN and (wanted is None or field.name in wanted)
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after] for each field that differs. Bookkeeping fields are left out."""
    skip = {"id", "date_created", "date_updated", "config_version"}
    names = [*before, *(name for name in after if name not in before)]
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if name not in skip and before.get(name) != after.get(name)
    }


def record(
    *,
    account: Account | None,
    actor: Actor,
    action: str,
    obj: models.Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    label: str | None = None,
) -> AuditEntry:
    """Write one audit row; ``account`` is None for what concerns the whole install.

    ``before`` and ``after`` are snapshots or any mapping of plain values.
    """
    return AuditEntry.objects.create(
        account=account,
        actor_kind=actor.kind,
        actor_label=actor.label[:150],
        source=actor.source,
        action=action,
        object_type=obj._meta.model_name or "",
        object_sid=getattr(obj, "sid", "") or "",
        object_label=(label if label is not None else str(obj))[:200],
        changes=differences(before or {}, after or {}),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "(binary)"
    return value
