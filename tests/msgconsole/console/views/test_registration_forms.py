"""Brands, campaigns and toll-free numbers are submitted and edited."""

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
from tests.console_client import text
from tests.msgconsole.console.views.conftest import registration_page
from tests.people import People

pytestmark = pytest.mark.django_db

SAMPLES = "\r\n".join(factories.CAMPAIGN["message_samples"])


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


def test_a_brand_is_registered_by_its_name_alone(alice: Client) -> None:
    path = reverse("console:registration_brand")
    assert alice.get(path).status_code == 200
    answer = alice.post(path, {"business_name": "Acme Dental Inc.", "brand_type": "STANDARD"})
    brand = BrandRegistration.objects.get()
    assert answer["Location"] == registration_page(brand.sid)
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
    assert submitted["Location"] == f"{form}?service={service.sid}&brand={brand.sid}"
    page = text(alice.get(submitted["Location"]))
    assert f'<option value="{service.sid}" selected>' in page
    assert f'<option value="{brand.sid}" selected>' in page


def test_asked_for_the_campaign_of_a_service_that_has_one_its_page_is_shown(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    campaign = factories.campaign(service)
    asked = alice.get(reverse("console:registration_campaign"), {"service": service.sid})
    assert asked["Location"] == registration_page(campaign.sid)
    page = text(alice.get(registration_page(campaign.sid)))
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


def test_every_faulty_answer_of_a_campaign_is_said_at_once_beside_its_question(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    answers = campaign_answers(service, factories.brand(everyone.acme)) | {
        "description": "Too short",
        "message_flow": "x",
        "message_samples": f"{factories.TEXT}\r\nHello\r\nHi",
        "opt_in_keywords": "start, sign up",
        "opt_in_message": "Hello",
        "privacy_policy_url": "example",
    }
    answer = alice.post(reverse("console:registration_campaign"), answers)
    assert answer.context["form"].errors == {
        "description": ["This answer has 9 characters: give 40 to 4096. (21728)"],
        "message_flow": ["This answer has 1 character: give 40 to 2048. (21728)"],
        "message_samples": [
            "Example 2 has 5 characters: give 20 to 1024. (21728)",
            "Example 3 has 2 characters: give 20 to 1024. (21728)",
        ],
        "opt_in_keywords": ["'sign up' is not letters and digits alone. (20001)"],
        "opt_in_message": ["This answer has 5 characters: give 20 to 320. (21728)"],
        "privacy_policy_url": ["This is not an address that starts with http:// or https://. (11100)"],
    }
    edit = reverse("console:registration_edit", args=[factories.campaign(service).sid])
    assert {"description", "message_flow", "message_samples"} < set(alice.post(edit, answers).context["form"].errors)
    assert Campaign.objects.get().message_flow == factories.CAMPAIGN["message_flow"]


def test_a_use_case_that_does_not_go_with_the_brand_is_said_in_words(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    path = reverse("console:registration_campaign")
    sole = factories.brand(everyone.acme, brand_type="SOLE_PROPRIETOR")
    form = alice.get(path, {"brand": sole.sid}).context["form"]
    assert form.initial["us_app_to_person_usecase"] == "SOLE_PROPRIETOR"
    standard = factories.brand(everyone.acme)
    for brand, usecase, words in (
        (sole, "LOW_VOLUME", "A sole proprietor's brand is for “Sole Proprietor” alone. (21720)"),
        (standard, "SOLE_PROPRIETOR", "Only a sole proprietor has this one. (21720)"),
    ):
        answers = campaign_answers(service, brand) | {"us_app_to_person_usecase": usecase, "message_flow": "x"}
        errors = alice.post(path, answers).context["form"].errors
        assert errors["us_app_to_person_usecase"] == [words]
        assert "message_flow" in errors


def test_a_fault_among_the_folded_questions_unfolds_them(
    alice: Client, everyone: People, service: MessagingService
) -> None:
    answers = campaign_answers(service, factories.brand(everyone.acme)) | {"privacy_policy_url": "example"}
    assert "<details open>" in text(alice.post(reverse("console:registration_campaign"), answers))


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


def test_every_faulty_answer_about_a_toll_free_number_is_said_at_once(alice: Client, everyone: People) -> None:
    number = factories.number(everyone.acme, "+18885550123", registration="unverified")
    answers: dict[str, Any] = {
        **factories.TOLLFREE,
        "number": number.sid,
        "opt_in_image_urls": "https://www.example.com/a\nexample\nsite",
        "business_contact_phone": "415 555 0100",
        "privacy_policy_url": "example",
    }
    errors = alice.post(reverse("console:registration_toll_free"), answers).context["form"].errors
    assert errors == {
        "opt_in_image_urls": [
            "'example' is not an absolute http or https URL. (20001)",
            "'site' is not an absolute http or https URL. (20001)",
        ],
        "business_contact_phone": ["'415 555 0100' is not a number in E.164, such as +14155550100. (20001)"],
        "privacy_policy_url": ["'example' is not an absolute http or https URL. (20001)"],
    }
    assert not TollfreeVerification.objects.exists()


def test_the_names_of_registers_are_not_bent_into_words(alice: Client, everyone: People) -> None:
    factories.number(everyone.acme, "+18885550123", registration="unverified")
    page = text(alice.get(reverse("console:registration_toll_free")))
    assert '<option value="EIN">EIN</option>' in page
    assert '<option value="USt-IdNr">USt-IdNr</option>' in page
    assert "Import please replace" not in page


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
