"""The Celery side: every queue is listened to and swept, and real brokers carry wake-ups."""

import os

import pytest
from celery import Celery
from kombu import Connection

from msgconsole.celery import SWEEP_EVERY, app
from msgconsole.outbox import queue, tasks
from msgconsole.outbox.models import OutboxEntry

BROKERS = [url for url in os.environ.get("MSGCONSOLE_TEST_BROKERS", "").split(",") if url] or ["none"]


def test_every_queue_is_declared_swept_and_has_a_thread() -> None:
    app.finalize()
    names = set(OutboxEntry.Queue.values)
    assert {declared.name for declared in app.conf.task_queues} == names == set(tasks.PARALLEL) == set(queue.LEASE)
    swept = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == "outbox.drain"]
    assert {entry["args"][0] for entry in swept} == {entry["options"]["queue"] for entry in swept} == names
    assert {entry["schedule"] for entry in swept} == {SWEEP_EVERY}
    assert app.conf.worker_concurrency >= tasks.THREADS


@pytest.mark.django_db
def test_a_drain_looks_at_its_queue_alone() -> None:
    queue.enqueue("tests.unknown", "x", queue="reports")
    queue.enqueue("tests.unknown", "y", queue="callbacks")
    tasks.drain_queue("reports")
    assert OutboxEntry.objects.get(reference="x").attempts == 1
    assert OutboxEntry.objects.get(reference="y").attempts == 0


@pytest.mark.broker
@pytest.mark.parametrize("url", BROKERS)
def test_a_wake_up_travels_through_a_real_broker(url: str) -> None:
    name = f"dispatch-test-{os.getpid()}"
    real = Celery("real", broker=url, set_as_current=False)
    real.send_task("outbox.drain", args=[name], queue=name, retry=False, expires=30)
    with Connection(url) as connection:
        box = connection.SimpleQueue(name)
        message = box.get(timeout=10)
        message.ack()
        assert message.headers["task"] == "outbox.drain"
        assert name in message.headers["argsrepr"]
        box.close()
        connection.default_channel.queue_delete(name)
