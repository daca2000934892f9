"""What ``manage.py check`` says about this install's settings, before they bite."""

import ipaddress
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register
def webhook_networks(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Each entry of MSGCONSOLE_WEBHOOK_ALLOW must be an address or a network."""
    found: list[CheckMessage] = []
    for entry in settings.MSGCONSOLE_WEBHOOK_ALLOW:
        try:
            ipaddress.ip_network(entry, strict=False)
        except ValueError:
            found.append(
                Error(
                    f"MSGCONSOLE_WEBHOOK_ALLOW holds {entry!r}, which is no address or network.",
                    hint="Use CIDR notation, such as 127.0.0.0/8, or leave it empty to refuse all private addresses.",
                    id="msgconsole.E001",
                )
            )
    return found


@register
def broker_fits_database(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """An in-memory broker reaches one process alone; SQLite wants one process too."""
    in_memory = settings.CELERY_BROKER_URL.startswith("memory://")
    sqlite = str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")
    if in_memory and not sqlite:
        return [
            Warning(
                "PostgreSQL with an in-memory broker: wake-ups do not reach other processes.",
                hint="Set CELERY_BROKER_URL to Redis or RabbitMQ, or run exactly one `manage.py serve`.",
                id="msgconsole.W001",
            )
        ]
    if sqlite and not in_memory:
        return [
            Warning(
                "SQLite with a broker for many processes: writers will queue for one file.",
                hint="Set DATABASE_URL to PostgreSQL, or leave CELERY_BROKER_URL unset for one process.",
                id="msgconsole.W002",
            )
        ]
    return []
