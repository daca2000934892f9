from collections.abc import Callable

import pytest

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from services.compliance import actions
from services.compliance.models import BrandRegistration, BrandVetting
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db
TOKEN = "cv|1.0|tcr|10dlc|9975c339-d46f-49b7-a399-000000000000|GQ3"


@pytest.fixture
def account() -> Account:
    return factories.account()


def reviewed(brand: BrandRegistration) -> BrandRegistration:
    queue.drain(until_idle=True)
    brand.refresh_from_db()
    return brand


def code_of(call: Callable[[], object]) -> int:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_a_brand_waits_in_the_outbox_and_is_then_approved_with_a_score_and_an_id(account: Account) -> None:
    brand = factories.brand(account, decided=False)
    assert (brand.status, brand.tcr_id, brand.brand_score) == ("PENDING", "", None)
    entry = OutboxEntry.objects.get(kind="compliance.review")
    assert (entry.reference, entry.payload, entry.queue) == (brand.sid, {"round": 1}, "reports")
    reviewed(brand)
    assert (brand.status, brand.identity_status, brand.errors) == ("APPROVED", "VERIFIED", [])
    assert brand.tcr_id.startswith("B")
    assert brand.brand_score is not None
    told = AuditEntry.objects.filter(object_sid=brand.sid).order_by("id").values_list("action", "actor_label")
    assert list(told) == [("brand.submitted", "tests"), ("brand.approved", "reviewer")]


def test_a_brand_without_secondary_vetting_has_no_score(account: Account) -> None:
    assert reviewed(factories.brand(account, decided=False, skip_automatic_sec_vet=True)).brand_score is None


def test_a_rejected_brand_keeps_the_reasons(account: Account) -> None:
    brand = reviewed(factories.brand(account, decided=False, business_name="Acme [reject]"))
    assert (brand.status, brand.identity_status) == ("FAILED", "UNVERIFIED")
    assert [error["error_code"] for error in brand.errors] == [30701]


def test_a_sole_proprietor_is_asked_by_text_and_waits_until_they_answer(account: Account) -> None:
    quick = factories.brand(account, decided=False, brand_type="SOLE_PROPRIETOR")
    assert (quick.codes_sent, quick.identity_status) == (1, "UNVERIFIED")
    assert reviewed(quick).status == "APPROVED"
    slow = factories.brand(account, decided=False, brand_type="SOLE_PROPRIETOR", business_name="Ana [no answer]")
    assert reviewed(slow).status == "PENDING"
    actions.send_code(brand=slow, actor=ACTOR)
    assert reviewed(slow).status == "APPROVED"
    assert slow.brand_score is None


def test_a_failed_brand_may_be_sent_in_three_times_more(account: Account) -> None:
    brand = factories.brand(account, decided=False, business_name="Acme [reject]")
    for _ in range(3):
        assert reviewed(brand).status == "FAILED"
        assert actions.resubmit_brand(brand=brand, actor=ACTOR).status == "PENDING"
    assert reviewed(brand).resubmissions == 3
    assert code_of(lambda: actions.resubmit_brand(brand=brand, actor=ACTOR)) == 21724


def test_an_approved_brand_may_not_be_sent_in_again_but_a_mock_one_may(account: Account) -> None:
    assert code_of(lambda: actions.resubmit_brand(brand=factories.brand(account), actor=ACTOR)) == 21725
    mock = factories.brand(account, mock=True)
    assert actions.resubmit_brand(brand=mock, actor=ACTOR).status == "PENDING"
    assert reviewed(mock).status == "APPROVED"


def test_a_review_that_a_newer_submission_has_overtaken_does_nothing(account: Account) -> None:
    brand = factories.brand(account, decided=False)
    stale = OutboxEntry.objects.get()
    actions.reject_brand(brand=brand, actor=ACTOR)
    queue.drain(until_idle=True)
    assert not OutboxEntry.objects.filter(pk=stale.pk).exists()
    brand.refresh_from_db()
    assert brand.status == "FAILED"


def test_steps_by_hand_are_refused_where_the_status_does_not_allow_them(account: Account) -> None:
    brand = factories.brand(account)
    assert code_of(lambda: actions.approve_brand(brand=brand, actor=ACTOR)) == 20409
    assert code_of(lambda: actions.resume_brand(brand=brand, actor=ACTOR)) == 20409
    actions.suspend_brand(brand=brand, actor=ACTOR)
    assert code_of(lambda: actions.resubmit_brand(brand=brand, actor=ACTOR)) == 21729
    assert code_of(lambda: actions.send_code(brand=brand, actor=ACTOR)) == 21729
    assert actions.resume_brand(brand=brand, actor=ACTOR).status == "APPROVED"


def test_a_vetting_raises_the_brands_standing(account: Account) -> None:
    brand = factories.brand(account, skip_automatic_sec_vet=True)
    vetting = actions.create_vetting(brand=brand, actor=ACTOR, vetting_provider="aegis")
    assert (vetting.status, vetting.vetting_class) == ("PENDING", "STANDARD")
    queue.drain(until_idle=True)
    vetting.refresh_from_db()
    brand.refresh_from_db()
    assert (vetting.status, brand.identity_status) == ("SUCCESS", "VETTED_VERIFIED")
    assert brand.brand_score is not None


def test_a_failed_vetting_leaves_the_brand_as_it_is(account: Account) -> None:
    brand = factories.brand(account, skip_automatic_sec_vet=True)
    actions.create_vetting(brand=brand, actor=ACTOR, vetting_provider="aegis", vetting_id="[reject]")
    queue.drain(until_idle=True)
    assert BrandVetting.objects.get().status == "FAILED"
    brand.refresh_from_db()
    assert (brand.identity_status, brand.brand_score) == ("VERIFIED", None)
    assert AuditEntry.objects.filter(action="brand.vetting_failed", object_sid=brand.sid).exists()


def test_one_campaign_verify_token_is_imported_at_a_time_and_each_for_one_brand(account: Account) -> None:
    brand = factories.brand(account)

    def bring(brand: BrandRegistration, token: str | None = TOKEN) -> BrandVetting:
        return actions.create_vetting(brand=brand, actor=ACTOR, vetting_provider="campaign-verify", vetting_id=token)

    assert code_of(lambda: bring(brand, None)) == 21722
    assert code_of(lambda: bring(brand, "token")) == 21722
    assert bring(brand).vetting_class == "POLITICAL"
    assert code_of(lambda: bring(brand)) == 21723
    queue.drain(until_idle=True)
    assert code_of(lambda: bring(factories.brand(account))) == 21722
    sole = factories.brand(account, brand_type="SOLE_PROPRIETOR")
    assert code_of(lambda: bring(sole)) == 21721
    failed = reviewed(factories.brand(account, decided=False, business_name="[reject]"))
    assert code_of(lambda: bring(failed)) == 21721
