"""Writes to accounts and API keys. Each is one transaction with an audit row that holds no secret."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit, secrets
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, ApiKey
from msgconsole.accounts.people import create_user, set_password, set_role, update_user
from msgconsole.error_codes import Refused
from msgconsole.numbering import countries
from msgconsole.sids import is_sid

__all__ = [
    "create_account",
    "create_key",
    "create_user",
    "reveal_auth_token",
    "revoke_key",
    "rotate_auth_token",
    "set_password",
    "set_role",
    "touch",
    "update_account",
    "update_key",
    "update_user",
]

LONGEST_NAME = 64
SHORTEST_TOKEN = 16
_ACCOUNT_SETTINGS = {"friendly_name", "status", "type", "geo_permissions"}
# How stale a key's "last used" may be: it is a hint for people, not worth a write with every request.
TOUCH_EVERY = timedelta(minutes=1)


def create_account(
    *,
    actor: Actor,
    friendly_name: str = "",
    owner: Account | None = None,
    sid: str | None = None,
    auth_token: str | None = None,
    type: str | None = None,
) -> Account:
    """Make an account; with ``owner``, a subaccount of it. ``sid`` and ``auth_token`` fix the credentials of a demo."""
    if owner is not None and owner.owner_id is not None:
        raise Refused(21101, field="owner")
    now = timezone.now()
    name = friendly_name or f"{'SubAccount' if owner else 'Account'} Created at {now:%Y-%m-%d %I:%M %p}"
    account = Account(
        friendly_name=_name(name),
        owner=owner,
        type=type or (owner.type if owner else Account.Type.FULL),
    )
    if sid is not None:
        if not is_sid(sid, "AC"):
            raise Refused(20001, f"{sid} is not an account SID: AC and 32 hex digits.", field="sid")
        account.sid = sid
    if auth_token is not None:
        account.auth_token_encrypted = secrets.encrypt(_token(auth_token))
    with transaction.atomic():
        account.full_clean()
        account.save()
        audit.record(account=account, actor=actor, action="account.created", obj=account, after=audit.snapshot(account))
        if owner is not None:
            audit.record(account=owner, actor=actor, action="subaccount.created", obj=account)
    return account


def update_account(*, account: Account, actor: Actor, **changes: Any) -> Account:
    """Change ``friendly_name``, ``status``, ``type`` or ``geo_permissions`` (list of ISO countries, None for all)."""
    if unknown := set(changes) - _ACCOUNT_SETTINGS:
        raise TypeError(f"not settings of an account: {sorted(unknown)}")
    if "friendly_name" in changes:
        changes["friendly_name"] = _name(changes["friendly_name"])
    if "status" in changes and changes["status"] not in Account.Status.values:
        raise Refused(
            20001,
            f"Status {changes['status']!r} is not valid: use active, suspended or closed.",
            field="status",
        )
    if "geo_permissions" in changes:
        changes["geo_permissions"] = _countries(changes["geo_permissions"])
    with transaction.atomic():
        current = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        before = audit.snapshot(current)
        if current.status == Account.Status.CLOSED and changes.get("status", current.status) != current.status:
            raise Refused(20409, f"Account {current.sid} is closed; that is final.", field="status")
        for name, value in changes.items():
            setattr(current, name, value)
        after = audit.snapshot(current)
        if audit.differences(before, after):
            current.full_clean()
            current.save(update_fields=[*changes, "date_updated"])
            audit.record(
                account=current,
                actor=actor,
                action="account.updated",
                obj=current,
                before=before,
                after=after,
            )
    return current


def rotate_auth_token(*, account: Account, actor: Actor, auth_token: str | None = None) -> Account:
    """Replace the auth token, by the one given or a random one.

    The old one stops working, and signs nothing more, from this moment.
    """
    sealed = secrets.encrypt(_token(auth_token)) if auth_token is not None else secrets.new_encrypted_token()
    with transaction.atomic():
        current = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        current.auth_token_encrypted = sealed
        current.save(update_fields=["auth_token_encrypted", "date_updated"])
        audit.record(account=current, actor=actor, action="account.auth_token_rotated", obj=current)
    return current


def reveal_auth_token(*, account: Account, actor: Actor) -> str:
    """The auth token in clear, with a note in the audit log of who looked at it."""
    with transaction.atomic():
        current = Account.objects.get(pk=account.pk)
        audit.record(account=current, actor=actor, action="account.auth_token_shown", obj=current)
    return current.auth_token


def create_key(
    *, account: Account, actor: Actor, friendly_name: str = "", kind: str = ApiKey.Kind.KEY
) -> tuple[ApiKey, str]:
    """Make an API key. The secret is returned here and never again: only its digest is kept."""
    secret = secrets.new_key_secret()
    key = ApiKey(
        account=account,
        friendly_name=_name(friendly_name, may_be_empty=True),
        kind=kind,
        secret_digest=secrets.digest(secret),
    )
    with transaction.atomic():
        key.full_clean()
        key.save()
        audit.record(account=account, actor=actor, action="key.created", obj=key, after=audit.snapshot(key))
    return key, secret


def update_key(*, key: ApiKey, actor: Actor, friendly_name: str) -> ApiKey:
    with transaction.atomic():
        current = ApiKey.objects.select_for_update(no_key=True).select_related("account").get(pk=key.pk)
        before = audit.snapshot(current)
        current.friendly_name = _name(friendly_name, may_be_empty=True)
        current.save(update_fields=["friendly_name", "date_updated"])
        audit.record(
            account=current.account,
            actor=actor,
            action="key.updated",
            obj=current,
            before=before,
            after=audit.snapshot(current),
        )
    return current


def revoke_key(*, key: ApiKey, actor: Actor) -> ApiKey:
    """End a key. The row stays, so that the audit log and 'last used' keep their meaning."""
    with transaction.atomic():
        current = ApiKey.objects.select_for_update(no_key=True).select_related("account").get(pk=key.pk)
        if current.revoked_at is None:
            before = audit.snapshot(current)
            current.revoked_at = timezone.now()
            current.save(update_fields=["revoked_at", "date_updated"])
            audit.record(
                account=current.account,
                actor=actor,
                action="key.revoked",
                obj=current,
                before=before,
                after=audit.snapshot(current),
            )
    return current


def touch(key: ApiKey) -> None:
    """Note that a key was used; at most one write a minute. No audit row: nothing was changed by anyone."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= TOUCH_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
        key.last_used_at = now


def _name(value: str, *, may_be_empty: bool = False) -> str:
    if len(value) > LONGEST_NAME or not (value.strip() or may_be_empty):
        raise Refused(
            20002, f"FriendlyName has {len(value)} characters: give 1 to {LONGEST_NAME}.", field="friendly_name"
        )
    return value


def _token(value: str) -> str:
    if len(value) < SHORTEST_TOKEN or not value.isprintable():
        raise Refused(20001, f"An auth token has at least {SHORTEST_TOKEN} printable characters.", field="auth_token")
    return value


def _countries(value: list[str] | None) -> list[str] | None:
    if value is None:
        return None
    known = {iso for iso, _ in countries.ALL}
    wanted = sorted({iso.upper() for iso in value})
    if strange := [iso for iso in wanted if iso not in known]:
        raise Refused(20001, f"Not a country code: {', '.join(strange)}.", field="geo_permissions")
    return wanted
