"""What the pages draw of a decision, from decisions of the real engine over pools in memory."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from msgconsole.console.decisions import BAR_UNITS, RULES, draw, rule_words, setting_link
from msgconsole.console.fates import fates_of
from msgconsole.console.registration_links import next_step
from msgconsole.numbering.e164 import NumberingError
from senders.selection.decision import Decision
from senders.selection.order import STAGES
from tests.senders.selection import harness

EXAMPLES = json.loads((Path(harness.__file__).parent / "examples.json").read_text(encoding="utf-8"))["cases"]


def decision_of(case: dict[str, Any]) -> Decision | None:
    made = harness.from_case(case)
    for event in case["history"]:
        harness.play(made, event)
    try:
        return made.decide(made.request(case["request"]))
    except NumberingError:
        return None


DECISIONS = [pytest.param(found, id=case["id"]) for case in EXAMPLES if (found := decision_of(case))]


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def drawn(decision: Decision) -> str:
    html = render_to_string("console/_decision.html", {"drawing": draw(decision.to_dict())})
    assert "style=" not in html
    reader = Text()
    reader.feed(html)
    return " ".join(" ".join(reader.words).split())


@pytest.mark.parametrize("decision", DECISIONS)
def test_it_draws_every_step_with_the_numbers_the_engine_gave(decision: Decision) -> None:
    drawing = draw(decision.to_dict())
    assert [(line.question, line.before, line.after, line.decided) for line in drawing.lines] == [
        (step.question, step.before, step.after, step.decided) for step in decision.steps
    ]
    text = drawn(decision)
    for step in decision.steps:
        assert step.question in text
        for gone in step.eliminated:
            assert " ".join(gone.detail.split()) in text


@pytest.mark.parametrize("decision", DECISIONS)
def test_it_says_the_answer_first_with_its_reason_or_the_way_out(decision: Decision) -> None:
    drawing = draw(decision.to_dict())
    text = drawn(decision)
    if decision.sender is not None:
        assert text.index(f"because {decision.because}") < text.index(decision.steps[0].question)
    if decision.error_code is not None:
        assert drawing.error is not None
        assert drawing.error.remedy
        assert drawing.error.remedy in text
        assert str(decision.error_code) in text
    for warning in drawing.warnings:
        assert warning.title in text


@pytest.mark.parametrize("decision", DECISIONS)
def test_its_rules_and_settings_all_have_words(decision: Decision) -> None:
    assert decision.deciding_stage in RULES
    for step in decision.steps:
        assert step.stage in RULES
        assert step.setting is None or setting_link(step.setting, "MG" + "0" * 32) is not None


def test_every_stage_of_the_engine_has_words() -> None:
    assert set(STAGES) <= set(RULES)


def test_no_two_rules_share_their_words() -> None:
    assert len(set(RULES.values())) == len(RULES)


@pytest.mark.parametrize(
    ("to", "about", "leads_to"),
    [
        ("+14155550123", {"recipient": {"opted_out": True}}, "/opt-out"),
        ("+4915112345678", {}, "/senders"),
        ("+12025550123", {}, ""),
    ],
    ids=["opted out", "nobody reaches", "chosen"],
)
def test_a_refusal_leads_to_where_it_can_be_changed(to: str, about: dict[str, Any], leads_to: str) -> None:
    pool = harness.pool(harness.sender("60012", "short_code", "60012", "US"))
    way_out = draw(harness.decide(pool, to, **about).to_dict()).way_out
    assert (way_out.url if way_out else "").endswith(leads_to)
    assert bool(way_out) == bool(leads_to)


@pytest.mark.parametrize(
    ("kind", "registration", "label", "leads_to"),
    [
        ("long_code", "unregistered", "Register a campaign", "/registrations/campaigns/new?service=MG"),
        ("long_code", "pending", "See the campaign", "/compliance"),
        ("long_code", "suspended", "See the campaign", "/compliance"),
        ("toll_free", "unverified", "Verify this number", "/registrations/toll-free/new?number=unready"),
    ],
)
def test_a_sender_without_registration_leads_to_the_next_step_whether_it_is_passed_over_or_fails(
    kind: str, registration: str, label: str, leads_to: str
) -> None:
    address = "+18885550199" if kind == "toll_free" else "+14155550199"
    unready = harness.sender("unready", kind, address, "US", registration=registration)
    alone = harness.decide(harness.pool(unready), "+14155550123")
    way_out = draw(alone.to_dict()).way_out
    assert way_out is not None
    assert (way_out.label, way_out.step) == (label, True)
    assert leads_to in way_out.url
    pool = harness.pool(unready, harness.sender("ready", "long_code", "+12065550199", "US", registration="registered"))
    decision = harness.decide(pool, "+14155550123")
    fates = fates_of(decision, pool.summary())
    assert fates is not None
    remedies = {line.sender.address: line.remedy for line in fates.lines}
    assert remedies == {address: (label, way_out.url), "+12065550199": ("", "")}


def test_without_a_service_a_registration_begins_at_the_list_of_registrations() -> None:
    assert next_step("unregistered", "") == ("Open registrations", "/registrations")
    link = setting_link("registration", "")
    assert link is not None
    assert link.url == "/registrations"


def test_a_rule_of_another_version_is_shown_as_it_is_named() -> None:
    assert rule_words("moon_phase") == "moon phase"


def test_bars_are_to_scale_and_one_never_looks_like_none() -> None:
    pool = harness.pool(harness.GB, *(_numbered(place) for place in range(400)))
    lines = draw(harness.decide(pool, "+447400123456").to_dict()).lines
    match = next(line for line in lines if line.stage == "country_match")
    assert (match.before, match.after) == (401, 1)
    assert match.bar_in == BAR_UNITS
    assert 2 <= match.bar_out < 5
    refused = draw(harness.decide(harness.pool(), "+447400123456").to_dict())
    assert {line.bar_out for line in refused.lines} == {0}


def test_a_large_group_names_a_few_and_counts_the_rest() -> None:
    pool = harness.pool(harness.GB, *(_numbered(place) for place in range(400)))
    match = next(
        line for line in draw(harness.decide(pool, "+447400123456").to_dict()).lines if line.stage == "country_match"
    )
    assert [(group.count, len(group.examples), group.more) for group in match.groups] == [(400, 5, 395)]
    assert "and 395 more" in drawn(harness.decide(pool, "+447400123456"))


def _numbered(place: int) -> dict[str, Any]:
    return harness.sender(f"de{place}", "long_code", f"+49151{10_000_000 + place}", "DE")


def test_why_not_tells_the_rule_that_passed_each_sender_over_the_closest_first() -> None:
    pool = harness.pool(harness.US, harness.US_415, harness.GB, harness.CA)
    fates = fates_of(harness.decide(pool, "+14155550123"), pool.summary())
    assert fates is not None
    assert [(line.sender.sid, line.chosen, line.stage) for line in fates.lines] == [
        ("us415", True, "area_code_exact"),
        ("us", False, "area_code_exact"),
        ("ca", False, "country_match"),
        ("gb", False, "reachability"),
    ]
    assert fates.lines[3].question == "Which senders reach the recipient?"
    assert fates.more == 0


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in EXAMPLES if decision_of(case)])
def test_why_not_agrees_with_the_counts_of_the_steps(case: dict[str, Any]) -> None:
    decision = decision_of(case)
    assert decision is not None
    made = harness.from_case(case)
    for event in case["history"]:
        harness.play(made, event)
    fates = fates_of(decision, made.summary())
    if fates is None:
        assert not made.members
        return
    assert len(fates.lines) + fates.more == len(made.members)
    chosen = [line.sender.address for line in fates.lines if line.chosen]
    in_pool = decision.sender is not None and decision.sender.member_id is not None
    assert chosen == ([decision.sender.address] if in_pool and decision.sender else [])
    assert all(line.detail for line in fates.lines)
    told = [line.stage for line in fates.lines if not line.chosen]
    for step in decision.steps:
        if not step.decided:
            assert told.count(step.stage) == sum(gone.count for gone in step.eliminated), step.stage


def test_why_not_stays_short_for_a_large_pool() -> None:
    pool = harness.pool(harness.GB, *(_numbered(place) for place in range(100)))
    fates = fates_of(harness.decide(pool, "+447400123456"), pool.summary())
    assert fates is not None
    assert (len(fates.lines), fates.more) == (21, 80)
