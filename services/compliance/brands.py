"""Writes to brands and their vettings."""

import secrets
from typing import Any

from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid
from services.compliance import campaigns, review
from services.compliance.models import BrandRegistration, BrandVetting, Campaign
from services.compliance.records import REVIEWER, change, create, locked, must_be, send_to_review
from services.compliance.review import Fault, Verdict

Status = BrandRegistration.Status
Provider = BrandVetting.Provider
MOST_RESUBMISSIONS = 3
UNDECIDED = (Status.PENDING, Status.IN_REVIEW)
LONGEST_NAME = 150
WHAT = "brand"
_WIRE = {
    "customer_profile_bundle_sid": "CustomerProfileBundleSid",
    "a2p_profile_bundle_sid": "A2PProfileBundleSid",
}


def create_brand(
    *,
    account: Account,
    actor: Actor,
    customer_profile_bundle_sid: str | None = None,
    a2p_profile_bundle_sid: str | None = None,
    brand_type: str | None = None,
    mock: bool = False,
    skip_automatic_sec_vet: bool = False,
    business_name: str = "",
) -> BrandRegistration:
    """Submit a brand. The reviewer decides on it a moment later; a sole proprietor is texted a code first."""
    customer_profile = _profile("customer_profile_bundle_sid", customer_profile_bundle_sid)
    a2p_profile = _profile("a2p_profile_bundle_sid", a2p_profile_bundle_sid)
    kind = brand_type or BrandRegistration.Type.STANDARD
    if kind not in BrandRegistration.Type.values:
        known = " or ".join(BrandRegistration.Type.values)
        raise Refused(20001, f"BrandType is {kind[:40]!r}: use {known}.", field="brand_type")
    if len(business_name) > LONGEST_NAME:
        raise Refused(
            20001, f"The name has {len(business_name)} characters: give {LONGEST_NAME}.", field="business_name"
        )
    sole = kind == BrandRegistration.Type.SOLE_PROPRIETOR
    brand = BrandRegistration(
        account=account,
        business_name=business_name.strip(),
        customer_profile_bundle_sid=customer_profile,
        a2p_profile_bundle_sid=a2p_profile,
        brand_type=kind,
        mock=mock,
        skip_automatic_sec_vet=skip_automatic_sec_vet,
        identity_status=BrandRegistration.Identity.UNVERIFIED if sole else "",
        codes_sent=1 if sole else 0,
    )
    with transaction.atomic():
        create(brand, account=account, actor=actor, action="brand.submitted")
        send_to_review(brand)
    return brand


def _profile(field: str, sid: str | None) -> str:
    if not sid:
        raise Refused(20001, f"Missing required parameter {_WIRE[field]} in the post body", field=field)
    if not is_sid(sid, "BU"):
        raise Refused(20001, f"Invalid {_WIRE[field]}: {sid[:40]!r}. Give BU and 32 hex digits.", field=field)
    return sid


def resubmit_brand(*, brand: BrandRegistration, actor: Actor) -> BrandRegistration:
    """Send a pending or failed brand in once more; a failed one three times at most, a mock one always."""
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        if current.status == Status.SUSPENDED:
            raise Refused(21729, f"Brand {current.sid} is suspended: it cannot be submitted again.")
        if not current.mock:
            if current.status not in (*UNDECIDED, Status.FAILED):
                raise Refused(21725, f"Brand {current.sid} is {current.status}: only a pending or failed one can be.")
            if current.status == Status.FAILED and current.resubmissions >= MOST_RESUBMISSIONS:
                raise Refused(21724, f"Brand {current.sid} was submitted again {MOST_RESUBMISSIONS} times already.")
        failed = current.status == Status.FAILED
        change(
            current,
            account=current.account,
            actor=actor,
            action="brand.resubmitted",
            status=Status.PENDING,
            errors=[],
            resubmissions=current.resubmissions + failed,
            review_round=current.review_round + 1,
        )
        send_to_review(current)
    return current


