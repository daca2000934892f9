"""The Scaler: spread the load evenly over the members of the group that is left, and break ties. Pure."""

from dataclasses import dataclass
from datetime import datetime

from msgconsole.explain import MOST_EXAMPLES, MOST_KEPT, Elimination, Step
from senders.selection.order import SCALER, SCALER_QUESTION, TIE_BREAK, TIE_BREAK_QUESTION
from senders.selection.reasons import Reason, count
from senders.selection.types import MOST_RANKED, NEVER, Candidate

Load = tuple[bool, int, int, int, datetime]
_ONE_LEFT = "only one is left"


def load(candidate: Candidate, *, sticky: bool) -> Load:
    """How busy a sender is; less comes first.

    With Sticky Sender: 1. conversations (mappings), 2. messages waiting, 3. messages sent, 4. last used (never used
    first, then the longest ago). Without it mappings mean nothing and the order starts at 2. Who is busy in a what-if
    comes after all others.
    """
    return (
        candidate.busy,
        candidate.mapping_count if sticky else 0,
        candidate.queued_count,
        candidate.sent_count,
        candidate.last_used_at,
    )


def sort_key(candidate: Candidate, *, sticky: bool) -> tuple[Load, int]:
    """Load, then the order in which members were added. The only comparison of members there is."""
    return load(candidate, sticky=sticky), candidate.added_order


@dataclass(frozen=True, slots=True)
class Balance:
    """The members in order, the two steps that led to the first of them, and its evidence."""

    ranked: tuple[Candidate, ...]
    steps: tuple[Step, Step]
    rule: str | None
    evidence: str


def balance(members: tuple[Candidate, ...], group: int, *, sticky: bool, decides: bool = True) -> Balance:
    """Rank the fetched members of a group of ``group`` (of a large group, the best ten were fetched).

    ``decides`` is False when a later rule will have the last word.
    """
    ranked = tuple(sorted(members, key=lambda member: sort_key(member, sticky=sticky)))[:MOST_RANKED]
    first = ranked[0]
    if group == 1:
        return Balance(ranked, _ONE, None, "")
    best = load(first, sticky=sticky)
    level = next(
        (at for at, member in enumerate(ranked) if load(member, sticky=sticky) != best),
        len(ranked),
    )
    evidence = ""
    busier, behind = len(ranked) - level, group - len(ranked)
    gone: list[Elimination] = []
    if busier:
        detail, evidence = _difference(first, ranked[level], sticky=sticky)
        examples = tuple(member.address for member in ranked[level : level + MOST_EXAMPLES])
        gone.append(Elimination(Reason.MORE_LOAD, detail, busier, examples))
    if behind:
        gone.append(Elimination(Reason.RANKED_BEHIND, f"it ranks behind the {len(ranked)} best", behind))
    kept = tuple(member.address for member in ranked[:level][:MOST_KEPT])
    scaler = Step(SCALER, SCALER_QUESTION, "applied", group, level, kept, tuple(gone), decided=decides and level == 1)
    if level == 1:
        return Balance(ranked, (scaler, _no_tie("the scaler left one")), SCALER, evidence)
    later = tuple(member.address for member in ranked[1:level][:MOST_EXAMPLES])
    tie = Step(
        TIE_BREAK,
        TIE_BREAK_QUESTION,
        "applied",
        level,
        1,
        (first.address,),
        (Elimination(Reason.ADDED_LATER, "it has the same load and was added later", level - 1, later),),
        decided=decides,
    )
    return Balance(ranked, (scaler, tie), TIE_BREAK, "has no more load than any other and was added first")


def _no_tie(note: str) -> Step:
    return Step(TIE_BREAK, TIE_BREAK_QUESTION, "not_applicable", 1, 1, note=note)


_ONE = (Step(SCALER, SCALER_QUESTION, "not_applicable", 1, 1, note=_ONE_LEFT), _no_tie(_ONE_LEFT))


def _difference(less: Candidate, more: Candidate, *, sticky: bool) -> tuple[str, str]:
    """The first figure in which two members differ: against the busier one, and for the other."""
    if less.busy != more.busy:
        return "it is taken to be busy with other messages", "is not busy"
    if sticky and less.mapping_count != more.mapping_count:
        a, b = less.mapping_count, more.mapping_count
        return (
            f"it has {count(b, 'conversation')}, the one taken {a:,}",
            f"has the fewest conversations ({a:,})",
        )
    if less.queued_count != more.queued_count:
        a, b = less.queued_count, more.queued_count
        return (
            f"it has {count(b, 'message')} waiting, the one taken {a:,}",
            f"has the fewest messages waiting ({a:,})",
        )
    if less.sent_count != more.sent_count:
        a, b = less.sent_count, more.sent_count
        return f"it has sent {count(b, 'message')}, the one taken {a:,}", f"has sent the fewest messages ({a:,})"
    never = less.last_used_at == NEVER
    used = "never" if never else f"at {less.last_used_at:%Y-%m-%d %H:%M:%S}"
    return (
        f"it was last used at {more.last_used_at:%Y-%m-%d %H:%M:%S} UTC, the one taken {used}",
        "has never been used" if never else "has not been used for the longest time",
    )
