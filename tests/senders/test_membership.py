from typing import Any

import pytest
from django.db import IntegrityError

from msgconsole.accounts.models import AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from senders import actions, buckets
from senders.models import PoolAreaCode, PoolBucket, PoolEvent, PoolMember, Sender, StickyMapping
from services import actions as service_actions
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR
from tests.senders.selection.harness import ALPHA, GB, US, US_415, sender
from tests.senders.world import ask, send, world_of

pytestmark = pytest.mark.django_db
GB_TO = "+447400123456"


def version(service: MessagingService) -> int:
    return MessagingService.objects.get(pk=service.pk).config_version


def refusal(call: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(actor=ACTOR, **given)
    return refused.value


def counts(service: MessagingService) -> dict[tuple[str, str], int]:
    rows = PoolBucket.objects.filter(service=service)
    return {(bucket.kind, bucket.country): bucket.member_count for bucket in rows}


def areas(service: MessagingService) -> dict[str, int]:
    rows = PoolAreaCode.objects.filter(bucket__service=service)
    return {area.area_code: area.member_count for area in rows}


def test_joining_counts_audits_and_makes_a_new_version() -> None:
    service = factories.service(factories.account())
    before = version(service)
    number = factories.number(service.account, "+14155550100")
    member = factories.pooled(service, number)
    assert version(service) == before + 1
    assert counts(service) == {("long_code", "US"): 1}
    assert areas(service) == {"415": 1}
    assert (member.area_code, member.used_at) == ("415", None)
    entry = AuditEntry.objects.get(action="service.sender_added")
    assert entry.changes == {"sender": [None, "+14155550100"], "kind": [None, "long_code"]}


def test_leaving_undoes_the_counts_and_gives_the_number_back() -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account, "+14155550100")
    factories.pooled(service, number)
    before = version(service)
    actions.remove_from_service(service=service, sender=number, actor=ACTOR)
    assert (counts(service), areas(service)) == ({}, {})
    assert version(service) == before + 1
    assert Sender.objects.filter(pk=number.pk).exists()
    assert not PoolMember.objects.exists()


def test_an_alpha_sender_goes_with_its_pool_entry() -> None:
    service = factories.service(factories.account())
    alpha = factories.alpha(service).sender
    actions.remove_from_service(service=service, sender=alpha, actor=ACTOR)
    assert not Sender.objects.filter(pk=alpha.pk).exists()


def test_a_sender_is_in_one_service_at_most_and_the_refusal_names_it() -> None:
    account = factories.account()
    alerts, reminders = factories.service(account, "Alerts"), factories.service(account, "Reminders")
    number = factories.number(account)
    factories.pooled(alerts, number)
    again = refusal(actions.add_to_service, service=alerts, sender=number)
    assert (again.code, again.status) == (21710, 409)
    elsewhere = refusal(actions.add_to_service, service=reminders, sender=number)
    assert (elsewhere.code, elsewhere.status) == (21712, 409)
    assert "Alerts" in elsewhere.message
    assert alerts.sid in elsewhere.message


def test_two_who_add_the_same_number_at_once_get_the_same_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    account = factories.account()
    alerts, reminders = factories.service(account, "Alerts"), factories.service(account, "Reminders")
    number = factories.number(account)
    factories.pooled(alerts, number)
    answers = iter([None])
    real = actions.can_join
    monkeypatch.setattr("senders.membership.can_join", lambda *given: next(answers, real(*given)))
    assert refusal(actions.add_to_service, service=reminders, sender=number).code == 21712


def test_an_integrity_error_of_another_cause_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account)

    def broken(*given: Any) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr("senders.membership.buckets.put", broken)
    with pytest.raises(IntegrityError):
        actions.add_to_service(service=service, sender=number, actor=ACTOR)


def test_a_number_of_another_account_is_unknown_here() -> None:
    service = factories.service(factories.account())
    stranger = factories.number(factories.account("Other"))
    assert refusal(actions.add_to_service, service=service, sender=stranger).code == 20404


def test_a_number_that_cannot_message_cannot_join() -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account, sms=False, mms=False)
    assert refusal(actions.add_to_service, service=service, sender=number).code == 21715


