"""Who does which kind of work. Higher layers register in ``AppConfig.ready()``: the outbox need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgconsole.outbox.models import OutboxEntry

Handler = Callable[[OutboxEntry], None]


class Later(Exception):
    """Raised by a handler: not yet, come back at ``at``. No fault; ``payload`` replaces the entry's where given."""

    def __init__(self, at: datetime, *, payload: dict[str, Any] | None = None) -> None:
        self.at = at
        self.payload = payload
        super().__init__("later")


@dataclass(frozen=True, slots=True)
class Registered:
    handler: Handler
    queue: str


_registered: dict[str, Registered] = {}


def register(kind: str, handler: Handler, *, queue: str = OutboxEntry.Queue.DISPATCH) -> None:
    """Let ``handler(entry)`` do work of that kind. It must be safe to run twice: a crash repeats the last one."""
    if queue not in OutboxEntry.Queue.values:
        raise ValueError(f"no queue named {queue!r}")
    known = _registered.get(kind)
    if known is not None and known.handler is not handler:
        raise ValueError(f"work of kind {kind!r} has a handler already: {known.handler!r}")
    _registered[kind] = Registered(handler, str(queue))


def unregister(kind: str) -> None:
    _registered.pop(kind, None)


def get(kind: str) -> Handler:
    """The handler of a kind. LookupError when none is registered: the entry then waits for one."""
    if kind not in _registered:
        raise LookupError(f"no handler for work of kind {kind!r}")
    return _registered[kind].handler


def queue_of(kind: str) -> str:
    """The queue in which work of this kind waits: dispatch unless its handler said otherwise."""
    return _registered[kind].queue if kind in _registered else str(OutboxEntry.Queue.DISPATCH)
