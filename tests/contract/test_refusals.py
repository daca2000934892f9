"""Every refusal that an operation declares can be had, and no operation has another: codes, statuses, error pages."""

from collections.abc import Iterator
from typing import Any

import pytest

from msgconsole.accounts.actions import update_account
from msgconsole.api.operations import ALWAYS, WITH_BODY, Declared, all_declared
from msgconsole.error_codes import CATALOGUE
from tests import factories
from tests.api_client import Api
from tests.contract.places import path_of
from tests.contract.refusals import SCENARIOS
from tests.contract.resources import World
from tests.contract.tables import ERROR, check

DECLARED = list(all_declared())
each = pytest.mark.parametrize("declared", DECLARED, ids=lambda one: one.operation.id)
OWN = [pytest.param(one, code, id=f"{one.operation.id}-{code}") for one in DECLARED for code in one.operation.codes]


def call(api: Api, declared: Declared, path: str, params: Any = (), **extra: Any) -> Any:
    if declared.method == "GET":
        return api.get(path, dict(params), **extra)
    return api.post(path, params, **extra) if declared.method == "POST" else api.delete(path, **extra)


def assert_refused(answer: Any, declared: Declared, code: int) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (CATALOGUE[code].status, code), body
    check(body, ERROR)
    assert body["status"] == answer.status_code
    assert code in declared.refusals[answer.status_code]
    page = Api(None).get(body["more_info"])
    assert page.status_code == 200
    assert CATALOGUE[code].remedy.split(",")[0][:30] in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("declared, code", OWN)
def test_a_refusal_of_its_own_can_be_had(declared: Declared, code: int, alice: Api) -> None:
    world = World(alice)
    answer = SCENARIOS[declared.operation.id, code](world)
    if isinstance(answer, dict):
        answer = call(alice, declared, path_of(world, declared), answer)
    assert_refused(answer, declared, code)


def test_there_is_no_scenario_that_nothing_declares() -> None:
    own = {(one.operation.id, code) for one in DECLARED for code in one.operation.codes}
    assert {pair for pair in SCENARIOS if pair not in own and pair[1] not in (21714, 21715)} == set()


@each
def test_the_refusals_of_every_operation_can_be_had(
    declared: Declared, alice: Api, charlie: Api, settings: Any
) -> None:
    world = World(alice)
    assert alice.account
    path = path_of(world, declared)
    said = {}
    said[20003] = call(Api(None), declared, path)
    said[20001] = alice.call(declared.method, f"{path}?X=%00")
    if declared.path_params:
        said[20404] = call(charlie, declared, path)  # what is another account's does not exist
    if declared.method == "POST":
        big = b"Body=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        form = "application/x-www-form-urlencoded"
        said[20413] = alice.client.post(path, big, content_type=form, **alice.headers)
        said[20415] = alice.client.post(path, "{}", content_type="application/json", **alice.headers)
    if declared.method != "GET" and "{AccountSid:" in declared.path:
        child = World(Api(factories.account("Part", owner=alice.account)))
        there = path_of(child, declared)
        update_account(account=child.account, actor=factories.ACTOR, status="suspended")
        said[20403] = call(alice, declared, there)
    settings.MSGCONSOLE_RATE_LIMIT = 0
    said[20429] = call(alice, declared, path)
    assert said[20429]["Retry-After"] == "1"
    settings.MSGCONSOLE_RATE_LIMIT = 1000
    update_account(account=alice.account, actor=factories.ACTOR, status="suspended")
    said[20005] = call(alice, declared, path)
    assert set(said) == declared.codes - declared.operation.codes | ({20403} & set(said))
    assert set(said) >= ALWAYS | (WITH_BODY if declared.method == "POST" else set())
    for code, answer in said.items():
        assert_refused(answer, declared, code)


def routes() -> Iterator[str]:
    from django.urls import get_resolver

    from tests.contract.test_isolation import routes as served

    yield from (route for route, _ in served(get_resolver()))


def test_every_operation_of_the_mirrored_api_is_declared_and_no_other() -> None:
    from msgconsole.api.operations import shape_of

    served = {shape_of(route) for route in routes() if not route.startswith("msgconsole/")}
    assert served == {shape_of(one.path) for one in DECLARED if not one.path.startswith("/msgconsole/")}
