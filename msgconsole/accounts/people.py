"""Writes to people: users, passwords, and roles in accounts."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, Membership, User
from msgconsole.error_codes import Refused

_USER_SETTINGS = {"email", "first_name", "last_name", "is_active", "is_superuser"}


def create_user(
    *,
    username: str,
    password: str,
    actor: Actor,
    email: str = "",
    is_superuser: bool = False,
    any_password: bool = False,
) -> User:
    """Make a person who can log in. What they may do comes from ``set_role``; a superuser may do everything.

    A password that is too weak raises ``ValidationError`` with the reasons under ``password``. ``any_password``: the
    operator of the install fixed it, as scripts do for a demo, and knows what they do.
    """
    user = User(username=username, email=email, is_superuser=is_superuser, is_staff=True)
    if not any_password:
        _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.full_clean()
        user.save()
        audit.record(
            account=None,
            actor=actor,
            action="user.created",
            obj=user,
            after={"username": username, "email": email, "is_superuser": is_superuser},
        )
    return user


def update_user(*, user: User, actor: Actor, **changes: Any) -> User:
    """Change ``email``, ``first_name``, ``last_name``, ``is_active`` or ``is_superuser``.

    Someone must always be able to help: the last active superuser stays one.
    """
    if unknown := set(changes) - _USER_SETTINGS:
        raise TypeError(f"not settings of a user: {sorted(unknown)}")
    with transaction.atomic():
        # All superusers are locked, so that two who demote each other at once do not both succeed.
        helpers = list(User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk"))
        current = User.objects.select_for_update().get(pk=user.pk)
        before = audit.snapshot(current, _USER_SETTINGS)
        for name, value in changes.items():
            setattr(current, name, value)
        after = audit.snapshot(current, _USER_SETTINGS)
        if helpers == [current] and not (current.is_superuser and current.is_active):
            field = "is_active" if not current.is_active else "is_superuser"
            raise Refused(20409, f"{current} is the last active superuser. Make someone else one first.", field=field)
        if before != after:
            current.full_clean()
            current.save(update_fields=list(changes))
            audit.record(account=None, actor=actor, action="user.updated", obj=current, before=before, after=after)
    return current


def set_password(*, user: User, password: str, actor: Actor, any_password: bool = False) -> User:
    if not any_password:
        _check_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record(account=None, actor=actor, action="user.password_changed", obj=user)
    return user


def set_role(*, account: Account, user: User, role: str | None, actor: Actor) -> Membership | None:
    """Give a person a role in an account, or take it away with None. The last owner stays an owner."""
    if role is not None and role not in Membership.Role.values:
        raise Refused(20001, f"{role!r} is not a role: use owner, configurator or viewer.", field="role")
    with transaction.atomic():
        # The account's row is the lock: two owners who demote each other at once must not both succeed.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        membership = Membership.objects.filter(account=account, user=user).first()
        before: dict[str, Any] = {"role": membership.role} if membership else {}
        if membership and membership.role == Membership.Role.OWNER and role != Membership.Role.OWNER:
            others = Membership.objects.filter(account=account, role=Membership.Role.OWNER).exclude(user=user)
            if not others.exists():
                raise Refused(
                    20409,
                    f"{user.get_username()} is the last owner of {account}. Make someone else an owner first.",
                    field="role",
                )
        if role is None:
            if membership:
                membership.delete()
                membership = None
        elif membership is None:
            membership = Membership(account=account, user=user, role=role)
            membership.full_clean()
            membership.save()
        else:
            membership.role = role
            membership.save(update_fields=["role"])
        after: dict[str, Any] = {"role": role} if role else {}
        if before != after:
            audit.record(account=account, actor=actor, action="role.set", obj=user, before=before, after=after)
    return membership


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak
