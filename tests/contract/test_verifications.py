"""Toll-free verifications over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from services.compliance import actions as compliance
from services.compliance.models import TollfreeVerification
from tests import factories
from tests.api_client import Api
from tests.contract import tables
from tests.contract.resources import World, wire
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]
TOLLFREE = "/v1/Tollfree/Verifications"


def test_a_verification_is_made_edited_and_withdrawn(alice: Api, published: Published) -> None:
    world = World(alice)
    number = factories.number(world.account, "+18885550123", registration="unverified")
    answer = alice.post(TOLLFREE, {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)})
    body = answer.json()
    assert (answer.status_code, body["status"], body["tollfree_phone_number"]) == (
        201,
        "PENDING_REVIEW",
        "+18885550123",
    )
    assert len(body) == 53
    assert body["use_case_categories"] == ["ACCOUNT_NOTIFICATIONS", "CUSTOMER_CARE"]
    path = f"{TOLLFREE}/{body['sid']}"
    edit = {"UseCaseSummary": "Now [reject]", "OptInKeywords": ["START", "JOIN"], "AgeGatedContent": "true"}
    edited = alice.post(path, {**edit, "EditReason": "Typing error"})
    assert edited.status_code == 202
    assert (edited.json()["opt_in_keywords"], edited.json()["age_gated_content"]) == (["START", "JOIN"], True)
    queue.drain(until_idle=True)
    rejected = alice.get(path).json()
    published("messaging.v1.tollfree_verification", rejected)
    check(rejected, tables.VERIFICATION)
    assert (rejected["status"], rejected["error_code"], rejected["edit_allowed"]) == ("TWILIO_REJECTED", 30440, True)
    assert rejected["rejection_reasons"] == [{"code": 30440, "reason": rejected["rejection_reason"]}]
    assert alice.delete(path).status_code == 204


def test_the_reason_of_an_edit_has_500_characters_at_most(alice: Api) -> None:
    path = f"{TOLLFREE}/{factories.verification(World(alice).account).sid}"
    assert alice.post(path, {"EditReason": "x" * 500}).status_code == 202
    assert_error(alice.post(path, {"EditReason": "x" * 501}), 400, 20001)


@pytest.mark.parametrize(
    "given",
    [
        {"OptInType": "GUESSED"},
        {"OptInType": ""},
        {"UseCaseCategories": ["SPAM"]},
        {"NotificationEmail": "nobody"},
        {"OptInImageUrls": "form.png"},
        {"AgeGatedContent": "maybe"},
    ],
)
def test_a_faulty_verification_is_refused_on_create_and_on_update(given: dict[str, Any], alice: Api) -> None:
    world = World(alice)
    made = factories.verification(world.account)
    assert_error(alice.post(f"{TOLLFREE}/{made.sid}", given), 400, 20001)
    number = factories.number(world.account, "+18885550123")
    good = {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)}
    assert_error(alice.post(TOLLFREE, {**good, **given}), 400, 20001)
    assert TollfreeVerification.objects.count() == 1


def test_a_number_that_is_not_toll_free_or_not_ones_own_is_refused(alice: Api, charlie: Api) -> None:
    local = factories.number(World(alice).account)
    theirs = factories.number(World(charlie).account, "+18885550123")
    for number in (local, theirs):
        given = {"TollfreePhoneNumberSid": number.sid, **wire(factories.TOLLFREE)}
        assert_error(alice.post(TOLLFREE, given), 400, 20001)


def test_verifications_are_found_by_each_filter(alice: Api) -> None:
    account = World(alice).account
    profile = {"customer_profile_sid": "BU" + "a" * 32}
    first = factories.verification(account, external_reference_id="order-1", **profile)
    second = factories.verification(account)
    other = factories.verification(factories.account("Part", owner=account))
    queue.drain(until_idle=True)
    first.refresh_from_db()
    compliance.reject_verification(verification=second, actor=factories.ACTOR)

    def found(**given: Any) -> list[str]:
        rows = alice.get(TOLLFREE, {"PageSize": 50, **given}).json()["verifications"]
        return [row["sid"] for row in rows]

    assert found() == [second.sid, first.sid]
    assert found(TollfreePhoneNumberSid=second.tollfree_phone_number_sid) == [second.sid]
    assert found(Status="TWILIO_APPROVED") == [first.sid]
    assert found(Status="TWILIO_REJECTED") == [second.sid]
    assert found(ExternalReferenceId="order-1") == [first.sid]
    assert found(TrustProductSid=[first.trust_product_sid, new_sid("BU")]) == [first.sid]
    assert found(TrustProductSid=new_sid("BU")) == []
    assert found(IncludeSubAccounts="true") == [other.sid, second.sid, first.sid]
    assert found(IncludeSubAccounts="false") == [second.sid, first.sid]
    assert_error(alice.get(TOLLFREE, {"Status": "DONE"}), 400, 20001)
    listed = alice.get(TOLLFREE, {"IncludeSubAccounts": "true", "PageSize": 1}).json()
    assert "IncludeSubAccounts=true" in listed["meta"]["next_page_url"]
    assert listed["verifications"][0]["account_sid"] == other.account.sid
