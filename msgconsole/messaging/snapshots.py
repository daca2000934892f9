"""Clear away what no stored decision needs any more, a bounded piece at a time."""

from datetime import datetime
from typing import Final

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from msgconsole.messaging.models import DecisionTrace
from senders import choosing

EVERY: Final = 600.0  # seconds
BATCH: Final = 500  # snapshots looked at in one run
_PLACE: Final = "snapshots:looked-at"  # in the cache: how far the last run came; lost, it begins again


def clear(now: datetime | None = None) -> int:
    """Remove pool snapshots whose last message was deleted. Looks at the next ``BATCH`` of those that may go."""
    place: int = cache.get(_PLACE, 0)
    needed = Exists(DecisionTrace.objects.filter(snapshot_id=OuterRef("pk")))
    looked_at = list(
        choosing.may_go(now or timezone.now())
        .filter(pk__gt=place)
        .annotate(needed=needed)
        .values_list("pk", "needed")[:BATCH]
    )
    # At the end it begins anew: messages of any age may be deleted.
    cache.set(_PLACE, looked_at[-1][0] if len(looked_at) == BATCH else 0, None)
    unneeded = [number for number, needed in looked_at if not needed]
    return choosing.clear_snapshots(unneeded) if unneeded else 0
