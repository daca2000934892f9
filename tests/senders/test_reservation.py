"""Many workers at once. Only a real PostgreSQL has row locks to get wrong."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from msgconsole.outbox import queue
from senders import actions, choosing, load
from senders.management.commands.recount_mappings import differences
from senders.models import PoolMember, StickyMapping
from senders.reservation import AT_ONCE
from senders.selection.decision import Decision
from tests.factories import ACTOR
from tests.senders.selection.harness import GB, sender
from tests.senders.world import World, world_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 8


def in_threads(work: Callable[[int], Decision | None], jobs: int, workers: int = WORKERS) -> list[Decision | None]:
    def one(number: int) -> Decision | None:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(one, range(jobs)))


def choose(world: World, to: str) -> Decision:
    with transaction.atomic():
        decision = choosing.choose(service=world.fresh(), request=world.request({"to": to})).decision
        if decision.sender is not None and decision.sender.member_id is not None:
            load.queued(decision.sender.member_id)
        return decision


def equal_numbers(count: int) -> list[dict[str, object]]:
    return [sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(100, 100 + count)]


def test_first_sends_to_one_recipient_make_one_mapping() -> None:
    world = world_of(*equal_numbers(5))
    start = threading.Barrier(WORKERS)

    def work(number: int) -> Decision:
        start.wait(timeout=30)
        return choose(world, "+13125550123")

    decisions = in_threads(work, WORKERS)
    assert len({decision.sender.address for decision in decisions if decision and decision.sender}) == 1
    assert StickyMapping.objects.count() == 1
    assert PoolMember.objects.aggregate(total=Sum("mapping_count"))["total"] == 1
    assert list(differences()) == []


def test_many_recipients_over_equal_senders_come_out_nearly_even() -> None:
    world = world_of(*equal_numbers(10))
    in_threads(lambda number: choose(world, f"+1312555{number:04d}"), 200)
    counts = [member.mapping_count for member in PoolMember.objects.all()]
    assert sum(counts) == StickyMapping.objects.count() == 200
    assert max(counts) - min(counts) <= 5
    assert list(differences()) == []


def test_many_workers_racing_for_few_recipients_count_each_mapping_once() -> None:
    world = world_of(*equal_numbers(4))
    in_threads(lambda number: choose(world, f"+1312555000{number % 7}"), 140)
    assert StickyMapping.objects.count() == 7
    assert PoolMember.objects.aggregate(total=Sum("mapping_count"))["total"] == 7
    assert PoolMember.objects.aggregate(total=Sum("queued_count"))["total"] == 140
    assert list(differences()) == []


def test_without_sticky_sender_the_load_is_spread_too() -> None:
    world = world_of(*equal_numbers(10), sticky_sender=False)
    decisions = in_threads(lambda number: choose(world, f"+1312555{number:04d}"), 200)
    used = Counter(decision.sender.address for decision in decisions if decision and decision.sender)
    assert sum(used.values()) == 200
    assert max(used.values()) - min(used.values()) <= 5


def test_senders_may_leave_and_join_while_others_send() -> None:
    world = world_of(GB, *equal_numbers(6))
    number = world.senders["n100"]

    def work(job: int) -> Decision | None:
        if job % 20 == 10:
            if PoolMember.objects.filter(sender=number).exists():
                actions.remove_from_service(service=world.service, sender=number, actor=ACTOR)
            else:
                actions.add_to_service(service=world.service, sender=number, actor=ACTOR)
            return None
        return choose(world, f"+1312555{job % 90:04d}")

    decisions = in_threads(work, 200)
    assert all(decision.outcome == "chosen" for decision in decisions if decision)
    queue.drain(until_idle=True)
    assert list(differences()) == []
    members = set(PoolMember.objects.values_list("pk", flat=True))
    assert set(StickyMapping.objects.values_list("member_id", flat=True)) <= members


@pytest.mark.parametrize("busy", [1, AT_ONCE, AT_ONCE + 1])
def test_busy_senders_are_passed_over_and_the_trace_says_so(busy: int) -> None:
    world = world_of(*equal_numbers(busy + 1))
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                assert len(PoolMember.objects.order_by("pk").select_for_update()[:busy]) == busy
                held.set()
                release.wait(timeout=30)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert held.wait(timeout=30)
        decision = choose(world, "+13125550123")
    finally:
        release.set()
        other.join(timeout=30)
    assert decision.sender is not None
    assert decision.sender.address == f"+1206555010{busy}"
    assert f"+12065550100 was busy or has been used since; number {busy + 1} was free" in decision.steps[-1].note
    assert list(PoolMember.objects.order_by("pk").values_list("mapping_count", flat=True)) == [0] * busy + [1]


def test_when_all_are_busy_a_worker_waits_for_one() -> None:
    world = world_of(*equal_numbers(2))
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                list(PoolMember.objects.order_by("pk").select_for_update())
                held.set()
                release.wait(timeout=0.3)
        finally:
            connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(timeout=30)
    decision = choose(world, "+13125550123")
    other.join(timeout=30)
    assert decision.outcome == "chosen"
    assert StickyMapping.objects.count() == 1
