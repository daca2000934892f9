"""``manage.py crash_test``: does anything get lost or sent twice when processes are killed in the middle of their work?

Starts servers of its own on a database of its own, posts messages over HTTP from several clients, kills processes with
SIGKILL meanwhile and starts them again, and counts. Ends with status 1 unless every message that was answered 201 has
come to rest and the carrier has every message once.
"""

import json
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from msgconsole.console import crash
from msgconsole.console.crash import Fleet, Poster

SETTLE = 240.0  # seconds for all to come to rest: a killed worker's work comes due again when its lease ends


class Command(BaseCommand):
    help = "Post messages while processes are killed, and check that none is lost and none is sent twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mode",
            choices=["embedded", "processes"],
            default="embedded",
            help="embedded: one process on SQLite. processes: gunicorn, two workers and beat on DATABASE_URL (where a"
            " database is made and dropped) and CELERY_BROKER_URL.",
        )
        parser.add_argument("--messages", type=int, default=1000)
        parser.add_argument("--clients", type=int, default=8)
        parser.add_argument("--kills", type=int, default=2)
        parser.add_argument("--step", choices=["prepare", "count"], help="Used by the test itself.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "prepare":
            self.stdout.write(json.dumps(crash.prepare()))
            return
        if options["step"] == "count":
            self.stdout.write(json.dumps(crash.count(json.loads(sys.stdin.read()))))
            return
        connection.close()
        with tempfile.TemporaryDirectory(prefix="msgconsole-crash-") as folder:
            fleet = (crash.Embedded if options["mode"] == "embedded" else crash.Processes)(Path(folder))
            try:
                fleet.create()
                good = self._run(fleet, options["messages"], options["clients"], options["kills"])
            finally:
                fleet.stop()
                fleet.drop()
        if not good:
            raise CommandError("Messages were lost, left behind or sent twice.")

    def _run(self, fleet: Fleet, messages: int, clients: int, kills: int) -> bool:
        credentials = self._step(fleet, "prepare")
        fleet.start()
        fleet.wait_until_ready()
        self.stdout.write(f"{fleet.name}: {messages} messages from {clients} clients, {kills} kills")
        started = time.monotonic()
        poster = Poster(fleet.port, credentials, messages, clients)
        poster.start()
        for number in range(kills):
            poster.wait_for(messages * (number + 1) // (kills + 1))
            self.stdout.write(f"  after {len(poster.answered)} answers: SIGKILL for {fleet.kill(number)}")
        poster.join()
        posted_in = time.monotonic() - started
        counts = self._settle(fleet, poster.answered)
        results = {
            "posted": messages,
            "answered 201": len(poster.answered),
            "answered otherwise": len(poster.refused),
            "died without an answer": poster.unanswered,
            "connections refused and repeated": poster.retried,
            **counts,
            "seconds to post": round(posted_in, 1),
            "seconds until all had settled": round(time.monotonic() - started, 1),
        }
        for name, value in results.items():
            self.stdout.write(f"  {name:<45} {value}")
        for text in sorted(set(poster.refused))[:5]:
            self.stdout.write(f"  answer: {text}")
        good = crash.holds(results)
        self.stdout.write(self.style.SUCCESS("  all hold") if good else self.style.ERROR("  NOT all hold"))
        return good

    def _settle(self, fleet: Fleet, answered: list[str]) -> dict[str, int]:
        deadline = time.monotonic() + SETTLE
        while True:
            counts: dict[str, int] = self._step(fleet, "count", answered)
            if not counts["not final"] or time.monotonic() > deadline:
                return counts
            time.sleep(1.0)

    def _step(self, fleet: Fleet, step: str, given: Any = None) -> Any:
        """Run a step in a process that uses the fleet's database."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", "crash_test", "--step", step],
            env=fleet.env,
            cwd=crash.ROOT,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            raise CommandError(f"The step {step} failed:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])