def send_code(*, brand: BrandRegistration, actor: Actor) -> BrandRegistration:
    """Text the contact of a brand a one-time code. Only a sole proprietor's brand waits for the answer."""
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        if current.status == Status.SUSPENDED:
            raise Refused(21729, f"Brand {current.sid} is suspended: no code is sent.")
        change(
            current,
            account=current.account,
            actor=actor,
            action="brand.code_sent",
            codes_sent=min(current.codes_sent + 1, 30_000),
            review_round=current.review_round + 1,
        )
        if current.status in UNDECIDED:
            send_to_review(current)
    return current


def approve_brand(*, brand: BrandRegistration, actor: Actor) -> BrandRegistration:
    """The reviewer's yes, by hand."""
    return _decided(brand, actor, Verdict(), (*UNDECIDED, Status.FAILED), "approved")


def reject_brand(*, brand: BrandRegistration, actor: Actor, code: int = review.BRAND_FAULT) -> BrandRegistration:
    """The reviewer's no, by hand."""
    return _decided(brand, actor, Verdict((Fault(code),)), UNDECIDED, "rejected")


def suspend_brand(*, brand: BrandRegistration, actor: Actor) -> BrandRegistration:
    """Suspend an approved brand, and with it the campaigns that are approved."""
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        must_be(current.status, (Status.APPROVED,), verb="suspended", what=WHAT)
        change(current, account=current.account, actor=actor, action="brand.suspended", status=Status.SUSPENDED)
        campaigns.suspend_with_brand(current, actor)
    return current


def resume_brand(*, brand: BrandRegistration, actor: Actor) -> BrandRegistration:
    """Lift a suspension, also from the campaigns that were suspended with the brand."""
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        must_be(current.status, (Status.SUSPENDED,), verb="resumed", what=WHAT)
        change(current, account=current.account, actor=actor, action="brand.resumed", status=Status.APPROVED)
        campaigns.resume_with_brand(current, actor)
    return current


def review_brand(sid: str, review_round: int) -> None:
    """The reviewer's step on a brand. Nothing happens when that submission is overtaken or decided."""
    with transaction.atomic():
        found = BrandRegistration.objects.filter(sid=sid).values_list("pk", flat=True).first()
        if found is None:
            return
        brand = locked(BrandRegistration, found, what=WHAT)
        if brand.review_round != review_round or brand.status not in UNDECIDED:
            return
        sole = brand.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR
        if sole and not review.owner_answers(business_name=brand.business_name, codes_sent=brand.codes_sent):
            return  # waits until another code is sent
        verdict = review.brand(business_name=brand.business_name, profile_sid=brand.a2p_profile_bundle_sid)
        _decide(brand, REVIEWER, verdict)


def _decided(
    brand: BrandRegistration, actor: Actor, verdict: Verdict, allowed: tuple[str, ...], verb: str
) -> BrandRegistration:
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        must_be(current.status, allowed, verb=verb, what=WHAT)
        _decide(current, actor, verdict)
    return current


def _decide(brand: BrandRegistration, actor: Actor, verdict: Verdict) -> None:
    values: dict[str, Any] = {
        "status": Status.APPROVED if verdict.approved else Status.FAILED,
        "errors": [fault.to_dict() for fault in verdict.faults],
        "review_round": brand.review_round + 1,
    }
    identity = BrandRegistration.Identity
    if verdict.approved:
        values["tcr_id"] = brand.tcr_id or f"B{secrets.token_hex(3).upper()}"
        if brand.identity_status != identity.VETTED_VERIFIED:
            values["identity_status"] = identity.VERIFIED
        vetted = brand.brand_type == BrandRegistration.Type.STANDARD and not brand.skip_automatic_sec_vet
        if vetted and brand.brand_score is None:
            values["brand_score"] = review.score(brand.a2p_profile_bundle_sid)
    else:
        values["identity_status"] = identity.UNVERIFIED
    action = "brand.approved" if verdict.approved else "brand.rejected"
    change(brand, account=brand.account, actor=actor, action=action, **values)
    for campaign in Campaign.objects.filter(brand=brand, status=Campaign.Status.PENDING):
        send_to_review(campaign)  # it waited for this


