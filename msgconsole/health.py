"""Health for load balancers and process managers: /livez says the process runs, /readyz that it can do its work."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from msgconsole.outbox.queue import QUEUES, next_due

_migrated = False


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; asks nothing else, so that a database fault restarts nobody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503.

    ``oldest_due_seconds`` tells how long the longest waiting work of each queue is overdue (0 when none is): a number
    that grows means that no worker runs. It does not make the web server unready, for accepting goes on.
    """
    try:
        migrated = is_migrated()
        overdue = {name: _overdue(name) for name in QUEUES} if migrated else {}
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    if not migrated:
        return JsonResponse({"status": "unavailable", "database": "not migrated"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "oldest_due_seconds": overdue})


def is_migrated() -> bool:
    """Are all migrations applied? Once they are, the answer stays for the life of the process."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _overdue(name: str) -> float:
    due = next_due(name)
    return 0.0 if due is None else round(max(0.0, (timezone.now() - due).total_seconds()), 1)
