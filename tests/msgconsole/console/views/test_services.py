import pytest
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from services.models import MessagingService
from tests import factories
from tests.console_client import logged_in, text

pytestmark = pytest.mark.django_db


def test_without_services_the_list_says_what_one_is_and_offers_the_first_step(alice):
    page = text(alice.get(reverse("console:services")))
    assert "No Services yet" in page
    assert reverse("console:service_create") in page


def test_creating_one_needs_a_name_only_and_leads_to_its_senders(alice, everyone):
    answer = alice.post(
        reverse("console:service_create"),
        {"friendly_name": "Alerts", "usecase": "notifications", "sticky_sender": "on", "smart_encoding": "on"},
    )
    service = MessagingService.objects.get(account=everyone.acme)
    assert answer["Location"] == reverse("console:service_senders", args=[service.sid])
    assert (service.friendly_name, service.usecase) == ("Alerts", "notifications")
    assert (service.sticky_sender, service.area_code_geomatch) == (True, False)
    entry = AuditEntry.objects.get(action="service.created")
    assert (entry.actor_label, entry.source) == ("alice", "console")


def test_a_missing_name_is_said_at_its_field_and_nothing_is_made(alice):
    answer = alice.post(reverse("console:service_create"), {"friendly_name": "  ", "usecase": "poll"})
    assert answer.status_code == 200
    page = text(answer)
    assert "Give the Service a name." in page
    assert 'aria-invalid="true"' in page
    assert not MessagingService.objects.exists()


def test_what_the_action_refuses_stands_at_its_field_with_the_code(alice, everyone, settings):
    settings.MSGCONSOLE_SERVICE_LIMIT = 1
    factories.service(everyone.acme)
    answer = alice.post(reverse("console:service_create"), {"friendly_name": "Second", "usecase": "poll"})
    assert answer.status_code == 200
    assert "(21102)" in text(answer)


@pytest.mark.parametrize(
    "posted, deferred, url",
    [
        ({"inbound": "defer", "inbound_request_url": "https://example.com/in"}, True, "https://example.com/in"),
        ({"inbound": "webhook", "inbound_request_url": "https://example.com/in"}, False, "https://example.com/in"),
        ({"inbound": "drop", "inbound_request_url": "https://example.com/in"}, False, None),
    ],
    ids=["defer", "webhook", "drop"],
)
def test_the_three_ways_with_replies_are_stored_as_the_api_knows_them(alice, everyone, posted, deferred, url):
    service = factories.service(everyone.acme)
    path = reverse("console:service_integration", args=[service.sid])
    answer = alice.post(path, {"inbound_method": "POST", "fallback_method": "GET", **posted})
    assert answer.status_code == 302, text(answer)
    service.refresh_from_db()
    assert (service.use_inbound_webhook_on_number, service.inbound_request_url) == (deferred, url)
    assert service.fallback_method == "GET"
    assert alice.get(path).context["form"]["inbound"].value() == posted["inbound"]


def test_one_webhook_for_all_needs_an_address(alice, everyone):
    service = factories.service(everyone.acme)
    answer = alice.post(
        reverse("console:service_integration", args=[service.sid]),
        {"inbound": "webhook", "inbound_method": "POST", "fallback_method": "POST"},
    )
    assert answer.status_code == 200
    assert "Give the address to call" in text(answer)


def test_an_address_that_is_none_is_refused_where_it_was_typed(alice, everyone):
    service = factories.service(everyone.acme)
    answer = alice.post(
        reverse("console:service_integration", args=[service.sid]),
        {"inbound": "defer", "inbound_method": "POST", "fallback_method": "POST", "status_callback": "ftp://x"},
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["status_callback"]
    assert "(11100)" in text(answer)
    assert "needs your attention" in text(answer), "the tab with the error is marked"


def test_content_settings_are_saved_and_out_of_range_is_said(alice, everyone):
    service = factories.service(everyone.acme)
    path = reverse("console:service_content", args=[service.sid])
    assert alice.post(path, {"smart_encoding": "on", "validity_period": "14400"}).status_code == 302
    service.refresh_from_db()
    assert (service.smart_encoding, service.mms_converter, service.validity_period) == (True, False, 14_400)
    answer = alice.post(path, {"validity_period": "36001"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["validity_period"]


def test_a_text_can_be_tried_and_nothing_is_stored(alice, everyone, django_assert_max_num_queries):
    service = factories.service(everyone.acme)
    answer = alice.get(reverse("console:service_content", args=[service.sid]), {"text": "Grüße 🌱"})
    assert answer.context["tried"].encoding == "UCS-2"
    assert "<mark>🌱</mark>" in text(answer)


def test_the_overview_renames_and_history_tells_who_did(alice, everyone):
    service = factories.service(everyone.acme, "Old")
    alice.post(reverse("console:service", args=[service.sid]), {"friendly_name": "New", "usecase": "poll"})
    page = text(alice.get(reverse("console:service_history", args=[service.sid])))
    assert "alice" in page
    assert "<del>Old</del>" in page
    assert "<ins>New</ins>" in page


def test_the_code_has_the_service_and_the_address_but_no_secret(alice, everyone):
    service = factories.service(everyone.acme)
    page = text(alice.get(reverse("console:service_code", args=[service.sid]), HTTP_HOST="console.example"))
    assert service.sid in page
    assert "http://console.example" in page
    assert everyone.acme.auth_token not in page


def test_deleting_says_first_what_goes_with_it(alice, everyone):
    service = factories.service(everyone.acme, "Doomed")
    path = reverse("console:service_delete", args=[service.sid])
    page = text(alice.get(path))
    assert "0 senders return to the account" in page
    assert "0 sticky mappings are deleted" in page
    assert alice.post(path).status_code == 302
    assert not MessagingService.objects.filter(pk=service.pk).exists()


def test_a_dialog_gets_the_page_without_its_frame(alice, everyone):
    service = factories.service(everyone.acme, "Doomed")
    page = text(alice.get(reverse("console:service_delete", args=[service.sid]), HTTP_X_DIALOG="1"))
    assert "<html" not in page
    assert "Delete “Doomed”?" in page


def test_the_list_costs_the_same_for_two_services_and_twenty(alice, everyone, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(reverse("console:services")).status_code == 200
        return len(queries)

    factories.service(everyone.acme)
    factories.service(everyone.acme)
    few = cost()
    for _ in range(18):
        factories.service(everyone.acme)
    assert cost() == few


def test_names_are_searched_by_any_part(alice, everyone):
    factories.service(everyone.acme, "Appointment reminders")
    factories.service(everyone.acme, "Marketing")
    page = text(alice.get(reverse("console:services"), {"q": "REMIND"}))
    assert "Appointment reminders" in page
    assert "Marketing" not in page


def test_what_is_wrong_with_a_pool_leads_from_the_overview_to_its_remedy(alice, everyone):
    service = factories.service(everyone.acme)
    factories.pooled(service, factories.number(everyone.acme, "+14155550100", registration="unregistered"))
    overview = reverse("console:service", args=[service.sid])
    remedy = (
        f'<a href="{reverse("console:service_compliance", args=[service.sid])}">Register the Service&#x27;s campaign.'
    )
    page = text(alice.get(overview))
    assert "what it sends to the US fails (30034)" in page
    assert remedy in page
    assert remedy not in text(logged_in(everyone.bob, everyone.acme).get(overview)), "a viewer cannot take the step"
