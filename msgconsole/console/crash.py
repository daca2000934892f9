"""The parts of the crash test: fleets of processes, clients that post, and the counts."""

import base64
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import Count, Q

from msgconsole.accounts.actions import create_account
from msgconsole.accounts.audit import Actor
from msgconsole.carriers.simulated.models import SimulatedSubmission
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from senders.actions import acquire_demo_number, add_to_service
from services.actions import create_service

ROOT = Path(settings.BASE_DIR)
NUMBERS = 10
AREA_CODES = ("206", "212", "415", "312", "503")
READY_WITHIN = 60.0


def prepare() -> dict[str, str]:
    """Make an account with a Service of ten numbers; return what a client needs."""
    actor = Actor.command("crash_test")
    account = create_account(friendly_name="Crash test", actor=actor)
    service = create_service(account=account, actor=actor, friendly_name="Crash test")
    for number in range(NUMBERS):
        sender = acquire_demo_number(
            account=account, actor=actor, country="US", area_code=AREA_CODES[number % len(AREA_CODES)]
        )
        add_to_service(service=service, sender=sender, actor=actor)
    return {"account": account.sid, "token": account.auth_token, "service": service.sid}


def count(answered: list[str]) -> dict[str, int]:
    """What became of the messages. ``answered`` are the SIDs that clients were given with a 201."""
    final = [status.value for status in Status if status.terminal]
    rows = dict(Message.objects.values_list("sid", "status"))
    twice = Message.objects.annotate(
        sent=Count("events", filter=Q(events__status="sent"), distinct=True),
        delivered=Count("events", filter=Q(events__status="delivered"), distinct=True),
    ).filter(Q(sent__gt=1) | Q(delivered__gt=1))
    keys = set(SimulatedSubmission.objects.values_list("idempotency_key", flat=True))
    return {
        "stored": len(rows),
        "answered 201 but not stored": sum(1 for sid in answered if sid not in rows),
        "final": sum(1 for status in rows.values() if status in final),
        "not final": sum(1 for status in rows.values() if status not in final),
        "delivered": sum(1 for status in rows.values() if status == "delivered"),
        "taken by the carrier": SimulatedSubmission.objects.count(),
        "handed over more than once, taken once": SimulatedSubmission.objects.filter(handed_over__gt=1).count(),
        "delivered without the carrier": sum(1 for sid, s in rows.items() if s == "delivered" and sid not in keys),
        "sent or delivered twice": twice.count(),
        "taken by the carrier without a message": len(keys - rows.keys()),
    }


def holds(results: Mapping[str, Any]) -> bool:
    """Was nothing lost, left behind or doubled?"""
    none = (
        "answered 201 but not stored",
        "not final",
        "delivered without the carrier",
        "sent or delivered twice",
        "taken by the carrier without a message",
        "answered otherwise",
    )
    return (
        not any(results[name] for name in none)
        and results["delivered"] == results["stored"] == results["taken by the carrier"]
        and results["answered 201"] + results["died without an answer"] == results["posted"]
        and results["answered 201"] <= results["stored"]
    )


