"""What registrations do to numbers and, through them, to the choice of a sender."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.numbering.e164 import parse_destination
from msgconsole.outbox import queue
from senders import actions, choosing, pool
from senders.models import PoolAreaCode, PoolBucket, PoolMember, Sender
from senders.registration import campaign_changed
from senders.selection.decision import Decision
from services import actions as service_actions
from services.compliance import actions as compliance
from services.compliance.models import Campaign
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db
TO = "+14155550123"


@pytest.fixture
def account() -> Account:
    return factories.account()


@pytest.fixture
def service(account: Account) -> MessagingService:
    return factories.service(account)


def number(service: MessagingService, address: str, registration: str = "unregistered") -> Sender:
    made = factories.number(service.account, address, registration=registration)
    factories.pooled(service, made)
    return made


def standings(service: MessagingService) -> dict[str, str]:
    rows = Sender.objects.filter(membership__service=service)
    return dict(rows.values_list("address", "registration"))


def asked(service: MessagingService, to: str = TO) -> Decision:
    service.refresh_from_db()
    request = choosing.request_for(service, parse_destination(to))
    return choosing.preview(service=service, request=request)


def approved(service: MessagingService) -> Campaign:
    campaign = factories.campaign(service)
    queue.drain(until_idle=True)
    campaign.refresh_from_db()
    assert campaign.status == "VERIFIED"
    return campaign


def assert_pool_is_true(service: MessagingService) -> None:
    """Every member lies in the bucket of its sender, and the counts are those of the rows."""
    members = list(PoolMember.objects.filter(service=service).select_related("sender", "bucket"))
    for member in members:
        assert (member.bucket.kind, member.bucket.country) == (member.sender.kind, member.sender.country)
        assert member.bucket.registration == member.sender.registration
    counted = {bucket.pk: bucket.member_count for bucket in PoolBucket.objects.filter(service=service)}
    assert counted == {
        pk: sum(member.bucket_id == pk for member in members) for pk in {member.bucket_id for member in members}
    }
    codes = {
        (row.bucket_id, row.area_code): row.member_count for row in PoolAreaCode.objects.filter(bucket__service=service)
    }
    places = [(member.bucket_id, member.area_code) for member in members if member.area_code]
    assert codes == {place: places.count(place) for place in places}


def test_an_unregistered_number_becomes_eligible_with_its_campaign(service: MessagingService) -> None:
    number(service, "+14155550100")
    before = asked(service)
    assert (before.outcome, before.error_code) == ("chosen_but_fails", 30034)
    campaign = factories.campaign(service)
    assert standings(service) == {"+14155550100": "pending"}
    assert asked(service).error_code == 30035
    queue.drain(until_idle=True)
    after = asked(service)
    assert (after.outcome, after.error_code) == ("chosen", None)
    assert after.sender is not None
    assert after.sender.address == "+14155550100"
    compliance.suspend_campaign(campaign=campaign, actor=ACTOR)
    assert asked(service).error_code == 30033
    compliance.resume_campaign(campaign=campaign, actor=ACTOR)
    assert asked(service).outcome == "chosen"
    compliance.delete_campaign(campaign=campaign, actor=ACTOR)
    assert asked(service).error_code == 30034


def test_each_status_changes_the_standings_that_it_should_and_no_others(service: MessagingService) -> None:
    number(service, "+14155550100", "unregistered")
    number(service, "+14155550101", "registered")
    number(service, "+14165550100", "unregistered")
    number(service, "+14155550102", "not_required")
    number(service, "+18885550100", "unverified")
    number(service, "+447400111222", "not_required")
    others = {"+14155550102": "not_required", "+18885550100": "unverified", "+447400111222": "not_required"}
    ours = ("+14155550100", "+14155550101", "+14165550100")
    for status, expected in (
        ("PENDING", ("pending", "registered", "pending")),
        ("IN_PROGRESS", ("pending", "registered", "pending")),
        ("VERIFIED", ("registered",) * 3),
        ("SUSPENDED", ("suspended",) * 3),
        ("VERIFIED", ("registered",) * 3),
        ("FAILED", ("unregistered",) * 3),
        ("PENDING", ("pending",) * 3),
        ("DELETED", ("unregistered",) * 3),
    ):
        campaign_changed(service, status, ACTOR)
        assert standings(service) == dict(zip(ours, expected, strict=True)) | others, status
        assert_pool_is_true(service)


def test_a_pool_of_thousands_costs_no_more_statements_than_a_small_one(account: Account) -> None:
    counted = []
    for size in (3, 60):
        service = factories.service(account)
        for _ in range(size):
            factories.pooled(service, factories.number(account, registration="unregistered"))
        with CaptureQueriesContext(connection) as queries:
            campaign_changed(service, "VERIFIED", ACTOR)
        counted.append(len(queries))
        assert set(standings(service).values()) == {"registered"}
        assert_pool_is_true(service)
    assert counted[0] == counted[1]
    assert counted[1] < 25


def test_a_change_has_a_new_configuration_version_and_one_line_in_the_log(service: MessagingService) -> None:
    number(service, "+14155550100")
    number(service, "+14165550100")
    service.refresh_from_db()
    before = service.config_version
    campaign_changed(service, "VERIFIED", ACTOR)
    service.refresh_from_db()
    assert service.config_version > before
    entry = AuditEntry.objects.get(action="service.numbers_registration")
    assert entry.changes == {"registration": [None, "registered"], "numbers": [None, 2]}
    campaign_changed(service, "VERIFIED", ACTOR)
    service.refresh_from_db()
    assert AuditEntry.objects.filter(action="service.numbers_registration").count() == 1


def test_nothing_read_of_the_pool_outlives_a_change(service: MessagingService) -> None:
    number(service, "+14155550100")
    service.refresh_from_db()
    assert {bucket.key.registration for bucket in pool.summary_of(service).buckets} == {"unregistered"}
    campaign_changed(service, "VERIFIED", ACTOR)
    service.refresh_from_db()
    assert {bucket.key.registration for bucket in pool.summary_of(service).buckets} == {"registered"}


def test_a_number_that_joins_a_verified_campaigns_pool_is_added_to_it(
    account: Account, service: MessagingService
) -> None:
    joining = factories.number(account, "+14155550100", registration="unregistered")
    factories.pooled(service, joining)
    assert standings(service) == {"+14155550100": "unregistered"}
    actions.remove_from_service(service=service, sender=joining, actor=ACTOR)
    approved(service)
    factories.pooled(service, joining)
    number(service, "+14165550100")
    number(service, "+18885550100", "unverified")
    number(service, "+14155550102", "not_required")
    assert standings(service) == {
        "+14155550100": "registered",
        "+14165550100": "registered",
        "+18885550100": "unverified",
        "+14155550102": "not_required",
    }
    assert_pool_is_true(service)


@pytest.mark.parametrize(
    "status, joined",
    [
        ("PENDING", ("unregistered", "pending")),
        ("IN_PROGRESS", ("unregistered", "pending")),
        ("SUSPENDED", ("registered", "suspended")),
        ("SUSPENDED", ("unregistered", "suspended")),
        ("FAILED", ("registered", "unregistered")),
        ("VERIFIED", ("suspended", "registered")),
        ("VERIFIED", ("pending", "registered")),
        ("PENDING", ("registered", "registered")),
    ],
)
def test_a_number_that_joins_has_the_standing_of_those_that_are_there(
    status: str, joined: tuple[str, str], service: MessagingService
) -> None:
    Campaign.objects.filter(pk=factories.campaign(service).pk).update(status=status)
    service.us_app_to_person_registered = status == "VERIFIED"
    service.save(update_fields=["us_app_to_person_registered"])
    before, after = joined
    number(service, "+14155550100", before)
    number(service, "+18885550100", "unverified")
    assert standings(service) == {"+14155550100": after, "+18885550100": "unverified"}
    assert_pool_is_true(service)


def test_a_number_that_joins_while_a_change_is_reviewed_is_added_to_what_was_approved(
    service: MessagingService,
) -> None:
    campaign = approved(service)
    compliance.update_campaign(
        campaign=campaign, actor=ACTOR, **factories.CAMPAIGN, age_gated=False, direct_lending=False
    )
    number(service, "+14155550100")
    assert standings(service) == {"+14155550100": "registered"}


@pytest.mark.parametrize("status, left", [("PENDING", "unregistered"), ("SUSPENDED", "unregistered")])
def test_what_only_a_campaign_gives_a_number_does_not_outlast_its_membership(
    status: str, left: str, service: MessagingService
) -> None:
    campaign = factories.campaign(service)
    held = number(service, "+14155550100")
    if status == "SUSPENDED":
        queue.drain(until_idle=True)
        compliance.suspend_campaign(campaign=campaign, actor=ACTOR)
    assert standings(service) == {"+14155550100": status.lower()}
    actions.remove_from_service(service=service, sender=held, actor=ACTOR)
    held.refresh_from_db()
    assert held.registration == left


def test_a_standing_that_somebody_gave_a_number_by_hand_outlasts_a_pool_without_a_campaign(
    service: MessagingService,
) -> None:
    held = number(service, "+14155550100", "suspended")
    actions.remove_from_service(service=service, sender=held, actor=ACTOR)
    held.refresh_from_db()
    assert held.registration == "suspended"


def test_a_deleted_service_leaves_its_numbers_unregistered(account: Account, service: MessagingService) -> None:
    number(service, "+14155550100")
    approved(service)
    service_actions.delete_service(service=service, actor=ACTOR)
    assert Sender.objects.get().registration == "unregistered"


def test_a_toll_free_number_becomes_eligible_with_its_verification(account: Account, service: MessagingService) -> None:
    toll_free = number(service, "+18885550100", "unverified")
    assert asked(service).error_code == 30032
    verification = factories.verification(account, toll_free)
    assert asked(service).error_code == 30032
    queue.drain(until_idle=True)
    assert asked(service).outcome == "chosen"
    assert_pool_is_true(service)
    compliance.reject_verification(verification=verification, actor=ACTOR)
    assert asked(service).error_code == 30032
