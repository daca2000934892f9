"""Decide: ``select(request, policy, pool) -> Decision``. Pure: same inputs, same answer, for ever.

The policy, stage by stage, is in ``plan.py``; here the plan meets what was fetched: the recipient's mapping and the
load of the members in the group that is left.
"""

from dataclasses import dataclass, replace
from typing import Final

from msgconsole.explain import MOST_KEPT, Step
from msgconsole.numbering import sender_rules
from senders.selection import limits
from senders.selection.decision import Decision, Outcome, Rcs
from senders.selection.order import RULES_VERSION, SKIPPED_AFTER_STICKY, STICKY
from senders.selection.plan import Plan, plan_for
from senders.selection.reasons import unready
from senders.selection.stages.balance import balance
from senders.selection.stages.named import StalePool
from senders.selection.stages.sticky import NO_CHANGE, Judgement, MappingChange, judge
from senders.selection.summary import ALPHA, RCS
from senders.selection.types import MOST_RANKED, Candidate, Policy, Pool, Probe, SelectionRequest

COMPLIANCE: Final = "compliance"
COMPLIANCE_QUESTION: Final = "Will the carriers accept it from this sender?"
NOT_IN_POOL: Final = 21711
PRE_REGISTRATION: Final = 30018
MOST_PROBES: Final = 20  # as many as a decision names


@dataclass(frozen=True, slots=True)
class _Answer:
    """The part of a decision that differs from one way of deciding to the next."""

    outcome: Outcome
    stage: str
    because: str
    steps: tuple[Step, ...]
    mapping: MappingChange
    sender: Candidate | None = None
    ranked: tuple[Candidate, ...] = ()
    probes: tuple[Probe, ...] = ()
    group_size: int = 0
    error_code: int | None = None
    error_detail: str = ""


def select(request: SelectionRequest, policy: Policy, pool: Pool) -> Decision:
    """Choose. Raises ``StalePool`` when what was fetched does not fit the summary: fetch again and call again."""
    plan = plan_for(request, policy, pool.summary)
    judged = judge(plan, policy, pool)
    if judged.usual is not None:
        answer = _by_mapping(plan, judged, judged.usual)
    elif plan.error is not None:
        answer = _refused(plan, judged, *plan.error)
    else:
        answer = _by_rank(plan, judged, policy, pool)
    sender = answer.sender
    return Decision(
        outcome=answer.outcome,
        sender=sender,
        error_code=answer.error_code,
        error_detail=answer.error_detail,
        warnings=_warnings(request, plan, sender),
        deciding_stage=answer.stage,
        because=answer.because,
        steps=answer.steps,
        ranked=answer.ranked,
        probes=answer.probes,
        group_size=answer.group_size,
        rcs=_rcs(plan, sender),
        channel_used=_channel_used(request, plan, sender),
        media_as_link=plan.context.as_link and (sender is None or sender.kind != RCS),
        mapping=answer.mapping,
        request=request,
        policy=policy,
        found=pool.mapping if plan.reads_mapping else None,
        rules_version=RULES_VERSION,
        config_version=pool.summary.config_version,
    )


def _by_mapping(plan: Plan, judged: Judgement, usual: Candidate) -> _Answer:
    return _Answer(
        outcome="chosen",
        stage=STICKY,
        because=judged.because,
        steps=(*plan.before, judged.step, *SKIPPED_AFTER_STICKY),
        mapping=judged.change,
        sender=usual,
        ranked=(usual,),
        group_size=1,
    )


def _refused(plan: Plan, judged: Judgement, code: int, detail: str) -> _Answer:
    return _Answer(
        outcome="refused",
        stage=plan.rule,
        because=detail,
        steps=plan.before + plan.after,
        mapping=_unfulfilled(judged.change),
        error_code=code,
        error_detail=detail,
    )


def _by_rank(plan: Plan, judged: Judgement, policy: Policy, pool: Pool) -> _Answer:
    members = (plan.named,) if plan.named is not None else pool.ranked
    if len(members) < min(plan.size, MOST_RANKED):
        raise StalePool(f"{plan.size} members were expected, {len(members)} were found")
    balanced = balance(members, plan.size, sticky=policy.sticky_sender, decides=not plan.unready)
    sender = balanced.ranked[0]
    steps = (*plan.before, judged.step, *_naming(plan, balanced.ranked), *balanced.steps)
    answer = _Answer(
        outcome="chosen",
        stage=balanced.rule or plan.rule,
        because=f"{plan.because} and {balanced.evidence}" if balanced.evidence else plan.because,
        steps=steps,
        mapping=judged.change,
        sender=sender,
        ranked=balanced.ranked,
        probes=plan.probes[:MOST_PROBES],
        group_size=plan.size,
    )
    return _failing(answer, sender) if plan.unready else answer


def _naming(plan: Plan, ranked: tuple[Candidate, ...]) -> tuple[Step, ...]:
    """The steps after the sticky one; the last group is named by its ranked members where examples fell short."""
    for at in range(len(plan.after) - 1, -1, -1):
        step = plan.after[at]
        if step.verdict == "applied":
            if len(step.kept) < min(MOST_KEPT, step.after) and step.after == plan.size:
                named = replace(step, kept=tuple(member.address for member in ranked))
                return (*plan.after[:at], named, *plan.after[at + 1 :])
            break
    return plan.after


def _failing(answer: _Answer, sender: Candidate) -> _Answer:
    """No sender has the registration it needs: this one is named, and the message fails."""
    code, _, words = unready(sender.kind, sender.registration)
    detail = f"The message fails: {sender.address} {words}."
    last = Step(COMPLIANCE, COMPLIANCE_QUESTION, "applied", 1, 1, (sender.address,), note=detail, decided=True)
    return replace(
        answer,
        outcome="chosen_but_fails",
        stage=COMPLIANCE,
        steps=(*answer.steps, last),
        mapping=_unfulfilled(answer.mapping),
        error_code=code,
        error_detail=detail,
    )


def _unfulfilled(change: MappingChange) -> MappingChange:
    """A message that fails stores no mapping; one that did not hold goes all the same."""
    return replace(change, action="delete") if change.action == "replace" else NO_CHANGE


def _warnings(request: SelectionRequest, plan: Plan, sender: Candidate | None) -> tuple[int, ...]:
    if sender is None:
        return ()
    found: tuple[int, ...] = ()
    if plan.rule == "explicit_from" and sender.member_id is None:
        found = (NOT_IN_POOL,)
    if (
        sender.kind == ALPHA
        and sender_rules.alpha_class(request.country) == "pre_registration"
        and request.country not in limits.registered_countries(sender.limits)
    ):
        found += (PRE_REGISTRATION,)
    return found


def _rcs(plan: Plan, sender: Candidate | None) -> Rcs | None:
    if sender is not None and sender.kind == RCS:
        return "delivered"
    return "not_capable" if plan.rcs_passed else None


def _channel_used(request: SelectionRequest, plan: Plan, sender: Candidate | None) -> str:
    if sender is not None and sender.kind == RCS:
        return "rcs"
    return "mms" if plan.context.needs_mms else request.channel
