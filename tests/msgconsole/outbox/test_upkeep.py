"""Upkeep: done now and then by the sweeps of one queue, once for all who share a cache, and its faults stay its own."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from msgconsole.outbox import tasks, upkeep


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A registry with nothing in it but what the test puts there; the names of what ran."""
    cache.clear()
    monkeypatch.setattr(upkeep, "_registered", {})
    yield []
    cache.clear()


def test_it_runs_once_in_its_time(registered: list[str]) -> None:
    upkeep.register("sweeping", lambda: registered.append("swept"), every=60)
    assert upkeep.run_due() == ["sweeping"]
    assert upkeep.run_due() == []
    cache.clear()  # as if the time were over
    assert upkeep.run_due() == ["sweeping"]
    assert registered == ["swept", "swept"]


def test_a_fault_is_logged_and_stops_nothing_else(registered: list[str], caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("+14155550123")

    upkeep.register("failing", fails, every=60)
    upkeep.register("sweeping", lambda: registered.append("swept"), every=60)
    assert upkeep.run_due() == ["sweeping"]
    assert "upkeep failing failed: ValueError" in caplog.text
    assert "+14155550123" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("name, runs", [("dispatch", 0), ("reports", 1), ("callbacks", 0)])
def test_the_sweeps_of_one_queue_do_it(
    registered: list[str], monkeypatch: pytest.MonkeyPatch, name: str, runs: int
) -> None:
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    upkeep.register("sweeping", lambda: registered.append("swept"), every=60)
    tasks.drain(name)
    assert len(registered) == runs
