"""Statements that are planned once: the same rows, in the same transaction, on one connection."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from senders import statements
from senders.models import PoolMember
from senders.statements import rows
from tests.senders.selection.harness import US, US_415
from tests.senders.world import send, world_of

pytestmark = pytest.mark.django_db


def test_it_brings_rows() -> None:
    assert rows("SELECT 1 + %s, %s", [2, "x"]) == [(3, "x")]


def test_captured_queries_hold_them_like_any_other() -> None:
    with CaptureQueriesContext(connection) as found:
        rows("SELECT 1", [])
    assert len(found) == 1


@pytest.mark.postgres
def test_a_statement_is_planned_once_for_numbers_of_every_size_and_anew_when_it_ran_twice_as_often() -> None:
    sql = "SELECT id FROM senders_poolmember WHERE id = %s OR id = ANY(%s::bigint[])"
    for number in (1, 70_000, 5_000_000_000, 2, 3, 4, 5):
        rows(sql, [number, [number, 1, 70_000]])
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s", ["SELECT id FROM%"])
        texts = sorted(text for (text,) in cursor.fetchall())
    assert [text.rpartition(" -- ")[2] for text in texts] == ["1", "2", "3"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)


@pytest.mark.postgres
def test_it_sees_and_shares_the_transaction() -> None:
    world = world_of(US)
    with transaction.atomic():
        PoolMember.objects.update(sent_count=7)
        assert rows("SELECT sent_count FROM senders_poolmember", []) == [(7,)]
        rows("UPDATE senders_poolmember SET sent_count = %s RETURNING id", [8])
        assert PoolMember.objects.get(service=world.service).sent_count == 8
        transaction.set_rollback(True)
    assert PoolMember.objects.get(service=world.service).sent_count == 0


@pytest.mark.postgres
def test_a_fault_comes_as_djangos_own_and_a_broken_transaction_is_refused() -> None:
    world_of(US)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows("INSERT INTO senders_poolevent (kind, country, config_version) VALUES ('x', '', %s) RETURNING id", [1])
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            rows("SELECT 1", [])


@pytest.mark.postgres
def test_it_can_be_turned_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MSGCONSOLE_PREPARED_STATEMENTS = False
    monkeypatch.setattr(statements, "_prepared", lambda *given: pytest.fail("it was prepared"))
    world = world_of(US, US_415)
    assert send(world, "+14155550123") == "us415"
    assert send(world, "+12065550123") == "us"
