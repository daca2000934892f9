"""What the policy comes to for a kind of request: the plan. Pure.

A plan depends on the pool's summary, the switches and the *class* of the request (country, area code, channel, media,
carrier, …), never on load or on the recipient's mapping. So it is remembered: after the first message of a class, a
choice costs the same for a pool of ten and of a hundred thousand.
"""

from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from msgconsole.explain import MOST_KEPT, Step, mark_decided
from msgconsole.numbering import countries
from senders.selection.context import (
    Cells,
    Context,
    Stage,
    StageResult,
    eliminations,
    has_country,
)
from senders.selection.order import AFTER_STICKY, BEFORE_STICKY, SETTLED_BY, WITHOUT_MAPPING
from senders.selection.reasons import CHANNEL_WORDS, count
from senders.selection.stages import named
from senders.selection.summary import BucketKey, Cell, PoolSummary, labels, size
from senders.selection.types import Candidate, Policy, Probe, SelectionRequest


@dataclass(frozen=True, slots=True)
class Fate:
    """The first rule that eliminated a sender, and the sentence for it."""

    stage: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the buckets alone decide.

    ``before`` and ``after`` are the steps around the sticky stage, built once and shared by every decision.
    ``eligible`` are the buckets left at that stage: a mapping holds if its sender is in one of them. ``rule`` named the
    group of ``size`` senders that is left at the end, and ``probes`` say where to find them; ``unready``: none of them
    has the registration it needs. ``rcs_passed``: the pool has an RCS sender, but the device cannot do RCS.
    """

    context: Context
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    eligible: frozenset[BucketKey]
    eligible_size: int
    eligible_labels: tuple[str, ...]
    reads_mapping: bool
    rule: str
    because: str
    size: int
    unready: bool
    named: Candidate | None
    error: tuple[int, str] | None
    rcs_passed: bool
    probes: tuple[Probe, ...]

    def fate(self, key: BucketKey, area_code: str) -> Fate | None:
        """Why members of a bucket with an area code are out; None for those in the group that is left.

        Walks the stages again: rarely asked, and remembering it for every bucket would make plans large.
        """
        run = _walk(replace(self.context, fates=True))
        run.through(AFTER_STICKY)
        return run.fates.get((key, None)) or run.fates.get((key, area_code))


class _Run:
    """One walk down the stages. Kept out of sight: what it leaves is a Plan."""

    def __init__(self, ctx: Context, cells: Cells) -> None:
        self.ctx, self.cells, self.left = ctx, cells, size(cells)
        self.steps: list[Step] = []
        self.fates: dict[tuple[BucketKey, str | None], Fate] = {}
        self.rule, self.because = "", ""
        self.unready = False
        self.named: Candidate | None = None
        self.error: tuple[int, str] | None = None
        self.rcs_passed = False

    def through(self, stages: tuple[Stage, ...]) -> None:
        for stage in stages:
            if self.error is not None:
                return
            if self.ctx.request.channel not in stage.channels:
                note = f"not for {CHANNEL_WORDS[self.ctx.request.channel]}"
                self._add(Step(stage.name, stage.question, "not_applicable", self.left, self.left, note=note))
            elif self.ctx.settled not in stage.when:
                settled = self.ctx.settled or "country_match"
                note = SETTLED_BY[settled] if self.ctx.settled else "no sender of the country"
                self._add(
                    Step(
                        stage.name,
                        stage.question,
                        "not_applicable",
                        self.left,
                        self.left,
                        note=note,
                        setting=stage.setting,
                    )
                )
            else:
                self._ask(stage)

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        self.left = step.after

    def _ask(self, stage: Stage) -> None:
        result = stage.run(self.ctx, self.cells)
        if self.ctx.fates:
            for cell, reason, detail in result.out:
                self.fates[cell.bucket.key, cell.area_code] = Fate(stage.name, reason, detail)
        self.cells = result.kept
        self._add(
            Step(
                stage.name,
                stage.question,
                result.verdict,
                self.left,
                size(result.kept),
                labels(result.kept, MOST_KEPT) if result.verdict == "applied" else (),
                eliminations(result.out) if result.told is None else result.told,
                result.note,
                setting=stage.setting,
            )
        )
        self._conclude(stage, result)

    def _conclude(self, stage: Stage, result: StageResult) -> None:
        self.unready = self.unready or result.unready
        if stage.name == "rcs" and result.verdict == "applied":
            self.rcs_passed = not result.settles
        if result.settles:
            self.ctx = replace(self.ctx, settled=stage.name)
            self.rule, self.because, self.named = stage.name, result.because, result.named
        if result.error is not None:
            self.error, self.rule = result.error, result.deciding or stage.name
            self.steps[-1] = replace(self.steps[-1], decided=True)
        elif not self.cells and result.out:
            self._nobody_left()

    def _nobody_left(self) -> None:
        self.rule = "no_sender"
        total = self.steps[0].before
        told = [f"{gone.count:,}: {gone.detail}" for step in self.steps for gone in step.eliminated]
        more = f"; and {len(told) - 4} more reasons" if len(told) > 4 else ""
        sentence = f"0 of {count(total, 'sender')} can send this message. {'; '.join(told[:4])}{more}."
        self.error = (21703, sentence)
        question = "Is there a sender left?"
        self._add(Step("no_sender", question, "applied", 0, 0, note="nobody is left", decided=True))


def _context(request: SelectionRequest, policy: Policy, summary: PoolSummary) -> Context:
    needs_mms = request.media and request.channel == "sms" and request.country in policy.mms_countries
    as_link = request.media and request.channel == "sms" and not needs_mms
    country = request.country
    like = countries.matching_country(country) if country else country
    if like != country and not has_country(summary, country, needs_mms=needs_mms):
        country = like  # a US territory without a sender of its own
    return Context(request, policy, summary, country, needs_mms, as_link)


def _walk(ctx: Context) -> _Run:
    """The stages up to the sticky one, from the start."""
    request = ctx.request
    cells = tuple(Cell(bucket, None, bucket.count) for bucket in ctx.summary.buckets if bucket.count)
    for outsider in (request.from_sender, request.fallback_sender):
        if outsider is not None and outsider.member_id is None:
            cells += (named.alone(outsider),)
    run = _Run(replace(ctx, settled=None), cells)
    run.through(BEFORE_STICKY)
    return run


def make_plan(request: SelectionRequest, policy: Policy, summary: PoolSummary) -> Plan:
    """Walk every stage with the pool's buckets."""
    run = _walk(_context(request, policy, summary))
    before, run.steps = tuple(run.steps), []
    eligible = run.cells
    reads = (
        policy.sticky_sender
        and run.ctx.settled not in WITHOUT_MAPPING
        and (run.error is None or run.rule == "no_sender")
    )
    run.through(AFTER_STICKY)
    after = tuple(run.steps)
    left = size(run.cells)
    if run.error is None and left == 1 and not run.unready:
        # With one left, the rule that named the group has decided; with more, that is for the scaler.
        before, after = mark_decided(before, run.rule), mark_decided(after, run.rule)
    return Plan(
        context=run.ctx,
        before=before,
        after=after,
        eligible=frozenset(cell.bucket.key for cell in eligible),
        eligible_size=size(eligible),
        eligible_labels=labels(eligible, MOST_KEPT),
        reads_mapping=reads,
        rule=run.rule,
        because=run.because,
        size=left,
        unready=run.unready,
        named=run.named,
        error=run.error,
        rcs_passed=run.rcs_passed,
        probes=()
        if run.error is not None or run.named is not None
        else tuple(Probe(cell.bucket.id, cell.bucket.key, cell.area_code) for cell in run.cells),
    )


