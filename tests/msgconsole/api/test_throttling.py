"""The rate limit of an account."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from msgconsole.api import throttling
from tests import factories
from tests.api_client import Api


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time, as a list of one that a test may change."""
    now = [1_800_000_000.25]
    monkeypatch.setattr(throttling.time, "time", lambda: now[0])
    caches["counters"].clear()
    yield now
    caches["counters"].clear()


@pytest.fixture
def api(db: None, settings: Any) -> Api:
    settings.MSGCONSOLE_RATE_LIMIT = 3
    return Api(factories.account())


def statuses(api: Api, times: int) -> list[int]:
    return [api.get("/v1/Services").status_code for _ in range(times)]


def test_calls_above_the_limit_are_told_when_to_come_back(api: Api, clock: list[float]) -> None:
    assert statuses(api, 4) == [200, 200, 200, 429]
    refused = api.post("/v1/Services", {"FriendlyName": "x"})
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (429, 20429, "1")
    assert refused.json()["message"] == "Too Many Requests"
    clock[0] += float(refused["Retry-After"])
    assert statuses(api, 4) == [200, 200, 200, 429]
    assert api.get("/v1/Services").status_code == 429


def test_each_account_has_a_limit_of_its_own(api: Api, clock: list[float]) -> None:
    assert api.account
    child = Api(factories.account("Part", owner=api.account))
    assert statuses(api, 4)[-1] == 429
    assert statuses(child, 3) == [200, 200, 200]


def test_wrong_credentials_use_up_nobodys_limit(api: Api, clock: list[float]) -> None:
    for _ in range(5):
        assert Api(api.account, secret="0" * 32).get("/v1/Services").status_code == 401
    assert statuses(api, 3) == [200, 200, 200]


def test_an_api_key_counts_for_its_account(api: Api, clock: list[float]) -> None:
    assert api.account
    key, secret = factories.key(api.account)
    assert statuses(Api(api.account, username=key.sid, secret=secret), 2) == [200, 200]
    assert statuses(api, 2) == [200, 429]


def test_a_cache_that_is_away_limits_nobody(
    api: Api, clock: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*args: object) -> bool:
        raise ConnectionError("no cache")

    monkeypatch.setattr(type(caches["counters"]), "add", gone)
    assert statuses(api, 5) == [200] * 5
    assert "The rate limit cannot be counted: no cache" in caplog.text


@pytest.mark.broker
def test_processes_count_together_in_a_redis(
    api: Api, clock: list[float], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Two processes: each has its own connection to the one Redis that both are told of."""
    urls = os.environ["MSGCONSOLE_TEST_BROKERS"].split(",")
    address = next(url for url in urls if url.startswith("redis://"))
    first, second = (RedisCache(address, {"KEY_PREFIX": f"test-{os.getpid()}"}) for _ in range(2))
    assert api.account
    key = f"rate:{api.account.pk}:{int(clock[0])}"
    first.delete(key)
    try:
        for process, expected in ((first, 200), (second, 200), (first, 200), (second, 429), (first, 429)):
            monkeypatch.setattr(throttling, "caches", {"counters": process})
            assert statuses(api, 1) == [expected]
        assert first._cache.get_client(None, write=True).ttl(first.make_and_validate_key(key)) in range(
            throttling.KEPT + 1
        )
    finally:
        first.delete(key)


def test_threads_count_together_and_lose_none(clock: list[float]) -> None:
    import threading

    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.extend(throttling._count("rate:0:0") for _ in range(200)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 801))
