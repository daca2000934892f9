from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from msgconsole.numbering.e164 import parse_destination
from senders import actions, choosing, pool
from senders.models import PoolEvent, PoolMember, PoolSnapshot, StickyMapping
from senders.selection.decision import Decision
from senders.selection.plan import forget_plans
from senders.selection.stages.named import StalePool
from tests import factories
from tests.factories import ACTOR
from tests.queries import only_read
from tests.senders.selection.harness import ALPHA, GB, RCS, US, US_415, sender
from tests.senders.world import World, ask, send, world_of

pytestmark = pytest.mark.django_db
US_TO, GB_TO = "+14155550123", "+447400123456"


def everything() -> list[Any]:
    models = (PoolMember, StickyMapping, PoolSnapshot, PoolEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_preview_writes_nothing_at_all() -> None:
    world = world_of(US, US_415)
    before = everything()
    request = world.request({"to": US_TO})
    with CaptureQueriesContext(connection) as seen:
        choosing.preview(service=world.fresh(), request=request)
    assert only_read(seen.captured_queries)
    assert everything() == before


def test_a_preview_is_what_a_send_would_do() -> None:
    world = world_of(US, sender("b", "long_code", "+12065550101", "US", sent=3), GB, ALPHA)
    for to in (US_TO, GB_TO, "+4915112345678", US_TO):
        preview = ask(world, to)
        sent = world.send(world.request({"to": to}))
        assert (sent.sender, sent.steps[: len(preview.steps)]) == (preview.sender, preview.steps)


def test_choosing_needs_the_callers_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of(US)
    request = world.request({"to": US_TO})
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError):
        choosing.choose(service=world.service, request=request)


def test_a_first_send_writes_the_mapping_and_counts_it() -> None:
    world = world_of(US)
    decision = world.send(world.request({"to": US_TO}))
    mapping = StickyMapping.objects.get()
    member = PoolMember.objects.get()
    assert (mapping.member_id, mapping.sender_kind, mapping.recipient_country) == (member.pk, "long_code", "US")
    assert mapping.config_version == world.fresh().config_version == decision.config_version
    assert member.mapping_count == 1
    assert decision.steps[-1].stage == "reserve"


def test_a_known_recipient_writes_nothing_but_load() -> None:
    world = world_of(US)
    send(world, US_TO)
    before = everything()
    with transaction.atomic():
        decision = choosing.choose(service=world.fresh(), request=world.request({"to": US_TO})).decision
    assert everything() == before
    assert decision.steps[-1].stage == "tie_break"  # nothing had to be reserved


def test_without_sticky_sender_the_load_goes_round() -> None:
    other = sender("b", "long_code", "+12065550101", "US")
    world = world_of(US, other, sticky_sender=False)
    request = world.request({"to": US_TO})
    names = []
    for _ in range(4):
        with transaction.atomic():
            names.append(world.name(choosing.choose(service=world.fresh(), request=request).decision))
    assert names == ["us", "b", "us", "b"]
    assert not StickyMapping.objects.exists()


def test_the_choice_hands_out_the_rows() -> None:
    world = world_of(US)
    opted_out = {"to": "+14155550199", "recipient": {"opted_out": True}}
    with transaction.atomic():
        choice = choosing.choose(service=world.fresh(), request=world.request({"to": US_TO}))
        refused = choosing.choose(service=world.fresh(), request=world.request(opted_out))
    assert choice.sender == world.senders["us"]
    assert choice.member is not None
    assert choice.member.sender == world.senders["us"]
    assert (refused.sender, refused.member) == (None, None)


def test_a_service_row_that_is_out_of_date_is_brought_up_to_date() -> None:
    world = world_of(US)
    stale = world.fresh()
    world.add(US_415)
    world.configure({"area_code_geomatch": False})
    decision = choosing.preview(service=stale, request=world.request({"to": US_TO}))
    assert decision.config_version == world.fresh().config_version
    assert decision.deciding_stage == "tie_break"
    assert not decision.policy.area_code_geomatch


def test_a_pool_that_keeps_changing_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of(US)
    request = world.request({"to": US_TO})

    def restless(*given: Any) -> None:
        raise StalePool("always")

    monkeypatch.setattr("senders.choosing.select", restless)
    with pytest.raises(StalePool, match="changed 8 times"):
        choosing.preview(service=world.fresh(), request=request)


