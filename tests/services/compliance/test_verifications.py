from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from senders import actions as sender_actions
from senders.models import Sender
from services.compliance import actions
from services.compliance.models import TollfreeVerification
from services.compliance.tollfree_answers import QUESTIONS
from tests import factories
from tests.factories import ACTOR, TOLLFREE

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.account()


@pytest.fixture
def number(account: Account) -> Sender:
    return factories.number(account, "+18885550123", registration="unverified")


def refusal(call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def reviewed(verification: TollfreeVerification) -> TollfreeVerification:
    queue.drain(until_idle=True)
    return TollfreeVerification.objects.get(pk=verification.pk)


def standing(number: Sender) -> str:
    return Sender.objects.get(pk=number.pk).registration


def test_an_approved_verification_verifies_its_number(account: Account, number: Sender) -> None:
    verification = factories.verification(account, number)
    assert (verification.status, verification.tollfree_phone_number) == ("PENDING_REVIEW", "+18885550123")
    assert standing(number) == "unverified"
    assert reviewed(verification).status == "TWILIO_APPROVED"
    assert standing(number) == "verified"
    steps = AuditEntry.objects.filter(object_sid=verification.sid).order_by("id").values_list("action", flat=True)
    assert list(steps) == ["tollfree.submitted", "tollfree.in_review", "tollfree.approved"]


def test_a_rejected_verification_leaves_its_number_unverified_and_can_be_edited(
    account: Account, number: Sender
) -> None:
    sender_actions.update_sender(sender=number, actor=ACTOR, registration="verified")
    done = reviewed(factories.verification(account, number, use_case_summary="Reminders [reject]"))
    assert done.status == "TWILIO_REJECTED"
    assert [rejection["code"] for rejection in done.rejections] == [30440]
    assert done.edit_expiration is not None
    assert timedelta(days=6) < done.edit_expiration - timezone.now() <= timedelta(days=7)
    assert standing(number) == "unverified"
    edited = actions.update_verification(
        verification=done, actor=ACTOR, use_case_summary="Reminders", edit_reason="Said it better"
    )
    assert (edited.status, edited.rejections, edited.edit_expiration) == ("PENDING_REVIEW", [], None)
    assert reviewed(done).status == "TWILIO_APPROVED"
    assert standing(number) == "verified"


def test_an_edit_of_an_approved_one_keeps_the_number_verified_until_it_is_decided(
    account: Account, number: Sender
) -> None:
    verification = reviewed(factories.verification(account, number))
    actions.update_verification(verification=verification, actor=ACTOR, use_case_summary="Now this [reject]")
    assert standing(number) == "verified"
    assert reviewed(verification).status == "TWILIO_REJECTED"
    assert standing(number) == "unverified"


def test_a_withdrawn_verification_takes_its_standing_back(account: Account, number: Sender) -> None:
    verification = reviewed(factories.verification(account, number))
    actions.delete_verification(verification=verification, actor=ACTOR)
    assert standing(number) == "unverified"
    assert not TollfreeVerification.objects.exists()


def test_one_that_was_approved_and_is_withdrawn_while_an_edit_is_reviewed_takes_its_standing_back(
    account: Account, number: Sender
) -> None:
    verification = reviewed(factories.verification(account, number))
    actions.update_verification(verification=verification, actor=ACTOR, business_name="Acme Ltd")
    assert standing(number) == "verified"
    actions.delete_verification(verification=verification, actor=ACTOR)
    assert standing(number) == "unverified"


def test_a_withdrawn_verification_that_was_never_approved_takes_nothing(account: Account, number: Sender) -> None:
    sender_actions.update_sender(sender=number, actor=ACTOR, registration="verified")
    actions.delete_verification(verification=factories.verification(account, number), actor=ACTOR)
    assert standing(number) == "verified"


def test_a_verification_outlives_its_number(account: Account, number: Sender) -> None:
    verification = factories.verification(account, number)
    sender_actions.release_sender(sender=number, actor=ACTOR)
    assert reviewed(verification).status == "TWILIO_APPROVED"


def test_decisions_by_hand_overtake_the_reviewer(account: Account, number: Sender) -> None:
    verification = factories.verification(account, number)
    actions.reject_verification(verification=verification, actor=ACTOR, code=30509)
    assert reviewed(verification).rejections[0]["code"] == 30509
    actions.approve_verification(verification=verification, actor=ACTOR)
    assert standing(number) == "verified"
    assert refusal(lambda: actions.approve_verification(verification=verification, actor=ACTOR)).code == 20409


@pytest.mark.parametrize("name", sorted({*TOLLFREE, "tollfree_phone_number_sid"}))
def test_each_required_answer_is_asked_for_by_name(name: str, account: Account, number: Sender) -> None:
    refused = refusal(lambda: factories.verification(account, number, **{name: None}))
    assert (refused.code, refused.field) == (20001, name)


@pytest.mark.parametrize(
    "given",
    [
        {"notification_email": "nobody"},
        {"business_contact_phone": "12345"},
        {"use_case_categories": ["MARKETING", "SPAM"]},
        {"opt_in_type": "GUESSED"},
        {"opt_in_image_urls": ["form.png"]},
        {"business_type": "CLUB"},
        {"business_registration_authority": "XYZ"},
        {"privacy_policy_url": "example.com"},
        {"use_case_summary": "x" * 2001},
        {"customer_profile_sid": "BU1"},
        {"tollfree_phone_number_sid": "PN1"},
        {"tollfree_phone_number_sid": "PN" + "0" * 32},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_faulty_answer_is_refused_by_name(given: dict[str, Any], account: Account, number: Sender) -> None:
    refused = refusal(lambda: factories.verification(account, number, **given))
    assert (refused.code, refused.field) == (20001, next(iter(given)))


def test_every_question_can_be_answered_and_cleared_again(account: Account, number: Sender) -> None:
    examples = {"text": "x", "email": "a@example.com", "phone": "+14155550100", "url": "https://example.com/"}
    lists = {"urls": ["https://example.com/a"], "words": ["START"]}
    given: dict[str, Any] = {}
    for question in QUESTIONS:
        chosen: Any = examples.get(question.kind) or lists.get(question.kind) or True
        if question.choices:
            chosen = [question.choices[0]] if question.kind == "choices" else question.choices[0]
        given[question.name] = chosen
    verification = factories.verification(account, number, **given)
    assert verification.answers == given
    optional = {question.name: "" for question in QUESTIONS if not question.required}
    cleared = actions.update_verification(verification=verification, actor=ACTOR, **optional)
    assert {name for name, answer in cleared.answers.items() if answer is not None} == set(TOLLFREE)


def test_only_toll_free_numbers_of_the_account_are_verified(account: Account) -> None:
    local = factories.number(account)
    assert "not a toll-free number" in refusal(lambda: factories.verification(account, local)).message
    foreign = factories.number(factories.account("Other"), "+18885550124")
    assert "no number of this account" in refusal(lambda: factories.verification(account, foreign)).message


def test_a_number_has_one_verification_at_a_time(account: Account, number: Sender) -> None:
    first = factories.verification(account, number)
    assert refusal(lambda: factories.verification(account, number)).code == 20409
    actions.reject_verification(verification=first, actor=ACTOR)
    assert factories.verification(account, number).sid != first.sid


def test_a_customer_profile_brings_a_trust_product_with_the_review(account: Account, number: Sender) -> None:
    verification = factories.verification(account, number, customer_profile_sid="BU" + "a" * 32)
    assert verification.trust_product_sid == ""
    done = reviewed(verification)
    assert (done.trust_product_sid[:2], done.regulated_item_sid[:2]) == ("BU", "RA")
