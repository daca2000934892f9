"""The benchmark of choosing, small: that it measures, judges and leaves no database behind."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from senders.management.commands import bench_selection
from senders.models import PoolMember
from senders.selection.types import SelectionRequest
from tests.senders.selection.harness import US
from tests.senders.world import world_of


@pytest.mark.postgres
@pytest.mark.load
@pytest.mark.django_db(transaction=True)
def test_it_prints_medians_and_ratios_and_drops_its_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_selection, "POOLS", (10, 50, 100))
    monkeypatch.setattr(bench_selection, "KNOWN", 50)
    monkeypatch.setattr(bench_selection, "GATE", 1000.0)
    monkeypatch.setattr(bench_selection, "FLAT", 1000.0)
    name, out = connection.settings_dict["NAME"], StringIO()
    call_command("bench_selection", "--quick", "--rounds", "20", stdout=out)
    text = out.getvalue()
    for line in ("SELECT 1, beside known", "new recipient, pool of 100", "20,000 sticky mappings", "writes and all"):
        assert line in text
    assert "TOO MUCH" not in text
    assert connection.settings_dict["NAME"] == name
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [bench_selection._PREFIX + "%"])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("known, broken", [(100.0, False), (1000.0, True)])
def test_a_bound_that_is_broken_ends_it_with_a_fault(known: float, broken: bool) -> None:
    found = {
        f"{kind} recipient, pool of {size}": bench_selection.Series([known])
        for kind in ("known", "new")
        for size in (10, 400)
    }
    found |= {name: bench_selection.Series([50.0]) for name in ("SELECT 1, beside known", "SELECT 1, beside new")}
    found["bare writes, beside new"] = bench_selection.Series([90.0])
    command = bench_selection.Command(stdout=StringIO())
    if broken:
        with pytest.raises(SystemExit):
            command.judge(found, 1.0, (10, 400))
    else:
        command.judge(found, 1.0, (10, 400))
        with pytest.raises(SystemExit):
            command.judge(found, 1.3, (10, 400))


@pytest.mark.django_db
def test_it_asks_for_a_postgresql() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("there is one")
    with pytest.raises(CommandError, match="Set DATABASE_URL"):
        call_command("bench_selection")


@pytest.mark.django_db(transaction=True)
def test_what_it_measures_is_a_whole_choice() -> None:
    world = world_of(US)
    people = bench_selection.recipients()
    request: SelectionRequest = next(people)
    assert bench_selection.measured(lambda: bench_selection.choose(world.fresh(), request)) > 0
    assert PoolMember.objects.get().mapping_count == 1