MOST_PLANS: Final = 4096  # those not used for the longest time go first
_plans: "OrderedDict[Hashable, Plan]" = OrderedDict()
_lock = Lock()


def plan_for(request: SelectionRequest, policy: Policy, summary: PoolSummary) -> Plan:
    """The plan for a request; remembered under everything it depends on.

    Requests that name a sender, and those of people who opted out, are rare and single: worked out each time. A
    remembered plan serves many recipients, so it is made from a request without one: no sentence can name the first.
    """
    if not summary.memo_key or request.names_sender or request.opted_out:
        return make_plan(request, policy, summary)
    recipient = request.recipient
    key = (
        summary.memo_key,
        policy,
        request.channel,
        request.country,
        request.area_code,
        request.media,
        recipient.carrier,
        recipient.rcs,
        recipient.line_type == "landline",
        request.force_delivery,
    )
    plan = _plans.get(key)
    if plan is not None:
        with suppress(KeyError):  # it may have gone this very moment
            _plans.move_to_end(key)
    else:
        plan = make_plan(replace(request, to="", address="", opt_out_detail=None), policy, summary)
        with _lock:
            _plans[key] = plan
            if len(_plans) > MOST_PLANS:
                _plans.popitem(last=False)
    return plan


def forget_plans() -> None:
    """For tests that measure the first message of a class."""
    with _lock:
        _plans.clear()
