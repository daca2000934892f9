from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from msgconsole.outbox import queue
from senders.models import Sender
from services.compliance import actions
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification
from services.models import MessagingService
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people

pytestmark = pytest.mark.django_db

SAMPLES = "\r\n".join(factories.CAMPAIGN["message_samples"])


@pytest.fixture
def everyone() -> People:
    return people()


@pytest.fixture
def alice(everyone: People) -> Client:
    return logged_in(everyone.alice, everyone.acme)


@pytest.fixture
def bob(everyone: People) -> Client:
    return logged_in(everyone.bob, everyone.acme)


@pytest.fixture
def charlie(everyone: People) -> Client:
    return logged_in(everyone.charlie, everyone.other)


@pytest.fixture
def service(everyone: People) -> MessagingService:
    return factories.service(everyone.acme)


def text(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def page_of(sid: str) -> str:
    return reverse("console:registration", args=[sid])


def step(sid: str, name: str) -> str:
    return reverse("console:registration_step", args=[sid, name])


def campaign_answers(service: MessagingService, brand: BrandRegistration) -> dict[str, str]:
    return {
        "service": service.sid,
        "brand_registration_sid": brand.sid,
        "us_app_to_person_usecase": "ACCOUNT_NOTIFICATION",
        "description": factories.CAMPAIGN["description"],
        "message_flow": factories.CAMPAIGN["message_flow"],
        "message_samples": SAMPLES,
        "has_embedded_links": "on",
        "opt_in_keywords": "start, join",
        "opt_in_message": "Acme: welcome. Reply STOP to end this.",
    }


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


def test_a_brand_is_registered_by_its_name_alone(alice: Client) -> None:
    path = reverse("console:registration_brand")
    assert alice.get(path).status_code == 200
    answer = alice.post(path, {"business_name": "Acme Dental Inc.", "brand_type": "STANDARD"})
    brand = BrandRegistration.objects.get()
    assert answer["Location"] == page_of(brand.sid)
    assert (brand.business_name, brand.customer_profile_bundle_sid[:2]) == ("Acme Dental Inc.", "BU")
    assert AuditEntry.objects.get(action="brand.submitted").actor_label == "alice"


def test_a_question_without_an_answer_is_marked_and_nothing_is_submitted(alice: Client) -> None:
    answer = alice.post(reverse("console:registration_brand"), {"business_name": "", "brand_type": "STANDARD"})
    assert answer.status_code == 422
    assert "Please answer this." in text(answer)
    assert not BrandRegistration.objects.exists()


def test_a_campaign_asks_for_a_brand_and_for_a_service_that_has_none(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    path = reverse("console:registration_campaign")
    assert reverse("console:registration_brand") in text(alice.get(path))
    brand = factories.brand(everyone.acme)
    page = text(alice.get(path, {"service": service.sid}))
    assert f'<option value="{service.sid}" selected' in page
    factories.campaign(service, brand)
    assert "No Service without a campaign" in text(alice.get(path))


def test_whoever_must_register_a_brand_first_comes_back_to_the_campaign_of_the_same_service(
    alice: Client, service: MessagingService
) -> None:
    form = reverse("console:registration_campaign")
    assert f"{reverse('console:registration_brand')}?service={service.sid}" in text(
        alice.get(form, {"service": service.sid})
    )
    answers = {"business_name": "Acme Dental Inc.", "brand_type": "STANDARD"}
    submitted = alice.post(f"{reverse('console:registration_brand')}?service={service.sid}", answers)
    brand = BrandRegistration.objects.get()
    assert submitted.url == f"{form}?service={service.sid}&brand={brand.sid}"  # type: ignore[attr-defined]
    page = text(alice.get(submitted.url))  # type: ignore[attr-defined]
    assert f'<option value="{service.sid}" selected>' in page
    assert f'<option value="{brand.sid}" selected>' in page


def test_asked_for_the_campaign_of_a_service_that_has_one_its_page_is_shown(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    campaign = factories.campaign(service)
    asked = alice.get(reverse("console:registration_campaign"), {"service": service.sid})
    assert asked.url == page_of(campaign.sid)  # type: ignore[attr-defined]
    page = text(alice.get(page_of(campaign.sid)))
    assert "has a campaign already: this one." in page
    assert f"{reverse('console:test_send')}?service={service.sid}" in page


def test_a_campaign_is_registered_with_the_answers_given(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    brand = factories.brand(everyone.acme)
    answer = alice.post(reverse("console:registration_campaign"), campaign_answers(service, brand))
    assert answer.status_code == 302, text(answer)
    campaign = Campaign.objects.get()
    assert (campaign.service, campaign.brand, campaign.status) == (service, brand, "PENDING")
    assert campaign.message_samples == factories.CAMPAIGN["message_samples"]
    assert (campaign.has_embedded_links, campaign.has_embedded_phone) == (True, False)
    assert campaign.opt_in_keywords == ["start", "join"]
    assert campaign.opt_out_keywords[0] == "STOP"


def test_what_the_action_refuses_stands_at_its_question_with_the_code(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    answers = campaign_answers(service, factories.brand(everyone.acme)) | {"description": "Too short"}
    answer = alice.post(reverse("console:registration_campaign"), answers)
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["description"]
    assert "9 characters: give 40 to 4096" in error
    assert error.endswith("(21728)")


def test_a_fault_among_the_folded_questions_unfolds_them(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    answers = campaign_answers(service, factories.brand(everyone.acme)) | {"privacy_policy_url": "example"}
    assert "<details open>" in text(alice.post(reverse("console:registration_campaign"), answers))


def test_a_page_says_what_the_state_does_to_sending(alice: Client, everyone: People, service: MessagingService) -> None:
    factories.pooled(service, factories.number(everyone.acme, registration="unregistered"))
    campaign = factories.campaign(service)
    waiting = text(alice.get(page_of(campaign.sid)))
    assert "1 long code of its pool waits for it: messages to the US fail (30035)." in waiting
    queue.drain(until_idle=True)
    assert "1 long code of its pool may send to the US." in text(alice.get(page_of(campaign.sid)))
    assert "1 long code of its pool may send to the US." in text(alice.get(reverse("console:registrations")))
    actions.suspend_campaign(campaign=campaign, actor=factories.ACTOR)
    assert "is stopped: messages to the US fail (30033)." in text(alice.get(page_of(campaign.sid)))


def test_a_rejection_shows_each_reason_with_its_page(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service, description=f"{factories.TEXT} [reject 30884]")
    queue.drain(until_idle=True)
    page = text(alice.get(page_of(campaign.sid)))
    assert "Campaign was taken for spam or phishing." in page
    assert reverse("console:error_code", args=[30884]) in page
    assert "About: Description" in page


def test_the_reviewers_part_can_be_played_step_by_step(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    assert alice.post(step(campaign.sid, "reject"), {"code": "30896"}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.status, campaign.errors[0]["error_code"]) == ("FAILED", 30896)
    for name, status in (("approve", "VERIFIED"), ("suspend", "SUSPENDED"), ("resume", "VERIFIED")):
        page = text(alice.get(page_of(campaign.sid)))
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
    assert "Aegis: succeeded" in text(alice.get(page_of(brand.sid)))
    sole = factories.brand(everyone.acme, decided=False, brand_type="SOLE_PROPRIETOR", business_name="Ana [no answer]")
    assert "has not answered" in text(alice.get(page_of(sole.sid)))
    alice.post(step(sole.sid, "send_code"))
    queue.drain(until_idle=True)
    sole.refresh_from_db()
    assert sole.status == "APPROVED"
    failed = factories.brand(everyone.acme, decided=False, business_name="[reject]")
    queue.drain(until_idle=True)
    alice.post(step(failed.sid, "resubmit"))
    failed.refresh_from_db()
    assert (failed.status, failed.resubmissions) == ("PENDING", 1)
    assert step(brand.sid, "send_code") not in text(alice.get(page_of(brand.sid)))


def test_a_toll_free_number_is_submitted_and_edited(alice: Client, everyone: People) -> None:
    path = reverse("console:registration_toll_free")
    assert "No toll-free number to verify" in text(alice.get(path))
    number = factories.number(everyone.acme, "+18885550123", registration="unverified")
    answers: dict[str, Any] = {
        **factories.TOLLFREE,
        "number": number.sid,
        "opt_in_image_urls": "https://www.example.com/a\nhttps://www.example.com/b",
        "business_city": "Springfield",
    }
    answer = alice.post(path, answers)
    assert answer.status_code == 302, answer.context["form"].errors
    verification = TollfreeVerification.objects.get()
    assert verification.answers["opt_in_image_urls"] == ["https://www.example.com/a", "https://www.example.com/b"]
    assert verification.answers["business_city"] == "Springfield"
    queue.drain(until_idle=True)
    assert Sender.objects.get().registration == "verified"
    edit = reverse("console:registration_edit", args=[verification.sid])
    assert 'value="Springfield"' in text(alice.get(edit))
    del answers["number"]
    assert alice.post(edit, {**answers, "use_case_summary": "Now [reject]", "edit_reason": "Typing error"})
    verification.refresh_from_db()
    assert (verification.status, verification.edit_reason) == ("PENDING_REVIEW", "Typing error")


def test_an_edit_offers_the_volume_that_an_api_client_gave(alice: Client, everyone: People) -> None:
    verification = factories.verification(everyone.acme, message_volume="2000")
    edit = reverse("console:registration_edit", args=[verification.sid])
    assert '<option value="2000" selected' in text(alice.get(edit))


def test_a_campaign_is_edited_but_not_what_it_is_for(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    edit = reverse("console:registration_edit", args=[campaign.sid])
    page = text(alice.get(edit))
    assert factories.TEXT in page
    assert "id_service" not in page
    answers = {**campaign_answers(service, factories.brand(everyone.acme)), "message_flow": f"New: {factories.TEXT}"}
    assert alice.post(edit, answers).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.status, campaign.message_flow) == ("PENDING", f"New: {factories.TEXT}")
    actions.approve_campaign(campaign=campaign, actor=factories.ACTOR)
    actions.suspend_campaign(campaign=campaign, actor=factories.ACTOR)
    assert alice.get(edit).status_code == 404


def test_deleting_says_what_goes_with_it_first(alice: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    path = reverse("console:registration_delete", args=[campaign.sid])
    assert "are not registered any more" in text(alice.get(path))
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
    assert f"{poll}?status=PENDING" in text(alice.get(page_of(campaign.sid)))
    waiting = alice.get(poll, {"status": "PENDING"})
    assert (waiting.status_code, waiting.get("HX-Refresh")) == (204, None)
    queue.drain(until_idle=True)
    assert alice.get(poll, {"status": "PENDING"})["HX-Refresh"] == "true"
    assert poll not in text(alice.get(page_of(campaign.sid)))


def test_a_viewer_reads_everything_and_changes_nothing(bob: Client, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    page = text(bob.get(page_of(campaign.sid)))
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
        assert charlie.get(page_of(sid)).status_code == 404
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
    assert "1 long code of this pool is not registered: messages to the US fail (30034)." in page
    assert f"{reverse('console:registration_campaign')}?service={service.sid}" in page
    assert f"{reverse('console:registration_toll_free')}?number={toll_free.sid}" in page
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    page = text(alice.get(path))
    assert "Campaign: approved." in page
    assert page_of(campaign.sid) in page


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
    assert alice.get(reverse("console:search"), {"q": campaign.sid})["Location"] == page_of(campaign.sid)
