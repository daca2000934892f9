from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from senders.selection import plan as plans
from senders.selection.engine import select
from senders.selection.order import RULES_VERSION, STAGES
from senders.selection.plan import forget_plans, plan_for
from senders.selection.probes import ask, probes
from senders.selection.types import Pool
from tests.senders.selection.harness import GB, RCS, US, US_415, decide, pool, sender

US_TO, OTHER_US_TO, GB_TO = "+14155550123", "+14155550177", "+447400123456"

# The documented names of deciding rules, in the order in which they are asked.
IN_ORDER = [
    "destination",
    "opt_out",
    "pool_empty",
    "explicit_from",
    "rcs",
    "fallback_from",
    "capability",
    "sticky",
    "short_code",
    "alpha_destination",
    "alpha_default",
    "toll_free_priority",
    "country_match",
    "area_code_exact",
    "area_code_overlay",
    "nanp_fallback",
    "us_fallback",
    "any_fallback",
    "scaler",
    "tie_break",
]


def test_the_policy_reads_in_the_documented_order() -> None:
    assert [name for name in STAGES if name in IN_ORDER] == IN_ORDER


def test_every_stage_is_told_whatever_happens() -> None:
    assert [step.stage for step in decide(pool(US, GB), GB_TO).steps] == list(STAGES)


def test_the_rules_version_hangs_on_the_stages() -> None:
    assert RULES_VERSION.startswith("1-")
    assert len(RULES_VERSION) <= 20


def test_requests_of_one_class_share_a_plan_and_others_do_not() -> None:
    made = pool(US, GB)
    made.memo = True
    summary = made.summary()
    first = plan_for(made.request({"to": US_TO}), made.policy, summary)
    assert plan_for(made.request({"to": OTHER_US_TO}), made.policy, summary) is first
    for other in ({"to": GB_TO}, {"to": US_TO, "media": ["x"]}, {"to": US_TO, "recipient": {"carrier": "x"}}):
        assert plan_for(made.request(other), made.policy, summary) is not first
    switched = replace(made.policy, area_code_geomatch=False)
    assert plan_for(made.request({"to": US_TO}), switched, summary) is not first


def test_a_shared_plan_names_no_recipient() -> None:
    forget_plans()
    made = pool(GB)
    made.memo = True
    first = decide(made, US_TO)
    second = decide(made, OTHER_US_TO)
    assert US_TO not in str(first.steps) + first.error_detail
    assert second.request.to == OTHER_US_TO
    landline = {"recipient": {"line_type": "landline"}}
    assert "+493012345678" not in str(decide(pool(US), "+493012345678", **landline).steps)


def test_a_summary_that_is_not_what_is_stored_leaves_no_plan_behind() -> None:
    forget_plans()
    made = pool(US)
    plan_for(made.request({"to": US_TO}), made.policy, made.summary())
    assert not plans._plans


def test_old_plans_give_way() -> None:
    forget_plans()
    made = pool(US)
    made.memo = True
    summary = made.summary()
    request = made.request({"to": US_TO})
    for number in range(plans.MOST_PLANS + 5):
        changed = replace(request, recipient=replace(request.recipient, carrier=str(number)))
        plan_for(changed, made.policy, summary)
    assert len(plans._plans) == plans.MOST_PLANS
    forget_plans()


def test_probes_name_the_winning_part_alone() -> None:
    made = pool(US, US_415, GB)
    (probe,) = probes(made.request({"to": US_TO}), made.policy, made.summary())
    assert (probe.key.country, probe.area_code) == ("US", "415")
    (probe,) = probes(made.request({"to": GB_TO}), made.policy, made.summary())
    assert (probe.key.country, probe.area_code) == ("GB", None)


def test_nothing_is_fetched_for_a_message_that_is_refused_at_once() -> None:
    made = pool(US)
    assert ask(made.request({"to": US_TO, "recipient": {"opted_out": True}}), made.policy, made.summary()).nothing


def test_a_mapping_is_fetched_only_where_it_could_matter() -> None:
    made = pool(US, RCS)
    assert ask(made.request({"to": US_TO}), made.policy, made.summary()).mapping
    over_rcs = made.request({"to": US_TO, "recipient": {"rcs": True}})
    assert not ask(over_rcs, made.policy, made.summary()).mapping
    made.configure({"sticky_sender": False})
    assert not ask(made.request({"to": US_TO}), made.policy, made.summary()).mapping


def test_the_cost_of_a_remembered_choice_does_not_grow_with_the_buckets() -> None:
    """Counted in calls, not in seconds: the second choice must not visit the buckets at all."""
    made = pool(*(sender(f"s{n}", "long_code", f"+999{n:06d}", "GB", registration=f"r{n}") for n in range(300)))
    made.memo = True
    summary = made.summary()
    request = made.request({"to": GB_TO})
    fetched = made.fetch(request, summary)
    select(request, made.policy, fetched)

    class Unvisited(tuple[Any, ...]):
        def __iter__(self) -> Iterator[Any]:
            raise AssertionError("the buckets were visited")

    object.__setattr__(summary, "buckets", Unvisited(summary.buckets))
    assert select(request, made.policy, Pool(summary, fetched.ranked)).sender is not None
