"""The Celery app: ``celery -A msgconsole.celery worker`` and ``… beat``.

Tasks are nudges that drain the outbox; none carries data, and losing one costs a sweep. A worker runs threads, not
forked children: the embedded default and a fleet of workers then behave alike, and one more process is one more core.
"""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from kombu.entity import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msgconsole.settings.development")

SWEEP_EVERY = 2.0  # seconds

app = Celery("msgconsole")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_queues=[Queue(name) for name in ("dispatch", "reports", "callbacks")],
    task_create_missing_queues=False,
    worker_pool="threads",
    worker_concurrency=10,  # outbox.tasks.THREADS, on PostgreSQL
    worker_prefetch_multiplier=4,
    worker_redirect_stdouts=False,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_transport_options={"polling_interval": 0.02} if app.conf.broker_url.startswith("memory:") else {},
)
# Read under this very name: connections are kept between tasks and closed when they break (outbox.tasks).
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000
app.autodiscover_tasks()
if str(app.conf.broker_url).startswith("memory://"):
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)  # it misses a host name, and memory has none


@app.on_after_finalize.connect
def schedule_sweeps(sender: Celery, **_: Any) -> None:
    from msgconsole.outbox.tasks import sweeps

    sender.conf.beat_schedule = {**(sender.conf.beat_schedule or {}), **sweeps(SWEEP_EVERY)}


@worker_ready.connect
def look_at_every_queue(*_: Any, **__: Any) -> None:
    """As soon as a worker can work: do what was left, without waiting for the first sweep."""
    from msgconsole.outbox import tasks
    from msgconsole.outbox.queue import QUEUES

    for name in QUEUES:
        tasks.publish(name)
