import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msgconsole import explain
from msgconsole.explain import BrokenExplanation, Elimination, Step


@st.composite
def chains(draw: st.DrawFn) -> tuple[Step, ...]:
    left, steps = draw(st.integers(0, 1000)), []
    for number in range(draw(st.integers(1, 6))):
        counts = draw(st.lists(st.integers(1, 50), max_size=3))
        before = left
        gone = []
        for count in counts:
            if count <= left:
                examples = tuple(f"+1206555{n:04d}" for n in range(min(5, count)))
                gone.append(Elimination("reason", draw(st.text(max_size=20)), count, examples))
                left -= count
        kept = tuple(str(n) for n in range(draw(st.integers(0, min(20, left)))))
        steps.append(Step(f"stage{number}", "Who?", "applied", before, left, kept, tuple(gone), decided=not left))
    return tuple(steps)


@given(chains())
def test_steps_come_back_from_json_as_they_were(steps: tuple[Step, ...]) -> None:
    explain.check_chain(steps)
    assert [Step.from_dict(json.loads(json.dumps(step.to_dict()))) for step in steps] == list(steps)


def test_what_goes_in_comes_out_or_is_accounted_for() -> None:
    with pytest.raises(BrokenExplanation, match="3 in, 1 out"):
        Step("stage", "Who?", "applied", 3, 1, ("a",), (Elimination("reason", "because", 1),))


def test_no_more_are_named_than_are_left() -> None:
    with pytest.raises(BrokenExplanation):
        Step("stage", "Who?", "applied", 1, 1, ("a", "b"))


def test_at_most_twenty_are_named() -> None:
    with pytest.raises(BrokenExplanation):
        Step("stage", "Who?", "applied", 30, 30, tuple(str(n) for n in range(21)))


def test_a_verdict_is_one_of_three() -> None:
    with pytest.raises(BrokenExplanation):
        Step("stage", "Who?", "maybe", 1, 1)  # type: ignore[arg-type] # wrong: it must fail


@pytest.mark.parametrize(("count", "examples"), [(0, ()), (1, ("a", "b")), (9, tuple("abcdef"))])
def test_an_elimination_counts_somebody_and_names_five_at_most(count: int, examples: tuple[str, ...]) -> None:
    with pytest.raises(BrokenExplanation):
        Elimination("reason", "because", count, examples)


def test_a_step_starts_where_the_last_one_ended() -> None:
    first = Step("one", "Who?", "applied", 2, 2)
    with pytest.raises(BrokenExplanation, match="one left 2, two starts with 1"):
        explain.check_chain([first, Step("two", "Who?", "applied", 1, 1)])


def test_the_deciding_step_is_marked_by_name() -> None:
    steps = (Step("one", "Who?", "applied", 1, 1), Step("two", "Who?", "applied", 1, 1))
    assert [step.decided for step in explain.mark_decided(steps, "two")] == [False, True]
