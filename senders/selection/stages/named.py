"""The request names its sender: From, or FallbackFrom for when RCS is not possible. Selection is off then.

Nothing here reads or writes a sticky mapping: a mapping covers what the Service itself chose.
"""

from dataclasses import replace

from senders.selection.context import US_AND_CANADA, Cells, Context, StageResult, skips
from senders.selection.reasons import KIND_WORDS, Reason, country_name
from senders.selection.stages.eligibility import is_ready, speaks, takes_alpha
from senders.selection.summary import ALPHA, NUMBERS, RCS, SHORT_CODE, Bucket, Cell, Example
from senders.selection.types import Candidate

OUTSIDE = -1  # the bucket id of a named sender that is not in the pool
Fault = tuple[int, Reason, str]


class StalePool(Exception):
    """What was fetched does not fit the summary: the pool has changed in between. Fetch again."""


def alone(candidate: Candidate) -> Cell:
    """A cell that holds one named sender."""
    example = Example(candidate.member_id or 0, candidate.sid, candidate.address, candidate.area_code)
    bucket_id = OUTSIDE if candidate.member_id is None else 0
    return Cell(Bucket(candidate.bucket_key, bucket_id, 1, (), (example,)), None, 1)


def explicit_from(ctx: Context, cells: Cells) -> StageResult:
    request = ctx.request
    if request.from_address is None:
        return skips(cells, "no From given")
    if request.fallback_from is not None:
        fault = (21664, Reason.NAMED_TWICE, "From and FallbackFrom exclude each other")
        return replace(_refused(cells, None, "", fault), deciding="fallback_from")
    if request.from_sender is None:
        detail = f"{request.from_address} is no sender of this system"
        return _refused(cells, None, request.from_address, (21659, Reason.UNKNOWN_SENDER, detail))
    return _named(ctx, cells, request.from_sender, request.from_address, "the request names it as From")


def fallback_usable(ctx: Context, cells: Cells) -> StageResult:
    """Faults of FallbackFrom are faults of the request: told whether or not the fallback would be needed."""
    request = ctx.request
    if request.fallback_from is None:
        return skips(cells, "no FallbackFrom given")
    fault: Fault | None = None
    candidate = request.fallback_sender
    if not any(cell.bucket.key.kind == RCS for cell in cells):
        fault = (21667, Reason.NO_RCS_SENDER, "FallbackFrom was given, but the pool has no RCS sender")
    elif candidate is None or not candidate.owned or not speaks(candidate.kind, "sms") or candidate.kind == RCS:
        detail = f"{request.fallback_from} is no SMS or MMS sender of this account"
        fault = (21665, Reason.UNKNOWN_SENDER, detail)
    if fault is None:
        return StageResult(cells, note=f"{request.fallback_from} stands by")
    return replace(_refused(cells, candidate, request.fallback_from, fault), deciding="fallback_from")


def fallback_from(ctx: Context, cells: Cells) -> StageResult:
    request = ctx.request
    if request.fallback_from is None or request.fallback_sender is None:
        return skips(cells, "no FallbackFrom given")
    because = "RCS is not possible and the request names it as FallbackFrom"
    return _named(ctx, cells, request.fallback_sender, request.fallback_from, because)


def _named(ctx: Context, cells: Cells, candidate: Candidate, given: str, because: str) -> StageResult:
    fault = _fault(ctx, candidate)
    if fault is not None:
        # A picture that the country does not take is a fault of the message, whoever sends it.
        deciding = "capability" if fault[1] is Reason.MMS_NOT_SUPPORTED else None
        return replace(_refused(cells, candidate, given, fault), deciding=deciding)
    kept, rest = _split(cells, candidate)
    out = tuple((cell, Reason.NOT_NAMED, f"the request names {given}") for cell in rest)
    ready = is_ready(candidate.kind, candidate.country, candidate.registration, ctx.country)
    return StageResult(
        (kept,),
        out,
        settles=True,
        because=because,
        named=candidate,
        unready=not ready,
        note="" if candidate.member_id else "it is not in the pool",
    )


def _refused(cells: Cells, candidate: Candidate | None, given: str, fault: Fault) -> StageResult:
    code, reason, detail = fault
    sentence = f"{detail[0].upper()}{detail[1:]}."
    if candidate is None:
        out = tuple((cell, reason, detail) for cell in cells)
        return StageResult((), out, error=(code, sentence), note=detail)
    kept, rest = _split(cells, candidate)
    others = tuple((cell, Reason.NOT_NAMED, f"the request names {given}") for cell in rest)
    return StageResult((), ((kept, reason, detail), *others), error=(code, sentence), note=detail)


def _split(cells: Cells, candidate: Candidate) -> tuple[Cell, Cells]:
    """The named sender in a cell of its own, and everybody else."""
    rest: list[Cell] = []
    found = False
    for cell in cells:
        if found or cell.bucket.key != candidate.bucket_key:
            rest.append(cell)
            continue
        if (cell.bucket.id == OUTSIDE) != (candidate.member_id is None):
            rest.append(cell)
            continue
        found = True
        if cell.members > 1:
            others = tuple(one for one in cell.bucket.examples if one.member_id != candidate.member_id)
            smaller = replace(cell.bucket, count=cell.members - 1, examples=others)
            rest.append(Cell(smaller, None, cell.members - 1))
    if not found:
        raise StalePool(candidate.address)
    return alone(candidate), tuple(rest)


def _fault(ctx: Context, sender: Candidate) -> Fault | None:
    """The checks of a named sender, in the order in which they are told."""
    request, to = ctx.request, ctx.country
    kind = KIND_WORDS[sender.kind]
    if not sender.owned:
        return 21660, Reason.OTHER_ACCOUNT, f"{sender.address} belongs to another account"
    if not speaks(sender.kind, request.channel):
        return 21910, Reason.OTHER_CHANNEL, f"{sender.address} is a {kind}, and the recipient is on another channel"
    if sender.kind == RCS:
        if request.recipient.rcs:
            return None
        return 63036, Reason.RCS_NOT_CAPABLE, "the recipient's device cannot be reached over RCS"
    if request.channel != "sms":
        return None
    if not ctx.needs_mms and not sender.sms:
        return 21661, Reason.NO_SMS, f"{sender.address} has no SMS"
    if ctx.needs_mms and not sender.mms:
        return 21621, Reason.NO_MMS, f"the message has media and {sender.address} has no MMS"
    if sender.kind == SHORT_CODE and sender.country != to:
        detail = f"the short code {sender.address} is of {sender.country}, the recipient is in {to}"
        return 21659, Reason.SHORT_CODE_COUNTRY, detail
    if sender.kind == ALPHA:
        if ctx.policy.trial:
            return 21267, Reason.ALPHA_ON_TRIAL, "a trial account may not use alpha senders"
        if not takes_alpha(request.country):
            detail = f"{country_name(request.country)} does not accept alpha senders"
            return 21612, Reason.ALPHA_NOT_SUPPORTED, detail
    if sender.kind in NUMBERS and to in US_AND_CANADA and sender.country not in US_AND_CANADA:
        detail = f"{sender.address} is in {sender.country}, and {to} is reached from US and Canadian numbers alone"
        return 21612, Reason.CANNOT_REACH_COUNTRY, detail
    if request.media and not ctx.needs_mms and not ctx.policy.mms_converter:
        detail = f"{country_name(request.country)} takes no MMS, and the MMS converter is off"
        return 30011, Reason.MMS_NOT_SUPPORTED, detail
    return None
