"""Sticky mappings, coverage and lint over REST."""

import re
from typing import Any

import pytest

from msgconsole.accounts.models import AuditEntry
from msgconsole.api.operations import find
from msgconsole.outbox import queue
from senders.api.insight import key_of, sid_of
from senders.models import PoolMember, StickyMapping
from tests.api_client import Api
from tests.senders.selection.harness import GB, US, US_415, sender
from tests.senders.world import World, send, world_of

pytestmark = pytest.mark.django_db


def root(world: World) -> str:
    return f"/msgconsole/v1/Services/{world.service.sid}"


def mappings(world: World, **query: Any) -> Any:
    answer = Api(world.account).get(f"{root(world)}/StickyMappings", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def mapped(world: World, *recipients: str) -> None:
    for recipient in recipients:
        send(world, recipient)


def test_it_lists_who_knows_whom_newest_first() -> None:
    world = world_of(US, GB)
    mapped(world, "+14155550123", "+447400123456")
    body = mappings(world)
    assert [row["recipient"] for row in body["sticky_mappings"]] == ["+447400123456", "+14155550123"]
    row = body["sticky_mappings"][1]
    stored = StickyMapping.objects.get(recipient="+14155550123")
    assert row["sid"] == sid_of(stored.pk)
    assert (row["sender"], row["sender_sid"]) == ("+12065550100", world.senders["us"].sid)
    assert (row["channel"], row["recipient_country"], row["sender_kind"]) == ("sms", "US", "long_code")
    assert (row["holds"], row["moved"]) == (True, False)
    assert body["meta"]["key"] == "sticky_mappings"


def test_it_is_paged_by_keyset_and_a_page_stays_in_its_place() -> None:
    world = world_of(US)
    mapped(world, *(f"+1415555{n:04}" for n in range(1000, 1007)))
    first = mappings(world, PageSize=3)
    mapped(world, "+14155552000")
    second = Api(world.account).get(first["meta"]["next_page_url"]).json()
    third = Api(world.account).get(second["meta"]["next_page_url"]).json()
    seen = [row["recipient"][-4:] for page in (first, second, third) for row in page["sticky_mappings"]]
    assert seen == [str(n) for n in range(1006, 999, -1)]
    assert third["meta"]["next_page_url"] is None
    back = Api(world.account).get(third["meta"]["previous_page_url"]).json()
    assert back["sticky_mappings"] == second["sticky_mappings"]


@pytest.mark.parametrize("token", ["PA", "x", "PASM" + "0" * 32, "PAST" + "f" * 32, "PAST" + "0" * 32])
def test_a_page_token_that_is_none_is_refused(token: str) -> None:
    world = world_of(US)
    answer = Api(world.account).get(f"{root(world)}/StickyMappings", {"PageToken": token})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert not re.search(declared_token(), token)


@pytest.mark.parametrize("key", [1, 2**63 - 1])
def test_a_page_token_that_is_declared_is_taken(key: int) -> None:
    world = world_of(US)
    token = "PA" + sid_of(key)
    assert Api(world.account).get(f"{root(world)}/StickyMappings", {"PageToken": token}).status_code == 200
    assert re.search(declared_token(), token)


def declared_token() -> str:
    declared = find("GET", "/msgconsole/v1/Services/{ServiceSid}/StickyMappings")
    assert declared
    return next(param.schema()["pattern"] for param in declared.query if param.name == "PageToken")


@pytest.mark.parametrize("given", ["+14155550123", "+1 (415) 555-0123", "14155550123"])
def test_one_recipient_can_be_looked_for(given: str) -> None:
    world = world_of(US)
    mapped(world, "+14155550123", "+14155550124")
    found = [row["recipient"] for row in mappings(world, Recipient=given)["sticky_mappings"]]
    assert found == (["+14155550123"] if given.startswith("+") else [])
    assert mappings(world, Channel="whatsapp")["sticky_mappings"] == []
    assert len(mappings(world, Channel="sms")["sticky_mappings"]) == 2


def test_a_mapping_is_shown_as_the_next_message_will_read_it() -> None:
    world = world_of(US, US_415)
    mapped(world, "+14155550123", "+447400123456")
    world.add(GB)
    world.remove("us415")
    by_recipient = {row["recipient"]: row for row in mappings(world)["sticky_mappings"]}
    moved, gone = by_recipient["+447400123456"], by_recipient["+14155550123"]
    assert (moved["sender"], moved["holds"]) == ("+447400111222", True)
    assert (gone["sender"], gone["sender_sid"], gone["holds"], gone["sender_kind"]) == (None, None, False, "long_code")


def test_deleting_one_lets_the_next_message_choose_anew_and_corrects_the_count() -> None:
    world = world_of(US)
    mapped(world, "+14155550123")
    world.add(US_415)
    row = mappings(world)["sticky_mappings"][0]
    api = Api(world.account)
    assert api.get(row["url"]).json() == row
    answer = api.delete(row["url"])
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(row["url"]).status_code == api.delete(row["url"]).status_code == 404
    queue.drain(until_idle=True)
    assert PoolMember.objects.get(sender=world.senders["us"]).mapping_count == 0
    entry = AuditEntry.objects.get(action="service.mapping_reset")
    assert (entry.object_sid, entry.actor_kind) == (world.service.sid, "token")
    assert send(world, "+14155550123") == "us415"


def test_a_mapping_belongs_to_its_service() -> None:
    world, other = world_of(US), world_of(US_415)
    mapped(world, "+14155550123")
    sid = sid_of(StickyMapping.objects.get().pk)
    assert Api(other.account).get(f"{root(other)}/StickyMappings/{sid}").status_code == 404
    assert Api(other.account).delete(f"{root(world)}/StickyMappings/{sid}").status_code == 404
    assert StickyMapping.objects.exists()


def test_sids_of_mappings_are_read_back() -> None:
    assert key_of(sid_of(7)) == 7
    assert key_of("ST" + "0" * 32) is None
    assert key_of("ST" + "f" * 32) is None
    assert key_of("SM" + "0" * 31 + "7") is None


def test_coverage_tells_every_country_and_area_code() -> None:
    world = world_of(US_415, GB)
    body = Api(world.account).get(f"{root(world)}/Coverage").json()
    by_country = {place["country"]: place for place in body["countries"]}
    by_code = {place["area_code"]: place for place in body["area_codes"]}
    assert (by_country["GB"]["rule"], by_country["GB"]["example"]) == ("country_match", "+447400111222")
    assert (by_country["DE"]["rule"], by_country["DE"]["kind"]) == ("us_fallback", "long_code")
    assert by_country["US"]["example_sid"] == world.senders["us415"].sid
    assert (by_code["415"]["rule"], by_code["628"]["rule"]) == ("area_code_exact", "area_code_overlay")
    assert (by_code["416"]["rule"], by_code["212"]["rule"]) == ("nanp_fallback", "country_match")
    pictures = Api(world.account).get(f"{root(world)}/Coverage", {"Media": "true"}).json()
    assert {place["country"]: place["error_code"] for place in pictures["countries"]}["US"] is None
    assert Api(world.account).get(f"{root(world)}/Coverage", {"Media": "perhaps"}).json()["code"] == 20001


def test_lint_tells_what_will_fail() -> None:
    world = world_of(sender("un", "long_code", "+12065550177", "US", registration="unregistered"))
    body = Api(world.account).get(f"{root(world)}/Lint").json()
    assert [(one["rule"], one["tone"], one["error_code"]) for one in body["findings"]] == [
        ("nobody_ready", "bad", None),
        ("unregistered_long_codes", "warn", 30034),
    ]
    assert body["findings"][1]["senders"] == [{"sid": world.senders["un"].sid, "address": "+12065550177"}]
