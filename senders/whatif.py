"""What if, and why not: questions about a Service's pool under changes that are never made. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from msgconsole.error_codes import Refused
from msgconsole.numbering.e164 import NumberingError, parse_sender_address
from senders import choosing, pool
from senders.fetch import candidates, fetch
from senders.lookup import candidate_of, stored_address
from senders.models import PoolMember, Sender
from senders.selection import limits
from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.fate import fate_of
from senders.selection.overrides import Overrides
from senders.selection.plan import Fate
from senders.selection.stages.named import StalePool
from senders.selection.types import Candidate, SelectionRequest
from senders.selection.whatif import WhatIf, apply
from senders.selection.whynot import SmallestChange, Tried, smallest_change
from services.models import MessagingService

NOT_IN_POOL: Final = "not_in_pool"
NOTHING: Final = Overrides()


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision under overrides, with the inputs as they were changed."""

    decision: Decision
    asked: WhatIf


def preview(*, service: MessagingService, request: SelectionRequest, overrides: Overrides) -> Answer:
    """What a send would do if things were as ``overrides`` say. Raises ``Refused`` 20001 for a sender it names."""
    for _ in range(choosing.ATTEMPTS):
        summary = pool.summary_of(service)
        if summary.config_version != service.config_version:
            choosing.reread(service)
        named = _named(service, overrides.named)
        try:
            changed = apply(overrides, request, choosing.policy_for(service), summary, named)
            asked = changed.asked()
            ranked, mapping, version = fetch(
                service.pk,
                request.channel,
                request.address,
                changed.fetchable(asked),
                keys={**summary.keys, **changed.summary.keys},
                sticky=changed.policy.sticky_sender,
                without=changed.without,
            )
            if version == summary.config_version:
                decision = select(changed.request, changed.policy, changed.pool(asked, ranked, mapping))
                return Answer(decision, changed)
        except StalePool:
            pass
        choosing.reread(service)
    raise StalePool(f"The pool of {service.sid} changed {choosing.ATTEMPTS} times while it was looked at.")


def _named(service: MessagingService, names: Iterable[str]) -> dict[str, Candidate]:
    """The members that overrides name by SID or address."""
    wanted = {name: _address(name) for name in names}
    if not wanted:
        return {}
    rows = PoolMember.objects.filter(service=service).filter(
        Q(sender__sid__in=list(wanted)) | Q(sender__address__in=list(wanted.values()))
    )
    by_name: dict[str, list[int]] = {}
    for number, sid, address in rows.values_list("pk", "sender__sid", "sender__address"):
        by_name.setdefault(sid, []).append(number)
        by_name.setdefault(address, []).append(number)
    found: dict[str, int] = {}
    for name, address in wanted.items():
        numbers = by_name.get(name) or by_name.get(address) or []
        if not numbers:
            raise _unknown(f"{name[:80]} is no sender of this Service's pool")
        if len(numbers) > 1:
            raise _unknown(f"{name[:80]} is the address of {len(numbers)} senders of the pool: use the SID")
        found[name] = numbers[0]
    by_id = candidates(sorted(set(found.values())))
    if len(by_id) < len(set(found.values())):
        raise StalePool("a named sender has just left")
    return {name: by_id[number] for name, number in found.items()}


def _unknown(sentence: str) -> Refused:
    return Refused(20001, f"Overrides: {sentence}.", field="overrides")


def _address(name: str) -> str:
    """An address as it is stored; what is none, as it is."""
    try:
        return stored_address(parse_sender_address(name))
    except NumberingError:
        return name


# --- why not -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What became of a sender, and what would make it win."""

    sid: str
    address: str
    fate: Fate
    smallest_change: SmallestChange

    def to_dict(self) -> dict[str, Any]:
        return {
            "sender": {"sid": self.sid or None, "address": self.address},
            "stage": self.fate.stage,
            "reason": str(self.fate.reason),
            "sentence": self.fate.detail,
            "smallest_change": self.smallest_change.to_dict(),
        }


def find(service: MessagingService, name: str) -> Candidate:
    """A sender by SID or address: of the pool, else of the account. Raises ``Refused`` 20001."""
    rows = Sender.objects.filter(account_id=service.account_id).filter(Q(sid=name) | Q(address=_address(name)))
    found = [candidate_of(row, service) for row in rows.select_related("membership__bucket")[:50]]
    if not found:
        raise Refused(20001, f"WhyNot: {name[:80]} is no sender of this account.", field="why_not")
    return next((one for one in found if one.member_id is not None), found[0])


def why_not(
    *, service: MessagingService, request: SelectionRequest, target: Candidate, overrides: Overrides = NOTHING
) -> WhyNot:
    """The first rule that eliminates a sender, and the smallest change that would make it win, tried on the engine."""

    def run(tried: Overrides) -> Tried:
        answer = preview(service=service, request=request, overrides=tried)
        now = _as_it_is(target, answer.asked)
        if now is None:
            detail = f"{target.address} is not in this Service's pool"
            return Tried(answer.decision, Fate(NOT_IN_POOL, NOT_IN_POOL, detail), None)
        return Tried(answer.decision, fate_of(answer.decision, answer.asked.summary, now), now)

    first = run(overrides)
    name = target.sid or target.address
    base, start = overrides, first
    if first.target is None and target.member_id is None:
        base = overrides.but(add=(_as_new(target),))
        name, start = target.address, run(base)
    found = _on_top(overrides, base, name, start, run)
    return WhyNot(target.sid, target.address, first.fate, found)


def _on_top(given: Overrides, base: Overrides, name: str, start: Tried, run: Any) -> SmallestChange:
    found = smallest_change(base, name, start, run)
    if base is given or found.overrides is None:
        return found
    if start.wins:
        told = f"If it were in the pool, it would be chosen: {start.decision.because}."
    else:
        told = f"It would have to be in the pool. Then: {found.sentence}"
    return SmallestChange(found.overrides, told)


def _as_it_is(target: Candidate, asked: WhatIf) -> Candidate | None:
    """The sender as a what-if has it; None when it is in no pool."""
    if target.member_id is not None:
        return asked.as_it_is(target)
    new = (one for one in asked.lifted.values() if one is not None and (one.member_id or 0) < 0)
    return next((one for one in new if (one.kind, one.address) == (target.kind, target.address)), None)


def _as_new(target: Candidate) -> Mapping[str, Any]:
    """A sender of the account as one to be added."""
    spec: dict[str, Any] = {"kind": target.kind, "address": target.address, "sms": target.sms, "mms": target.mms}
    if target.country:
        spec["country"] = target.country
    spec["registration"] = target.registration
    lists = {
        "unsupported_carriers": limits.unsupported_carriers(target.limits),
        "approved_regions": limits.approved_regions(target.limits),
        "registered_countries": limits.registered_countries(target.limits),
    }
    return spec | {name: sorted(values) for name, values in lists.items() if values}