def test_a_full_pool_takes_no_more_numbers_and_codes_but_others(settings: Any) -> None:
    settings.MSGCONSOLE_POOL_LIMIT = 2
    service = factories.service(factories.account())
    factories.pooled(service, factories.number(service.account))
    factories.pooled(service, factories.short_code(service.account))
    assert buckets.count_limited(service.pk) == 2
    before = version(service)
    assert refusal(actions.add_to_service, service=service, sender=factories.number(service.account)).code == 21714
    assert version(service) == before
    factories.alpha(service)
    factories.pooled(service, factories.channel_sender(service.account))
    assert PoolMember.objects.filter(service=service).count() == 4


def test_what_is_not_in_the_pool_cannot_leave_it() -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account)
    assert refusal(actions.remove_from_service, service=service, sender=number).code == 20404


def test_moving_leaves_the_one_pool_and_joins_the_other() -> None:
    account = factories.account()
    alerts, reminders = factories.service(account, "Alerts"), factories.service(account, "Reminders")
    number = factories.number(account)
    factories.pooled(alerts, number)
    member = actions.move_to_service(sender=number, service=reminders, actor=ACTOR)
    assert member.service_id == reminders.pk
    assert (counts(alerts), counts(reminders)) == ({}, {("long_code", "US"): 1})
    assert refusal(actions.move_to_service, sender=number, service=reminders).code == 21710


def test_moving_into_a_full_pool_changes_nothing(settings: Any) -> None:
    account = factories.account()
    alerts, reminders = factories.service(account, "Alerts"), factories.service(account, "Reminders")
    number = factories.number(account)
    factories.pooled(alerts, number)
    settings.MSGCONSOLE_POOL_LIMIT = 0
    assert refusal(actions.move_to_service, sender=number, service=reminders).code == 21714
    assert PoolMember.objects.get(sender=number).service_id == alerts.pk


def test_a_sender_in_no_pool_can_be_moved_into_one_but_an_alpha_sender_cannot_move() -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account)
    assert actions.move_to_service(sender=number, service=service, actor=ACTOR).sender_id == number.pk
    alpha = factories.alpha(service).sender
    other = factories.service(service.account, "Other")
    assert refusal(actions.move_to_service, sender=alpha, service=other).code == 20001


@pytest.mark.parametrize(
    ("text", "code"), [("", 21708), ("  ", 21708), ("ABCDEFGHIJKL", 21709), ("12345", 21709), ("Ärger", 21709)]
)
def test_an_alpha_sender_must_be_given_and_valid(text: str, code: int) -> None:
    service = factories.service(factories.account())
    refused = refusal(actions.add_alpha_sender, service=service, alpha_sender=text)
    assert (refused.code, refused.field) == (code, "alpha_sender")


def test_a_trial_account_has_no_alpha_senders() -> None:
    account = factories.account()
    account.type = "Trial"
    account.save()
    service = factories.service(account)
    assert refusal(actions.add_alpha_sender, service=service, alpha_sender="ACME").code == 21709


def test_there_is_one_plain_alpha_sender_and_one_per_destination() -> None:
    service = factories.service(factories.account())
    factories.alpha(service, "ACME")
    factories.alpha(service, "ACME FR", destination=True, iso_country_code="fr")
    factories.alpha(service, "ACME ANY", destination=True)
    for given in (
        {"alpha_sender": "OTHER"},
        {"alpha_sender": "OTHER", "destination": True, "iso_country_code": "FR"},
        {"alpha_sender": "OTHER", "destination": True},
    ):
        assert refusal(actions.add_alpha_sender, service=service, **given).code == 21710
    countries = Sender.objects.filter(kind="alpha").order_by("pk").values_list("country", "destination_alpha")
    assert list(countries) == [("", False), ("FR", True), ("", True)]


def test_the_destination_of_an_alpha_sender_is_a_country() -> None:
    service = factories.service(factories.account())
    given = {"alpha_sender": "ACME", "destination": True, "iso_country_code": "XX"}
    assert refusal(actions.add_alpha_sender, service=service, **given).field == "iso_country_code"


