"""Where higher layers learn of a Service's changes and its end, so that ``services`` need not look up."""

from collections.abc import Callable

from msgconsole.accounts.audit import Actor
from services.models import MessagingService

Hook = Callable[[MessagingService, Actor], None]
Check = Callable[[MessagingService, frozenset[str]], None]
_before_delete: list[Hook] = []
_before_update: list[Check] = []


def before_delete(hook: Hook) -> Hook:
    """Register ``hook(service, actor)``; it runs in the deleting transaction, before the row goes."""
    if hook not in _before_delete:
        _before_delete.append(hook)
    return hook


def run_before_delete(service: MessagingService, actor: Actor) -> None:
    for hook in _before_delete:
        hook(service, actor)


def before_update(check: Check) -> Check:
    """Register ``check(service, changed)``; it runs in the changing transaction, before the row is written.

    The Service has its new values already, ``changed`` names the settings that differ. A check may refuse.
    """
    if check not in _before_update:
        _before_update.append(check)
    return check


def run_before_update(service: MessagingService, changed: frozenset[str]) -> None:
    for check in _before_update:
        check(service, changed)
