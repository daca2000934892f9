"""Writes to campaigns. What a campaign's status means for the Service and its numbers follows in the same transaction.

Locks are taken in this order: brand, Service, campaign, senders.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.error_codes import Refused
from services.actions import set_us_app_to_person_registered
from services.compliance import campaign_texts, hooks, review
from services.compliance.campaign_checks import check_usecase, refuse_faulty, refuse_second, usable_brand
from services.compliance.models import BrandRegistration, Campaign
from services.compliance.records import REVIEWER, change, create, locked, must_be, send_to_review
from services.compliance.review import Fault, Verdict
from services.models import MessagingService

Status = Campaign.Status
UNDECIDED = (Status.PENDING, Status.IN_PROGRESS)
WHAT = "campaign"


def create_campaign(*, service: MessagingService, actor: Actor, **given: Any) -> Campaign:
    """Submit the campaign of a Service. ``given``: see ``campaign_texts``, and ``brand_registration_sid``.

    A brand that is still under review is taken; the campaign waits for it.
    """
    values = campaign_texts.checked(given)
    with transaction.atomic():
        current = locked(MessagingService, service.pk, what="Service")
        brand = usable_brand(current, given["brand_registration_sid"])
        sole = brand.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR
        check_usecase(values["us_app_to_person_usecase"], sole, current)
        refuse_second(current)
        if sole and Campaign.objects.filter(brand=brand).exists():
            raise Refused(20409, f"Brand {brand.sid} has its campaign already: a sole proprietor has one.")
        campaign = Campaign(account=current.account, service=current, brand=brand, mock=brand.mock, **values)
        _submit(campaign, current, actor)
    return campaign


def create_external_campaign(
    *, service: MessagingService, actor: Actor, campaign_id: str | None = None, cnp_migration: bool = False
) -> Campaign:
    """Bring in a campaign that was registered elsewhere: it has an id in the registry, and no texts here."""
    if not campaign_id:
        raise Refused(21727, "Missing required parameter CampaignId in the post body", field="campaign_id")
    if len(campaign_id) > 64:
        raise Refused(21728, f"CampaignId has {len(campaign_id)} characters: give at most 64.", field="campaign_id")
    with transaction.atomic():
        current = locked(MessagingService, service.pk, what="Service")
        refuse_second(current)
        campaign = Campaign(
            account=current.account,
            service=current,
            campaign_id=campaign_id,
            is_externally_registered=True,
            cnp_migration=cnp_migration,
        )
        _submit(campaign, current, actor)
    return campaign


def update_campaign(*, campaign: Campaign, actor: Actor, **given: Any) -> Campaign:
    """Change the texts and answers of a campaign, and send it to review again.

    Until that is decided, numbers that are registered stay so.
    """
    values = campaign_texts.checked(given, update=True)

    def edit(current: Campaign, service: MessagingService) -> None:
        if current.status == Status.SUSPENDED:
            raise Refused(21729, f"Campaign {current.sid} is suspended: it cannot be changed.")
        if current.is_externally_registered:
            raise Refused(20409, f"Campaign {current.sid} is registered elsewhere: change it there.")
        if current.brand is not None:
            refuse_faulty(current.brand)
        again = {"status": Status.PENDING, "errors": [], "review_round": current.review_round + 1}
        _settle(current, service, actor, "campaign.updated", **values, **again)
        send_to_review(current)

    return _with_locks(campaign, edit)


def delete_campaign(*, campaign: Campaign, actor: Actor) -> None:
    """Take a campaign away: the numbers of its Service are no longer registered."""
    _with_locks(campaign, lambda current, service: _end(current, service, actor))


def delete_campaign_of(service: MessagingService, actor: Actor) -> None:
    """Before a Service is deleted, in that transaction: its campaign goes first, while the pool is still there."""
    campaign = Campaign.objects.select_related("account").filter(service=service).first()
    if campaign is not None:
        _end(campaign, service, actor)


def approve_campaign(*, campaign: Campaign, actor: Actor) -> Campaign:
    """The reviewer's yes, by hand. The brand must be approved by then."""

    def approve(current: Campaign, service: MessagingService) -> None:
        must_be(current.status, (*UNDECIDED, Status.FAILED), verb="approved", what=WHAT)
        if current.brand is not None and current.brand.status != BrandRegistration.Status.APPROVED:
            raise Refused(21717, f"Brand {current.brand.sid} is {current.brand.status}: approve it first.")
        _decide(current, service, actor, Verdict())

    return _with_locks(campaign, approve)


def reject_campaign(*, campaign: Campaign, actor: Actor, code: int = review.CAMPAIGN_FAULT) -> Campaign:
    """The reviewer's no, by hand."""

    def reject(current: Campaign, service: MessagingService) -> None:
        must_be(current.status, UNDECIDED, verb="rejected", what=WHAT)
        _decide(current, service, actor, Verdict((Fault(code),)))

    return _with_locks(campaign, reject)


def suspend_campaign(*, campaign: Campaign, actor: Actor) -> Campaign:
    """Stop an approved campaign: what its numbers send to the US fails until it is resumed."""

    def suspend(current: Campaign, service: MessagingService) -> None:
        must_be(current.status, (Status.VERIFIED,), verb="suspended", what=WHAT)
        _suspend(current, service, actor, with_brand=False)

    return _with_locks(campaign, suspend)


def resume_campaign(*, campaign: Campaign, actor: Actor) -> Campaign:
    """Lift a suspension. While the brand is suspended its campaigns stay so."""

    def resume(current: Campaign, service: MessagingService) -> None:
        must_be(current.status, (Status.SUSPENDED,), verb="resumed", what=WHAT)
        if current.brand is not None and current.brand.status == BrandRegistration.Status.SUSPENDED:
            raise Refused(21729, f"Brand {current.brand.sid} is suspended: resume it first.")
        _resume(current, service, actor)

    return _with_locks(campaign, resume)


