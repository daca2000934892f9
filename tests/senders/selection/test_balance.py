from datetime import timedelta
from typing import Any

from senders.selection.stages.balance import balance
from senders.selection.types import MOST_RANKED, Candidate
from tests.senders.selection.harness import START, US, decide, pool, sender

US_TO = "+14155550123"


def member(number: int, **load: Any) -> Candidate:
    return Candidate(number, number, f"PN{number}", "long_code", f"+1206555{number:04d}", added_order=number, **load)


def order(*members: Candidate, sticky: bool = True) -> list[int | None]:
    return [one.member_id for one in balance(members, len(members), sticky=sticky).ranked]


def test_conversations_come_first_then_waiting_then_sent_then_last_used() -> None:
    assert order(
        member(1, mapping_count=1),
        member(2, queued_count=1),
        member(3, sent_count=1),
        member(4, last_used_at=START),
        member(5),
    ) == [5, 4, 3, 2, 1]


def test_without_sticky_sender_conversations_mean_nothing() -> None:
    assert order(member(1, queued_count=1), member(2, mapping_count=9), sticky=False) == [2, 1]


def test_the_one_used_longest_ago_goes_first_and_a_never_used_one_before_it() -> None:
    later = START + timedelta(seconds=1)
    assert order(member(1, last_used_at=later), member(2, last_used_at=START), member(3)) == [3, 2, 1]


def test_full_equality_is_told_as_a_tie_that_age_breaks() -> None:
    found = balance((member(2), member(1), member(3, sent_count=1)), 3, sticky=True)
    scaler, tie = found.steps
    assert (found.rule, scaler.before, scaler.after, tie.after) == ("tie_break", 3, 2, 1)
    assert tie.decided
    assert not scaler.decided


def test_members_beyond_those_fetched_are_counted_as_behind() -> None:
    members = tuple(member(number) for number in range(1, MOST_RANKED + 1))
    scaler = balance(members, 5000, sticky=True).steps[0]
    assert (scaler.before, scaler.after) == (5000, MOST_RANKED)
    assert [(gone.reason, gone.count) for gone in scaler.eliminated] == [("ranked_behind", 5000 - MOST_RANKED)]


def test_the_evidence_names_the_figure_that_decided() -> None:
    other = sender("o", "long_code", "+12065550101", "US")
    country = "it is a number of the recipient's country, United States (US) and has"
    busy = decide(pool(US | {"queued": 7}, other | {"queued": 2}), US_TO)
    assert busy.because == f"{country} the fewest messages waiting (2)"
    sent = decide(pool(US | {"sent": 1}, other), US_TO)
    assert sent.because == f"{country} sent the fewest messages (0)"
    level = decide(pool(US, other), US_TO)
    assert level.because == f"{country} no more load than any other and was added first"
