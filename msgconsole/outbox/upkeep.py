"""Work that nobody asks for: done now and then by a sweep, by whichever process comes first.

Higher layers register in ``AppConfig.ready()``. A piece of upkeep is short and safe to run twice at once: processes
that share no cache know nothing of one another.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Upkeep:
    work: Callable[[], object]
    every: float


_registered: dict[str, _Upkeep] = {}


def register(name: str, work: Callable[[], object], *, every: float) -> None:
    """Let ``work()`` run every so many seconds."""
    _registered[name] = _Upkeep(work, every)


def run_due() -> list[str]:
    """Run what has not been run for long enough; the names of what was. A failure is logged and tried next time."""
    done: list[str] = []
    for name, upkeep in _registered.items():
        if not cache.add(f"upkeep:{name}", True, upkeep.every):
            continue
        try:
            upkeep.work()
        except Exception as error:
            log.error("upkeep %s failed: %s", name, type(error).__name__)
        else:
            done.append(name)
    return done
