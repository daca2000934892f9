import json
from dataclasses import replace

import pytest

from msgconsole.explain import BrokenExplanation
from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.stages.named import StalePool
from senders.selection.types import Pool
from tests.senders.selection.harness import GB, US, US_415, decide, pool, send

US_TO = "+14155550123"


def test_it_comes_back_from_json_as_it_was() -> None:
    made = pool(US, US_415, GB)
    send(made, US_TO)
    for decision in (decide(made, US_TO), decide(made, US_TO, recipient={"opted_out": True}), decide(pool(), US_TO)):
        assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision


def test_another_schema_is_not_read() -> None:
    data = decide(pool(US), US_TO).to_dict() | {"schema": 99}
    with pytest.raises(ValueError, match="schema 99"):
        Decision.from_dict(data)


def test_the_chosen_must_be_among_the_kept() -> None:
    decision = decide(pool(US, US_415), US_TO)
    with pytest.raises(BrokenExplanation):
        replace(decision, sender=replace(decision.ranked[0], address="+19995550100"))


def test_a_refusal_has_an_error_and_no_sender() -> None:
    decision = decide(pool(US), US_TO)
    with pytest.raises(BrokenExplanation):
        replace(decision, outcome="refused")
    with pytest.raises(BrokenExplanation):
        replace(decision, error_code=30034)


def test_the_sentence_answers_in_one_go() -> None:
    assert decide(pool(US_415), US_TO).sentence == ("+14155550100, because it shares the recipient's area code, 415.")
    assert decide(pool(US | {"registration": "pending"}), US_TO).sentence.endswith(
        "The message fails: +12065550100 is still being configured for its 10DLC campaign."
    )


def test_a_reservation_adds_a_step_and_may_take_another_of_the_ranked() -> None:
    decision = decide(pool(US, US | {"id": "b", "address": "+12065550101"}), US_TO)
    other = decision.reserved(decision.ranked[1], "+12065550100 was busy")
    assert (other.sender, other.steps[-1].stage) == (decision.ranked[1], "reserve")
    assert other.steps[-1].kept == ("+12065550101",)


def test_members_that_left_since_the_summary_are_noticed() -> None:
    made = pool(US)
    request = made.request({"to": US_TO})
    with pytest.raises(StalePool):
        select(request, made.policy, Pool(made.summary(), ()))


def test_it_marks_one_step_as_the_one_that_decided() -> None:
    for made, to in ((pool(US), US_TO), (pool(US, US_415), US_TO), (pool(GB), US_TO), (pool(), US_TO)):
        decision = decide(made, to)
        assert [step.stage for step in decision.steps if step.decided] == [decision.deciding_stage]
