"""What looks wrong with a pool before a message fails on it. Reads the pool's summary, never its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.conf import settings
from django.db.models import F

from msgconsole.numbering import sender_rules
from senders import buckets, pool
from senders.models import PoolMember, Sender
from senders.selection import limits
from senders.selection.reasons import count, country_name
from senders.selection.summary import (
    ALPHA,
    BY_SMS,
    LONG_CODE,
    NUMBERS,
    RCS,
    READY,
    SHORT_CODE,
    TOLL_FREE,
    Bucket,
    PoolSummary,
)
from services.models import MessagingService

Tone = Literal["bad", "warn"]

NANP: Final = ("US", "CA")
NEARLY_FULL: Final = 0.9
MOST_EXAMPLES: Final = 5
_STANDINGS: Final = (
    ("unregistered", "without a 10DLC campaign", 30034),
    ("pending", "still being configured for a campaign", 30035),
    ("suspended", "in a suspended campaign", 30033),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is its name, ``tone`` bad when messages fail now and warn when some may.

    ``text`` says what is wrong, ``remedy`` what to do; ``code`` is the error it ends in, ``senders`` (SID, address) up
    to five of those it is about.
    """

    rule: str
    tone: Tone
    text: str
    remedy: str
    code: int | None = None
    senders: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "tone": self.tone,
            "text": self.text,
            "remedy": self.remedy,
            "error_code": self.code,
            "senders": [{"sid": sid, "address": address} for sid, address in self.senders],
        }


def of_service(service: MessagingService) -> list[Finding]:
    """The findings for a Service's pool, the worst first. One short query at most when the summary is at hand."""
    summary = pool.summary_of(service)
    found = findings(summary)
    if any(bucket.key.kind == RCS for bucket in summary.buckets):
        found += _frozen_regions(service)
    return sorted(found, key=lambda finding: finding.tone != "bad")


def findings(summary: PoolSummary) -> list[Finding]:
    """What a pool's summary shows."""
    held = [bucket for bucket in summary.buckets if bucket.count]
    if not held:
        text = "The pool is empty: every message to this Service is refused (21704)."
        return [Finding("pool_empty", "bad", text, "Add a sender.", 21704)]
    rules = (_channels, _toll_free, _long_codes, _nobody_ready, _reach, _pictures, _no_country, _alphas, _room)
    return [finding for rule in rules for finding in rule(held)]


def _number(held: list[Bucket]) -> int:
    return sum(bucket.count for bucket in held)


def _senders(held: list[Bucket]) -> tuple[tuple[str, str], ...]:
    found = ((one.sid, one.address) for bucket in held for one in bucket.examples)
    return tuple(pair for pair, _ in zip(found, range(MOST_EXAMPLES), strict=False))


def _channels(held: list[Bucket]) -> Iterator[Finding]:
    """Texts need a sender for texts."""
    if any(bucket.key.kind in BY_SMS for bucket in held):
        return
    senders = _senders(held)
    if any(bucket.key.kind == RCS for bucket in held):
        text = "RCS senders alone: a recipient whose device cannot do RCS is not reached (63036)."
        yield Finding("rcs_only", "bad", text, "Add a sender for SMS to fall back on.", 63036, senders)
    else:
        text = "No sender for SMS: only recipients written to over their channel are reached, texts fail (21703)."
        yield Finding("no_sms_sender", "bad", text, "Add a number, a short code or an alpha sender.", 21703, senders)


def _toll_free(held: list[Bucket]) -> Iterator[Finding]:
    mine = [bucket for bucket in held if bucket.key.kind == TOLL_FREE]
    if _number(mine) > 1:
        text = f"{_number(mine):,} toll-free numbers in one pool: carriers may take that for evasion and block."
        yield Finding(
            "two_toll_free", "warn", text, "Keep one, and use long codes or a short code.", 30007, _senders(mine)
        )
    unverified = [bucket for bucket in mine if bucket.key.registration == "unverified"]
    if unverified:
        noun = count(_number(unverified), "toll-free number")
        text = (
            f"{noun} not verified: used only when nothing better is there, and then messages to the US and Canada fail"
        )
        yield Finding(
            "unverified_toll_free", "warn", f"{text} (30032).", "Have it verified.", 30032, _senders(unverified)
        )


