import pytest

from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from senders import mappings
from senders.models import PoolEvent, PoolMember, StickyMapping
from tests.senders.selection.harness import GB, US, US_415, sender
from tests.senders.world import send, world_of

pytestmark = pytest.mark.django_db


def test_counting_down_twice_after_a_crash_counts_once() -> None:
    world = world_of(US)
    PoolMember.objects.update(mapping_count=5)
    member = PoolMember.objects.get()
    mappings.uncount_later(member.pk, 2)
    (entry,) = OutboxEntry.objects.filter(kind=mappings.UNCOUNT)
    mappings.uncount(entry)
    mappings.uncount(entry)
    member.refresh_from_db()
    assert member.mapping_count == 3
    assert world.service.pk


def test_counting_down_stops_at_zero() -> None:
    world_of(US)
    member = PoolMember.objects.get()
    mappings.uncount_later(member.pk, 2)
    queue.drain(until_idle=True)
    member.refresh_from_db()
    assert member.mapping_count == 0


def test_a_mapping_that_no_longer_holds_is_replaced_and_counted_over() -> None:
    world = world_of(US_415, US)
    assert send(world, "+14155550123") == "us415"
    world.change("us415", {"registration": "unregistered"})
    assert send(world, "+14155550123") == "us"
    queue.drain(until_idle=True)
    assert [member.mapping_count for member in PoolMember.objects.order_by("pk")] == [0, 1]
    assert StickyMapping.objects.count() == 1


def test_a_mapping_that_fails_with_nobody_to_replace_it_is_deleted() -> None:
    world = world_of(US_415)
    send(world, "+14155550123")
    world.change("us415", {"registration": "suspended"})
    assert send(world, "+14155550123") == "us415"  # named, and the message fails
    queue.drain(until_idle=True)
    assert not StickyMapping.objects.exists()
    assert PoolMember.objects.get().mapping_count == 0


def test_a_moved_mapping_is_written_down_by_the_next_send(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senders.membership.mappings.take_over", lambda event, member: False)
    world = world_of(US)
    send(world, "+447400123456")
    world.add(GB)
    assert send(world, "+447400123456") == "gb"
    queue.drain(until_idle=True)
    assert [member.mapping_count for member in PoolMember.objects.order_by("pk")] == [0, 1]
    assert StickyMapping.objects.get().config_version == world.fresh().config_version


def test_moving_for_a_sender_that_has_left_meanwhile_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "BATCH", 1)
    world = world_of(US)
    for number in range(3):
        send(world, f"+44740012345{number}")
    world.add(GB)
    world.remove("gb")
    queue.drain(until_idle=True)
    assert not OutboxEntry.objects.exists()
    assert StickyMapping.objects.count() == 2


def test_moving_for_an_event_that_is_unknown_does_nothing() -> None:
    queue.enqueue(mappings.MOVE, "999999")
    queue.drain(until_idle=True)
    assert not OutboxEntry.objects.exists()


def test_a_new_short_code_takes_alpha_mappings_of_its_country_alone() -> None:
    world = world_of(sender("al", "alpha", "ACME"))
    for to in ("+447400123456", "+4915112345678"):
        send(world, to)
    world.add(sender("sc", "short_code", "60012", "GB"))
    queue.drain(until_idle=True)
    code = PoolMember.objects.get(sender=world.senders["sc"])
    moved = StickyMapping.objects.filter(member_id=code.pk)
    assert [mapping.recipient for mapping in moved] == ["+447400123456"]
    assert PoolEvent.objects.filter(country="GB").count() == 2


def test_whatsapp_mappings_never_move() -> None:
    world = world_of(US, sender("w", "whatsapp", "whatsapp:+14155550100", "US"))
    send(world, "whatsapp:+447400123456")
    before = StickyMapping.objects.get().member_id
    world.add(GB)
    queue.drain(until_idle=True)
    assert StickyMapping.objects.get().member_id == before


def test_clearing_away_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "BATCH", 2)
    world = world_of(US, US_415)
    for number in range(5):
        send(world, f"+1206555020{number}")
    world.remove("us")
    queue.drain(until_idle=True)
    assert not StickyMapping.objects.exists()
    assert not PoolEvent.objects.filter(kind="removed").exists()
