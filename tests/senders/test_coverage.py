"""Coverage says of every place what a preview for somebody there says."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.numbering import countries, nanp
from senders import choosing
from senders.coverage import Place, coverage
from senders.selection.plan import forget_plans
from senders.selection.types import SelectionRequest
from tests.senders.selection.harness import ALPHA, CA, GB, TOLL_FREE, US, US_415, sender
from tests.senders.world import World, world_of

pytestmark = pytest.mark.django_db

POOLS: list[list[dict[str, Any]]] = [
    [],
    [GB],
    [US, US_415, sender("c", "long_code", "+16045550100", "CA"), GB, TOLL_FREE],
    [ALPHA, sender("fr", "alpha", "ACMEFR", iso_country_code="FR"), sender("sg", "short_code", "60012", "GB"), CA],
    [sender("un", "long_code", "+12065550177", "US", registration="pending")],
    [sender("r", "rcs", "rcs:acme", approved_regions=["US"]), sender("w", "whatsapp", "whatsapp:+447400111222", "GB")],
]


def preview(world: World, place: Place, *, media: bool) -> Any:
    request = SelectionRequest(
        to="", channel="sms", address="", country=place.country, area_code=place.area_code, media=media
    )
    return choosing.preview(service=world.fresh(), request=request)


@pytest.mark.parametrize("media", [False, True], ids=["text", "picture"])
@pytest.mark.parametrize("pool", POOLS)
def test_every_place_is_reached_as_a_preview_says(pool: list[dict[str, Any]], media: bool) -> None:
    world = world_of(*pool)
    found = coverage(world.fresh(), media=media)
    assert [place.country for place in found.countries] == [iso for iso, _ in countries.ALL]
    assert {place.area_code for place in found.area_codes} == {*nanp.area_codes("US"), *nanp.area_codes("CA")}
    apart = [place for place in found.countries if place.country in {"US", "CA", "GB", "FR", "PR", "JM", "IN", "DE"}]
    for place in (
        *apart,
        *found.countries[::12],
        *found.area_codes[::15],
        *(p for p in found.area_codes if "area" in p.rule),
    ):
        decision = preview(world, place, media=media)
        assert place.error_code == decision.error_code, place
        if decision.sender is None:
            assert (place.senders, place.rule, place.example) == (0, decision.deciding_stage, None)
            continue
        assert decision.sender.kind in place.kinds
        assert place.senders == decision.group_size
        if place.senders == 1 and place.error_code is None:
            assert (place.rule, place.example) == (decision.deciding_stage, decision.sender.address)
        assert place.example in {member.address for member in decision.ranked}


def test_countries_that_are_not_permitted_are_told() -> None:
    world = world_of(US)
    world.configure({"geo_permissions": ["US"]})
    by_country = {place.country: place for place in coverage(world.fresh()).countries}
    assert (by_country["US"].error_code, by_country["GB"].error_code) == (None, 21408)


def test_it_asks_no_more_of_the_database_for_a_larger_pool() -> None:
    def statements(world: World) -> int:
        service = world.fresh()
        coverage(service)
        with CaptureQueriesContext(
            connection,
        ) as found:
            coverage(service)
        return len(found)

    small = statements(world_of(US))
    large = statements(world_of(*(sender(f"s{n}", "long_code", f"+1415556{1000 + n}", "US") for n in range(40))))
    assert small == large


def test_it_drives_no_plan_of_a_real_message_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from senders.selection import plan

    forget_plans()
    world = world_of(US)
    world.decide(world.request({"to": "+14155550123"}))
    kept = set(plan._plans)
    coverage(world.fresh())
    assert set(plan._plans) == kept
