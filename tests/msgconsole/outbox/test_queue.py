"""The outbox: nothing is lost, nothing is taken twice at once, and a fault waits its turn."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from msgconsole.outbox import handlers, queue
from msgconsole.outbox.models import OutboxEntry

KIND = "tests.work"


class Seen:
    def __init__(self) -> None:
        self.references: list[str] = []
        self.raises: Exception | None = None

    def __call__(self, entry: OutboxEntry) -> None:
        self.references.append(entry.reference)
        if self.raises:
            raise self.raises


@pytest.fixture
def seen() -> Iterator[Seen]:
    handler = Seen()
    handlers.register(KIND, handler, queue="reports")
    yield handler
    handlers.unregister(KIND)


@pytest.mark.django_db
def test_it_runs_due_work_oldest_first_and_removes_it(seen: Seen) -> None:
    now = timezone.now()
    queue.enqueue(KIND, "second", available_at=now - timedelta(seconds=1))
    queue.enqueue(KIND, "first", available_at=now - timedelta(seconds=2))
    assert queue.drain() == 2
    assert seen.references == ["first", "second"]
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db
def test_it_uses_the_queue_of_the_handler(seen: Seen) -> None:
    entry = queue.enqueue(KIND, "x")
    assert entry.queue == "reports"
    assert queue.drain(queues=["dispatch"]) == 0
    assert queue.drain(queues=["reports"]) == 1


@pytest.mark.django_db
def test_it_leaves_work_that_is_not_due(seen: Seen) -> None:
    at = timezone.now() + timedelta(minutes=5)
    queue.enqueue(KIND, "later", available_at=at)
    assert queue.drain(until_idle=True) == 0
    assert queue.next_due("reports") == at


@pytest.mark.django_db
def test_work_that_makes_work_is_seen_through_until_idle(seen: Seen) -> None:
    def spawn(entry: OutboxEntry) -> None:
        queue.enqueue(KIND, "child")

    handlers.register("tests.spawn", spawn, queue="callbacks")
    try:
        queue.enqueue("tests.spawn", "parent")
        assert queue.drain(until_idle=True) == 2
    finally:
        handlers.unregister("tests.spawn")
    assert seen.references == ["child"]


@pytest.mark.django_db
def test_a_claimed_entry_is_not_claimed_again_until_its_lease_ends(seen: Seen) -> None:
    queue.enqueue(KIND, "x")
    (first,) = queue.claim("reports", 10, 60)
    assert queue.claim("reports", 10, 60) == []
    OutboxEntry.objects.update(available_at=timezone.now())  # the lease has run out
    (second,) = queue.claim("reports", 10, 60)
    assert second.attempts == 2
    assert not queue.complete(first), "a worker that came too late must not remove what another works on"
    assert not queue.postpone(first, timezone.now())
    assert queue.complete(second)


@pytest.mark.django_db
def test_a_lone_process_frees_what_its_dead_predecessor_had(seen: Seen) -> None:
    queue.enqueue(KIND, "claimed")
    queue.claim("reports", 1, 600)
    waiting = queue.enqueue(KIND, "waiting", available_at=timezone.now() + timedelta(hours=1))
    assert queue.release_all() == 1
    assert queue.drain() == 1
    assert list(OutboxEntry.objects.all()) == [waiting]


@pytest.mark.django_db
def test_a_fault_keeps_the_entry_and_names_only_the_exceptions_class(
    seen: Seen, caplog: pytest.LogCaptureFixture
) -> None:
    seen.raises = ValueError("+14155550123 said: my secret")
    queue.enqueue(KIND, "x")
    queue.drain()
    entry = OutboxEntry.objects.get()
    assert entry.last_error == "ValueError"
    assert entry.available_at > timezone.now()
    assert entry.claimed_at is None
    assert "secret" not in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.django_db
def test_work_without_a_handler_waits_for_one() -> None:
    queue.enqueue("tests.unknown", "x")
    queue.drain()
    assert OutboxEntry.objects.get().last_error == "LookupError"


@pytest.mark.django_db
def test_a_handler_may_ask_to_come_back_later_without_fault(seen: Seen) -> None:
    at = timezone.now() + timedelta(seconds=30)
    seen.raises = handlers.Later(at, payload={"round": 2})
    queue.enqueue(KIND, "x")
    queue.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.available_at, entry.payload, entry.last_error) == (at, {"round": 2}, "")


@pytest.mark.django_db
def test_a_fault_in_one_entry_does_not_stop_the_others(seen: Seen) -> None:
    queue.enqueue("tests.unknown", "x", queue="reports")
    queue.enqueue(KIND, "y")
    queue.drain()
    assert seen.references == ["y"]


@pytest.mark.django_db
def test_a_batch_ends_before_its_lease_does(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(queue.LEASE, "reports", -1.0)
    queue.enqueue(KIND, "x")
    batch = queue.claim("reports", 1, 60)
    assert queue._run(batch, queue.LEASE["reports"]) == 0
    assert seen.references == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_there(seen: Seen) -> None:
    with transaction.atomic():
        queue.enqueue(KIND, "x")
        transaction.set_rollback(True)
    assert queue.drain() == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_entry_once(seen: Seen) -> None:
    for number in range(60):
        queue.enqueue(KIND, str(number))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            queue.drain(queues=["reports"])
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert sorted(seen.references, key=int) == [str(number) for number in range(60)]


@pytest.mark.django_db
def test_the_command_drains(seen: Seen, capsys: pytest.CaptureFixture[str]) -> None:
    queue.enqueue(KIND, "now")
    queue.enqueue(KIND, "soon", available_at=timezone.now() + timedelta(milliseconds=150))
    call_command("drain_outbox")
    assert seen.references == ["now"]
    call_command("drain_outbox", "--until-idle")
    assert seen.references == ["now", "soon"]
    assert "1 entries were run." in capsys.readouterr().out
