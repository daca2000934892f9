"""Pool snapshots go once no stored decision needs them, and never before."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from msgconsole.accounts.models import Account
from msgconsole.messaging import snapshots
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.messaging.replay import replay
from msgconsole.outbox import queue, upkeep
from senders import actions
from senders.models import PoolMember, PoolSnapshot
from services import actions as service_actions
from services.models import MessagingService
from tests.factories import ACTOR
from tests.msgconsole.messaging.conftest import Send, pooled

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _from_the_start() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sent(send: Send) -> Message:
    message = send()
    queue.drain(until_idle=True)
    return message


def versions() -> list[int]:
    return list(PoolSnapshot.objects.order_by("config_version").values_list("config_version", flat=True))


def three_versions(service: MessagingService, send: Send) -> list[Message]:
    """A message under each of three configurations of the pool."""
    messages = []
    for number in range(3):
        pooled(service, f"+1206555010{number}")
        messages.append(sent(send))
    assert len(versions()) == 3
    return messages


def test_a_decision_names_the_snapshot_that_it_was_taken_under(service: MessagingService, send: Send) -> None:
    messages = three_versions(service, send)
    for message in (*messages, sent(send)):
        trace = DecisionTrace.objects.select_related("snapshot").get(message=message)
        assert trace.snapshot is not None
        assert trace.snapshot.config_version == trace.data["config_version"]
        assert trace.snapshot.service_sid == service.sid


def test_only_what_no_decision_needs_goes(service: MessagingService, send: Send) -> None:
    first, second, _ = three_versions(service, send)
    oldest, _, newest = versions()
    assert snapshots.clear(timezone.now() + LATER) == 0
    first.delete()
    assert snapshots.clear(timezone.now() + LATER) == 1
    assert oldest not in versions()
    trace = DecisionTrace.objects.select_related("message__account", "message__service").get(message=second)
    assert replay(trace).equal
    Message.objects.all().delete()
    assert snapshots.clear(timezone.now() + LATER) == 1
    assert versions() == [newest]


def test_what_may_still_be_decided_under_stays(service: MessagingService, send: Send) -> None:
    """Another worker may have chosen under the version before, and its decision waits for its commit."""
    three_versions(service, send)
    Message.objects.all().delete()
    assert snapshots.clear() == 0
    assert snapshots.clear(timezone.now() + timedelta(minutes=59)) == 0
    assert snapshots.clear(timezone.now() + timedelta(minutes=61)) == 2


def test_the_version_in_force_is_used_again_without_being_stored_again(service: MessagingService, send: Send) -> None:
    pooled(service)
    sent(send).delete()
    assert snapshots.clear(timezone.now() + LATER) == 0
    message = sent(send)
    trace = DecisionTrace.objects.select_related("message__account", "message__service").get(message=message)
    assert replay(trace).equal


def test_those_of_a_deleted_service_go_with_its_last_message(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    service_actions.delete_service(service=service, actor=ACTOR)
    assert snapshots.clear(timezone.now() + LATER) == 0
    message.delete()
    assert snapshots.clear() == 0
    assert snapshots.clear(timezone.now() + LATER) == 1
    assert versions() == []


def test_a_run_is_bounded_and_the_next_goes_on(
    service: MessagingService, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "BATCH", 2)
    pooled(service)
    kept = sent(send)  # the oldest stays, and must not keep a run from those behind it
    for number in range(1, 6):
        pooled(service, f"+1206555010{number}")
        sent(send)
    Message.objects.exclude(pk=kept.pk).delete()
    gone = [snapshots.clear(timezone.now() + LATER) for _ in range(4)]
    assert gone == [1, 2, 1, 0]
    assert len(versions()) == 2  # the one needed, and the one in force
    kept.delete()
    assert [snapshots.clear(timezone.now() + LATER) for _ in range(2)] == [1, 0]


def test_a_run_costs_the_same_however_much_there_is(
    service: MessagingService, send: Send, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    three_versions(service, send)
    Message.objects.all().delete()
    with django_assert_max_num_queries(4):
        assert snapshots.clear(timezone.now() + LATER) == 2


def test_the_sweeps_do_it(service: MessagingService, send: Send, account: Account) -> None:
    first, *_ = three_versions(service, send)
    first.delete()
    old = timezone.now() - LATER
    PoolSnapshot.objects.update(date_created=old)
    assert "snapshots" in upkeep.run_due()
    assert len(versions()) == 2
    assert upkeep.run_due() == []


def test_a_bare_from_needs_no_snapshot(account: Account, send: Send) -> None:
    service = service_actions.create_service(account=account, actor=ACTOR, friendly_name="Other")
    number = actions.acquire_number(account=account, actor=ACTOR, phone_number="+12065550199")
    assert PoolMember.objects.filter(service=service).count() == 0
    message = send(messaging_service_sid=None, from_=number.address)
    trace = DecisionTrace.objects.get(message=message)
    assert trace.snapshot_id is None
