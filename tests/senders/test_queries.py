from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from senders import queries
from senders.models import PoolMember, StickyMapping
from tests import factories
from tests.senders.selection.harness import ALPHA, GB, US, US_415, sender
from tests.senders.world import send, world_of

pytestmark = pytest.mark.django_db


def test_the_inventory_is_the_accounts_own_newest_first() -> None:
    world = world_of(US, ALPHA)
    factories.number(factories.account("Other"))
    free = factories.number(world.account)
    assert list(queries.senders_of(world.account)) == [free, world.senders["al"], world.senders["us"]]
    assert list(queries.senders_of(world.account, ["alpha"])) == [world.senders["al"]]


def test_members_come_in_the_order_added() -> None:
    world = world_of(US, ALPHA, GB)
    assert [member.sender.address for member in queries.members_of(world.service)] == [
        "+12065550100",
        "ACME",
        "+447400111222",
    ]
    assert [member.sender.address for member in queries.members_of(world.service, ["alpha"])] == ["ACME"]


def test_lists_take_one_statement_however_long() -> None:
    world = world_of(*(sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(100, 112)))
    with CaptureQueriesContext(connection) as seen:
        assert all(one.membership.service.friendly_name for one in queries.senders_of(world.account))
        assert all(one.bucket.kind and one.sender.address for one in queries.members_of(world.service))
    assert len(seen) == 2


def test_a_mapping_is_told_as_the_next_message_will_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senders.membership.mappings.take_over", lambda event, member: False)
    world = world_of(US, US_415)
    for to in ("+447400123456", "+4915112345678", "+14155550123"):
        send(world, to)
    world.add(GB)
    world.remove("us415")
    told = {
        found.mapping.recipient: (found.member.sender.address if found.member else None, found.moved)
        for found in queries.effective(world.service, queries.mappings_of(world.service))
    }
    assert told == {
        "+447400123456": ("+447400111222", True),
        "+4915112345678": (None, False),
        "+14155550123": (None, False),
    }


def test_a_page_of_mappings_takes_a_constant_number_of_statements() -> None:
    world = world_of(US, GB)
    member = PoolMember.objects.first()
    assert member is not None
    facts: dict[str, Any] = {
        "service": world.service,
        "channel": "sms",
        "member_id": member.pk,
        "sender_kind": "long_code",
        "sender_country": "US",
        "recipient_country": "US",
        "config_version": 1,
    }
    StickyMapping.objects.bulk_create(StickyMapping(recipient=f"+1415555{n:04d}", **facts) for n in range(50))
    with CaptureQueriesContext(connection) as seen:
        assert all(found.member for found in queries.effective(world.service, queries.mappings_of(world.service)))
    assert len(seen) <= 4
