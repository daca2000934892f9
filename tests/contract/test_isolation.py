"""Nobody reaches another account's things: every address of the API is tried, as the URL resolver knows them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from msgconsole.api.views import ApiView, UnknownAddress
from tests.api_client import Api
from tests.contract.resources import RESOURCES, World
from tests.contract.singles import SINGLES

UNKNOWN = "0" * 32


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
            if view and issubclass(view, ApiView) and view is not UnknownAddress:
                yield route, view
        else:
            yield from routes(pattern, route)


def shape(address: str) -> str:
    """An address with its variable parts as stars, however they are written."""
    return re.sub(r"<[^>]+>|\{\w+\}", "*", address.lstrip("/"))


def known() -> dict[str, tuple[tuple[str, ...], Any]]:
    """Every address that the tests know of: template → methods, and what makes the thing behind it."""
    found: dict[str, tuple[tuple[str, ...], Any]] = {}
    for resource in RESOURCES:
        found[resource.collection] = (resource.collection_methods, lambda world: "")
        if resource.item:
            found[resource.item] = (resource.item_methods, resource.make)
    return found | {single.template: (single.methods, single.make) for single in SINGLES}


def test_every_address_of_the_api_is_known_to_these_tests() -> None:
    served = {shape(route) for route, _ in routes(get_resolver())}
    assert served == {shape(template) for template in known()}


@pytest.mark.parametrize("template", sorted(template for template in known() if "{" in template))
def test_an_address_of_another_account_is_not_found(template: str, alice: Api, charlie: Api) -> None:
    methods, make = known()[template]
    world = World(alice)
    path = world.path(template, make(world))
    for method in methods:
        assert_hidden(charlie.call(method, path))
    if "GET" in methods:
        assert alice.get(path).status_code in (200, 302)


@pytest.mark.parametrize("template", sorted(t for t in known() if "{ac}" in t and ("{sid}" in t or "{sm}" in t)))
def test_another_accounts_sid_is_not_found_in_ones_own_account(template: str, alice: Api, charlie: Api) -> None:
    methods, make = known()[template]
    world = World(alice)
    assert alice.account
    assert charlie.account
    path = world.path(template, make(world)).replace(alice.account.sid, charlie.account.sid)
    for method in methods:
        assert_hidden(charlie.call(method, path))


@pytest.mark.parametrize("template", sorted(t for t in known() if "{mg}" in t and "{sid}" in t))
def test_an_item_is_not_found_under_another_service(template: str, alice: Api, charlie: Api) -> None:
    methods, make = known()[template]
    world, other = World(alice), World(charlie)
    path = world.path(template, make(world)).replace(world.service.sid, other.service.sid)
    for method in methods:
        assert_hidden(charlie.call(method, path))


def test_a_list_shows_ones_own_rows_alone(alice: Api, charlie: Api) -> None:
    worlds = {api: World(api) for api in (alice, charlie)}
    for resource in RESOURCES:
        made = {api: resource.make(world) for api, world in worlds.items()}
        for api, world in worlds.items():
            rows = api.get(world.path(resource.collection)).json()[resource.array]
            sids = {row["sid"] for row in rows}
            assert made[api] in sids
            assert not sids & {sid for other, sid in made.items() if other is not api}


def test_another_accounts_sid_is_not_taken_as_a_parameter(alice: Api, charlie: Api) -> None:
    mine, theirs = World(alice), World(charlie)
    for resource in RESOURCES:
        if resource.create and resource.collection.startswith("/v1/Services/{mg}"):
            given = resource.create(theirs)
            if any(re.fullmatch("(PN|SC|XE)[0-9a-f]{32}", str(value)) for value in given.values()):
                assert_hidden(alice.post(mine.path(resource.collection), given))
    answer = alice.post(
        f"{alice.root}/Messages.json",
        {"To": "+14155550123", "Body": "x", "MessagingServiceSid": theirs.service.sid},
    )
    assert (answer.status_code, answer.json()["code"]) == (404, 21701)


def test_a_page_token_of_another_account_opens_nothing(alice: Api, charlie: Api) -> None:
    mine, theirs = World(alice), World(charlie)
    for resource in RESOURCES:
        theirs_made = resource.make(theirs)
        body = alice.get(mine.path(resource.collection), {"PageToken": f"PA{theirs_made}"}).json()
        assert theirs_made not in str(body[resource.array])


def assert_hidden(answer: Any) -> None:
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