class Fleet(ABC):
    """Processes that serve, on a database of their own."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.env = {
            **os.environ,
            "MSGCONSOLE_DATA_DIR": str(folder),
            "MSGCONSOLE_PORT": str(self.port),
            "MSGCONSOLE_SIMULATED_DELAY_MS": "200",
            "MSGCONSOLE_DEMO": "1",
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def create(self) -> None:
        """Make the database and its tables."""
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=self.env, cwd=ROOT, check=True, timeout=300)  # noqa: S603 - our own command

    def drop(self) -> None:  # noqa: B027 - not every fleet does
        """Remove what ``create`` made outside of the folder."""

    @abstractmethod
    def commands(self) -> dict[str, list[str]]:
        """Name of a process → what starts it."""

    @abstractmethod
    def victims(self, number: int) -> str:
        """Which of the commands dies at that kill."""

    def start(self, *names: str) -> None:
        for name, command in self.commands().items():
            if not names or name in names:
                log = open(self.folder / f"{name}.log", "ab")  # noqa: SIM115 - the child's, closed with it
                # A session of its own, so that a kill takes a server's children too.
                self.running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                    command, env=self.env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, number: int) -> str:
        """SIGKILL one process (with its children), and start it anew."""
        name = self.victims(number)
        process = self.running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.start(name)
        return name

    def stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            for name, process in self.running.items():
                if process.poll() is not None:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    raise CommandError(f"{name} ended at its start:\n{log[-3000:]}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise CommandError("The server was not ready in time.")


class Embedded(Fleet):
    name = "embedded (SQLite, one process)"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for variable in ("DATABASE_URL", "DATABASE_URL_FILE", "CELERY_BROKER_URL", "CELERY_BROKER_URL_FILE"):
            self.env.pop(variable, None)

    def commands(self) -> dict[str, list[str]]:
        return {"server": [sys.executable, "manage.py", "serve"]}

    def victims(self, number: int) -> str:
        return "server"


class Processes(Fleet):
    name = "processes (PostgreSQL, broker, gunicorn, two workers, beat)"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = os.environ.get("DATABASE_URL", "")
        if not self.server or "CELERY_BROKER_URL" not in os.environ:
            raise CommandError("Set DATABASE_URL (PostgreSQL) and CELERY_BROKER_URL for this mode.")
        self.database = f"msgconsole_crash_{os.getpid()}"
        self.env["DATABASE_URL"] = urlunsplit(urlsplit(self.server)._replace(path=f"/{self.database}"))
        self.env.setdefault("MSGCONSOLE_SECRET_KEY", "crash-test-" + "0123456789" * 4)

    def create(self) -> None:
        self._administer(f'CREATE DATABASE "{self.database}"')
        super().create()

    def drop(self) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def commands(self) -> dict[str, list[str]]:
        celery = [sys.executable, "-m", "celery", "-A", "msgconsole.celery"]
        worker = [*celery, "worker", "--queues", "dispatch,reports,callbacks", "--loglevel", "warning"]
        return {
            "web": [
                *(sys.executable, "-m", "gunicorn", "msgconsole.wsgi", "--worker-class", "gthread"),
                *("--workers", "2", "--threads", "8", "--bind", f"127.0.0.1:{self.port}"),
            ],
            "worker-1": [*worker, "--hostname", "one@%h"],
            "worker-2": [*worker, "--hostname", "two@%h"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "beat"), "--loglevel", "warning"],
        }

    def victims(self, number: int) -> str:
        return ("worker-1", "web")[number % 2]

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


class Poster:
    """Clients that post messages over HTTP, each its share, each on a connection of its own."""

    def __init__(self, port: int, credentials: Mapping[str, str], messages: int, clients: int) -> None:
        self.answered: list[str] = []
        self.refused: list[str] = []
        self.unanswered = 0
        self.retried = 0
        self._port = port
        self._service = credentials["service"]
        self._path = f"/2010-04-01/Accounts/{credentials['account']}/Messages.json"
        basic = base64.b64encode(f"{credentials['account']}:{credentials['token']}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        self._lock = threading.Lock()
        shares = [range(client, messages, clients) for client in range(clients)]
        self._threads = [threading.Thread(target=self._work, args=(share,), daemon=True) for share in shares]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def wait_for(self, answers: int) -> None:
        while len(self.answered) < answers and any(thread.is_alive() for thread in self._threads):
            time.sleep(0.005)

    def _work(self, share: range) -> None:
        connection: http.client.HTTPConnection | None = None
        for number in share:
            connection = self._post(number, connection)
        if connection is not None:
            connection.close()

    def _post(self, number: int, connection: http.client.HTTPConnection | None) -> http.client.HTTPConnection | None:
        """Post one message; repeat it only where it cannot have arrived."""
        form = urlencode({"To": recipient(number), "MessagingServiceSid": self._service, "Body": f"Number {number}"})
        while connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                connection.connect()
            except OSError:
                connection = None
                with self._lock:
                    self.retried += 1
                time.sleep(0.05)
        try:
            connection.request("POST", self._path, form, self._headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            # The server died with the request in hand: stored or not, nobody can tell, so it is not repeated.
            with self._lock:
                self.unanswered += 1
            connection.close()
            return None
        with self._lock:
            if response.status == 201:
                self.answered.append(str(json.loads(body)["sid"]))
            else:
                self.refused.append(f"{response.status} {body[:300]!r}")
        return connection


def recipient(number: int) -> str:
    """A recipient of its own for each message; none ends in 99NN, which would ask the carrier for a fault."""
    block, rest = divmod(number, 9000)
    return f"+1415{520 + block}{rest:04d}"


def free_port() -> int:
    """A free port below those that the system hands out for connections."""
    for _ in range(200):
        port = random.randint(20_000, 32_000)  # noqa: S311 - any will do
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise CommandError("No free port was found.")
