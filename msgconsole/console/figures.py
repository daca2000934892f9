"""Numbers of the last 24 hours, at a cost that depends on those hours and not on all history."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message

FAILED = frozenset({Status.FAILED.value, Status.UNDELIVERED.value})
SENT = frozenset({Status.SENT.value, Status.DELIVERED.value, Status.READ.value})
WAITING = frozenset({Status.ACCEPTED.value, Status.QUEUED.value, Status.SENDING.value})


@dataclass(slots=True)
class Figures:
    """Messages of 24 hours: ``sent`` reached a carrier, ``failed`` did not arrive, ``waiting`` are under way."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    scheduled: int = 0
    received: int = 0
    errors: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.sent + self.failed

    @property
    def failed_percent(self) -> int:
        return round(100 * self.failed / self.total) if self.total else 0

    @property
    def worst_error(self) -> int | None:
        return self.errors.most_common(1)[0][0] if self.errors else None

    def add(self, status: str, error_code: int | None, number: int) -> None:
        if status in FAILED:
            self.failed += number
            if error_code:
                self.errors[error_code] += number
        elif status in SENT:
            self.sent += number
        elif status in WAITING:
            self.waiting += number
        elif status == Status.SCHEDULED:
            self.scheduled += number
        elif status == Status.RECEIVED:
            self.received += number


def of_services(account: Account, *, now: datetime | None = None) -> tuple[Figures, dict[int, Figures]]:
    """The account's figures and those of each of its Services, by the Service's key. Three queries."""
    since = (now or timezone.now()) - timedelta(hours=24)
    whole, by_service = Figures(), dict[int, Figures]()
    first = _first_key_since(since)
    if first is None:
        return whole, by_service
    rows = (
        Message.objects.filter(account=account, pk__gte=first, date_created__gte=since)
        .order_by()
        .values_list("service_id", "status", "error_code")
        .annotate(number=Count("pk"))
    )
    for service_id, status, error_code, number in rows:
        whole.add(status, error_code, number)
        if service_id is not None:
            by_service.setdefault(service_id, Figures()).add(status, error_code, number)
    return whole, by_service


def _first_key_since(since: datetime) -> int | None:
    """The lowest key of a message made since then. SIDs begin with their time, so an index finds it at once."""
    milliseconds = int(since.timestamp() * 1000)
    keys = [
        Message.objects.filter(sid__gte=f"{prefix}{milliseconds:012x}", sid__lt=f"{prefix}g")
        .order_by("sid")
        .values_list("pk", flat=True)
        .first()
        for prefix in ("MM", "SM")
    ]
    found = [key for key in keys if key is not None]
    return min(found) if found else None
