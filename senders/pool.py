"""Fetch: from the pool's tables to the engine's values, in one statement per choice.

The summary of a pool (buckets, counts, examples, events) is remembered in this process under the Service's SID and
configuration version. A version is never used twice, so there is nothing to invalidate; the oldest go first.
"""

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from django.db import connection, transaction

from senders.models import PoolAreaCode, PoolBucket, PoolEvent
from senders.selection.summary import Bucket, BucketKey, Example, PoolSummary
from senders.selection.summary import PoolEvent as Event
from services.models import MessagingService

MOST_SUMMARIES: Final = 256
MOST_EXAMPLES: Final = 20

_summaries: "OrderedDict[tuple[str, int], PoolSummary]" = OrderedDict()
_lock = Lock()


class _Changed:
    """Left among a transaction's commit hooks by whoever changes a pool in it."""

    def __init__(self, service_id: int) -> None:
        self.service_id = service_id

    def __call__(self) -> None:
        """Nothing to do at commit: being there is the message."""


def mark_changed(service_id: int) -> None:
    """This transaction changes a pool.

    Until it commits, nothing read of that pool may be remembered: were it rolled back, its version would be used again
    for something else. Django drops commit hooks with the savepoint they were made in, which is exactly the life that
    this mark needs.
    """
    transaction.on_commit(_Changed(service_id))


def _changed_here(service_id: int) -> bool:
    return any(isinstance(hook[1], _Changed) and hook[1].service_id == service_id for hook in connection.run_on_commit)


def summary_of(service: MessagingService) -> PoolSummary:
    """The pool under the configuration the given row was read with, or a newer one if it has changed since."""
    if _changed_here(service.pk):
        return _read(service, memo=False)
    known = _summaries.get((service.sid, service.config_version))
    if known is not None:
        return known
    summary = _read(service, memo=True)
    with _lock:
        _summaries[service.sid, summary.config_version] = summary
        if len(_summaries) > MOST_SUMMARIES:
            _summaries.popitem(last=False)
    return summary


def forget_summaries() -> None:
    """For tests that count the statements of a first message."""
    with _lock:
        _summaries.clear()


def _read(service: MessagingService, *, memo: bool) -> PoolSummary:
    """Several statements, so the version is looked at before and after: both must agree."""
    while True:
        version = _version(service.pk)
        buckets, events = _buckets(service.pk), events_of(service.pk)
        if _version(service.pk) == version:
            memo_key = f"{service.sid}:{version}" if memo else ""
            return PoolSummary(service.sid, version, buckets, events, memo_key)


def _version(service_id: int) -> int:
    return MessagingService.objects.values_list("config_version", flat=True).get(pk=service_id)


def _buckets(service_id: int) -> tuple[Bucket, ...]:
    codes: dict[int, list[tuple[str, int]]] = {}
    counted = PoolAreaCode.objects.filter(bucket__service_id=service_id, member_count__gt=0).order_by("area_code")
    for bucket_id, code, count in counted.values_list("bucket_id", "area_code", "member_count"):
        codes.setdefault(bucket_id, []).append((code, count))
    examples: dict[int, list[Example]] = {}
    for bucket_id, member_id, sid, address, code in _examples(service_id):
        examples.setdefault(bucket_id, []).append(Example(member_id, sid, address, code))
    rows = PoolBucket.objects.filter(service_id=service_id, member_count__gt=0).order_by("id")
    return tuple(
        Bucket(BucketKey(*key), pk, count, tuple(codes.get(pk, ())), tuple(examples.get(pk, ())))
        for pk, count, *key in rows.values_list("id", "member_count", *BucketKey._fields)
    )


_EXAMPLES_ON_POSTGRESQL = """
SELECT b.id, m.id, s.sid, s.address, m.area_code
FROM senders_poolbucket b
CROSS JOIN LATERAL (
    SELECT id, sender_id, area_code FROM senders_poolmember WHERE bucket_id = b.id ORDER BY id LIMIT %s
) m
JOIN senders_sender s ON s.id = m.sender_id
WHERE b.service_id = %s
ORDER BY b.id, m.id
"""
_EXAMPLES_ON_SQLITE = """
SELECT b.id, m.id, s.sid, s.address, m.area_code
FROM senders_poolbucket b
JOIN senders_poolmember m
    ON m.id IN (SELECT x.id FROM senders_poolmember x WHERE x.bucket_id = b.id ORDER BY x.id LIMIT %s)
JOIN senders_sender s ON s.id = m.sender_id
WHERE b.service_id = %s
ORDER BY b.id, m.id
"""


def _examples(service_id: int) -> Iterable[tuple[int, int, str, str, str]]:
    """The first members of every bucket, without visiting the others."""
    sql = _EXAMPLES_ON_POSTGRESQL if connection.vendor == "postgresql" else _EXAMPLES_ON_SQLITE
    with connection.cursor() as cursor:
        cursor.execute(sql, [MOST_EXAMPLES, service_id])
        found: list[tuple[int, int, str, str, str]] = cursor.fetchall()
    return found


_EVENTS = """
SELECT e.kind, e.country, e.config_version, e.member_id, m.id
FROM senders_poolevent e LEFT JOIN senders_poolmember m ON m.id = e.member_id
WHERE e.service_id = %s ORDER BY e.config_version, e.id
"""


def events_of(service_id: int) -> tuple[Event, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [service_id])
        rows = cursor.fetchall()
    removed = PoolEvent.Kind.REMOVED.value
    return tuple(
        Event(kind, country, version, member_id if kind == removed else still_there)
        for kind, country, version, member_id, still_there in rows
    )
