"""Who may do what in which account. People in an account's parent have the same role in it.

A role includes those below it: owner, configurator, viewer. A superuser is an owner everywhere.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from msgconsole.accounts.models import Account, Membership, User

RANK = {Membership.Role.VIEWER: 1, Membership.Role.CONFIGURATOR: 2, Membership.Role.OWNER: 3}


def roles_of(user: User | AnonymousUser, accounts: Iterable[Account]) -> dict[int, str]:
    """The person's role in each of the accounts, by primary key; where they have none, no entry. One query."""
    if not user.is_active or user.pk is None:
        return {}
    if user.is_superuser:
        return {account.pk: Membership.Role.OWNER.value for account in accounts}
    held = dict(Membership.objects.filter(user_id=user.pk).values_list("account_id", "role"))
    found = {}
    for account in accounts:
        roles = [held[place] for place in (account.pk, account.owner_id) if place in held]
        if roles:
            found[account.pk] = str(max(roles, key=lambda role: RANK[Membership.Role(role)]))
    return found


def role_of(user: User | AnonymousUser, account: Account) -> str | None:
    """The person's role in the account: owner, configurator, viewer or None."""
    return roles_of(user, [account]).get(account.pk)


def accounts_of(user: User | AnonymousUser, least: str = Membership.Role.VIEWER) -> QuerySet[Account]:
    """The accounts in which a person's role is ``least`` or more: those they may see, unless told otherwise."""
    if not user.is_active or user.pk is None:
        return Account.objects.none()
    if user.is_superuser:
        return Account.objects.all()
    enough = [role for role, rank in RANK.items() if rank >= RANK[Membership.Role(least)]]
    own = Membership.objects.filter(user_id=user.pk, role__in=enough).values("account_id")
    return Account.objects.filter(Q(pk__in=own) | Q(owner_id__in=own))


def has_role(user: User | AnonymousUser, account: Account, least: str) -> bool:
    """Is the person's role in the account ``least`` or more?"""
    role = role_of(user, account)
    return role is not None and RANK[Membership.Role(role)] >= RANK[Membership.Role(least)]
