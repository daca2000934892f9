"""The crash test, small: `make crash-test` runs it at full size."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.load


def run(mode: str) -> dict[str, int]:
    """Run the command as a person would, and read its counts."""
    done = subprocess.run(
        [sys.executable, "manage.py", "crash_test", "--mode", mode, "--messages", "120", "--kills", "2"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "msgconsole.settings.development"},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.findall(r"^  (\S.*?) {2,}(\d+)$", done.stdout, re.MULTILINE)
    return {name: int(value) for name, value in found}


def check(counts: dict[str, int]) -> None:
    assert counts["answered 201"] + counts["died without an answer"] == 120
    assert counts["delivered"] == counts["taken by the carrier"] == counts["stored"] >= counts["answered 201"] > 0
    assert counts["not final"] == counts["sent or delivered twice"] == 0


def test_one_process_killed_in_the_middle_of_its_work_loses_nothing() -> None:
    check(run("embedded"))


@pytest.mark.postgres
@pytest.mark.broker
def test_a_fleet_loses_nothing_when_a_worker_and_the_web_server_are_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", os.environ["MSGCONSOLE_TEST_BROKERS"].split(",")[0])
    check(run("processes"))
