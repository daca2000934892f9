"""Wake-ups: few, prompt, and harmless when they fail."""

import threading
import time

from msgconsole.outbox.backoff import delay
from msgconsole.outbox.tasks import Gate
from msgconsole.outbox.wake import Nudger


class Broker:
    def __init__(self) -> None:
        self.published: list[tuple[str, float]] = []
        self.away = False
        self.arrived = threading.Event()

    def __call__(self, queue: str) -> None:
        if self.away:
            self.away = False
            raise ConnectionError("no broker")
        self.published.append((queue, time.monotonic()))
        self.arrived.set()


def test_a_burst_of_wake_ups_becomes_few_publishes() -> None:
    broker = Broker()
    nudger = Nudger(broker, pause=0.05)
    for _ in range(500):
        nudger.note("dispatch", time.monotonic())
    time.sleep(0.3)
    assert 1 <= len(broker.published) <= 3


def test_a_wake_up_after_a_publish_is_not_swallowed() -> None:
    broker = Broker()
    nudger = Nudger(broker, pause=0.02)
    nudger.note("dispatch", time.monotonic())
    assert broker.arrived.wait(2)
    seen = len(broker.published)
    nudger.note("dispatch", time.monotonic())
    time.sleep(0.2)
    assert len(broker.published) == seen + 1


def test_a_wake_up_for_later_comes_later_and_the_earlier_of_two_wins() -> None:
    broker = Broker()
    nudger = Nudger(broker)
    start = time.monotonic()
    nudger.note("reports", start + 10)
    nudger.note("reports", start + 0.15)
    assert broker.arrived.wait(5)
    assert 0.14 <= broker.published[0][1] - start < 2


def test_a_broker_that_is_away_stops_nothing() -> None:
    broker = Broker()
    broker.away = True
    nudger = Nudger(broker)
    nudger.note("dispatch", time.monotonic())
    time.sleep(0.1)
    nudger.note("dispatch", time.monotonic())
    assert broker.arrived.wait(2)


def test_a_gate_repeats_the_work_when_asked_meanwhile() -> None:
    gate = Gate(1)
    rounds: list[int] = []

    def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            assert gate.run(work) == 0, "the place is taken, so the second caller leaves at once"

    assert gate.run(work) == 2
    assert rounds == [0, 1]


def test_waits_double_up_to_a_limit_and_are_spread() -> None:
    assert delay(1, 0.0) == 0.5
    assert delay(1, 0.999) < 1.0
    assert delay(4, 0.0) == 4.0
    assert delay(100, 0.0) == 150.0


def test_a_broker_that_hangs_holds_up_nobody() -> None:
    hanging, go_on = threading.Event(), threading.Event()

    def publish(queue: str) -> None:
        hanging.set()
        go_on.wait(10)

    nudger = Nudger(publish)
    nudger.note("dispatch", time.monotonic())
    assert hanging.wait(2)
    started = time.monotonic()
    for _ in range(100):
        nudger.note("dispatch", time.monotonic())
    assert time.monotonic() - started < 0.5
    go_on.set()
