"""Filters: who may carry this message to this recipient at all. Order and names: ``senders/selection/plan.py``."""

from typing import Final

from msgconsole.numbering import sender_rules
from senders.selection import limits
from senders.selection.context import (
    US_AND_CANADA,
    Cells,
    Context,
    StageResult,
    filters,
    passes,
    refuses,
    skips,
)
from senders.selection.reasons import CHANNEL_WORDS, KIND_WORDS, READY_WORDS, Reason, country_name, unready
from senders.selection.summary import ALPHA, BY_SMS, LONG_CODE, NUMBERS, RCS, READY, SHORT_CODE, TOLL_FREE, Cell

# Landlines are tried without a check in these; everywhere else they are refused (error 21635).
LANDLINES_TRIED: Final = frozenset({"US", "CA", "GB"})
_KINDS_BY_CHANNEL: Final = {
    "sms": BY_SMS | {RCS},
    "rcs": frozenset({RCS}),
    "whatsapp": frozenset({"whatsapp"}),
    "messenger": frozenset({"messenger"}),
}


def speaks(kind: str, channel: str) -> bool:
    """Whether a kind of sender can be used for a channel at all. RCS carries what is addressed as SMS."""
    return kind in _KINDS_BY_CHANNEL[channel]


def destination(ctx: Context, cells: Cells) -> StageResult:
    request, permitted = ctx.request, ctx.policy.geo_permissions
    if permitted is not None and request.channel != "messenger" and request.country not in permitted:
        detail = f"Messages to {country_name(request.country)} are not permitted for this account."
        return refuses(cells, Reason.GEO_NOT_PERMITTED, 21408, detail)
    if (
        request.channel == "sms"
        and request.recipient.line_type == "landline"
        and request.country not in LANDLINES_TRIED
        and not request.force_delivery
    ):
        detail = (
            "The recipient is a landline; outside the US, Canada and the UK a landline is not tried "
            "unless delivery is forced."
        )
        return refuses(cells, Reason.LANDLINE, 21635, detail)
    return passes(cells, f"recipient in {country_name(request.country)}")


def opt_out(ctx: Context, cells: Cells) -> StageResult:
    if ctx.request.opted_out:
        detail = ctx.request.opt_out_detail or "The recipient has opted out of this Service."
        return refuses(cells, Reason.OPTED_OUT, 21610, detail)
    return passes(cells, "not opted out")


def pool_empty(ctx: Context, cells: Cells) -> StageResult:
    if ctx.summary.total == 0:
        detail = "The Service has no senders: its pool is empty."
        return refuses(cells, Reason.POOL_EMPTY, 21704, detail)
    return passes(cells)


def channel(ctx: Context, cells: Cells) -> StageResult:
    wanted = CHANNEL_WORDS[ctx.request.channel]

    def judge(cell: Cell) -> tuple[Reason, str] | None:
        if speaks(cell.bucket.key.kind, ctx.request.channel):
            return None
        kind = KIND_WORDS[cell.bucket.key.kind]
        return Reason.OTHER_CHANNEL, f"it is a {kind}, and the recipient is addressed over {wanted}"

    return filters(cells, judge)


def capability(ctx: Context, cells: Cells) -> StageResult:
    request, policy = ctx.request, ctx.policy
    if request.media and not ctx.needs_mms and not policy.mms_converter:
        detail = (
            f"{country_name(request.country)} takes no MMS, and the MMS converter, which would send a link, is off."
        )
        return refuses(cells, Reason.MMS_NOT_SUPPORTED, 30011, detail)

    def judge(cell: Cell) -> tuple[Reason, str] | None:
        key = cell.bucket.key
        if ctx.needs_mms and not key.mms:
            return Reason.NO_MMS, "the message has media and the sender has no MMS"
        if not ctx.needs_mms and not key.sms:
            return Reason.NO_SMS, "the message is a text and the sender has no SMS"
        return None

    if ctx.needs_mms:
        return filters(cells, judge, "MMS is needed")
    return filters(cells, judge, "SMS is enough: media go as a link" if ctx.as_link else "SMS is needed")


def reachability(ctx: Context, cells: Cells) -> StageResult:
    to = ctx.country

    def judge(cell: Cell) -> tuple[Reason, str] | None:
        key = cell.bucket.key
        if key.kind in NUMBERS:
            if to in US_AND_CANADA and key.country not in US_AND_CANADA:
                return (
                    Reason.CANNOT_REACH_COUNTRY,
                    f"the number is in {key.country}, the recipient in {to}: "
                    "the US and Canada are reached from US and Canadian numbers alone",
                )
        elif key.kind == SHORT_CODE:
            return _short_code_fault(ctx, cell)
        elif key.kind == ALPHA:
            return _alpha_fault(ctx, cell)
        return None

    return filters(cells, judge)


def _short_code_fault(ctx: Context, cell: Cell) -> tuple[Reason, str] | None:
    key, carrier = cell.bucket.key, ctx.request.recipient.carrier
    if key.country != ctx.country:
        return (
            Reason.SHORT_CODE_COUNTRY,
            f"the short code is of {key.country}, the recipient in {ctx.country}: "
            "a short code works in its own country alone",
        )
    if carrier and carrier.lower() in limits.unsupported_carriers(key.limits):
        return Reason.SHORT_CODE_CARRIER, f"the recipient's carrier, {carrier}, does not carry this short code"
    return None


def _alpha_fault(ctx: Context, cell: Cell) -> tuple[Reason, str] | None:
    key, country = cell.bucket.key, ctx.request.country
    if ctx.policy.trial:
        return Reason.ALPHA_ON_TRIAL, "a trial account may not use alpha senders"
    if key.country and key.country != country:
        return Reason.ALPHA_OTHER_COUNTRY, f"it is set for {key.country}, the recipient is in {country}"
    if not takes_alpha(country):
        return Reason.ALPHA_NOT_SUPPORTED, f"{country_name(country)} does not accept alpha senders"
    return None


def takes_alpha(country: str) -> bool:
    return country not in US_AND_CANADA and sender_rules.alpha_class(country) != "none"


def is_ready(kind: str, country: str, registration: str, to_country: str) -> bool:
    """Whether no registration stands between a sender and a country.

    US and Canadian long codes need an approved 10DLC campaign for the US, toll-free numbers a verification for the
    US and Canada. Nothing else is asked for anywhere.
    """
    if registration in READY:
        return True
    if kind == LONG_CODE:
        return to_country != "US" or country not in US_AND_CANADA
    return kind != TOLL_FREE or to_country not in US_AND_CANADA


def registration(ctx: Context, cells: Cells) -> StageResult:
    to = ctx.country
    if to not in US_AND_CANADA:
        return skips(cells, f"{country_name(to)} asks for none")

    def judge(cell: Cell) -> tuple[Reason, str] | None:
        key = cell.bucket.key
        if is_ready(key.kind, key.country, key.registration, to):
            return None
        _, reason, words = unready(key.kind, key.registration)
        return reason, f"it {words}, which messages to {to} need"

    result = filters(cells, judge, READY_WORDS)
    if result.kept:
        return result
    return StageResult(cells, note="none is ready: one is chosen, and the message fails", unready=True)
