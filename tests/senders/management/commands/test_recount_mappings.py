from io import StringIO

import pytest
from django.core.management import call_command

from senders.models import PoolAreaCode, PoolBucket, PoolMember
from tests.senders.selection.harness import GB, US
from tests.senders.world import World, send, world_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = world_of(US, GB)
    send(made, "+13125550123")
    return made


def run(*args: str) -> str:
    out = StringIO()
    call_command("recount_mappings", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_finds_nothing_wrong_after_ordinary_work(world: World) -> None:
    assert run() == "All counts are right.\n"
    assert run("--check") == "All counts are right.\n"


def test_it_tells_and_repairs_what_is_wrong(world: World) -> None:
    PoolMember.objects.filter(sender=world.senders["us"]).update(mapping_count=7)
    PoolMember.objects.filter(sender=world.senders["gb"]).update(mapping_count=1)
    PoolBucket.objects.filter(country="GB").update(member_count=3)
    PoolAreaCode.objects.update(member_count=9)
    told = run()
    assert "mappings of +12065550100: counted 7, there are 1" in told
    assert "mappings of +447400111222: counted 1, there are 0" in told
    assert "(long_code GB): counted 3, there are 1" in told
    assert "with area code 206: counted 9, there are 1" in told
    assert "4 counts were wrong and are repaired." in told
    assert run("--check") == "All counts are right.\n"


def test_checking_changes_nothing_and_ends_with_status_1(world: World) -> None:
    PoolMember.objects.filter(sender=world.senders["us"]).update(mapping_count=7)
    with pytest.raises(SystemExit) as ended:
        run("--check")
    assert ended.value.code == 1
    assert PoolMember.objects.get(sender=world.senders["us"]).mapping_count == 7
