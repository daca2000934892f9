"""Reads of accounts, keys, people and the audit log."""

from django.db.models import Q, QuerySet

from msgconsole.accounts.models import Account, ApiKey, AuditEntry, Membership


def reachable_from(account: Account) -> QuerySet[Account]:
    """The account itself and its subaccounts: what its credentials may name in a path."""
    return Account.objects.filter(Q(pk=account.pk) | Q(owner_id=account.pk))


def keys_of(account: Account, *, kind: str | None = None, revoked: bool = False) -> QuerySet[ApiKey]:
    keys = ApiKey.objects.filter(account=account)
    if kind:
        keys = keys.filter(kind=kind)
    return keys if revoked else keys.filter(revoked_at__isnull=True)


def members_of(account: Account) -> QuerySet[Membership]:
    return Membership.objects.filter(account=account).select_related("user")


def audit_of(account: Account, *, object_sid: str | None = None) -> QuerySet[AuditEntry]:
    """The account's log, newest first; of one object with its SID."""
    entries = AuditEntry.objects.filter(account=account)
    return entries.filter(object_sid=object_sid) if object_sid else entries
