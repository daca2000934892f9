"""The Celery side of the outbox: drain a queue when woken, sweep all queues now and then."""

import threading
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import close_old_connections

from msgconsole.outbox import queue as outbox
from msgconsole.outbox import upkeep, wake

# How many threads of one process may drain a queue at once. Callbacks wait for other people's servers, so they get
# several and can still never take all threads: a slow webhook holds up neither dispatch nor reports. On PostgreSQL a
# few threads commit at the same time, which its log takes in one go; SQLite has one writer, and a second would wait.
PARALLEL = (
    {"dispatch": 4, "reports": 2, "callbacks": 4}
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
    else {"dispatch": 1, "reports": 1, "callbacks": 4}
)
THREADS = sum(PARALLEL.values())
UPKEEP_WITH = "reports"  # the queue whose sweeps do upkeep: it must not stand in the way of sends
CHUNK = 500  # entries a task runs before it makes room for a shutdown


class Gate:
    """Lets a bounded number of threads drain a queue, and loses no wake-up.

    A wake-up that finds all places taken is remembered: whoever leaves looks again, because the work it announces may
    have come after that thread's last look.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._inside = 0
        self._asked = 0

    def run(self, work: Callable[[], object]) -> int:
        """Run ``work`` until nobody has asked since it last began; return how often it ran here."""
        runs = 0
        with self._lock:
            self._asked += 1
        while True:
            with self._lock:
                if self._inside >= self._places:
                    return runs
                self._inside += 1
                seen = self._asked
            try:
                work()
            finally:
                with self._lock:
                    self._inside -= 1
                    again = self._asked != seen
            runs += 1
            if not again:
                return runs


_gates = {name: Gate(places) for name, places in PARALLEL.items()}


def drain_queue(name: str) -> None:
    """Run what is due in one queue, then ask to be woken for what comes due next."""

    def work() -> None:
        if outbox.drain(queues=[name], limit=CHUNK) >= CHUNK:
            wake.nudge(name)
        elif (due := outbox.next_due(name)) is not None:
            wake.nudge(name, due)

    _gates[name].run(work)


@shared_task(name="outbox.drain", ignore_result=True)
def drain(name: str) -> None:
    close_old_connections()  # one that broke must not fail every task from then on
    drain_queue(name)
    if name == UPKEEP_WITH:
        upkeep.run_due()


def publish(name: str) -> None:
    """Send a wake-up. ``retry=False``: if the broker is away, the sweep will do."""
    drain.apply_async(args=[name], queue=name, retry=False, expires=30)


def sweeps(every: float) -> dict[str, dict[str, Any]]:
    """Beat's schedule: each queue is looked at every few seconds, whatever became of the wake-ups."""
    return {
        f"sweep-{name}": {
            "task": "outbox.drain",
            "schedule": every,
            "args": (name,),
            "options": {"queue": name, "expires": every * 5},
        }
        for name in outbox.QUEUES
    }
