"""The embedded server as a process: it starts, is alone, works without a worker beside it, and stops when asked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import pytest

from msgconsole.console import crash

pytestmark = pytest.mark.load


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an empty database, to copy: making one takes longer than most of these tests."""
    folder = tmp_path_factory.mktemp("tables")
    embedded(folder).create()
    return folder


def embedded(folder: Path) -> crash.Embedded:
    server = crash.Embedded(folder)
    server.env["DJANGO_SETTINGS_MODULE"] = "msgconsole.settings.development"
    return server


@pytest.fixture
def fleet(tables: Path, tmp_path: Path) -> Iterator[crash.Embedded]:
    shutil.copytree(tables, tmp_path, dirs_exist_ok=True)
    server = embedded(tmp_path)
    server.start()
    server.wait_until_ready()
    yield server
    server.stop()


def output(fleet: crash.Embedded) -> str:
    return (fleet.folder / "server.log").read_text()


def test_it_says_where_it_is_ready_and_stops_cleanly_when_asked(fleet: crash.Embedded) -> None:
    assert f"ready at http://127.0.0.1:{fleet.port}/" in output(fleet)
    process = fleet.running["server"]
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(30) == 0
    assert "msgconsole has stopped." in output(fleet)
    assert "Traceback" not in output(fleet)


def test_what_is_being_answered_when_it_stops_is_answered_whole(fleet: crash.Embedded) -> None:
    """The sockets close after the handlers are done, not under their hands."""
    whole, cut = [], []

    def ask() -> None:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{fleet.port}/livez") as answer:
                    whole.append(answer.read())
            except OSError:
                return  # nobody listens any more
            except HTTPException as error:
                cut.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    process = fleet.running["server"]
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(30) == 0
    for thread in threads:
        thread.join(10)
    assert "Traceback" not in output(fleet)
    assert whole
    assert not cut


def test_a_second_one_on_the_same_data_is_refused(fleet: crash.Embedded) -> None:
    command = [sys.executable, "manage.py", "serve", "--port", str(crash.free_port())]
    done = subprocess.run(command, env=fleet.env, cwd=crash.ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "MSGCONSOLE_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(fleet: crash.Embedded, tmp_path: Path) -> None:
    env = {**fleet.env, "MSGCONSOLE_DATA_DIR": str(tmp_path / "other")}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], env=env, cwd=crash.ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert f"Port {fleet.port}" in done.stderr


def test_a_database_without_tables_is_told_with_the_remedy(tmp_path: Path) -> None:
    server = embedded(tmp_path)
    command = [sys.executable, "manage.py", "serve", "--port", str(crash.free_port())]
    done = subprocess.run(command, env=server.env, cwd=crash.ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_its_worker_and_its_sweeps_run(fleet: crash.Embedded) -> None:
    """Work that nobody announced is found by a sweep."""
    put = (
        "from msgconsole.outbox import queue; from django.utils import timezone;"
        "queue.enqueue('tests.nobody', 'x', queue='reports')"
    )
    env = {**fleet.env, "PYTHONPATH": str(crash.ROOT)}
    program = f"import django; django.setup(); {put}"
    subprocess.run([sys.executable, "-c", program], env=env, cwd=crash.ROOT, check=True, timeout=60)
    deadline = time.monotonic() + 30
    while "tests.nobody x failed at attempt 1: LookupError" not in output(fleet):
        assert time.monotonic() < deadline, output(fleet)
        time.sleep(0.2)
    with urlopen(f"http://127.0.0.1:{fleet.port}/readyz") as answer:
        assert json.load(answer)["status"] == "ok"


def test_a_first_start_makes_database_and_demo_by_itself(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "MSGCONSOLE_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "msgconsole.settings.development",
    }
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "serve", "--demo", "--port", str(crash.free_port())]
    with subprocess.Popen(command, env=env, cwd=crash.ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "is ready at" in line:
                break
        process.terminate()
        process.wait(30)
    assert [line.split()[0] for line in said] == ["Console", "Login", "AccountSid", "AuthToken", "msgconsole"]
    assert (tmp_path / "msgconsole.sqlite3").exists()
