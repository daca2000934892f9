"""Why not this one? The first rule that eliminated any given sender of the pool. Pure."""

from senders.selection.decision import Decision
from senders.selection.engine import COMPLIANCE
from senders.selection.order import SCALER, STICKY, TIE_BREAK
from senders.selection.plan import Fate, plan_for
from senders.selection.reasons import Reason
from senders.selection.stages.balance import balance
from senders.selection.summary import PoolSummary
from senders.selection.types import Candidate


def fate_of(decision: Decision, summary: PoolSummary, candidate: Candidate) -> Fate:
    """What became of a sender in a decision; ``summary`` is the pool's of that time.

    Works for every member, named in the decision or not: what a rule looks at is in its bucket and area code.
    """
    if decision.sender is not None and _same(decision.sender, candidate):
        reason = "fails" if decision.deciding_stage == COMPLIANCE else "chosen"
        return Fate(decision.deciding_stage, reason, decision.sentence)
    plan = plan_for(decision.request, decision.policy, summary)
    fate = plan.fate(candidate.bucket_key, candidate.area_code)
    early = {step.stage for step in plan.before}
    if decision.deciding_stage == STICKY and decision.sender is not None:
        if fate is not None and fate.stage in early:
            return fate
        detail = f"the recipient's usual sender is {decision.sender.address}"
        return Fate(STICKY, Reason.NOT_THE_USUAL, detail)
    if plan.named is not None and (fate is None or candidate.bucket_key == plan.named.bucket_key):
        given = decision.request.from_address or decision.request.fallback_from
        return Fate(plan.rule, Reason.NOT_NAMED, f"the request names {given}")
    if fate is not None:
        return fate
    return _ranked_lower(decision, candidate)


def _ranked_lower(decision: Decision, candidate: Candidate) -> Fate:
    """It is in the group that is left: load or order decided against it."""
    sender = decision.sender
    if sender is None:
        return Fate(decision.deciding_stage, Reason.RANKED_BEHIND, "nobody was chosen")
    known = next((one for one in decision.ranked if _same(one, candidate)), None)
    if known is None:
        detail = f"ranked lower: it is not among the {len(decision.ranked)} with the least load"
        return Fate(SCALER, Reason.RANKED_BEHIND, detail)
    pair = balance((sender, known), 2, sticky=decision.policy.sticky_sender)
    if not _same(pair.ranked[0], sender):
        # The first in rank was busy with another message when the sender was reserved.
        return Fate("reserve", Reason.RANKED_BEHIND, "it was busy with another message at that moment")
    gone = next(gone for step in reversed(pair.steps) for gone in step.eliminated)
    stage = TIE_BREAK if pair.rule == TIE_BREAK else SCALER
    return Fate(stage, gone.reason, f"ranked lower: {gone.detail}")


def _same(one: Candidate, other: Candidate) -> bool:
    if one.member_id is None or other.member_id is None:
        return one.sid == other.sid
    return one.member_id == other.member_id
