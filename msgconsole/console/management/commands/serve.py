"""``manage.py serve``: console, API and worker in one process, with nothing to install beside it.

A web server, a Celery worker and beat run as threads over an in-memory broker. That broker reaches this process alone,
so with it there must be exactly one such process for a database: a lock file sees to that.
"""

import fcntl
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import IO, Any

from celery.beat import EmbeddedService
from celery.worker import WorkController
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from waitress import wasyncore
from waitress.server import create_server

from msgconsole.celery import app, look_at_every_queue
from msgconsole.health import is_migrated
from msgconsole.outbox import queue
from msgconsole.outbox.tasks import THREADS

WEB_THREADS = 8
LOOP_SECONDS = 0.5  # between looks at whether to close; requests wake the loop at once
GRACE = 10.0  # seconds for running work to finish after a stop was asked for


class Command(BaseCommand):
    help = "Serve the console and the API, and do the work behind them, in this one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("MSGCONSOLE_HOST", "127.0.0.1"), help="Address to bind.")
        parser.add_argument("--port", type=int, default=settings.PORT, help="Port to bind (MSGCONSOLE_PORT).")
        parser.add_argument("--demo", action="store_true", help="First bring the database up to date, with demo data.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        alone = settings.CELERY_BROKER_URL.startswith("memory://")
        lock = self._lock() if alone else None
        if options["demo"]:
            # Here and not in commands of their own: each would start Python and Django once more.
            call_command("migrate", verbosity=0)
            call_command("load_demo", port=port, stdout=self.stdout)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # looked for at start, even where it stays empty
        application = get_internal_wsgi_application()
        sockets: dict[int, Any] = {}
        try:
            server = create_server(
                application, map=sockets, host=host, port=port, threads=WEB_THREADS, ident="msgconsole"
            )
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with MSGCONSOLE_PORT."
            ) from error
        if not is_migrated():
            raise CommandError("The database is not up to date. Run `manage.py migrate` first, or serve with --demo.")
        if alone:
            # Whoever had claimed work on this database is gone: what it left is due now, not when its lease ends.
            queue.release_all()
        stop, close = threading.Event(), threading.Event()
        self._on_signals(stop)
        worker, worker_thread = start_worker()
        beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
        beat.start()
        web = threading.Thread(target=serve_until, args=(close, sockets), name="web", daemon=True)
        web.start()
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - shown, not bound
        self.stdout.write(f"msgconsole is ready at http://{shown}:{port}/ (stop with Ctrl-C)")
        self.stdout.flush()
        while not stop.wait(0.5):
            if not worker_thread.is_alive() or not web.is_alive():
                self.stderr.write("A part of the server has ended unexpectedly; stopping.")
                break
        server.task_dispatcher.shutdown(timeout=GRACE)  # what is being answered is answered first
        close.set()
        web.join(GRACE)
        beat.stop()
        stop_worker(worker, worker_thread)
        if lock is not None:
            lock.close()
        self.stdout.write("msgconsole has stopped.")
        self.stdout.flush()
        if not stop.is_set():
            sys.exit(1)

    def _on_signals(self, stop: threading.Event) -> None:
        def ask(signum: int, frame: FrameType | None) -> None:
            if stop.is_set():  # asked twice: at once
                os._exit(130)
            stop.set()

        signal.signal(signal.SIGINT, ask)
        signal.signal(signal.SIGTERM, ask)

    def _lock(self) -> IO[str]:
        """Make sure that no other process serves from this data directory. Freed by the system when we die."""
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        handle = open(settings.DATA_DIR / "serve.lock", "w", encoding="ascii")  # noqa: SIM115 - held while we live
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(
                f"Another msgconsole serves from {settings.DATA_DIR} already. Stop it, or set MSGCONSOLE_DATA_DIR."
            ) from None
        return handle


def serve_until(close: threading.Event, sockets: dict[int, Any]) -> None:
    """The web server's loop. It closes its sockets itself: a socket closed by another thread, while this one waits
    for it or a handler writes to it, would be an error in either."""
    while sockets and not close.is_set():
        wasyncore.loop(timeout=LOOP_SECONDS, use_poll=True, map=sockets, count=1)
    wasyncore.close_all(sockets)


def start_worker() -> tuple[WorkController, threading.Thread]:
    """A Celery worker in a thread. It installs no signal handlers: those are the command's."""
    app.finalize()
    worker = app.WorkController(
        hostname="embedded@localhost",
        pool_cls="threads",
        concurrency=THREADS,
        queues=list(queue.QUEUES),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        ready_callback=look_at_every_queue,
    )
    thread = threading.Thread(target=worker.start, name="worker", daemon=True)
    thread.start()
    return worker, thread


def stop_worker(worker: WorkController, thread: threading.Thread) -> None:
    """Let running work finish, for a while; what does not is done by the next start."""
    from celery.worker import state

    state.should_stop = 0
    thread.join(GRACE)
    deadline = time.monotonic() + GRACE
    while thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
