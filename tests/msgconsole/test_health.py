"""What a load balancer is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from msgconsole import health
from msgconsole.outbox import queue


def test_a_living_process_needs_no_database(client: Client) -> None:
    answer = client.get("/livez")  # without the database fixture, a query would be an error
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_tells_how_overdue_the_work_of_each_queue_is(client: Client) -> None:
    queue.enqueue("tests.any", "x", available_at=timezone.now() - timedelta(seconds=90), queue="callbacks")
    queue.enqueue("tests.any", "y", available_at=timezone.now() + timedelta(hours=1), queue="reports")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    overdue = answer.json()["oldest_due_seconds"]
    assert 90 <= overdue.pop("callbacks") < 120
    assert overdue == {"dispatch": 0.0, "reports": 0.0}


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(health, "next_due", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "secret" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["something"])
    assert client.get("/readyz").status_code == 503


def test_health_is_read_only(client: Client) -> None:
    assert client.post("/livez").status_code == 405
    assert client.post("/readyz").status_code == 405
