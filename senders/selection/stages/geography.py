"""Preferences by place: country, area code, overlay, and the fallbacks when nothing near is in the pool."""

from msgconsole.numbering import nanp
from senders.selection.context import (
    US_AND_CANADA,
    Cells,
    Context,
    StageResult,
    disabled,
    grouped,
    in_order,
    passes,
    prefers,
    skips,
)
from senders.selection.reasons import Reason, country_name
from senders.selection.summary import Cell


def country_match(ctx: Context, cells: Cells) -> StageResult:
    to, given = ctx.country, ctx.request.country
    because = f"it is a number of the recipient's country, {country_name(to)}"
    if to != given:
        because = f"it is a US number, and the pool has none of {country_name(given)} itself"
    if ctx.request.channel == "whatsapp":
        because = f"it is a WhatsApp sender of the recipient's country, {country_name(to)}"
    return prefers(
        cells,
        lambda cell: cell.bucket.key.country == to,
        lambda cell: (
            Reason.COUNTRY_MISMATCH,
            f"the number is in {cell.bucket.key.country}, the recipient in {to}",
        ),
        because=because,
        otherwise=f"no number of {country_name(to)}",
    )


def area_code_exact(ctx: Context, cells: Cells) -> StageResult:
    """Country is settled here: an area code lies in one country."""
    code = ctx.request.area_code
    not_asked = _not_asked(ctx, cells)
    if not_asked is not None or code is None:
        return not_asked or skips(cells, "no area code")
    return _with_area_codes(
        ctx,
        cells,
        frozenset({code}),
        f"the recipient's is {code}",
        because=f"it shares the recipient's area code, {code}",
        otherwise=f"no number with area code {code}",
    )


def area_code_overlay(ctx: Context, cells: Cells) -> StageResult:
    """Area codes that serve the same territory. Sharing is symmetric but not transitive: no chains are followed."""
    code = ctx.request.area_code
    not_asked = _not_asked(ctx, cells)
    if not_asked is not None or code is None:
        return not_asked or skips(cells, "no area code")
    overlays = nanp.overlays(code)
    if not overlays:
        return skips(cells, f"{code} has no overlay")
    listed = ", ".join(sorted(overlays))
    return _with_area_codes(
        ctx,
        cells,
        overlays,
        f"which serves another area than {code}",
        because=f"its area code serves the same area as the recipient's {code} (overlays: {listed})",
        otherwise=f"no number with an overlay of {code}",
    )


def _not_asked(ctx: Context, cells: Cells) -> StageResult | None:
    if ctx.country not in US_AND_CANADA:
        return skips(cells, "only in the US and Canada")
    if not ctx.policy.area_code_geomatch:
        return disabled(cells, "Area Code Geomatch is off")
    return None


def _with_area_codes(
    ctx: Context, cells: Cells, wanted: frozenset[str], against: str, *, because: str, otherwise: str
) -> StageResult:
    """Split each cell by area code. Only here do area codes count, so nowhere else are cells split."""
    kept: list[Cell] = []
    out: dict[str, list[Cell]] = {}
    for cell in cells:
        for part in cell.bucket.parts:
            code = part.area_code or ""
            if code in wanted:
                kept.append(part)
            elif code in out:
                out[code].append(part)
            else:
                out[code] = [part]
    if not kept:
        return passes(cells, otherwise)

    def detail(code: str) -> str:
        return f"its area code is {code}, {against}" if code else f"it has no area code of its own, {against}"

    if ctx.fates:
        one_by_one = tuple(
            (part, Reason.AREA_CODE_MISMATCH, detail(code)) for code, parts in out.items() for part in parts
        )
        return StageResult(tuple(kept), one_by_one, settles=True, because=because)
    told = in_order(grouped(Reason.AREA_CODE_MISMATCH, out, detail))
    return StageResult(tuple(kept), settles=True, because=because, told=told)


def nanp_fallback(ctx: Context, cells: Cells) -> StageResult:
    """A US recipient without US numbers in the pool is reached from a Canadian one, and the reverse."""
    if ctx.country not in US_AND_CANADA:
        return skips(cells, "only for the US and Canada")
    other = "Canadian" if ctx.country == "US" else "US"
    return prefers(
        cells,
        lambda cell: cell.bucket.key.country in US_AND_CANADA,
        lambda cell: (Reason.COUNTRY_MISMATCH, f"the number is in {cell.bucket.key.country}"),
        because=f"the pool has no usable number of {country_name(ctx.country)}, and a {other} number reaches it",
        otherwise=f"no {other} number",
    )


def us_fallback(ctx: Context, cells: Cells) -> StageResult:
    if ctx.country in US_AND_CANADA:
        return skips(cells, "not for the US and Canada")
    return prefers(
        cells,
        lambda cell: cell.bucket.key.country == "US",
        lambda cell: (
            Reason.NOT_A_US_NUMBER,
            f"the number is in {cell.bucket.key.country}; without one of {ctx.country}, a US number goes first",
        ),
        because=f"the pool has no usable number of {country_name(ctx.country)}, and a US number goes first then",
        otherwise="no US number",
    )


def any_fallback(ctx: Context, cells: Cells) -> StageResult:
    if ctx.request.channel == "messenger":
        because = "it is a Messenger sender of the pool"
    elif ctx.request.channel == "whatsapp":
        because = (
            f"the pool has no WhatsApp sender of {country_name(ctx.country)}, and WhatsApp reaches it from anywhere"
        )
    else:
        because = f"the pool has no usable number of {country_name(ctx.country)} or the US, so any number will do"
    return StageResult(cells, settles=True, because=because)
