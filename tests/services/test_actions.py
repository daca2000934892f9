from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from services import actions, hooks
from services.models import MessagingService
from services.optout.keywords import DEFAULTS
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.account()


def refusal(**given: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        factories.service(**given)
    return caught.value


def test_it_makes_a_service_with_every_default_on(account: Account) -> None:
    service = factories.service(account)
    service.refresh_from_db()
    assert service.sticky_sender
    assert service.area_code_geomatch
    assert service.mms_converter
    assert service.smart_encoding
    assert service.fallback_to_long_code
    assert not service.synchronous_validation
    assert not service.advanced_opt_out
    assert (service.validity_period, service.usecase, service.scan_message_content) == (36_000, "undeclared", "inherit")
    assert (service.inbound_method, service.fallback_method) == ("POST", "POST")
    assert service.inbound_request_url is service.fallback_url is service.status_callback is None


@pytest.mark.parametrize(
    "given, expected",
    [
        ({}, True),
        ({"inbound_request_url": ""}, True),
        ({"inbound_request_url": "https://example.com/in"}, False),
        ({"inbound_request_url": "https://example.com/in", "use_inbound_webhook_on_number": True}, True),
        ({"use_inbound_webhook_on_number": False}, False),
    ],
)
def test_an_inbound_url_alone_means_that_it_is_used(given: dict[str, Any], expected: bool, account: Account) -> None:
    assert factories.service(account, **given).use_inbound_webhook_on_number is expected


def test_a_new_service_has_the_standard_keywords_stored(account: Account) -> None:
    stored = {row.kind: row for row in factories.service(account).keyword_sets.all()}
    assert set(stored) == {"opt_out", "opt_in", "help"}
    assert stored["opt_out"].keywords == list(DEFAULTS.opt_out.keywords)
    assert stored["help"].message == DEFAULTS.help.message


@pytest.mark.parametrize(
    "given, code, field",
    [
        ({"friendly_name": None}, 20001, "friendly_name"),
        ({"friendly_name": ""}, 20002, "friendly_name"),
        ({"friendly_name": " "}, 20002, "friendly_name"),
        ({"friendly_name": "x" * 65}, 20002, "friendly_name"),
        ({"inbound_request_url": "ftp://example.com"}, 11100, "inbound_request_url"),
        ({"fallback_url": "example.com/x"}, 11100, "fallback_url"),
        ({"status_callback": "https://" + "x" * 2048}, 11100, "status_callback"),
        ({"inbound_method": "PUT"}, 20001, "inbound_method"),
        ({"fallback_method": ""}, 20001, "fallback_method"),
        ({"validity_period": 0}, 21624, "validity_period"),
        ({"validity_period": 36_001}, 21624, "validity_period"),
        ({"usecase": "spam"}, 21713, "usecase"),
        ({"scan_message_content": "yes"}, 20001, "scan_message_content"),
    ],
)
def test_it_refuses_with_the_code_that_clients_know_and_names_the_field(
    given: dict[str, Any], code: int, field: str, account: Account
) -> None:
    refused = refusal(account=account, **given)
    assert (refused.code, refused.field, refused.status) == (code, field, 400)
    assert not MessagingService.objects.exists()


def test_names_of_1_and_of_64_characters_are_taken(account: Account) -> None:
    for name in ("x", "é" * 64):
        assert factories.service(account, name).friendly_name == name


def test_it_stops_at_the_limit_of_services(account: Account, settings: Any) -> None:
    settings.MSGCONSOLE_SERVICE_LIMIT = 2
    factories.service(account)
    factories.service(account)
    factories.service(factories.account("Other"))
    assert refusal(account=account).code == 21102
    assert account.services.count() == 2


def test_an_update_changes_what_is_given_and_leaves_the_rest(account: Account) -> None:
    service = factories.service(account, status_callback="https://example.com/s", validity_period=60)
    changed = actions.update_service(service=service, actor=ACTOR, friendly_name="New", sticky_sender=False)
    changed.refresh_from_db()
    assert (changed.friendly_name, changed.sticky_sender) == ("New", False)
    assert (changed.status_callback, changed.validity_period) == ("https://example.com/s", 60)


def test_an_empty_url_clears_it(account: Account) -> None:
    service = factories.service(account, status_callback="https://example.com/s")
    assert actions.update_service(service=service, actor=ACTOR, status_callback="").status_callback is None


def test_an_update_counts_the_version_and_is_audited_with_both_values(account: Account) -> None:
    service = factories.service(account)
    changed = actions.update_service(service=service, actor=ACTOR, friendly_name="New")
    changed.refresh_from_db()
    assert changed.config_version == service.config_version + 1
    entry = AuditEntry.objects.filter(action="service.updated").get()
    assert entry.changes["friendly_name"] == ["Reminders", "New"]
    assert (entry.actor_label, entry.source, entry.object_sid) == ("tests", "command", service.sid)


def test_an_update_to_the_same_values_is_no_change(account: Account) -> None:
    service = factories.service(account)
    same = actions.update_service(service=service, actor=ACTOR, friendly_name="Reminders", sticky_sender=True)
    assert same.config_version == service.config_version
    assert not AuditEntry.objects.filter(action="service.updated").exists()


def test_two_edits_from_one_old_page_both_hold(account: Account) -> None:
    stale = factories.service(account)
    actions.update_service(service=stale, actor=ACTOR, friendly_name="New")
    changed = actions.update_service(service=stale, actor=ACTOR, usecase="poll")
    assert (changed.friendly_name, changed.usecase, changed.config_version) == ("New", "poll", 3)


def test_a_setting_that_does_not_exist_is_a_programming_error(account: Account) -> None:
    with pytest.raises(TypeError, match="us_app_to_person_registered"):
        actions.update_service(service=factories.service(account), actor=ACTOR, us_app_to_person_registered=True)


def test_a_delete_tells_the_higher_layers_first_and_is_audited(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = factories.service(account)
    told: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        hooks,
        "_before_delete",
        [lambda gone, actor: told.append((gone.sid, MessagingService.objects.filter(pk=gone.pk).exists()))],
    )
    actions.delete_service(service=service, actor=ACTOR)
    assert told == [(service.sid, True)]
    assert not MessagingService.objects.exists()
    assert AuditEntry.objects.filter(action="service.deleted", object_sid=service.sid).count() == 1
    with pytest.raises(Refused) as caught:
        actions.delete_service(service=service, actor=ACTOR)
    assert caught.value.code == 20404


def test_the_registration_is_written_by_its_own_action(account: Account) -> None:
    service = factories.service(account)
    changed = actions.set_us_app_to_person_registered(service=service, registered=True, actor=ACTOR)
    changed.refresh_from_db()
    assert changed.us_app_to_person_registered
    assert changed.config_version == 2
    again = actions.set_us_app_to_person_registered(service=changed, registered=True, actor=ACTOR)
    assert again.config_version == 2


def test_a_bump_returns_what_is_stored(account: Account) -> None:
    service = factories.service(account)
    assert [actions.bump_version(service.pk), actions.bump_version(service.pk)] == [2, 3]
    service.refresh_from_db()
    assert service.config_version == 3


def test_a_create_costs_the_same_whatever_else_exists(account: Account) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        factories.service(account)
    for _ in range(5):
        factories.service(account)
    with CaptureQueriesContext(connection) as many:
        factories.service(account)
    assert len(many) == len(few)
