"""Where higher layers learn of a Service's end, so that ``services`` need not look up."""

from collections.abc import Callable

from msgconsole.accounts.audit import Actor
from services.models import MessagingService

Hook = Callable[[MessagingService, Actor], None]
_before_delete: list[Hook] = []


def before_delete(hook: Hook) -> Hook:
    """Register ``hook(service, actor)``; it runs in the deleting transaction, before the row goes."""
    if hook not in _before_delete:
        _before_delete.append(hook)
    return hook


def run_before_delete(service: MessagingService, actor: Actor) -> None:
    for hook in _before_delete:
        hook(service, actor)
