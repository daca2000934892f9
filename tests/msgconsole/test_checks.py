"""Settings that would bite later are named by ``manage.py check``."""

from types import SimpleNamespace
from typing import Any

import pytest

from msgconsole import checks


@pytest.mark.parametrize(
    ("entries", "faulty"), [(["127.0.0.0/8", "::1"], []), (["localhost", "10.0.0.0/8"], ["localhost"])]
)
def test_a_network_that_is_none_is_named(settings: Any, entries: list[str], faulty: list[str]) -> None:
    settings.MSGCONSOLE_WEBHOOK_ALLOW = entries
    found = checks.webhook_networks(None)
    assert len(found) == len(faulty)
    assert all(entry in message.msg for entry, message in zip(faulty, found, strict=True))


@pytest.mark.parametrize(
    ("broker", "engine", "found"),
    [
        ("memory://", "django.db.backends.sqlite3", []),
        ("redis://localhost", "django.db.backends.postgresql", []),
        ("memory://", "django.db.backends.postgresql", ["msgconsole.W001"]),
        ("amqp://localhost", "django.db.backends.sqlite3", ["msgconsole.W002"]),
    ],
)
def test_broker_and_database_must_suit_each_other(
    monkeypatch: pytest.MonkeyPatch, broker: str, engine: str, found: list[str]
) -> None:
    install = SimpleNamespace(CELERY_BROKER_URL=broker, DATABASES={"default": {"ENGINE": engine}})
    monkeypatch.setattr(checks, "settings", install)
    assert [message.id for message in checks.broker_fits_database(None)] == found
