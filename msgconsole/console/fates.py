"""Why not this one? Every sender of a pool beside the rule that passed it over, those that came closest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgconsole.console import registration_links
from senders.selection.decision import Decision
from senders.selection.fate import fate_of
from senders.selection.summary import Bucket, Example, PoolSummary
from senders.selection.types import Candidate

MOST_SENDERS = 50


@dataclass(frozen=True, slots=True)
class SenderFate:
    """``step`` is the number of the step that passed the sender over, 0 for none; ``detail`` a sentence.

    ``remedy``: (label, address) of what would mend it, where that is a registration; else two empty texts.
    """

    sender: Candidate
    chosen: bool
    stage: str
    step: int
    question: str
    detail: str
    remedy: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fates:
    lines: tuple[SenderFate, ...]
    more: int


def fates_of(decision: Decision, summary: PoolSummary, known: Sequence[Candidate] | None = None) -> Fates | None:
    """What became of up to 50 senders; ``summary`` is the pool's of the decision's time. None for an empty pool.

    ``known``: the pool's members where the caller has them all; without it the summary's examples stand for them.
    """
    members = known or [candidate_of(bucket, example) for bucket in summary.buckets for example in bucket.examples]
    if not members:
        return None
    numbers = {step.stage: (number, step.question) for number, step in enumerate(decision.steps, 1)}
    lines = [_line(decision, summary, member, numbers) for member in members[:MOST_SENDERS]]
    lines.sort(key=lambda line: (not line.chosen, -line.step))
    return Fates(tuple(lines), summary.total - len(lines))


def candidate_of(bucket: Bucket, member: Example) -> Candidate:
    """A member as it was: what rules look at is in its bucket, and its load is in the decision where it mattered."""
    return Candidate(sender_id=None, **member._asdict(), **bucket.key._asdict())


def _line(
    decision: Decision, summary: PoolSummary, sender: Candidate, numbers: dict[str, tuple[int, str]]
) -> SenderFate:
    fate = fate_of(decision, summary, sender)
    chosen = decision.sender is not None and decision.sender.member_id == sender.member_id
    step, question = numbers.get(fate.stage, (0, ""))
    standing = registration_links.STANDING_BY_REASON.get(str(fate.reason), "")
    remedy = registration_links.next_step(standing, decision.policy.service_sid, sender.sid)
    return SenderFate(sender, chosen, fate.stage, step, question, fate.detail, remedy)
