"""``manage.py bench_lists``: it measures on a scratch database and leaves nothing behind."""

import io
import os

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection


def test_it_wants_a_postgresql() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("there is one")
    with pytest.raises(CommandError, match="names no PostgreSQL"):
        call_command("bench_lists")


@pytest.mark.postgres
@pytest.mark.load
def test_a_deep_page_costs_what_the_first_one_does_and_the_scratch_database_goes() -> None:
    """In a process of its own: it changes where the connection leads. Small, so only that it runs is judged."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "manage.py", "bench_lists", "--messages", "3000", "--rounds", "3"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "msgconsole.settings.testing"},
    )
    printed = io.StringIO(done.stdout).read()
    assert "3,000 messages" in printed, done.stderr
    assert "deep page" in printed
    import psycopg  # only where there is a server

    at = settings.DATABASES["default"]
    with psycopg.connect(
        dbname="postgres", user=at["USER"], password=at["PASSWORD"], host=at["HOST"], port=at["PORT"] or 5432
    ) as server:
        left = server.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'msgconsole_bench_%'").fetchone()
    assert left == (0,)
