"""What looks wrong with a pool is told before a message fails on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from senders import actions, lint
from senders.selection.summary import Bucket, BucketKey, Example, PoolSummary
from tests.factories import ACTOR
from tests.senders.selection.harness import RCS, US, sender
from tests.senders.world import World, world_of


def bucket(
    kind: str,
    country: str = "US",
    *,
    sms: bool = True,
    mms: bool = True,
    registration: str = "not_required",
    limits: str = "",
    count: int = 1,
    address: str = "+12065550100",
) -> Bucket:
    key = BucketKey(kind, country, sms, mms, registration, limits)
    return Bucket(key, 1, count, (), (Example(1, "PN1", address, ""),))


GOOD = bucket("long_code", registration="registered")
CODE = bucket("short_code", mms=False)


def found(*buckets: Bucket) -> list[lint.Finding]:
    return lint.findings(PoolSummary("MG1", 1, buckets))


def rules(*buckets: Bucket) -> set[str]:
    return {finding.rule for finding in found(*buckets)}


def test_a_registered_number_with_pictures_has_nothing_wrong() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    "buckets, rule, tone, words, code",
    [
        ([], "pool_empty", "bad", "The pool is empty", 21704),
        ([bucket("rcs", "")], "rcs_only", "bad", "RCS senders alone", 63036),
        ([bucket("whatsapp", "GB")], "no_sms_sender", "bad", "No sender for SMS", 21703),
        (
            [GOOD, bucket("toll_free", registration="verified", count=2)],
            "two_toll_free",
            "warn",
            "2 toll-free numbers",
            30007,
        ),
        ([GOOD, bucket("toll_free", registration="unverified")], "unverified_toll_free", "warn", "(30032)", 30032),
        (
            [GOOD, bucket("long_code", registration="unregistered", count=3)],
            "unregistered_long_codes",
            "warn",
            "3 long codes without a 10DLC campaign",
            30034,
        ),
        ([GOOD, bucket("long_code", registration="pending")], "pending_long_codes", "warn", "(30035)", 30035),
        ([GOOD, bucket("long_code", registration="suspended")], "suspended_long_codes", "warn", "(30033)", 30033),
        ([bucket("long_code", registration="pending")], "nobody_ready", "bad", "every message to the US fails", None),
        ([bucket("long_code", "GB", mms=False)], "no_us_number", "warn", "No number in the US or Canada", 21703),
        ([CODE], "no_us_number", "warn", "No US number beside the short code", 21703),
        (
            [bucket("long_code", mms=False, registration="registered")],
            "no_mms_sender",
            "warn",
            "messages with media fail",
            21703,
        ),
        ([GOOD, bucket("long_code", "001", mms=False)], "no_country", "warn", "1 number of no country", None),
        (
            [GOOD, bucket("alpha", "NZ", mms=False, address="ACME")],
            "alpha_not_allowed",
            "warn",
            "ACME is meant for New Zealand (NZ)",
            21703,
        ),
        (
            [GOOD, bucket("alpha", "IN", mms=False, address="ACME")],
            "alpha_not_registered",
            "warn",
            "ACME: India (IN) wants",
            30018,
        ),
        (
            [bucket("long_code", registration="registered", count=399)],
            "nearly_full",
            "warn",
            "399 of at most 400",
            21714,
        ),
    ],
)
def test_it_names_what_will_fail_and_the_way_out(
    buckets: list[Bucket], rule: str, tone: str, words: str, code: int | None
) -> None:
    (finding,) = [one for one in found(*buckets) if one.rule == rule]
    assert (finding.tone, finding.code) == (tone, code)
    assert words in finding.text
    assert finding.remedy.endswith(".")
    assert finding.to_dict()["error_code"] == code


@pytest.mark.parametrize(
    "buckets, absent",
    [
        ([bucket("rcs", ""), GOOD], "rcs_only"),
        ([GOOD, bucket("toll_free", registration="verified")], "two_toll_free"),
        ([GOOD, bucket("long_code", registration="pending")], "nobody_ready"),
        ([CODE, bucket("long_code", registration="pending")], "nobody_ready"),
        ([bucket("long_code", "CA", registration="registered")], "no_us_number"),
        ([CODE, GOOD], "no_us_number"),
        ([GOOD, bucket("alpha", "GB", mms=False)], "alpha_not_allowed"),
        ([GOOD, bucket("alpha", "", mms=False)], "alpha_not_allowed"),
        ([GOOD, bucket("alpha", "IN", mms=False, limits="registered:IN")], "alpha_not_registered"),
        ([bucket("long_code", registration="registered", count=359)], "nearly_full"),
        ([bucket("whatsapp", "GB")], "no_mms_sender"),
    ],
)
def test_it_stays_silent_where_nothing_is_wrong(buckets: list[Bucket], absent: str) -> None:
    assert absent not in rules(*buckets)


def test_it_names_up_to_five_senders() -> None:
    many = Bucket(
        BucketKey("toll_free", "US", True, True, "verified", ""),
        1,
        9,
        (),
        tuple(Example(n, f"PN{n}", f"+1888555000{n}", "") for n in range(9)),
    )
    (finding,) = found(GOOD, many)
    assert finding.senders == tuple((f"PN{n}", f"+1888555000{n}") for n in range(5))


@pytest.mark.django_db
def test_regions_that_changed_since_an_rcs_sender_joined_are_told() -> None:
    world = world_of(US, RCS)
    service = world.fresh()
    assert [one.rule for one in lint.of_service(service)] == []
    actions.update_sender(sender=world.senders["r"], actor=ACTOR, approved_regions=["US", "GB"])
    (finding,) = lint.of_service(world.fresh())
    assert (finding.rule, finding.senders[0][1]) == ("frozen_regions", "rcs:acme_agent")


def statements(world: World) -> int:
    service = world.fresh()
    with CaptureQueriesContext(connection) as asked:
        lint.of_service(service)
    return len(asked)


@pytest.mark.django_db
def test_the_worst_comes_first_and_the_size_of_the_pool_costs_nothing() -> None:
    un = [sender(f"un{n}", "long_code", f"+1206555{n:04}", "US", registration="unregistered") for n in range(30)]
    world = world_of(un[0])
    assert [one.tone for one in lint.of_service(world.fresh())] == ["bad", "warn"]
    assert statements(world) == statements(world_of(*un[1:]))
