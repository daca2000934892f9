"""Eight workers at once on a real PostgreSQL: one sender per recipient, an even spread, true counts, no deadlock."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction
from django.db.models import Sum

from msgconsole.numbering.e164 import parse_destination
from msgconsole.outbox import queue
from senders import actions, choosing, load
from senders.management.commands.recount_mappings import differences
from senders.models import PoolMember, StickyMapping
from services.models import MessagingService
from tests.factories import ACTOR
from tests.senders.selection.harness import sender
from tests.senders.world import World, world_of

pytestmark = [pytest.mark.postgres, pytest.mark.load, pytest.mark.django_db(transaction=True)]

WORKERS = 8
NEW = 10_000


def deadlocks() -> int:
    """How many this database has had: PostgreSQL counts them when it breaks one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _no_deadlock() -> Iterator[None]:
    before = deadlocks()
    yield
    connection.close()  # the workers' sessions have ended: what they counted is told
    assert deadlocks() == before


def in_threads(work: Callable[[int], Any], jobs: int) -> list[Any]:
    """Jobs by turns, a worker's connection kept from one to the next."""

    def share(worker: int) -> list[tuple[int, Any]]:
        try:
            return [(job, work(job)) for job in range(worker, jobs, WORKERS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as threads:
        found = [pair for part in threads.map(share, range(WORKERS)) for pair in part]
    return [result for _, result in sorted(found, key=lambda pair: pair[0])]


def equal_numbers(count: int) -> list[dict[str, Any]]:
    return [sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(100, 100 + count)]


def choose(service_id: int, to: str) -> Any:
    """What a worker does: choose, and count the message as waiting, in one transaction."""
    with transaction.atomic():
        service = MessagingService.objects.select_related("account").get(pk=service_id)
        request = choosing.request_for(service, parse_destination(to))
        decision = choosing.choose(service=service, request=request).decision
        if decision.sender is not None and decision.sender.member_id is not None:
            load.queued(decision.sender.member_id)
        return decision


def counted_truly(world: World, mappings: int) -> None:
    queue.drain(until_idle=True)
    assert StickyMapping.objects.filter(service=world.service).count() == mappings
    total = PoolMember.objects.filter(service=world.service).aggregate(total=Sum("mapping_count"))["total"]
    assert total == mappings
    assert list(differences()) == []


def test_first_sends_to_one_recipient_at_once_make_one_mapping_and_one_sender() -> None:
    world = world_of(*equal_numbers(10))
    start = threading.Barrier(WORKERS)

    def work(job: int) -> Any:
        start.wait(timeout=30)
        return choose(world.service.pk, f"+1312555{job // WORKERS:04d}")

    decisions = in_threads(work, WORKERS * 25)
    by_recipient: dict[str, set[str]] = {}
    for decision in decisions:
        by_recipient.setdefault(decision.request.address, set()).add(decision.sender.address)
    assert len(by_recipient) == 25
    assert {len(chosen) for chosen in by_recipient.values()} == {1}
    counted_truly(world, 25)


def test_ten_thousand_new_recipients_spread_over_ten_equal_senders() -> None:
    world = world_of(*equal_numbers(10))
    decisions = in_threads(lambda job: choose(world.service.pk, f"+1312{5_000_000 + job}"), NEW)
    assert len(decisions) == NEW
    used = Counter(decision.sender.address for decision in decisions)
    counts = list(PoolMember.objects.values_list("mapping_count", flat=True))
    assert max(counts) - min(counts) <= 5
    assert sorted(used.values()) == sorted(counts)
    assert PoolMember.objects.aggregate(total=Sum("queued_count"))["total"] == NEW
    counted_truly(world, NEW)


def test_workers_that_race_for_few_recipients_with_few_senders_count_each_mapping_once() -> None:
    world = world_of(*equal_numbers(2))
    in_threads(lambda job: choose(world.service.pk, f"+1312555{job * 7 % 40:04d}"), 800)
    assert PoolMember.objects.aggregate(total=Sum("queued_count"))["total"] == 800
    counted_truly(world, 40)


def test_a_sender_that_was_removed_is_in_no_message_chosen_after_that() -> None:
    world = world_of(*equal_numbers(4))
    leaving = world.senders["n100"]
    gone, late = threading.Event(), []

    def work(job: int) -> None:
        if job == 400:
            actions.remove_from_service(service=world.service, sender=leaving, actor=ACTOR)
            gone.set()  # the removal is committed
            return
        after = gone.is_set()
        decision = choose(world.service.pk, f"+1312555{job % 300:04d}")
        if after:
            late.append(decision.sender.address)

    in_threads(work, 1200)
    assert len(late) > 100
    assert leaving.address not in late
    queue.drain(until_idle=True)
    members = set(PoolMember.objects.values_list("pk", flat=True))
    assert set(StickyMapping.objects.values_list("member_id", flat=True)) <= members
    assert list(differences()) == []
    close_old_connections()