def test_a_member_that_leaves_between_fetch_and_reserve_starts_the_choice_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_of(US, US_415)
    real: Callable[..., Decision] = choosing.reserve
    tries: list[int] = []

    def reserve(*given: Any, **named: Any) -> Decision:
        tries.append(1)
        if len(tries) == 1:
            # As if another worker had committed this at the last moment.
            actions.remove_from_service(service=world.service, sender=world.senders["us415"], actor=ACTOR)
        return real(*given, **named)

    monkeypatch.setattr("senders.choosing.reserve", reserve)
    decision = world.send(world.request({"to": US_TO}))
    assert (world.name(decision), len(tries)) == ("us", 2)
    assert StickyMapping.objects.count() == 1
    assert PoolMember.objects.get().mapping_count == 1


def maps_first(monkeypatch: pytest.MonkeyPatch, theirs: PoolMember, country: str) -> None:
    """Another worker maps the recipient to its own choice, a moment before ours is reserved."""
    real: Callable[..., Decision] = choosing.reserve

    def reserve(service_id: int, *given: Any, **named: Any) -> Decision:
        StickyMapping.objects.create(
            service_id=service_id,
            channel="sms",
            recipient=US_TO,
            member_id=theirs.pk,
            sender_kind="long_code",
            sender_country=country,
            recipient_country="US",
            config_version=1,
        )
        return real(service_id, *given, **named)

    monkeypatch.setattr("senders.choosing.reserve", reserve)


def test_another_workers_mapping_wins_and_only_one_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of(US, sender("b", "long_code", "+12065550101", "US"))
    maps_first(monkeypatch, PoolMember.objects.get(sender=world.senders["b"]), "US")
    decision = world.send(world.request({"to": US_TO}))
    assert world.name(decision) == "b"
    assert "another worker had just chosen +12065550101" in decision.steps[-1].note
    assert [member.mapping_count for member in PoolMember.objects.order_by("pk")] == [0, 0]


def test_another_workers_mapping_to_a_sender_that_does_not_fit_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of(US, GB)
    maps_first(monkeypatch, PoolMember.objects.get(sender=world.senders["gb"]), "GB")
    decision = world.send(world.request({"to": US_TO}))
    assert world.name(decision) == "us"
    assert "used once" in decision.steps[-1].note
    assert PoolMember.objects.get(sender=world.senders["us"]).mapping_count == 0


def test_a_stored_decision_can_be_run_again_even_after_the_pool_has_changed() -> None:
    world = world_of(US, US_415, GB)
    sent = [world.send(world.request({"to": to})) for to in (US_TO, US_TO, GB_TO, "+33612345678")]
    refused = world.send(world.request({"to": US_TO, "recipient": {"opted_out": True}}))
    for name in ("us", "gb"):
        world.remove(name)
    for decision in (*sent, refused):
        again = choosing.replay(decision.to_dict())
        assert again is not None
        told = [step for step in decision.steps if step.stage != "reserve"]
        assert list(again.steps) == told
        assert (again.sender, again.because) == (decision.sender, decision.because)


def test_a_decision_whose_pool_was_not_kept_cannot_be_run_again() -> None:
    world = world_of(US)
    assert choosing.replay(ask(world, US_TO).to_dict()) is None


def test_a_snapshot_is_kept_once_per_version() -> None:
    world = world_of(US)
    for number in range(3):
        send(world, f"+1415555012{number}")
    assert PoolSnapshot.objects.count() == 1
    world.add(US_415)
    send(world, US_TO)
    assert PoolSnapshot.objects.count() == 2


def test_a_policy_may_be_asked_about_without_being_set() -> None:
    world = world_of(US, US_415)
    request, service = world.request({"to": US_TO}), world.fresh()
    what_if = replace(choosing.policy_for(service), area_code_geomatch=False)
    assert choosing.preview(service=service, request=request, policy=what_if).deciding_stage == "tie_break"
    assert choosing.preview(service=service, request=request).deciding_stage == "area_code_exact"


