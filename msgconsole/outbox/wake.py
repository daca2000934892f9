"""Wake-ups: tell a worker, soon and cheaply, that a queue has work.

A publish costs more than the INSERT that it announces, so requests do not publish: they leave a note, and one thread
per process publishes at most once every few milliseconds for each queue. Notes for a later time are kept too. All of
this may be lost without harm, for beat sweeps the queues every few seconds.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)

PAUSE = 0.004  # seconds between two publishes for one queue
HORIZON = 30.0  # seconds: what is due later than that is left to the sweeps, which look again

_publish: Callable[[str], None] | None = None


def publish_with(publish: Callable[[str], None]) -> None:
    """Set what sends a wake-up for a queue; the Celery app does so when it is loaded."""
    global _publish
    _publish = publish


def nudge(queue: str, at: datetime | None = None) -> None:
    """Ask for a drain of ``queue``, now or at ``at``. Returns at once; never fails."""
    if not settings.MSGCONSOLE_NUDGE:
        return
    wait = 0.0 if at is None else (at - timezone.now()).total_seconds()
    if wait <= HORIZON:
        _nudger().note(queue, time.monotonic() + max(0.0, wait))


class Nudger:
    """One thread with, for each queue, the time of its next publish."""

    def __init__(self, publish: Callable[[str], None], pause: float = PAUSE) -> None:
        self.pid = os.getpid()
        self._publish = publish
        self._pause = pause
        self._due: dict[str, float] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def note(self, queue: str, at: float) -> None:
        """Publish for ``queue`` at ``at`` (monotonic seconds), or earlier if that was asked for already."""
        with self._changed:
            known = self._due.get(queue)
            if known is not None and known <= at:
                return
            self._due[queue] = at
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._loop, name="outbox-nudger", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _loop(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                ready = [queue for queue, at in self._due.items() if at <= now]
                if not ready:
                    nearest = min(self._due.values(), default=None)
                    self._changed.wait(None if nearest is None else nearest - now)
                    continue
                for queue in ready:
                    del self._due[queue]
            for queue in ready:
                try:
                    self._publish(queue)
                except Exception as error:
                    # The broker is away. The row is safe, and beat asks again.
                    log.warning("wake-up for %s was not published: %s", queue, type(error).__name__)
            time.sleep(self._pause)


_current: Nudger | None = None
_lock = threading.Lock()


def _nudger() -> Nudger:
    """This process's nudger. A forked child gets a new one: threads do not survive a fork."""
    global _current
    if _current is None or _current.pid != os.getpid():
        with _lock:
            if _current is None or _current.pid != os.getpid():
                _current = Nudger(lambda queue: _publish(queue) if _publish else None)
    return _current
