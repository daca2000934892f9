"""Lists and pages of registrations, and what is done there step by step."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from msgconsole.outbox import queue
from services.compliance import actions
from services.compliance.models import Campaign
from services.models import MessagingService
from tests import factories
from tests.console_client import text
from tests.msgconsole.console.views.conftest import registration_page
from tests.people import People

pytestmark = pytest.mark.django_db


def step(sid: str, name: str) -> str:
    return reverse("console:registration_step", args=[sid, name])


@pytest.mark.parametrize(
    "name, title, first_step",
    [
        ("registrations", "No campaigns yet", "registration_campaign"),
        ("registrations_brands", "No brands yet", "registration_brand"),
        ("registrations_toll_free", "No toll-free numbers submitted yet", "registration_toll_free"),
    ],
)
def test_an_empty_list_says_what_it_is_for_and_offers_the_first_step_to_whoever_may_take_it(
    name: str, title: str, first_step: str, alice: Client, bob: Client
) -> None:
    page = text(alice.get(reverse(f"console:{name}")))
    assert title in page
    assert reverse(f"console:{first_step}") in page
    assert reverse(f"console:{first_step}") not in text(bob.get(reverse(f"console:{name}")))


def test_a_page_says_what_the_state_does_to_sending(alice: Client, everyone: People, service: MessagingService) -> None:
    factories.pooled(service, factories.number(everyone.acme, registration="unregistered"))
    campaign = factories.campaign(service)
    waiting = text(alice.get(registration_page(campaign.sid)))
    assert "1 long code of its pool waits for it and cannot send to the US yet (30035)." in waiting
    queue.drain(until_idle=True)
    assert "1 long code of its pool may send to the US." in text(alice.get(registration_page(campaign.sid)))
    assert "1 long code of its pool may send to the US." in text(alice.get(reverse("console:registrations")))
    actions.suspend_campaign(campaign=campaign, actor=factories.ACTOR)
    assert "is stopped and cannot send to the US (30033)." in text(alice.get(registration_page(campaign.sid)))


def test_a_rejection_shows_each_reason_with_its_page(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service, description=f"{factories.TEXT} [reject 30884]")
    queue.drain(until_idle=True)
    page = text(alice.get(registration_page(campaign.sid)))
    assert "Campaign was taken for spam or phishing." in page
    assert reverse("console:error_code", args=[30884]) in page
    assert "About: Description" in page


def test_a_history_speaks_as_the_pages_do(alice: Client, everyone: People, service: MessagingService) -> None:
    brand = factories.brand(everyone.acme, decided=False, business_name="Acme [reject]")
    queue.drain(until_idle=True)
    history = _history(alice, brand.sid)
    assert "<del>Waiting for review</del>" in history
    assert "<ins>Rejected</ins>" in history
    assert "<ins>Not verified</ins>" in history
    assert "and submit again. (30701)</ins>" in history
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    history = _history(alice, campaign.sid)
    assert "use case:</span> <ins>Account Notification</ins>" in history
    assert "messages a second at AT&amp;T" in history
    verification = factories.verification(everyone.acme)
    queue.drain(until_idle=True)
    actions.update_verification(verification=verification, actor=factories.ACTOR, message_volume="10")
    history = _history(alice, verification.sid)
    assert "Messages a month, up to:</span> <del>" in history
    assert "<ins>Approved</ins>" in history
    for code in ("PENDING", "FAILED", "VERIFIED", "TWILIO_", "review round", "{", "brand:"):
        assert code not in history, code


def test_a_rejected_brand_says_the_way_out_that_is_left(alice: Client, everyone: People) -> None:
    brand = factories.brand(everyone.acme, decided=False, business_name="Acme [reject]")
    queue.drain(until_idle=True)
    page = text(alice.get(registration_page(brand.sid)))
    assert "sending it in again ends the same way" in page  # its name cannot be changed
    assert "Register another brand</a>" in page
    other = actions.reject_brand(brand=factories.brand(everyone.acme, decided=False), actor=factories.ACTOR)
    page = text(alice.get(registration_page(other.sid)))
    assert "It can be sent in again 3 times more." in page
    assert step(other.sid, "resubmit") in page
    type(other).objects.filter(pk=other.pk).update(resubmissions=3)
    page = text(alice.get(registration_page(other.sid)))
    assert "It was sent in again 3 times, which is all. Register another brand." in page
    assert step(other.sid, "resubmit") not in page


def _history(client: Client, sid: str) -> str:
    return text(client.get(registration_page(sid))).partition("<h2>History</h2>")[2].partition("</section>")[0]


def test_the_reviewers_part_can_be_played_step_by_step(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    assert alice.post(step(campaign.sid, "reject"), {"code": "30896"}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.status, campaign.errors[0]["error_code"]) == ("FAILED", 30896)
    for name, status in (("approve", "VERIFIED"), ("suspend", "SUSPENDED"), ("resume", "VERIFIED")):
        page = text(alice.get(registration_page(campaign.sid)))
        assert step(campaign.sid, name) in page
        alice.post(step(campaign.sid, name))
        campaign.refresh_from_db()
        assert campaign.status == status
    assert AuditEntry.objects.filter(action="campaign.resumed", actor_label="alice").exists()


def test_a_reason_that_was_not_offered_counts_as_the_first(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    alice.post(step(campaign.sid, "reject"), {"code": "99999x"})
    campaign.refresh_from_db()
    assert campaign.errors[0]["error_code"] == 30897


def test_a_step_that_is_not_offered_any_more_changes_nothing(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    answer = alice.post(step(campaign.sid, "resume"), follow=True)
    assert "Nothing was changed: it is waiting for review by now." in text(answer)
    campaign.refresh_from_db()
    assert campaign.status == "PENDING"


def test_what_the_action_refuses_is_said_above_the_page(alice: Client, everyone: People) -> None:
    brand = factories.brand(everyone.acme, decided=False)
    campaign = factories.campaign(factories.service(everyone.acme), brand)
    assert "approve it first. (21717)" in text(alice.post(step(campaign.sid, "approve"), follow=True))


@pytest.mark.parametrize("name", ["approve", "reject"])
def test_steps_of_brands_and_toll_free_numbers(name: str, alice: Client, everyone: People) -> None:
    brand = factories.brand(everyone.acme, decided=False)
    verification = factories.verification(everyone.acme)
    for sid in (brand.sid, verification.sid):
        alice.post(step(sid, name))
    brand.refresh_from_db()
    verification.refresh_from_db()
    expected = {"approve": ("APPROVED", "TWILIO_APPROVED"), "reject": ("FAILED", "TWILIO_REJECTED")}
    assert (brand.status, verification.status) == expected[name]


def test_a_brand_is_vetted_texted_and_sent_in_again(alice: Client, everyone: People) -> None:
    brand = factories.brand(everyone.acme)
    alice.post(step(brand.sid, "vet"))
    queue.drain(until_idle=True)
    assert "Aegis: succeeded" in text(alice.get(registration_page(brand.sid)))
    sole = factories.brand(everyone.acme, decided=False, brand_type="SOLE_PROPRIETOR", business_name="Ana [no answer]")
    assert "has not answered" in text(alice.get(registration_page(sole.sid)))
    alice.post(step(sole.sid, "send_code"))
    queue.drain(until_idle=True)
    sole.refresh_from_db()
    assert sole.status == "APPROVED"
    failed = factories.brand(everyone.acme, decided=False, business_name="[reject]")
    queue.drain(until_idle=True)
    alice.post(step(failed.sid, "resubmit"))
    failed.refresh_from_db()
    assert (failed.status, failed.resubmissions) == ("PENDING", 1)
    assert step(brand.sid, "send_code") not in text(alice.get(registration_page(brand.sid)))


def test_deleting_says_what_goes_with_it_first(alice: Client, everyone: People, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    path = reverse("console:registration_delete", args=[campaign.sid])
    assert "No long code of Reminders is registered with it." in text(alice.get(path))
    for _ in range(2):
        factories.pooled(service, factories.number(everyone.acme, registration="registered"))
    loss = "2 long codes of Reminders will not be registered: what they send to the US will fail (30034)."
    assert loss in text(alice.get(path))
    assert Campaign.objects.exists()
    assert alice.post(path)["Location"] == reverse("console:registrations")
    assert not Campaign.objects.exists()


def test_a_brand_is_not_deleted_or_edited_here(alice: Client, everyone: People) -> None:
    brand = factories.brand(everyone.acme)
    for name in ("registration_delete", "registration_edit"):
        assert alice.get(reverse(f"console:{name}", args=[brand.sid])).status_code == 404


def test_a_page_under_review_is_told_when_to_load_again(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    poll = reverse("console:registration_poll", args=[campaign.sid])
    assert f"{poll}?status=PENDING" in text(alice.get(registration_page(campaign.sid)))
    waiting = alice.get(poll, {"status": "PENDING"})
    assert (waiting.status_code, waiting.get("HX-Refresh")) == (204, None)
    queue.drain(until_idle=True)
    assert alice.get(poll, {"status": "PENDING"})["HX-Refresh"] == "true"
    assert poll not in text(alice.get(registration_page(campaign.sid)))


def test_a_viewer_reads_everything_and_changes_nothing(bob: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    page = text(bob.get(registration_page(campaign.sid)))
    assert "Play the reviewer" not in page
    assert reverse("console:registration_delete", args=[campaign.sid]) not in page
    assert bob.post(step(campaign.sid, "approve")).status_code == 403
    for name in ("registration_brand", "registration_campaign", "registration_toll_free"):
        assert bob.get(reverse(f"console:{name}")).status_code == 403
    for name in ("registration_edit", "registration_delete"):
        assert bob.get(reverse(f"console:{name}", args=[campaign.sid])).status_code == 403
    campaign.refresh_from_db()
    assert campaign.status == "PENDING"


def test_another_accounts_registrations_do_not_exist(
    charlie: Client, everyone: People, service: MessagingService
) -> None:
    campaign = factories.campaign(service)
    verification = factories.verification(everyone.acme)
    assert campaign.brand
    for sid in (campaign.sid, campaign.brand.sid, verification.sid):
        assert charlie.get(registration_page(sid)).status_code == 404
        assert charlie.post(step(sid, "approve")).status_code == 404
        assert charlie.get(reverse("console:registration_poll", args=[sid])).status_code == 404
        assert charlie.get(reverse("console:registration_delete", args=[sid])).status_code == 404
    assert "No campaigns yet" in text(charlie.get(reverse("console:registrations")))
    assert charlie.get(reverse("console:service_compliance", args=[service.sid])).status_code == 404


def test_a_services_tab_tells_of_its_campaign_and_its_numbers(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    factories.pooled(service, factories.number(everyone.acme, registration="unregistered"))
    toll_free = factories.number(everyone.acme, "+18885550123", registration="unverified")
    factories.pooled(service, toll_free)
    path = reverse("console:service_compliance", args=[service.sid])
    page = text(alice.get(path))
    assert "1 long code of this pool is not registered and cannot send to the US (30034)." in page
    assert f"{reverse('console:registration_campaign')}?service={service.sid}" in page
    assert f"{reverse('console:registration_toll_free')}?number={toll_free.sid}" in page
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    page = text(alice.get(path))
    assert "Campaign: approved." in page
    assert registration_page(campaign.sid) in page


def test_deleting_a_service_names_its_campaign(alice: Client, service: MessagingService) -> None:
    path = reverse("console:service_delete", args=[service.sid])
    assert "Its campaign" not in text(alice.get(path))
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    campaign.refresh_from_db()
    assert f"Its campaign {campaign.campaign_id} is deleted" in text(alice.get(path))


def test_a_list_costs_the_same_whatever_its_length(
    alice: Client, everyone: People, django_assert_max_num_queries: Any
) -> None:
    brand = factories.brand(everyone.acme)
    for _ in range(8):
        factories.campaign(factories.service(everyone.acme), brand)
        factories.verification(everyone.acme)
        factories.brand(everyone.acme)
    for name in ("registrations", "registrations_brands", "registrations_toll_free"):
        with django_assert_max_num_queries(9):
            alice.get(reverse(f"console:{name}"))


def test_a_sid_in_the_search_leads_to_its_page(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    assert alice.get(reverse("console:search"), {"q": campaign.sid})["Location"] == registration_page(campaign.sid)
