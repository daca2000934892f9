"""What holds for every resource alike: credentials, methods, shapes, paging."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from tests.api_client import Api
from tests.contract.resources import RESOURCES, Resource, World
from tests.contract.tables import ERROR, V1_META, V2010_ENVELOPE, check

UNKNOWN = "0123456789abcdef" * 2
Published = Callable[[str, dict[str, Any]], None]

each = pytest.mark.parametrize("resource", RESOURCES, ids=str)
each_item = pytest.mark.parametrize("resource", [r for r in RESOURCES if r.item], ids=str)
each_long = pytest.mark.parametrize("resource", [r for r in RESOURCES if r.at_most > 1], ids=str)
deletable = [r for r in RESOURCES if r.item and "DELETE" in r.item_methods]
each_deletable = pytest.mark.parametrize("resource", deletable, ids=str)
each_deletable_list = pytest.mark.parametrize("resource", [r for r in deletable if r.at_most > 1], ids=str)
each_create = pytest.mark.parametrize("resource", [r for r in RESOURCES if r.create], ids=str)


def addresses(resource: Resource, world: World) -> list[str]:
    found = [world.path(resource.collection)]
    if resource.item:
        found.append(world.path(resource.item, resource.make(world)))
    return found


def assert_error(answer: Any, status: int, code: int) -> None:
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    check(answer.json(), ERROR)
    assert answer.json()["more_info"].endswith(f"/docs/errors/{code}")
    assert answer["Content-Type"].startswith("application/json")


@each
def test_it_asks_for_credentials(resource: Resource, alice: Api) -> None:
    for path in addresses(resource, World(alice)):
        for stranger in (Api(None), Api(alice.account, secret="0" * 32)):
            answer = stranger.get(path)
            assert_error(answer, 401, 20003)
            assert answer["WWW-Authenticate"].startswith("Basic realm=")


@each
def test_it_names_the_methods_it_has_when_another_is_used(resource: Resource, alice: Api) -> None:
    world = World(alice)
    for path, methods in zip(
        addresses(resource, world), (resource.collection_methods, resource.item_methods), strict=False
    ):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(methods):
            answer = alice.call(method, path)
            assert_error(answer, 405, 20004)
            allowed = {part.strip() for part in answer["Allow"].split(",")}
            assert allowed == {*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}


@each
def test_options_names_the_methods_and_has_no_body(resource: Resource, alice: Api) -> None:
    world = World(alice)
    for path, methods in zip(
        addresses(resource, world), (resource.collection_methods, resource.item_methods), strict=False
    ):
        answer = alice.call("OPTIONS", path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert set(methods) <= {part.strip() for part in answer["Allow"].split(",")}
        assert_error(Api(None).call("OPTIONS", path), 401, 20003)


@each
def test_it_answers_head_like_get_without_a_body(resource: Resource, alice: Api) -> None:
    for path in addresses(resource, World(alice)):
        answer = alice.call("HEAD", path)
        assert answer.status_code == 200
        assert answer.content == b""


@each
def test_it_has_no_trailing_slash_and_does_not_redirect_to_one(resource: Resource, alice: Api) -> None:
    for path in addresses(resource, World(alice)):
        assert_error(alice.get(path + "/"), 404, 20404)


@each_item
def test_it_shows_every_property_with_its_type(resource: Resource, alice: Api, published: Published) -> None:
    world = World(alice)
    answer = alice.get(world.path(resource.item, resource.make(world)))
    assert answer.status_code == 200
    check(answer.json(), resource.table)
    published(resource.schema, answer.json())


@each_item
def test_an_unknown_sid_is_not_found_by_any_method(resource: Resource, alice: Api) -> None:
    world = World(alice)
    made = resource.make(world)
    path = world.path(resource.item, made[:2] + UNKNOWN)
    for method in resource.item_methods:
        answer = alice.call(method, path)
        assert_error(answer, 404, 20404)
        assert answer.json()["message"] == f"The requested resource {path} was not found"


@each_item
def test_another_accounts_item_is_not_found_by_any_method(resource: Resource, alice: Api, charlie: Api) -> None:
    world = World(alice)
    path = world.path(resource.item, resource.make(world))
    for method in resource.item_methods:
        assert_error(charlie.call(method, path), 404, 20404)
    assert alice.get(path).status_code == 200


@each_deletable
def test_delete_answers_nothing_and_works_once(resource: Resource, alice: Api) -> None:
    world = World(alice)
    path = world.path(resource.item, resource.make(world))
    answer = alice.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer
    assert_error(alice.delete(path), 404, 20404)
    assert_error(alice.get(path), 404, 20404)


@each_create
def test_a_create_answers_what_a_fetch_shows(resource: Resource, alice: Api) -> None:
    world = World(alice)
    assert resource.create
    made = alice.post(world.path(resource.collection), resource.create(world))
    assert made.status_code == resource.create_status, made.json()
    check(made.json(), {**resource.table, **resource.also_created})
    if resource.item:
        shown = alice.get(world.path(resource.item, made.json()["sid"])).json()
        assert {**shown, **{name: made.json()[name] for name in resource.also_created}} == made.json()


@each_create
def test_a_json_body_is_refused(resource: Resource, alice: Api) -> None:
    answer = alice.client.post(
        World(alice).path(resource.collection), "{}", content_type="application/json", **alice.headers
    )
    assert_error(answer, 415, 20415)


def listing(resource: Resource, answer: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The envelope and the rows."""
    body = answer.json()
    assert answer.status_code == 200, body
    if resource.is_v1:
        assert set(body) == {"meta", resource.array}
        check(body["meta"], V1_META)
        assert body["meta"]["key"] == resource.array
        return body["meta"], body[resource.array]
    rows = body.pop(resource.array)
    check(body, V2010_ENVELOPE)
    return body, rows


