"""``manage.py drain_outbox``: do waiting work in this process, without a worker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from msgconsole.outbox import queue

SOON = 10.0  # seconds


class Command(BaseCommand):
    help = "Run the outbox entries that are due, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-idle",
            action="store_true",
            help=f"Go on until nothing is due, and wait for what comes due within {SOON:.0f} seconds.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = queue.drain(until_idle=options["until_idle"])
        while options["until_idle"] and (wait := self._nearest()) is not None and wait <= SOON:
            time.sleep(max(0.0, wait))
            done += queue.drain(until_idle=True)
        self.stdout.write(f"{done} entries were run.")

    def _nearest(self) -> float | None:
        """Seconds until the next entry of any queue comes due."""
        times = [at for name in queue.QUEUES if (at := queue.next_due(name)) is not None]
        return (min(times) - timezone.now()).total_seconds() if times else None