def test_a_new_country_moves_its_mappings_and_their_counts() -> None:
    world = world_of(US)
    assert send(world, GB_TO) == "us"
    world.add(GB)
    queue.drain(until_idle=True)
    mapping = StickyMapping.objects.get()
    british = PoolMember.objects.get(sender=world.senders["gb"])
    assert (mapping.member_id, mapping.sender_country) == (british.pk, "GB")
    assert british.mapping_count == 1
    assert PoolMember.objects.get(sender=world.senders["us"]).mapping_count == 0
    assert ask(world, GB_TO).deciding_stage == "sticky"


def test_mappings_beyond_a_batch_move_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senders.mappings.BATCH", 2)
    world = world_of(US)
    for number in range(5):
        send(world, f"+44740012345{number}")
    world.add(GB)
    british = PoolMember.objects.get(sender=world.senders["gb"])
    assert StickyMapping.objects.filter(member_id=british.pk).count() == 2
    assert ask(world, "+447400123454").deciding_stage == "sticky"
    assert StickyMapping.objects.filter(member_id=british.pk).count() == 5
    british.refresh_from_db()
    assert british.mapping_count == 5


def test_a_removed_senders_mappings_count_as_gone_before_they_are_cleared_away() -> None:
    world = world_of(US, US_415)
    send(world, "+13125550123")
    world.remove("us")
    assert PoolEvent.objects.filter(kind="removed").count() == 1
    preview = world.decide(world.request({"to": "+13125550123"}))
    assert preview.deciding_stage == "country_match"
    assert not StickyMapping.objects.exists()
    assert not PoolEvent.objects.filter(kind="removed").exists()


def test_clearing_away_spares_mappings_that_had_moved_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows still name the old sender, because the background work is late: they must not go with it."""
    monkeypatch.setattr("senders.membership.mappings.take_over", lambda event, member: False)
    world = world_of(US)
    send(world, GB_TO)
    send(world, "+4915112345678")
    world.add(GB)
    world.remove("us")
    queue.drain(until_idle=True)
    british = PoolMember.objects.get(sender=world.senders["gb"])
    assert list(StickyMapping.objects.values_list("recipient", "member_id")) == [(GB_TO, british.pk)]
    assert british.mapping_count == 1


def test_a_mapping_that_belongs_to_an_earlier_event_is_not_taken_by_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_of(US)
    send(world, GB_TO)
    monkeypatch.setattr("senders.mappings.BATCH", 0)  # nothing is moved at once
    world.add(GB)
    world.remove("gb")
    monkeypatch.setattr("senders.mappings.BATCH", 500)
    world.add(sender("gb2", "long_code", "+447400111333", "GB"))
    decision = ask(world, GB_TO)
    assert (world.name(decision), decision.deciding_stage) == ("gb2", "country_match")


def test_a_mapping_can_be_reset_so_that_the_next_message_chooses_anew() -> None:
    world = world_of(US, US_415)
    assert send(world, "+13125550123") == "us"
    given = {"service": world.service, "channel": "sms", "recipient": "+13125550123"}
    assert actions.reset_mapping(**given, actor=ACTOR)
    assert not actions.reset_mapping(**given, actor=ACTOR)
    queue.drain(until_idle=True)
    assert PoolMember.objects.get(sender=world.senders["us"]).mapping_count == 0
    assert send(world, "+13125550123") == "us415"
    assert AuditEntry.objects.filter(action="service.mapping_reset").count() == 1


def test_deleting_a_service_gives_numbers_back_and_takes_the_rest() -> None:
    world = world_of(US, ALPHA)
    send(world, "+13125550123")
    service_actions.delete_service(service=world.service, actor=ACTOR)
    assert list(Sender.objects.values_list("address", flat=True)) == ["+12065550100"]
    for model in (PoolMember, PoolBucket, StickyMapping):
        assert not model._default_manager.exists()
    assert actions.can_join(factories.service(world.account), Sender.objects.get()) is None


def test_a_service_that_has_gone_takes_nobody() -> None:
    service = factories.service(factories.account())
    number = factories.number(service.account)
    MessagingService.objects.all().delete()
    assert refusal(actions.add_to_service, service=service, sender=number).code == 20404
