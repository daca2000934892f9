"""The two forms of a date, and what else every resource writes the same way."""

from datetime import UTC, datetime
from email.utils import format_datetime


def iso(moment: datetime | None) -> str | None:
    """v1: ``2015-07-30T20:12:31Z``. Whole seconds: clients do not parse fractions."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def rfc2822(moment: datetime | None) -> str | None:
    """2010-04-01: ``Thu, 30 Jul 2015 20:12:31 +0000``."""
    return format_datetime(moment.astimezone(UTC)) if moment else None
