import random
from collections.abc import Mapping

import pytest

from senders import fetch, pool
from senders.models import PoolMember
from senders.selection.probes import Ask
from senders.selection.stages.balance import sort_key
from senders.selection.summary import BucketKey
from senders.selection.types import MOST_RANKED, NEVER, Probe
from tests import factories
from tests.factories import WHEN
from tests.senders.selection.harness import GB, US, US_415, sender
from tests.senders.world import World, send, world_of

pytestmark = pytest.mark.django_db


def keys(world: World) -> Mapping[int, BucketKey]:
    return pool.summary_of(world.fresh()).keys


@pytest.mark.parametrize("sticky", [True, False])
def test_it_brings_the_least_loaded_of_every_probe_in_order(sticky: bool) -> None:
    dice = random.Random(7)
    numbers = [
        sender(f"n{n}", "long_code", f"+1{dice.choice(['415', '628', '206'])}5550{n:03d}", country)
        for n, country in enumerate(["US"] * 60 + ["CA"] * 10)
    ]
    world = world_of(*numbers)
    for member in PoolMember.objects.all():
        member.mapping_count, member.queued_count, member.sent_count = (dice.randint(0, 2) for _ in range(3))
        member.last_used_at = dice.choice([NEVER, WHEN])
        member.save()
    summary = pool.summary_of(world.fresh())
    wanted = tuple(
        Probe(bucket.id, bucket.key, code)
        for bucket in summary.buckets
        for code in (["415", "628"] if bucket.key.country == "US" else [None])
    )
    ranked, mapping, version = fetch.fetch(
        world.service.pk, "sms", "", Ask(wanted, False, ()), keys=summary.keys, sticky=sticky
    )
    everyone = fetch.candidates(list(PoolMember.objects.values_list("pk", flat=True))).values()
    expected = sorted(
        (one for one in everyone if one.country == "CA" or one.area_code in {"415", "628"}),
        key=lambda one: sort_key(one, sticky=sticky),
    )[:MOST_RANKED]
    assert list(ranked) == expected
    assert (mapping, version) == (None, world.fresh().config_version)


def test_it_brings_the_mapping_with_its_member_and_where_it_may_have_moved() -> None:
    world = world_of(US, GB)
    send(world, "+4915112345678")
    us, gb = PoolMember.objects.order_by("pk")
    asked = Ask((), True, (gb.pk, us.pk, 999_999))
    ranked, mapping, _ = fetch.fetch(world.service.pk, "sms", "+4915112345678", asked, keys=keys(world), sticky=True)
    assert ranked == ()
    assert mapping is not None
    assert mapping.member is not None
    assert (mapping.member_id, mapping.member.address, mapping.kind, mapping.country) == (
        us.pk,
        "+12065550100",
        "long_code",
        "US",
    )
    assert {one.address for one in mapping.moved_to} == {"+12065550100", "+447400111222"}


def test_a_mapping_whose_member_has_gone_comes_without_one() -> None:
    world = world_of(US, US_415)
    send(world, "+13125550123")
    world.remove("us")
    _, mapping, _ = fetch.fetch(
        world.service.pk, "sms", "+13125550123", Ask((), True, ()), keys=keys(world), sticky=True
    )
    assert mapping is not None
    assert (mapping.member, mapping.kind, mapping.country) == (None, "long_code", "US")


def test_members_of_another_service_are_not_brought() -> None:
    world = world_of(US)
    other = factories.pooled(factories.service(world.account), factories.number(world.account))
    send(world, "+13125550123")
    _, mapping, _ = fetch.fetch(
        world.service.pk, "sms", "+13125550123", Ask((), True, (other.pk,)), keys=keys(world), sticky=True
    )
    assert mapping is not None
    assert mapping.moved_to == ()


def test_the_summary_tells_the_pool_as_it_is() -> None:
    world = world_of(US, US_415, GB, sender("al", "alpha", "ACME", registered_countries=["BR"]))
    summary = pool.summary_of(world.fresh())
    assert summary.total == 4
    told = {bucket.key.kind + bucket.key.country: bucket for bucket in summary.buckets}
    assert told["long_codeUS"].area_codes == (("206", 1), ("415", 1))
    assert [example.address for example in told["long_codeUS"].examples] == ["+12065550100", "+14155550100"]
    assert told["alpha"].key.limits == "registered:BR"
    assert [(event.kind, event.country) for event in summary.events] == [("country", "US"), ("country", "GB")]
    world.remove("gb")
    (_, british, removed) = (*pool.summary_of(world.fresh()).events, None)[:3]
    assert british is not None
    assert british.member_id is None
    assert removed is None


def test_a_bucket_names_at_most_twenty() -> None:
    world = world_of(*(sender(f"n{n}", "long_code", f"+1206555{n:04d}", "US") for n in range(100, 125)))
    (bucket,) = pool.summary_of(world.fresh()).buckets
    assert (bucket.count, len(bucket.examples)) == (25, 20)
