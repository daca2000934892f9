"""The outbox: put work in with the transaction that makes it necessary, take it out, and see it through.

The row is the truth; a wake-up is only a nudge. Whoever claims an entry moves it into the future by a lease: if that
worker dies, the entry comes due again by itself. Handlers therefore run at least once.
"""

import logging
import random
import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from msgconsole.outbox import handlers, wake
from msgconsole.outbox.backoff import delay
from msgconsole.outbox.models import OutboxEntry

log = logging.getLogger(__name__)

QUEUES: tuple[str, ...] = tuple(OutboxEntry.Queue.values)
# How long a worker may take over a batch before others take it for dead, in seconds; and how much it takes at once.
# A callback may hang for 15 seconds, so few are taken at a time.
LEASE = {"dispatch": 30.0, "reports": 30.0, "callbacks": 90.0}
BATCH = {"dispatch": 25, "reports": 50, "callbacks": 4}


def enqueue(
    kind: str,
    reference: str,
    *,
    available_at: datetime | None = None,
    payload: dict[str, Any] | None = None,
    queue: str | None = None,
) -> OutboxEntry:
    """Add work inside the current transaction; once it commits, a worker is woken.

    ``queue`` is the one its handler registered with, unless given.
    """
    entry = OutboxEntry.objects.create(
        kind=kind,
        reference=reference,
        payload=payload or {},
        available_at=available_at or timezone.now(),
        queue=queue or handlers.queue_of(kind),
    )
    name, due = entry.queue, available_at
    transaction.on_commit(lambda: wake.nudge(name, due), robust=True)
    return entry


def claim(queue: str, limit: int, lease: float) -> list[OutboxEntry]:
    """Take up to ``limit`` due entries for ``lease`` seconds, longest due first. One short transaction.

    Workers do not wait for one another: PostgreSQL skips rows that another is claiming. SQLite ignores the clause
    and serialises writers instead.
    """
    with transaction.atomic():
        now = timezone.now()
        entries = list(
            OutboxEntry.objects.select_for_update(skip_locked=True)
            .filter(queue=queue, available_at__lte=now)
            .order_by("available_at", "id")[:limit]
        )
        if entries:
            until = now + timedelta(seconds=lease)
            OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
                available_at=until, claimed_at=now, attempts=F("attempts") + 1
            )
            for entry in entries:
                entry.available_at, entry.claimed_at = until, now
                entry.attempts += 1
    return entries


def complete(entry: OutboxEntry) -> bool:
    """The work is done: remove the entry, unless the claim has passed to another worker meanwhile."""
    return complete_all([entry]) == 1


def complete_all(entries: Iterable[OutboxEntry]) -> int:
    """Remove many at once. Entries whose lease ran out and that others have claimed stay."""
    by_attempts: dict[int, list[int]] = {}
    for entry in entries:
        by_attempts.setdefault(entry.attempts, []).append(entry.pk)
    return sum(
        OutboxEntry.objects.filter(pk__in=keys, attempts=attempts).delete()[0] for attempts, keys in by_attempts.items()
    )


def postpone(entry: OutboxEntry, at: datetime, *, error: str = "", payload: dict[str, Any] | None = None) -> bool:
    """Give the entry back, due at ``at``. False when the claim has passed to another worker meanwhile."""
    changes: dict[str, Any] = {"available_at": at, "claimed_at": None, "last_error": error[:200]}
    if payload is not None:
        changes["payload"] = payload
    moved = OutboxEntry.objects.filter(pk=entry.pk, attempts=entry.attempts).update(**changes) == 1
    if moved:
        wake.nudge(entry.queue, at)
    return moved


def release_all() -> int:
    """Make every claimed entry due now. Only for a process that knows it is the only worker, at its start."""
    return OutboxEntry.objects.filter(claimed_at__isnull=False).update(available_at=timezone.now(), claimed_at=None)


def next_due(queue: str) -> datetime | None:
    """When the next entry of the queue comes due (possibly in the past); None when it is empty."""
    due: datetime | None = OutboxEntry.objects.filter(queue=queue).aggregate(at=Min("available_at"))["at"]
    return due


def drain(*, queues: Sequence[str] | None = None, until_idle: bool = False, limit: int | None = None) -> int:
    """Run due entries in this thread; return how many handlers were run.

    One pass over each queue, which ends with it empty of due work; ``until_idle`` repeats the passes until no queue
    has due work, because work makes work. ``limit`` bounds the number of entries.
    """
    names = tuple(queues) if queues is not None else QUEUES
    done = 0
    while True:
        before = done
        for name in names:
            while limit is None or done < limit:
                size = BATCH[name] if limit is None else min(BATCH[name], limit - done)
                batch = claim(name, size, LEASE[name])
                if not batch:
                    break
                done += _run(batch, LEASE[name])
        if not until_idle or done == before or (limit is not None and done >= limit):
            return done


def _run(batch: list[OutboxEntry], lease: float) -> int:
    """Run the handlers of claimed entries, within the lease: what it does not reach in time comes due again."""
    finished: list[OutboxEntry] = []
    run = 0
    give_up = timezone.now() + timedelta(seconds=lease / 2)
    try:
        for entry in batch:
            if timezone.now() > give_up:
                break
            run += 1
            if _run_one(entry):
                finished.append(entry)
    finally:
        complete_all(finished)
    return run


def _run_one(entry: OutboxEntry) -> bool:
    """Run one handler. True when it returned and the entry is to go."""
    try:
        handlers.get(entry.kind)(entry)
    except handlers.Later as later:
        postpone(entry, later.at, payload=later.payload)
        return False
    except Exception as error:
        # Its text may hold a number or a body, so neither the log nor the row gets it: the class and place suffice.
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error(
            "%s %s failed at attempt %d: %s at %s:%s",
            entry.kind,
            entry.reference,
            entry.attempts,
            type(error).__name__,
            place.filename,
            place.lineno,
        )
        wait = timedelta(seconds=delay(entry.attempts, random.random()))  # noqa: S311 - jitter, not a secret
        postpone(entry, timezone.now() + wait, error=type(error).__name__)
        return False
    return True
