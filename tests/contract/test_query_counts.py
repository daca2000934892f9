"""Lists cost a fixed number of queries: the budgets of ``tests/query_counts.json``, at two sizes.

A changed number is not an accident: change the budget in the same commit, and say why.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.api_client import Api
from tests.contract.resources import RESOURCES, Resource, World

BUDGETS: dict[str, int] = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text(encoding="utf-8"))[
    "api"
]
SMALL, LARGE = 2, 10
GONE = "SM" + "8" * 32  # the SID of a row that has left the list


def queries_of(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(path)
    assert answer.status_code == 200
    return len(queries)


def test_every_list_has_a_budget_and_every_budget_a_list() -> None:
    lists = {f"list {resource}" for resource in RESOURCES}
    pages = {f"list {resource}, middle page" for resource in RESOURCES if resource.at_most > 1}
    assert set(BUDGETS) == lists | pages | {"send through a Service", "send"}


@pytest.mark.parametrize("resource", RESOURCES, ids=str)
def test_a_list_costs_the_same_at_both_sizes(resource: Resource, alice: Api) -> None:
    world = World(alice)
    path = world.path(resource.collection)
    alice.get(path)  # what is read once in a process
    counted = []
    made = resource.given
    for size in (SMALL, LARGE):
        while made < min(size, resource.at_most):
            resource.make(world)
            made += 1
        counted.append(queries_of(alice, path))
    assert counted == [BUDGETS[f"list {resource}"]] * 2


@pytest.mark.parametrize("resource", RESOURCES, ids=str)
def test_a_list_counts_nothing_and_skips_nothing(resource: Resource, alice: Api) -> None:
    """What grows with the list: COUNT reads all of it, OFFSET all that lies before."""
    world = World(alice)
    path = world.path(resource.collection)
    made = [resource.make(world) for _ in range(min(6, resource.at_most))]
    for query in ("", f"?PageSize=2&Page=1&PageToken=PA{made[len(made) // 2]}", "?PageSize=2&PageToken=PA" + GONE):
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(path + query).status_code == 200
        said = " ".join(query["sql"].upper() for query in queries)
        assert "COUNT(" not in said
        assert "OFFSET" not in said


@pytest.mark.parametrize("resource", [r for r in RESOURCES if r.at_most > 1], ids=str)
def test_a_page_in_the_middle_costs_the_same_at_both_sizes(resource: Resource, alice: Api) -> None:
    world = World(alice)
    path = world.path(resource.collection)
    made = [resource.make(world) for _ in range(LARGE - resource.given)]
    for size in (SMALL, SMALL * 2):
        token = made[-3]
        counted = queries_of(alice, f"{path}?PageSize={size}&Page=1&PageToken=PA{token}")
        assert counted == BUDGETS[f"list {resource}, middle page"]


@pytest.mark.django_db(transaction=True)  # a pool is cached once its change is committed, not before
@pytest.mark.parametrize("with_service", [True, False])
def test_a_send_costs_the_same_whatever_the_size_of_pool_and_history(with_service: bool, alice: Api) -> None:
    world = World(alice)
    numbers = [factories.number(world.account) for _ in range(2)]
    for number in numbers:
        factories.pooled(world.service, number)
    sender = {"MessagingServiceSid": world.service.sid} if with_service else {"From": numbers[0].address}
    send = {"To": "+14155550123", "Body": "x"} | sender
    counted = []
    for _ in range(2):
        alice.post(f"{alice.root}/Messages.json", send)  # reads the pool once for each of its versions
        with CaptureQueriesContext(connection) as queries:
            answer = alice.post(f"{alice.root}/Messages.json", send)
        assert answer.status_code == 201
        counted.append(len(queries))
        for _ in range(5):
            factories.pooled(world.service, factories.number(world.account))
            factories.message(world.account, service=world.service)
    budget = BUDGETS["send through a Service" if with_service else "send"]
    assert counted == [budget, budget]