def _long_codes(held: list[Bucket]) -> Iterator[Finding]:
    for standing, words, code in _STANDINGS:
        mine = [b for b in held if b.key.kind == LONG_CODE and b.key.registration == standing]
        if mine:
            whose = "it sends" if _number(mine) == 1 else "they send"
            text = f"{count(_number(mine), 'long code')} {words}: what {whose} to the US fails ({code})."
            remedy = "Register the Service's campaign." if standing == "unregistered" else "See to the campaign."
            yield Finding(f"{standing}_long_codes", "warn", text, remedy, code, _senders(mine))


def _nobody_ready(held: list[Bucket]) -> Iterator[Finding]:
    """Of those that reach the US, none is registered or verified: everything to it fails."""
    reach = [b for b in held if b.key.kind in NUMBERS and b.key.country in NANP]
    if any(bucket.key.kind == SHORT_CODE and bucket.key.country == "US" for bucket in held):
        return
    if reach and all(bucket.key.registration not in READY for bucket in reach):
        text = "No number that reaches the US is registered or verified: every message to the US fails."
        yield Finding("nobody_ready", "bad", text, "Register or verify one.", None, _senders(reach))


def _reach(held: list[Bucket]) -> Iterator[Finding]:
    by_sms = [bucket for bucket in held if bucket.key.kind in BY_SMS]
    if not by_sms or any(bucket.key.kind in NUMBERS and bucket.key.country in NANP for bucket in by_sms):
        return
    short = [bucket for bucket in by_sms if bucket.key.kind == SHORT_CODE and bucket.key.country == "US"]
    remedy = "Add a US number."
    if short:
        text = "No US number beside the short code: carriers it does not reach have nothing to fall back on."
        yield Finding("no_us_number", "warn", text, remedy, 21703, _senders(short))
    else:
        text = "No number in the US or Canada: recipients there cannot be reached by SMS (21703)."
        yield Finding("no_us_number", "warn", text, remedy, 21703)


def _pictures(held: list[Bucket]) -> Iterator[Finding]:
    by_sms = [bucket for bucket in held if bucket.key.kind in BY_SMS]
    if by_sms and not any(bucket.key.mms for bucket in by_sms if bucket.key.country in NANP):
        text = "No sender that can send pictures to the US and Canada: messages with media fail (21703)."
        yield Finding("no_mms_sender", "warn", text, "Add a US or Canadian number with MMS.", 21703)


def _no_country(held: list[Bucket]) -> Iterator[Finding]:
    mine = [b for b in held if b.key.kind in NUMBERS and b.key.country in ("", "001")]
    if mine:
        noun = count(_number(mine), "number")
        text = f"{noun} of no country: matched with no recipient's country, used only when nothing else will do."
        yield Finding("no_country", "warn", text, "Add numbers of the countries you write to.", None, _senders(mine))


def _alphas(held: list[Bucket]) -> Iterator[Finding]:
    for bucket in held:
        key = bucket.key
        if key.kind != ALPHA or not key.country:
            continue
        name = bucket.examples[0].address if bucket.examples else "An alpha sender"
        rule = sender_rules.alpha_class(key.country)
        senders = _senders([bucket])
        if rule == "none":
            text = f"{name} is meant for {country_name(key.country)}, which does not allow alpha senders."
            yield Finding("alpha_not_allowed", "warn", text, "Remove it.", 21703, senders)
        elif rule == "pre_registration" and key.country not in limits.registered_countries(key.limits):
            text = f"{name}: {country_name(key.country)} wants alpha senders registered beforehand (warning 30018)."
            yield Finding("alpha_not_registered", "warn", text, "Register it for that country.", 30018, senders)


def _room(held: list[Bucket]) -> Iterator[Finding]:
    numbers = _number([bucket for bucket in held if bucket.key.kind in buckets.LIMITED])
    limit = settings.MSGCONSOLE_POOL_LIMIT
    if numbers >= limit * NEARLY_FULL:
        text = f"The pool holds {numbers:,} of at most {limit:,} numbers and short codes."
        yield Finding("nearly_full", "warn", text, "Remove what is not needed, or spread over two Services.", 21714)


def _frozen_regions(service: MessagingService) -> Iterator[Finding]:
    """RCS senders that are approved for more, or less, than on the day they joined."""
    rows = PoolMember.objects.filter(service=service, bucket__kind=Sender.Kind.RCS).annotate(then=F("bucket__limits"))
    for member in rows.select_related("sender").order_by("id")[:50]:
        sender = member.sender
        if limits.canonical(RCS, approved_regions=sender.approved_regions) != member.then:
            text = f"{sender.address} has other regions than on the day it joined, and those of that day count."
            remedy = "Take it out of the pool and add it again."
            yield Finding("frozen_regions", "warn", text, remedy, None, ((sender.sid, sender.address),))