def suspend_with_brand(brand: BrandRegistration, actor: Actor) -> None:
    """Part of the transaction that suspends a brand."""
    for campaign in Campaign.objects.filter(brand=brand, status=Status.VERIFIED).order_by("service_id"):
        _with_locks(campaign, lambda current, service: _suspend(current, service, actor, with_brand=True))


def resume_with_brand(brand: BrandRegistration, actor: Actor) -> None:
    """Part of the transaction that resumes a brand. Campaigns suspended for themselves stay suspended."""
    suspended = Campaign.objects.filter(brand=brand, status=Status.SUSPENDED, suspended_with_brand=True)
    for campaign in suspended.order_by("service_id"):
        _with_locks(campaign, lambda current, service: _resume(current, service, actor))


def review_campaign(sid: str, review_round: int) -> None:
    """The reviewer's step: first the registry takes the campaign, then it is decided.

    Nothing happens when that submission is overtaken, or while the brand is not decided: then its decision comes here.
    """
    found = Campaign.objects.filter(sid=sid).first()
    if found is None:
        return

    def step(current: Campaign, service: MessagingService) -> None:
        if current.review_round != review_round or current.status not in UNDECIDED:
            return
        brand = current.brand
        if brand is not None and brand.status in (BrandRegistration.Status.PENDING, BrandRegistration.Status.IN_REVIEW):
            return
        if brand is not None and brand.status != BrandRegistration.Status.APPROVED:
            _decide(current, service, REVIEWER, Verdict((Fault(review.BRAND_FAULT, ("BRAND_REGISTRATION",)),)))
        elif current.status == Status.PENDING:
            _settle(
                current,
                service,
                REVIEWER,
                "campaign.in_review",
                status=Status.IN_PROGRESS,
                campaign_id=current.campaign_id or f"C{secrets.token_hex(3).upper()}",
                rate_limits=_rate_limits(current),
            )
            send_to_review(current)
        else:
            texts = review.campaign(
                description=current.description, message_flow=current.message_flow, samples=current.message_samples
            )
            _decide(current, service, REVIEWER, texts)

    try:
        _with_locks(found, step)
    except Refused as gone:  # it was deleted while we waited for the lock
        if gone.code != 20404:
            raise


def _with_locks(campaign: Campaign, act: Callable[[Campaign, MessagingService], None]) -> Campaign:
    """Run ``act(campaign, service)`` on the rows as they are now, locked in the order that everyone keeps."""
    with transaction.atomic():
        service = locked(MessagingService, campaign.service_id, what="Service")
        current = locked(Campaign, campaign.pk, what=WHAT)
        act(current, service)
    return current


def _submit(campaign: Campaign, service: MessagingService, actor: Actor) -> None:
    create(campaign, account=service.account, actor=actor, action="campaign.submitted")
    hooks.tell_campaign_status(service, campaign.status, actor)
    send_to_review(campaign)


def _rate_limits(campaign: Campaign) -> dict[str, Any] | None:
    brand = campaign.brand
    return review.rate_limits(
        sole_proprietor=brand is not None and brand.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR,
        usecase=campaign.us_app_to_person_usecase,
        brand_score=brand.brand_score if brand is not None else None,
    )


def _decide(campaign: Campaign, service: MessagingService, actor: Actor, verdict: Verdict) -> None:
    values: dict[str, Any] = {
        "status": Status.VERIFIED if verdict.approved else Status.FAILED,
        "errors": [fault.to_dict() for fault in verdict.faults],
        "review_round": campaign.review_round + 1,
    }
    if verdict.approved:
        values["campaign_id"] = campaign.campaign_id or f"C{secrets.token_hex(3).upper()}"
        values["rate_limits"] = campaign.rate_limits or _rate_limits(campaign)
    _settle(campaign, service, actor, "campaign.approved" if verdict.approved else "campaign.rejected", **values)


def _suspend(campaign: Campaign, service: MessagingService, actor: Actor, *, with_brand: bool) -> None:
    errors = [Fault(review.SUSPENSION).to_dict()]
    values = {"status": Status.SUSPENDED, "errors": errors, "suspended_with_brand": with_brand}
    _settle(campaign, service, actor, "campaign.suspended", **values)


def _resume(campaign: Campaign, service: MessagingService, actor: Actor) -> None:
    values = {"status": Status.VERIFIED, "errors": [], "suspended_with_brand": False}
    _settle(campaign, service, actor, "campaign.resumed", **values)


def _settle(campaign: Campaign, service: MessagingService, actor: Actor, action: str, **values: Any) -> None:
    """Write a change of status with all that follows from it."""
    change(campaign, account=service.account, actor=actor, action=action, **values)
    if campaign.status not in UNDECIDED:
        _note_registered(service, campaign.status == Status.VERIFIED, actor)
    hooks.tell_campaign_status(service, campaign.status, actor)


def _end(campaign: Campaign, service: MessagingService, actor: Actor) -> None:
    before = audit.snapshot(campaign)
    audit.record(account=service.account, actor=actor, action="campaign.deleted", obj=campaign, before=before)
    campaign.delete()
    _note_registered(service, False, actor)
    hooks.tell_campaign_status(service, hooks.DELETED, actor)


def _note_registered(service: MessagingService, registered: bool, actor: Actor) -> None:
    set_us_app_to_person_registered(service=service, registered=registered, actor=actor)