def create_vetting(
    *, brand: BrandRegistration, actor: Actor, vetting_provider: str | None = None, vetting_id: str | None = None
) -> BrandVetting:
    """Ask a third party for its word on a brand, or import a Campaign Verify token."""
    if not vetting_provider:
        raise Refused(20001, "Missing required parameter VettingProvider in the post body", field="vetting_provider")
    if vetting_provider not in Provider.values:
        known = " or ".join(Provider.values)
        raise Refused(20001, f"VettingProvider is {vetting_provider[:40]!r}: use {known}.", field="vetting_provider")
    with transaction.atomic():
        current = locked(BrandRegistration, brand.pk, what=WHAT)
        if current.status == Status.SUSPENDED:
            raise Refused(21729, f"Brand {current.sid} is suspended: it cannot be vetted.")
        if vetting_provider == Provider.CAMPAIGN_VERIFY:
            _may_import(current, vetting_id or "")
        elif current.status == Status.FAILED:
            raise Refused(21717, f"Brand {current.sid} has failed: it cannot be vetted.")
        vetting = BrandVetting(brand=current, provider=vetting_provider, vetting_id=vetting_id or "")
        create(vetting, account=current.account, actor=actor, action="brand.vetting_requested")
        send_to_review(_VettingRound(vetting.sid))
    return vetting


def _may_import(brand: BrandRegistration, token: str) -> None:
    if brand.status == Status.FAILED or brand.brand_type != BrandRegistration.Type.STANDARD:
        raise Refused(21721, f"Brand {brand.sid} is {brand.brand_type} and {brand.status}.")
    if not review.is_campaign_verify_token(token):
        raise Refused(21722, field="vetting_id")
    imports = BrandVetting.objects.filter(provider=Provider.CAMPAIGN_VERIFY)
    if imports.filter(brand=brand, status=BrandVetting.Status.PENDING).exists():
        raise Refused(21723, field="vetting_id")
    if imports.filter(vetting_id=token, status=BrandVetting.Status.SUCCESS).exclude(brand=brand).exists():
        raise Refused(21722, "The token was used by another brand already. Get a new one.", field="vetting_id")


def review_vetting(sid: str) -> None:
    """The third party's answer. A good one raises the brand's standing."""
    with transaction.atomic():
        found = BrandVetting.objects.filter(sid=sid).values_list("brand_id", flat=True).first()
        if found is None:
            return
        brand = locked(BrandRegistration, found, what=WHAT)
        vetting = BrandVetting.objects.select_for_update().get(sid=sid)
        if vetting.status != BrandVetting.Status.PENDING:
            return
        passed = review.vetting(vetting_id=vetting.vetting_id).approved
        vetting.status = BrandVetting.Status.SUCCESS if passed else BrandVetting.Status.FAILED
        vetting.save(update_fields=["status", "date_updated"])
        action = "brand.vetting_succeeded" if passed else "brand.vetting_failed"
        values: dict[str, Any] = {}
        if passed:
            values["identity_status"] = BrandRegistration.Identity.VETTED_VERIFIED
            if vetting.provider == Provider.AEGIS:
                values["brand_score"] = review.score(vetting.sid)
        if values:
            change(brand, account=brand.account, actor=REVIEWER, action=action, **values)
        else:
            audit.record(account=brand.account, actor=REVIEWER, action=action, obj=brand)


class _VettingRound:
    """A vetting is decided once, so its review needs no rounds."""

    review_round = 1

    def __init__(self, sid: str) -> None:
        self.sid = sid