def link(resource: Resource, envelope: dict[str, Any], name: str) -> str | None:
    found: str | None = envelope[f"{name}_page_{'url' if resource.is_v1 else 'uri'}"]
    return found


@each
def test_a_list_without_rows_is_one_page(resource: Resource, alice: Api) -> None:
    world = World(alice)
    envelope, rows = listing(resource, alice.get(world.path(resource.collection)))
    assert len(rows) == resource.given
    assert link(resource, envelope, "next") is link(resource, envelope, "previous") is None
    assert (envelope["page"], envelope["page_size"]) == (0, 50)
    if not resource.is_v1 and not resource.given:
        assert (envelope["start"], envelope["end"]) == (0, 0)


@each_long
def test_pages_follow_each_other_in_both_directions(resource: Resource, alice: Api) -> None:
    world = World(alice)
    made = [resource.make(world) for _ in range(5 - resource.given)]
    path = world.path(resource.collection)
    pages = []
    address: str | None = f"{path}?PageSize=2&Page=0"
    while address:
        envelope, rows = listing(resource, alice.get(address))
        for row in rows:
            check(row, resource.table)
        pages.append((envelope, [row["sid"] for row in rows]))
        address = link(resource, envelope, "next")
    assert [len(sids) for _, sids in pages] == [2, 2, 1]
    assert [sid for _, sids in pages for sid in sids][: len(made)] == made[::-1]
    assert [envelope["page"] for envelope, _ in pages] == [0, 1, 2]
    if not resource.is_v1:
        assert [(e["start"], e["end"]) for e, _ in pages] == [(0, 1), (2, 3), (4, 4)]
    for place in (2, 1):
        back = link(resource, pages[place][0], "previous")
        envelope, rows = listing(resource, alice.get(str(back)))
        assert [row["sid"] for row in rows] == pages[place - 1][1]
        assert envelope["page"] == place - 1
    assert link(resource, pages[0][0], "previous") is None
    assert f"PageToken=PA{pages[0][1][-1]}" in str(link(resource, pages[0][0], "next"))
    assert all("PageSize=2&Page=0" in str(link(resource, envelope, "first")) for envelope, _ in pages)


@each_long
def test_rows_made_between_pages_neither_repeat_nor_hide_old_ones(resource: Resource, alice: Api) -> None:
    world = World(alice)
    made = [resource.make(world) for _ in range(4)]
    envelope, first = listing(resource, alice.get(world.path(resource.collection), {"PageSize": 2}))
    resource.make(world)
    _, second = listing(resource, alice.get(str(link(resource, envelope, "next"))))
    assert [row["sid"] for row in (*first, *second)] == made[::-1]


@each_deletable_list
def test_a_client_that_deletes_what_it_lists_sees_every_row(resource: Resource, alice: Api) -> None:
    world = World(alice)
    made = {resource.make(world) for _ in range(5)}
    address: str | None = world.path(resource.collection) + "?PageSize=2"
    seen: list[str] = []
    while address:
        envelope, rows = listing(resource, alice.get(address))
        for row in rows:
            assert alice.delete(world.path(resource.item, row["sid"])).status_code == 204
            seen.append(row["sid"])
        address = link(resource, envelope, "next")
    assert (len(seen), set(seen)) == (5, made)


@each
@pytest.mark.parametrize("size", ["0", "-1", "NaN", "", "1.5"])
def test_a_page_size_that_is_none_is_refused(resource: Resource, size: str, alice: Api) -> None:
    answer = alice.get(World(alice).path(resource.collection), {"PageSize": size})
    assert_error(answer, 400, 20001)
    assert answer.json()["message"] == "Invalid PageSize."


@each
def test_a_page_size_above_1000_is_1000(resource: Resource, alice: Api) -> None:
    envelope, _ = listing(resource, alice.get(World(alice).path(resource.collection), {"PageSize": "1500"}))
    assert envelope["page_size"] == 1000


@each
@pytest.mark.parametrize("token", ["x", "PA", "PAMG0123", "PB" + "MG" + "0" * 32])
def test_a_page_token_that_is_none_is_refused(resource: Resource, token: str, alice: Api) -> None:
    assert_error(alice.get(World(alice).path(resource.collection), {"PageToken": token}), 400, 20001)


@each
def test_a_nul_character_is_refused_and_not_asked_of_the_database(resource: Resource, alice: Api) -> None:
    path = World(alice).path(resource.collection)
    assert_error(alice.get(path, {"FriendlyName": "a\x00", "To": "\x00"}), 400, 20001)
    if resource.create:
        assert_error(alice.post(path, {"FriendlyName": "a\x00"}), 400, 20001)


@each
def test_an_account_that_is_not_active_may_not_come_in(resource: Resource, alice: Api) -> None:
    world = World(alice)
    path = world.path(resource.collection)
    from msgconsole.accounts.actions import update_account

    for status in ("suspended", "active", "closed"):
        update_account(account=world.account, actor=factories.ACTOR, status=status)
        if status == "active":
            assert alice.get(path).status_code == 200
        else:
            assert_error(alice.get(path), 401, 20005)
