"""The official Node client, unmodified, over HTTP: ``node/flow.js`` beside this does the asking and the asserting."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from msgconsole.outbox import queue
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.node]
HERE = Path(__file__).parent / "node"
SERVICES = 120
STEPS = ["getting started", "paging in both directions", "errors", "an API key", "webhook validation"]
LONGEST = 90  # seconds


def test_the_node_client_does_what_it_does_with_the_original(live_server: Any, tmp_path: Path) -> None:
    account = factories.account()
    for number in range(SERVICES):
        factories.service(account, f"Service {number}")
    given = {
        "BASE_URL": live_server.url,
        "ACCOUNT_SID": account.sid,
        "AUTH_TOKEN": account.auth_token,
        "SERVICES": str(SERVICES),
    }
    without = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    with (tmp_path / "said").open("w+") as said:
        flow = subprocess.Popen(["node", "flow.js"], cwd=HERE, env={**without, **given}, stdout=said, stderr=said)
        give_up = time.monotonic() + LONGEST
        try:
            while flow.poll() is None and time.monotonic() < give_up:
                queue.drain(until_idle=True)  # as a worker would
                time.sleep(0.02)
        finally:
            flow.kill()
            flow.wait()
        said.seek(0)
        printed = said.read()
    assert flow.returncode == 0, printed
    assert printed.split("\n")[:-1] == [f"ok {step}" for step in STEPS]