def test_trial_and_geo_permissions_come_from_the_account(settings: Any) -> None:
    settings.MSGCONSOLE_MMS_COUNTRIES = ["US", "AU"]
    account = factories.account()
    account.type, account.geo_permissions = "Trial", ["US"]
    account.save()
    policy = choosing.policy_for(factories.service(account))
    assert (policy.trial, policy.geo_permissions, policy.mms_countries) == (
        True,
        frozenset({"US"}),
        frozenset({"US", "AU"}),
    )


def test_a_landline_known_by_its_number_needs_no_word_from_the_carrier() -> None:
    world = world_of(sender("de", "long_code", "+4915199999999", "DE"))
    request = choosing.request_for(world.fresh(), parse_destination("+493012345678"))
    assert world.decide(request).error_code == 21635


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("+1 206 555 0100", ("+12065550100", "explicit_from", ())),
        ("ACME", ("ACME", "explicit_from", ())),
        ("OTHER", ("OTHER", "explicit_from", (21711,))),
    ],
)
def test_a_from_is_found_however_it_is_written(given: str, expected: tuple[Any, ...]) -> None:
    world = world_of(US, ALPHA)
    decision = ask(world, GB_TO, **{"from": given})
    assert decision.sender is not None
    assert (decision.sender.address, decision.deciding_stage, decision.warnings) == expected


def test_a_from_of_nobody_of_another_account_or_of_no_shape_is_refused() -> None:
    world = world_of(US)
    factories.number(factories.account("Other"), "+14155550177")
    assert ask(world, US_TO, **{"from": "+14155550188"}).error_code == 21659
    assert ask(world, US_TO, **{"from": "+14155550177"}).error_code == 21660
    assert ask(world, US_TO, **{"from": "+1"}).error_code == 21659


def test_a_short_code_named_as_from_is_the_recipients_own() -> None:
    world = world_of(US)
    for country in ("GB", "US"):
        factories.short_code(world.account, "60012", country)
    decision = ask(world, GB_TO, **{"from": "60012"})
    assert decision.sender is not None
    assert decision.sender.country == "GB"


def test_an_alpha_text_of_another_account_is_mere_text() -> None:
    stranger = factories.service(factories.account("Other"))
    factories.alpha(stranger, "ACME")
    decision = ask(world_of(US), GB_TO, **{"from": "ACME"})
    assert decision.sender is not None
    assert (decision.sender.sender_id, decision.warnings) == (None, (21711,))


def test_rcs_leaves_no_mapping() -> None:
    world = world_of(RCS, US)
    assert send(world, US_TO, recipient={"rcs": True}) == "r"
    assert not StickyMapping.objects.exists()


# --- how much it costs -----------------------------------------------------------------------------------------------


def committed(world: World) -> World:
    """As after the commit of whatever the world did: what is read may be remembered."""
    connection.run_on_commit.clear()
    pool.forget_summaries()
    forget_plans()
    return world


def statements(world: World, to: str) -> int:
    request, service = world.request({"to": to}), world.fresh()
    with CaptureQueriesContext(connection) as seen:
        choosing.preview(service=service, request=request)
    return len(seen)


def test_a_second_choice_takes_one_statement() -> None:
    world = committed(world_of(US, US_415, GB))
    assert statements(world, US_TO) > 1
    assert statements(world, US_TO) == 1
    assert statements(world, "+13125550123") == 1


def test_a_first_choice_takes_as_many_statements_for_a_large_pool() -> None:
    world = world_of(US, GB)
    few = statements(committed(world), US_TO)
    for number in range(60):
        code = ("206", "212", "213")[number % 3]
        world.add(sender(f"n{number}", "long_code", f"+1{code}5550{200 + number}", "US"))
    assert statements(committed(world), US_TO) == few


def test_what_an_open_transaction_changed_is_not_remembered() -> None:
    """Rolled back, its configuration version would come again with other contents."""
    world = committed(world_of(US))
    ask(world, US_TO)
    with transaction.atomic():
        world.add(US_415)
        inside = ask(world, US_TO)
        transaction.set_rollback(True)
    assert world.name(inside) == "us415"
    world.senders.pop("us415")
    world.add(sender("other", "long_code", "+16285550100", "US"))
    assert inside.config_version == world.fresh().config_version
    assert world.name(ask(world, US_TO)) == "other"
    connection.run_on_commit.clear()
    assert world.name(ask(world, US_TO)) == "other"
