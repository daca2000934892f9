import pytest

from senders import load
from senders.models import PoolMember
from tests import factories
from tests.factories import WHEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def members() -> list[int]:
    service = factories.service(factories.account())
    return [factories.pooled(service, factories.number(service.account)).pk for _ in range(2)]


def counters(member: int) -> tuple[int, int, bool]:
    row = PoolMember.objects.get(pk=member)
    return row.queued_count, row.sent_count, row.used_at == WHEN


def test_a_message_waits_then_is_sent(members: list[int]) -> None:
    first, _ = members
    load.queued(first, 3)
    assert counters(first) == (3, 0, False)
    load.sent(first, WHEN)
    assert counters(first) == (2, 1, True)
    load.unqueued(first)
    assert counters(first) == (1, 1, True)


def test_counts_never_fall_below_zero(members: list[int]) -> None:
    first, _ = members
    load.unqueued(first, 5)
    load.sent(first, WHEN, 2)
    assert counters(first) == (0, 2, True)


def test_what_never_waited_is_only_sent(members: list[int]) -> None:
    first, _ = members
    load.queued(first)
    load.sent(first, WHEN, was_queued=False)
    assert counters(first) == (1, 1, True)


def test_members_that_have_left_are_passed_over() -> None:
    load.sent(999_999, WHEN)
    load.queued(999_999)
    assert not PoolMember.objects.exists()
