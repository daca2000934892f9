"""Registrations in words: in which state one is, what that does to sending, and what happens next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from msgconsole.console.templatetags.console import counted
from senders.models import PoolBucket
from services.compliance import review
from services.compliance.brands import MOST_RESUBMISSIONS
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification

Brand = BrandRegistration.Status
Standings = dict[str, int]

_TONES: dict[str, str] = {
    Brand.PENDING: "warn",
    Brand.IN_REVIEW: "warn",
    Brand.APPROVED: "good",
    Brand.FAILED: "bad",
    Brand.SUSPENDED: "bad",
    Campaign.Status.IN_PROGRESS: "warn",
    Campaign.Status.VERIFIED: "good",
    TollfreeVerification.Status.PENDING_REVIEW: "warn",
    TollfreeVerification.Status.TWILIO_APPROVED: "good",
    TollfreeVerification.Status.TWILIO_REJECTED: "bad",
}


@dataclass(frozen=True, slots=True)
class State:
    """``effect`` says what the state does to sending, ``next`` what happens or can be done now."""

    tone: str
    word: str
    effect: str
    next: str = ""
    undecided: bool = False


def standings_of(service_ids: Iterable[int]) -> dict[int, Standings]:
    """How many US and Canadian long codes of each Service's pool have which standing. One query, whatever the size."""
    rows = (
        PoolBucket.objects.filter(service__in=list(service_ids), kind="long_code", country__in=("US", "CA"))
        .order_by()
        .values_list("service_id", "registration")
        .annotate(number=Sum("member_count"))
    )
    found: dict[int, Standings] = defaultdict(dict)
    for service_id, registration, number in rows:
        if number:
            found[service_id][registration] = number
    return found


def brand_state(brand: BrandRegistration, campaigns: int = 0) -> State:
    held = counted(campaigns, "campaign")
    if brand.status in (Brand.PENDING, Brand.IN_REVIEW):
        effect = "Nothing can be sent under it yet. A campaign may be submitted already; it waits for the brand."
        return _state(brand, effect, _brand_next(brand), undecided=True)
    if brand.status == Brand.APPROVED:
        effect = "Its campaigns can be approved; only a campaign lets numbers send to the US."
        return _state(brand, f"{effect} It has {held}." if campaigns else effect, "Register a campaign for a Service.")
    if brand.status == Brand.SUSPENDED:
        effect = f"{held} suspended with it: what their numbers send to the US fails (30033). It takes no new ones."
        return _state(brand, effect, "Resolve what led to it. Then it can be resumed, and its campaigns with it.")
    effect = "No campaign can be registered under it. Those that waited for it were rejected."
    return _state(brand, effect, _brand_again(brand))


def can_be_sent_in_again(brand: BrandRegistration) -> bool:
    return brand.mock or brand.resubmissions < MOST_RESUBMISSIONS


def _brand_again(brand: BrandRegistration) -> str:
    """The way out of a rejection. A brand's name stays, and so does what the simulated reviewer reads in it."""
    if not can_be_sent_in_again(brand):
        return f"It was sent in again {MOST_RESUBMISSIONS} times, which is all. Register another brand."
    if not review.brand(business_name=brand.business_name, profile_sid=brand.a2p_profile_bundle_sid).approved:
        words = (
            "Its name or profile asks the simulated reviewer to reject it, so sending it in again ends the same way."
        )
        return f"{words} Approve it in the reviewer's place, or register another brand."
    left = MOST_RESUBMISSIONS - brand.resubmissions
    again = "any number of times" if brand.mock else f"{counted(left, 'time')} more"
    return f"Read the reasons. It can be sent in again {again}."


def _brand_next(brand: BrandRegistration) -> str:
    sole = brand.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR
    if sole and not review.owner_answers(business_name=brand.business_name, codes_sent=brand.codes_sent):
        return "The owner was texted a code and has not answered. Send another one."
    return _reviewer(steps=1)


def campaign_state(campaign: Campaign, standings: Standings) -> State:
    """``standings``: of the long codes of its Service's pool."""
    total = sum(standings.values())
    status = campaign.status
    if campaign.status in (Campaign.Status.PENDING, Campaign.Status.IN_PROGRESS):
        waiting = standings.get("pending", 0) + standings.get("unregistered", 0)
        effect = _numbers(waiting, total, "waits", "wait", "for it and cannot send to the US yet (30035)")
        kept = standings.get("registered", 0)
        if kept:
            effect += f" {counted(kept, 'number')} registered before {'keeps' if kept == 1 else 'keep'} sending."
        if campaign.brand is not None and campaign.brand.status in (Brand.PENDING, Brand.IN_REVIEW):
            return _state(campaign, effect, "It waits until its brand is decided.", undecided=True)
        steps = 2 if status == Campaign.Status.PENDING else 1
        return _state(campaign, effect, _reviewer(steps=steps), undecided=True)
    if status == Campaign.Status.VERIFIED:
        ready = standings.get("registered", 0) + standings.get("not_required", 0)
        effect = _numbers(ready, total, "may", "may", "send to the US")
        return _state(campaign, effect, "A long code that joins the pool without a registration is added to it.")
    if status == Campaign.Status.SUSPENDED:
        effect = _numbers(
            standings.get("suspended", 0), total, "is", "are", "stopped and cannot send to the US (30033)"
        )
        return _state(campaign, effect, "Resolve what led to it. Then it can be resumed.")
    effect = _numbers(
        standings.get("unregistered", 0), total, "is", "are", "not registered and cannot send to the US (30034)"
    )
    return _state(campaign, effect, "Read the reasons, then edit the campaign: that sends it in again.")


def verification_state(verification: TollfreeVerification) -> State:
    number = "The number"
    if verification.status == TollfreeVerification.Status.TWILIO_APPROVED:
        return _state(verification, f"{number} may send to the US and Canada.")
    if verification.status == TollfreeVerification.Status.TWILIO_REJECTED:
        effect = f"{number} is not verified: what it sends to the US and Canada fails (30032)."
        return _state(verification, effect, "Read the reasons, then edit the answers: that sends them in again.")
    effect = f"{number} keeps the standing it has: unless it was verified before, messages to the US and Canada fail"
    steps = 2 if verification.status == TollfreeVerification.Status.PENDING_REVIEW else 1
    return _state(verification, f"{effect} (30032).", _reviewer(steps=steps), undecided=True)


def _state(
    row: BrandRegistration | Campaign | TollfreeVerification, effect: str, next: str = "", *, undecided: bool = False
) -> State:
    return State(_TONES.get(row.status, "quiet"), row.get_status_display(), effect, next, undecided)


def _numbers(some: int, total: int, one: str, many: str, what: str) -> str:
    if not total:
        return "Its pool has no US or Canadian long code yet, so nothing depends on it."
    share = counted(some, "long code") if some == total else f"{some:,} of {counted(total, 'long code')}"
    return f"{share} of its pool {one if some == 1 else many} {what}."


def _reviewer(*, steps: int) -> str:
    seconds = settings.MSGCONSOLE_REVIEW_DELAY_MS * steps / 1000
    if seconds < 1:
        return "The simulated reviewer decides in a moment."
    return f"The simulated reviewer decides in about {seconds:.0f} s."
