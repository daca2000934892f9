"""Who may see and do what in the console: login, the current account, and the role in it.

``@account_view()`` gives a view ``request.account``, ``request.role`` and ``request.actor``. The current account is
kept in the session by SID and checked against the person's memberships on every request: a role taken away is gone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from msgconsole.accounts import authorization
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, User

SESSION_KEY = "account_sid"
RANK: dict[str, int] = {role.value: rank for role, rank in authorization.RANK.items()}
READING = {"GET", "HEAD", "OPTIONS"}

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request inside ``account_view``: these attributes are always there. For type hints alone."""

    user: User
    account: Account
    role: str
    actor: Actor
    htmx: HtmxDetails


def at_least(role: str | None, needed: str) -> bool:
    """Does ``role`` allow what ``needed`` allows? No role allows nothing."""
    return RANK.get(role or "", 0) >= RANK[needed]


def accounts_for(request: HttpRequest) -> list[Account]:
    """The accounts this person may open, by name; read once a request."""
    kept = request.__dict__
    if "_console_accounts" not in kept:
        user = getattr(request, "user", None)
        known = user is not None and user.is_authenticated
        accounts = list(authorization.accounts_of(cast(User, user)).order_by("friendly_name", "id")) if known else []
        kept["_console_accounts"] = accounts
    return kept["_console_accounts"]


def current_account(request: HttpRequest) -> Account | None:
    """The account chosen in this session while it is still theirs, else their first; None without any."""
    accounts = accounts_for(request)
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return next((account for account in accounts if account.sid == chosen), accounts[0] if accounts else None)


def choose_account(request: HttpRequest, account: Account) -> None:
    request.session[SESSION_KEY] = account.sid


def current_role(request: HttpRequest) -> str | None:
    """The person's role in the current account; read once a request."""
    kept = request.__dict__
    if "_console_role" not in kept:
        account = current_account(request)
        kept["_console_role"] = authorization.role_of(cast(User, request.user), account) if account else None
    return kept["_console_role"]


def account_view(
    role: str = "viewer", write: str = "configurator"
) -> Callable[
    [Callable[Concatenate[Any, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]
]:
    """A view for people with at least ``role`` in the current account; anything but reading needs ``write`` too.

    Without login: the login page. Without an account or with too small a role: 403 with a page that says who can help.
    Use on functions, or on the result of ``as_view()``.
    """

    def decorate(
        view: Callable[Concatenate[Any, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @login_required
        @wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            account = current_account(request)
            if account is None:
                raise PermissionDenied("You have no account yet: ask an owner to give you a role in one.")
            mine = current_role(request)
            needed = role if request.method in READING or RANK[role] >= RANK[write] else write
            if mine is None or not at_least(mine, needed):
                raise PermissionDenied(
                    f"Your role in {account} is {mine or 'none'}. This needs the role {needed}: ask an owner."
                )
            inside = cast(ConsoleRequest, request)
            inside.account, inside.role, inside.actor = account, mine, Actor.user(inside.user)
            return view(inside, *args, **kwargs)

        wrapped.needed_role = role  # type: ignore[attr-defined] # by it tests know a guarded view
        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], wrapped)

    return decorate
