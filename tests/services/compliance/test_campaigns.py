from typing import Any

import pytest

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from services import actions as service_actions
from services.compliance import actions, hooks
from services.compliance.models import Campaign
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR, CAMPAIGN, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.account()


@pytest.fixture
def service(account: Account) -> MessagingService:
    return factories.service(account)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statuses that the layers above were told, in order."""
    statuses: list[str] = []
    monkeypatch.setattr(hooks, "_campaign", [lambda service, status, actor: statuses.append(str(status))])
    return statuses


def refusal(call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def reviewed(campaign: Campaign) -> Campaign:
    queue.drain(until_idle=True)
    return Campaign.objects.get(pk=campaign.pk)


def is_registered(service: MessagingService) -> bool:
    return MessagingService.objects.get(pk=service.pk).us_app_to_person_registered


def test_a_campaign_goes_through_its_states_and_registers_its_service(
    service: MessagingService, told: list[str]
) -> None:
    campaign = factories.campaign(service)
    assert (campaign.status, campaign.campaign_id, campaign.rate_limits) == ("PENDING", "", None)
    version = service.config_version
    done = reviewed(campaign)
    assert (done.status, done.errors) == ("VERIFIED", [])
    assert done.campaign_id.startswith("C")
    assert done.rate_limits is not None
    assert told == ["PENDING", "IN_PROGRESS", "VERIFIED"]
    assert is_registered(service)
    service.refresh_from_db()
    assert service.config_version > version
    steps = AuditEntry.objects.filter(object_sid=campaign.sid).order_by("id").values_list("action", flat=True)
    assert list(steps) == ["campaign.submitted", "campaign.in_review", "campaign.approved"]


def test_a_rejected_campaign_says_why_and_registers_nothing(service: MessagingService, told: list[str]) -> None:
    campaign = reviewed(factories.campaign(service, description=f"{TEXT} [reject 30884]"))
    assert (campaign.status, [error["error_code"] for error in campaign.errors]) == ("FAILED", [30884])
    assert told[-1] == "FAILED"
    assert not is_registered(service)


def test_what_was_not_said_has_the_documented_defaults(service: MessagingService) -> None:
    campaign = factories.campaign(service)
    assert campaign.opt_out_keywords == ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"]
    assert campaign.help_keywords == ["HELP", "INFO"]
    assert campaign.opt_out_message.startswith("You have successfully been unsubscribed.")
    assert campaign.help_message == "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    assert (campaign.opt_in_keywords, campaign.opt_in_message) == ([], "")


def test_an_opt_in_message_without_words_goes_with_start(service: MessagingService) -> None:
    campaign = factories.campaign(service, opt_in_message="Acme: welcome. Reply STOP to end this.", opt_out_keywords=[])
    assert campaign.opt_in_keywords == ["START"]
    assert campaign.opt_out_keywords[0] == "STOP"


@pytest.mark.parametrize("name", ["brand_registration_sid", *CAMPAIGN])
def test_each_required_answer_is_asked_for_by_name(name: str, service: MessagingService) -> None:
    refused = refusal(lambda: factories.campaign(service, **{name: None}))
    assert (refused.code, refused.field) == (21727, name)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "given, code",
    [
        ({"description": "x" * 39}, 21728),
        ({"description": "x" * 4097}, 21728),
        ({"message_flow": "x" * 39}, 21728),
        ({"message_flow": "x" * 2049}, 21728),
        ({"message_samples": ["x" * 20]}, 21728),
        ({"message_samples": ["x" * 20] * 6}, 21728),
        ({"message_samples": ["x" * 20, "x" * 19]}, 21728),
        ({"message_samples": ["x" * 20, "x" * 1025]}, 21728),
        ({"opt_in_message": "x" * 19}, 21728),
        ({"help_message": "x" * 321}, 21728),
        ({"opt_out_keywords": ["x" * 256]}, 21728),
        ({"opt_out_keywords": ["STOP IT"]}, 20001),
        ({"privacy_policy_url": "example.com"}, 11100),
        ({"brand_registration_sid": "BN1"}, 21717),
        ({"brand_registration_sid": "BN" + "0" * 32}, 21717),
        ({"us_app_to_person_usecase": "SPAM"}, 21720),
        ({"us_app_to_person_usecase": "SOLE_PROPRIETOR"}, 21720),
    ],
)
def test_a_faulty_answer_is_refused_with_its_code(given: dict[str, Any], code: int, service: MessagingService) -> None:
    refused = refusal(lambda: factories.campaign(service, **given))
    assert (refused.code, refused.field) == (code, next(iter(given)))


def test_the_limits_themselves_are_taken(service: MessagingService) -> None:
    samples = ["x" * 20, "x" * 1024]
    made = factories.campaign(service, description="x" * 40, message_flow="x" * 2048, message_samples=samples)
    assert made.message_samples == samples


def test_a_sole_proprietor_has_one_campaign_of_one_kind(account: Account, service: MessagingService) -> None:
    brand = factories.brand(account, brand_type="SOLE_PROPRIETOR")
    assert refusal(lambda: factories.campaign(service, brand)).code == 21720
    campaign = factories.campaign(service, brand, us_app_to_person_usecase="SOLE_PROPRIETOR")
    assert reviewed(campaign).rate_limits["att"]["mps"] == 0.25
    other = factories.service(account)
    assert refusal(lambda: factories.campaign(other, brand, us_app_to_person_usecase="SOLE_PROPRIETOR")).code == 20409


def test_a_use_case_that_contradicts_the_services_own_is_refused(account: Account) -> None:
    codes = factories.service(account, usecase="verification")
    assert refusal(lambda: factories.campaign(codes, us_app_to_person_usecase="MARKETING")).code == 21719
    assert factories.campaign(codes, us_app_to_person_usecase="2FA").status == "PENDING"


def test_a_service_may_not_be_declared_for_what_contradicts_its_campaign(service: MessagingService) -> None:
    campaign = factories.campaign(service, us_app_to_person_usecase="MARKETING")
    refused = refusal(lambda: changed(service, usecase="verification"))
    assert (refused.code, refused.field) == (21719, "usecase")
    assert campaign.sid in refused.message
    service.refresh_from_db()
    assert service.usecase == "undeclared"
    assert changed(service, usecase="discussion").usecase == "discussion"
    assert changed(service, friendly_name="Offers", usecase="discussion").friendly_name == "Offers"
    actions.delete_campaign(campaign=campaign, actor=ACTOR)
    assert changed(service, usecase="verification").usecase == "verification"


def test_a_campaign_registered_elsewhere_contradicts_nothing(service: MessagingService) -> None:
    actions.create_external_campaign(service=service, actor=ACTOR, campaign_id="CABC123")
    assert changed(service, usecase="verification").usecase == "verification"


def changed(service: MessagingService, **given: Any) -> MessagingService:
    return service_actions.update_service(service=service, actor=ACTOR, **given)


def test_a_service_has_one_campaign_until_that_is_deleted(service: MessagingService, told: list[str]) -> None:
    campaign = factories.campaign(service)
    assert refusal(lambda: factories.campaign(service)).code == 20409
    external = {"campaign_id": "CABC123"}
    assert refusal(lambda: actions.create_external_campaign(service=service, actor=ACTOR, **external)).code == 20409
    reviewed(campaign)
    actions.delete_campaign(campaign=campaign, actor=ACTOR)
    assert not is_registered(service)
    assert told[-1] == "DELETED"
    assert actions.create_external_campaign(service=service, actor=ACTOR, **external).campaign_id == "CABC123"


def test_a_campaign_waits_for_its_brand(account: Account, service: MessagingService) -> None:
    brand = factories.brand(account, decided=False, brand_type="SOLE_PROPRIETOR", business_name="[no answer]")
    campaign = factories.campaign(service, brand, us_app_to_person_usecase="SOLE_PROPRIETOR")
    assert reviewed(campaign).status == "PENDING"
    actions.send_code(brand=brand, actor=ACTOR)
    assert reviewed(campaign).status == "VERIFIED"


def test_a_campaign_fails_with_its_brand(account: Account, service: MessagingService) -> None:
    brand = factories.brand(account, decided=False, business_name="[reject]")
    campaign = factories.campaign(service, brand)
    done = reviewed(campaign)
    assert (done.status, done.errors[0]["fields"]) == ("FAILED", ["BRAND_REGISTRATION"])
    assert refusal(lambda: factories.campaign(factories.service(account), brand)).code == 21717


def test_a_suspension_ends_registration_until_it_is_lifted(service: MessagingService, told: list[str]) -> None:
    campaign = reviewed(factories.campaign(service))
    suspended = actions.suspend_campaign(campaign=campaign, actor=ACTOR)
    assert (suspended.status, suspended.errors[0]["error_code"]) == ("SUSPENDED", 30990)
    assert not is_registered(service)
    changed = {**CAMPAIGN, "age_gated": False, "direct_lending": False}
    assert refusal(lambda: actions.update_campaign(campaign=campaign, actor=ACTOR, **changed)).code == 21729
    resumed = actions.resume_campaign(campaign=campaign, actor=ACTOR)
    assert (resumed.status, resumed.errors) == ("VERIFIED", [])
    assert is_registered(service)
    assert told[-2:] == ["SUSPENDED", "VERIFIED"]


def test_a_suspended_brand_suspends_its_campaigns_and_resumes_those_alone(account: Account) -> None:
    brand = factories.brand(account)
    own, shared = (reviewed(factories.campaign(factories.service(account), brand)) for _ in range(2))
    actions.suspend_campaign(campaign=own, actor=ACTOR)
    actions.suspend_brand(brand=brand, actor=ACTOR)
    shared.refresh_from_db()
    assert (shared.status, shared.suspended_with_brand) == ("SUSPENDED", True)
    assert refusal(lambda: factories.campaign(factories.service(account), brand)).code == 21729
    assert refusal(lambda: actions.resume_campaign(campaign=own, actor=ACTOR)).code == 21729
    actions.resume_brand(brand=brand, actor=ACTOR)
    own.refresh_from_db()
    shared.refresh_from_db()
    assert (own.status, shared.status) == ("SUSPENDED", "VERIFIED")


def test_an_edit_starts_the_review_again_and_asks_for_all_its_answers(service: MessagingService) -> None:
    campaign = reviewed(factories.campaign(service, description=f"{TEXT} [reject]"))
    answers = {**CAMPAIGN, "age_gated": True, "direct_lending": False}
    for name in ("description", "message_flow", "message_samples", "has_embedded_links", "age_gated"):
        faulty = {**answers, name: None}
        refused = refusal(lambda given=faulty: actions.update_campaign(campaign=campaign, actor=ACTOR, **given))
        assert (refused.code, refused.field) == (21727, name)
    edited = actions.update_campaign(campaign=campaign, actor=ACTOR, **answers)
    assert (edited.status, edited.errors, edited.age_gated) == ("PENDING", [], True)
    assert reviewed(campaign).status == "VERIFIED"


def test_an_edit_of_an_approved_campaign_leaves_it_registered_until_it_is_decided(service: MessagingService) -> None:
    campaign = reviewed(factories.campaign(service))
    answers = {**CAMPAIGN, "description": f"{TEXT} [reject]", "age_gated": False, "direct_lending": False}
    assert actions.update_campaign(campaign=campaign, actor=ACTOR, **answers).status == "PENDING"
    assert is_registered(service)
    assert reviewed(campaign).status == "FAILED"
    assert not is_registered(service)


def test_decisions_by_hand_overtake_the_reviewer(account: Account, service: MessagingService) -> None:
    campaign = factories.campaign(service)
    actions.reject_campaign(campaign=campaign, actor=ACTOR, code=30896)
    done = reviewed(campaign)
    assert (done.status, done.errors[0]["error_code"]) == ("FAILED", 30896)
    approved = actions.approve_campaign(campaign=campaign, actor=ACTOR)
    assert (approved.status, approved.errors) == ("VERIFIED", [])
    assert refusal(lambda: actions.approve_campaign(campaign=campaign, actor=ACTOR)).code == 20409
    waiting = factories.campaign(factories.service(account), factories.brand(account, decided=False))
    assert refusal(lambda: actions.approve_campaign(campaign=waiting, actor=ACTOR)).code == 21717


def test_a_deleted_service_takes_its_campaign_with_it(service: MessagingService, told: list[str]) -> None:
    campaign = reviewed(factories.campaign(service))
    service_actions.delete_service(service=service, actor=ACTOR)
    assert not Campaign.objects.exists()
    assert told[-1] == "DELETED"
    assert AuditEntry.objects.filter(action="campaign.deleted", object_sid=campaign.sid).exists()


def test_a_review_of_a_campaign_that_is_gone_does_nothing(service: MessagingService) -> None:
    campaign = factories.campaign(service)
    actions.delete_campaign(campaign=campaign, actor=ACTOR)
    assert queue.drain(until_idle=True) == 2  # the brand's, too, which was decided by hand
    assert not Campaign.objects.exists()


def test_a_campaign_registered_elsewhere_is_verified_but_not_edited_here(service: MessagingService) -> None:
    made = actions.create_external_campaign(service=service, actor=ACTOR, campaign_id="CABC123", cnp_migration=True)
    assert (made.is_externally_registered, made.cnp_migration, made.brand) == (True, True, None)
    done = reviewed(made)
    assert (done.status, done.campaign_id) == ("VERIFIED", "CABC123")
    answers = {**CAMPAIGN, "age_gated": False, "direct_lending": False}
    assert refusal(lambda: actions.update_campaign(campaign=made, actor=ACTOR, **answers)).code == 20409


def test_an_account_can_go_with_its_brands_and_campaigns(account: Account, service: MessagingService) -> None:
    factories.campaign(service)
    account.delete()
    assert not Campaign.objects.exists()
