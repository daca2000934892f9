"""The real thing for browsers: ``manage.py serve`` as a process of its own, with demo data, and a Chromium."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.conftest import CHROMIUM

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60
WAIT_MS = 15_000  # how long a browser waits for an element: the machine may be busy


@dataclass(frozen=True)
class Server:
    url: str
    username: str
    password: str
    account_sid: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command on the same data."""
        return _manage(self.environment, *arguments)


def _free_port() -> int:
    """Below the ports that the system gives to outgoing connections, so that nobody takes it in between."""
    for port in range(20_000 + os.getpid() % 9_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no port is free")


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _await(process: "subprocess.Popen[Any]", url: str, log: IO[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    log.seek(0)
    pytest.fail(f"the server did not come up:\n{log.read().decode(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("e2e")
    port, password = _free_port(), secrets.token_urlsafe(12)
    account_sid = f"AC{secrets.token_hex(16)}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MSGCONSOLE_", "DJANGO_"))},
        "DJANGO_SETTINGS_MODULE": "msgconsole.settings.development",
        "MSGCONSOLE_DATA_DIR": str(data),
        "MSGCONSOLE_PORT": str(port),
        "MSGCONSOLE_DEMO_PASSWORD": password,
        "MSGCONSOLE_DEMO_ACCOUNT_SID": account_sid,
        "MSGCONSOLE_SIMULATED_DELAY_MS": "300",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("CELERY_BROKER_URL", None)
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(environment, "load_demo")
    with (data / "server.log").open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _await(process, url, log)
            yield Server(url, "demo", password, account_sid, environment)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Its loop runs in this thread, and Django refuses its ORM where a loop runs: so it ends with each file.
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield launched
    launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """``open_page(**context options)`` → a page in a context of its own; faults of script and policy fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: faults.append(f"{said.type}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


def log_in(page: Page, server: Server, username: str | None = None, password: str | None = None) -> None:
    page.goto(f"{server.url}/admin/login/")
    page.get_by_label("User name").fill(username or server.username)
    page.get_by_label("Password").fill(password or server.password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("navigation", name="Main").or_(page.get_by_role("button", name="Menu")).first.wait_for()
