"""Preferences by kind of sender: RCS, short code, alpha sender, toll-free in Canada."""

from senders.selection import limits
from senders.selection.context import Cells, Context, StageResult, prefers, skips
from senders.selection.reasons import Reason, country_name
from senders.selection.summary import ALPHA, RCS, SHORT_CODE, TOLL_FREE, Cell


def rcs(ctx: Context, cells: Cells) -> StageResult:
    """An RCS sender goes first when the device can; else RCS senders step back and the others go on."""
    agents = tuple(cell for cell in cells if cell.bucket.key.kind == RCS)
    if not agents:
        return skips(cells, "no RCS sender in the pool")
    others = tuple(cell for cell in cells if cell.bucket.key.kind != RCS)
    if ctx.request.recipient.rcs:
        return _rcs_first(ctx, agents, others)
    detail = "the recipient's device cannot be reached over RCS"
    out = tuple((cell, Reason.RCS_NOT_CAPABLE, detail) for cell in agents)
    if not others:
        sentence = "The pool has RCS senders alone, and the recipient's device cannot be reached over RCS."
        return StageResult((), out, error=(63036, sentence), note=detail)
    return StageResult(others, out, note="the device cannot do RCS")


def _rcs_first(ctx: Context, agents: Cells, others: Cells) -> StageResult:
    country = ctx.request.country
    near = tuple(cell for cell in agents if country in limits.approved_regions(cell.bucket.key.limits))
    kept = near or agents
    out = [(cell, Reason.RCS_FIRST, "the device can do RCS, which goes first") for cell in others]
    if near:
        far = f"it is not approved for {country}, and another RCS sender is"
        out += [(cell, Reason.RCS_OTHER_REGION, far) for cell in agents if cell not in near]
    approved = f"is approved for {country_name(country)}" if near else "is in the pool"
    because = f"the recipient's device can do RCS and this RCS sender {approved}"
    return StageResult(kept, tuple(out), settles=True, because=because)


def short_code(ctx: Context, cells: Cells) -> StageResult:
    # Those of other countries, and those the carrier does not reach, have gone before.
    return prefers(
        cells,
        lambda cell: cell.bucket.key.kind == SHORT_CODE,
        lambda cell: (Reason.SHORT_CODE_FIRST, "a short code of the recipient's country goes first"),
        because=f"it is a short code of the recipient's country, {country_name(ctx.country)}",
        otherwise="no usable short code",
    )


def alpha_destination(ctx: Context, cells: Cells) -> StageResult:
    return prefers(
        cells,
        lambda cell: cell.bucket.key.kind == ALPHA and bool(cell.bucket.key.country),
        lambda cell: (Reason.ALPHA_FIRST, "the alpha sender for the recipient's country goes first"),
        because=f"it is the alpha sender set for {country_name(ctx.request.country)}",
        otherwise="none for this country",
    )


def alpha_default(ctx: Context, cells: Cells) -> StageResult:
    country = country_name(ctx.request.country)
    return prefers(
        cells,
        lambda cell: cell.bucket.key.kind == ALPHA,
        lambda cell: (Reason.ALPHA_FIRST, "an alpha sender goes before numbers"),
        because=f"it is the default alpha sender and {country} accepts alpha senders",
        otherwise="no usable alpha sender",
    )


def toll_free_priority(ctx: Context, cells: Cells) -> StageResult:
    if ctx.country != "CA":
        return skips(cells, "only for Canada")

    def is_toll_free(cell: Cell) -> bool:
        return cell.bucket.key.kind == TOLL_FREE

    return prefers(
        cells,
        is_toll_free,
        lambda cell: (Reason.TOLL_FREE_FIRST, "in Canada a toll-free number goes before long codes"),
        because="it is a toll-free number, and in Canada those go before long codes",
        otherwise="no toll-free number",
    )
