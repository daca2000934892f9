"""Ask: what must be fetched to decide a request. Pure."""

from dataclasses import dataclass

from senders.selection.plan import plan_for
from senders.selection.summary import PoolSummary
from senders.selection.types import Policy, Probe, SelectionRequest


@dataclass(frozen=True, slots=True)
class Ask:
    """``members``: where events may have moved the recipient's mapping to. Nothing to fetch at all is possible."""

    probes: tuple[Probe, ...]
    mapping: bool
    members: tuple[int, ...]

    @property
    def nothing(self) -> bool:
        return not self.probes and not self.mapping


def probes(request: SelectionRequest, policy: Policy, summary: PoolSummary) -> tuple[Probe, ...]:
    """The parts of the pool whose members must be ranked; none when no member will be, or one was named."""
    return plan_for(request, policy, summary).probes


def ask(request: SelectionRequest, policy: Policy, summary: PoolSummary) -> Ask:
    plan = plan_for(request, policy, summary)
    members: tuple[int, ...] = ()
    if plan.reads_mapping and request.channel == "sms" and summary.events:
        found = {event.member_id for event in summary.events_of(plan.context.country)}
        members = tuple(sorted(member for member in found if member is not None))
    return Ask(plan.probes, plan.reads_mapping, members)
