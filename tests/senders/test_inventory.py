from typing import Any

import pytest
from django.db.models import QuerySet

from msgconsole.accounts.models import AuditEntry
from msgconsole.error_codes import Refused
from senders import actions
from senders.models import PoolBucket, PoolMember, Sender
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR
from tests.senders.selection.harness import US, US_415
from tests.senders.world import ask, world_of

pytestmark = pytest.mark.django_db


def refusal(call: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(actor=ACTOR, **given)
    return refused.value


def acquire(number: str, **given: Any) -> Sender:
    return actions.acquire_number(account=factories.account(), actor=ACTOR, phone_number=number, **given)


def test_a_us_number_is_a_long_code_ready_to_send() -> None:
    number = acquire("+1 (415) 555-0100")
    assert (number.kind, number.address, number.country, number.area_code) == ("long_code", "+14155550100", "US", "415")
    assert (number.sms, number.mms, number.voice, number.registration) == (True, True, True, "registered")
    assert number.friendly_name == "(415) 555-0100"
    assert number.sid.startswith("PN")
    assert AuditEntry.objects.filter(action="sender.acquired", object_sid=number.sid).count() == 1


def test_a_toll_free_number_counts_as_a_us_number() -> None:
    number = acquire("+18885550199")
    assert (number.kind, number.country, number.registration) == ("toll_free", "US", "verified")


def test_a_number_elsewhere_needs_no_registration_and_has_no_mms() -> None:
    number = acquire("+447400111222")
    assert (number.kind, number.country, number.mms, number.registration) == ("long_code", "GB", False, "not_required")


def test_settings_can_be_given_at_once() -> None:
    number = acquire("+14155550100", registration="unregistered", friendly_name="Desk", mms=False, sms_method="get")
    assert (number.registration, number.friendly_name, number.mms, number.sms_method) == (
        "unregistered",
        "Desk",
        False,
        "GET",
    )


@pytest.mark.parametrize("number", ["", "12345", "+12", "hello"])
def test_what_is_no_number_is_refused(number: str) -> None:
    refused = refusal(actions.acquire_number, account=factories.account(), phone_number=number)
    assert (refused.code, refused.field) == (21421, "phone_number")


def test_a_number_exists_once_in_the_installation() -> None:
    acquire("+14155550100")
    refused = refusal(actions.acquire_number, account=factories.account("Other"), phone_number="+14155550100")
    assert (refused.code, refused.field) == (21422, "phone_number")


def test_of_two_who_acquire_at_once_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    acquire("+14155550100")
    monkeypatch.setattr("senders.inventory._refuse_taken", lambda *given: None)
    assert refusal(actions.acquire_number, account=factories.account(), phone_number="+14155550100").code == 21422


@pytest.mark.parametrize(
    ("settings", "code", "field"),
    [
        ({"sms_url": "ftp://x"}, 21402, "sms_url"),
        ({"sms_url": "https://example.com/", "sms_method": "PUT"}, 21403, "sms_method"),
        ({"sms_fallback_url": "https://example.com/"}, 21406, "sms_fallback_url"),
        ({"sms_url": "https://example.com/", "sms": False, "mms": False}, 21407, "sms_url"),
        ({"friendly_name": "x" * 65}, 20002, "friendly_name"),
        ({"registration": "verified"}, 20001, "registration"),
        ({"colour": "red"}, 20001, "colour"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], code: int, field: str) -> None:
    refused = refusal(actions.acquire_number, account=factories.account(), phone_number="+14155550100", **settings)
    assert (refused.code, refused.field) == (code, field)
    assert not Sender.objects.exists()


def test_demo_numbers_are_those_that_nobody_has() -> None:
    account = factories.account()
    given: dict[str, Any] = {"account": account, "actor": ACTOR, "country": "US", "area_code": "415"}
    first, second = actions.acquire_demo_number(**given), actions.acquire_demo_number(**given)
    assert {first.area_code, second.area_code} == {"415"}
    assert first.address != second.address


def test_demo_numbers_come_by_kind_and_country() -> None:
    account = factories.account()
    british = actions.acquire_demo_number(account=account, actor=ACTOR, country="GB", line="mobile")
    toll_free = actions.acquire_demo_number(account=account, actor=ACTOR, country="US", line="toll_free")
    assert (british.country, british.line_type, toll_free.kind) == ("GB", "mobile", "toll_free")


def test_an_area_code_without_numbers_is_told() -> None:
    refused = refusal(actions.acquire_demo_number, account=factories.account(), country="US", area_code="999")
    assert (refused.code, refused.field) == (21452, "area_code")


def test_a_demo_number_taken_at_this_moment_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    account = factories.account()
    first = actions.acquire_demo_number(account=account, actor=ACTOR, country="US", area_code="415")
    monkeypatch.setattr("senders.inventory._refuse_taken", lambda *given: None)
    free = iter([first.address, "+14155550150"])
    monkeypatch.setattr("senders.inventory.demo_numbers", lambda *given: free)
    real = Sender.objects.filter

    def blind(**asked: Any) -> QuerySet[Sender]:
        return Sender.objects.none() if "address__in" in asked else real(**asked)

    monkeypatch.setattr(Sender.objects, "filter", blind)
    second = actions.acquire_demo_number(account=account, actor=ACTOR, country="US", area_code="415")
    assert second.address == "+14155550150"


def test_a_short_code_exists_once_per_country() -> None:
    account = factories.account()
    factories.short_code(account, "60012", "GB")
    factories.short_code(account, "60012", "US")
    refused = refusal(actions.add_short_code, account=account, short_code="60012", country="GB")
    assert (refused.code, refused.field) == (21422, "short_code")


@pytest.mark.parametrize(
    ("code", "country", "field"),
    [("12", "US", "short_code"), ("abcde", "US", "short_code"), ("12345", "XX", "country")],
)
def test_a_short_code_has_the_digits_of_its_country(code: str, country: str, field: str) -> None:
    given = {"account": factories.account(), "short_code": code, "country": country}
    assert refusal(actions.add_short_code, **given).field == field


def test_channel_senders_keep_their_prefix() -> None:
    account = factories.account()
    whatsapp = factories.channel_sender(account, "whatsapp:+44 7400 111222")
    assert (whatsapp.kind, whatsapp.address, whatsapp.country) == ("whatsapp", "whatsapp:+447400111222", "GB")
    rcs = factories.channel_sender(account, "rcs:acme_agent", approved_regions=["us", "CA"])
    assert (rcs.kind, rcs.country, rcs.approved_regions) == ("rcs", "", ["CA", "US"])
    messenger = factories.channel_sender(account, "messenger:acme")
    assert (messenger.kind, messenger.sid[:2]) == ("messenger", "XE")


@pytest.mark.parametrize("address", ["", "+14155550100", "ACME", "telegram:x"])
def test_a_channel_sender_has_a_channel(address: str) -> None:
    assert refusal(actions.add_channel_sender, account=factories.account(), address=address).code == 21212


def test_an_update_moves_the_member_to_another_bucket_under_a_new_version() -> None:
    world = world_of(US, US_415)
    before = world.fresh().config_version
    number = actions.update_sender(sender=world.senders["us415"], actor=ACTOR, registration="pending", mms=False)
    assert (number.registration, number.mms) == ("pending", False)
    assert world.fresh().config_version == before + 1
    rows = PoolBucket.objects.filter(service=world.service).order_by("registration")
    assert [(row.registration, row.mms, row.member_count) for row in rows] == [
        ("pending", False, 1),
        ("registered", True, 1),
    ]
    assert world.name(ask(world, "+14155550123")) == "us"


def test_an_update_that_no_rule_looks_at_makes_no_new_version() -> None:
    world = world_of(US)
    before = world.fresh().config_version
    actions.update_sender(sender=world.senders["us"], actor=ACTOR, friendly_name="Desk")
    assert world.fresh().config_version == before
    assert AuditEntry.objects.get(action="sender.updated").changes == {"friendly_name": ["(206) 555-0100", "Desk"]}


def test_an_update_that_changes_nothing_leaves_no_trace() -> None:
    number = acquire("+14155550100")
    actions.update_sender(sender=number, actor=ACTOR, sms=True)
    assert not AuditEntry.objects.filter(action="sender.updated").exists()


def test_a_pooled_sender_keeps_sms_or_mms() -> None:
    world = world_of(US)
    refused = refusal(actions.update_sender, sender=world.senders["us"], sms=False, mms=False)
    assert refused.code == 21715
    assert Sender.objects.get().sms


def test_releasing_leaves_the_pool_and_the_account() -> None:
    world = world_of(US)
    actions.release_sender(sender=world.senders["us"], actor=ACTOR)
    assert not Sender.objects.exists()
    assert not PoolMember.objects.exists()
    assert list(AuditEntry.objects.order_by("-id").values_list("action", flat=True)[:2]) == [
        "sender.released",
        "service.sender_removed",
    ]


def test_what_was_released_can_be_acquired_again_and_updated_no_more() -> None:
    number = acquire("+14155550100")
    actions.release_sender(sender=number, actor=ACTOR)
    assert refusal(actions.update_sender, sender=number, friendly_name="x").code == 20404
    assert acquire("+14155550100").pk


def test_services_are_untouched_by_numbers_in_no_pool() -> None:
    service = factories.service(factories.account())
    before = service.config_version
    actions.release_sender(sender=factories.number(service.account), actor=ACTOR)
    assert MessagingService.objects.get().config_version == before
