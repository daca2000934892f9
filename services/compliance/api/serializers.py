"""Registrations as v1 shows them: every property, always; null where unset. ``base`` starts absolute links."""

from typing import Any

from django.utils import timezone

from msgconsole.api.links import error_page
from msgconsole.api.serializers import iso
from services.compliance.models import BrandRegistration, BrandVetting, Campaign, TollfreeVerification
from services.compliance.tollfree_answers import QUESTIONS


def brand_url(base: str, sid: str) -> str:
    return f"{base}/v1/a2p/BrandRegistrations/{sid}"


def brand_json(brand: BrandRegistration, *, account_sid: str, base: str) -> dict[str, Any]:
    url = brand_url(base, brand.sid)
    failed = brand.status == BrandRegistration.Status.FAILED
    approved = brand.status == BrandRegistration.Status.APPROVED
    return {
        "sid": brand.sid,
        "account_sid": account_sid,
        "customer_profile_bundle_sid": brand.customer_profile_bundle_sid,
        "a2p_profile_bundle_sid": brand.a2p_profile_bundle_sid,
        "date_created": iso(brand.date_created),
        "date_updated": iso(brand.date_updated),
        "brand_type": brand.brand_type,
        "status": brand.status,
        "tcr_id": brand.tcr_id or None,
        "failure_reason": brand.errors[0]["description"] if failed and brand.errors else None,
        "errors": errors_json(brand.errors, base),
        "url": url,
        "brand_score": brand.brand_score,
        "brand_feedback": ["OTHERS"] if failed else None,
        "identity_status": brand.identity_status or None,
        # The simulated registry knows of no listed companies, authorities or charities.
        "russell_3000": False if approved else None,
        "government_entity": False if approved else None,
        "tax_exempt_status": None,
        "skip_automatic_sec_vet": brand.skip_automatic_sec_vet,
        "mock": brand.mock,
        "links": {"brand_vettings": f"{url}/Vettings", "brand_registration_otps": f"{url}/SmsOtp"},
    }


def vetting_json(vetting: BrandVetting, *, brand_sid: str, account_sid: str, base: str) -> dict[str, Any]:
    return {
        "account_sid": account_sid,
        "brand_sid": brand_sid,
        "brand_vetting_sid": vetting.sid,
        "date_updated": iso(vetting.date_updated),
        "date_created": iso(vetting.date_created),
        "vetting_id": vetting.vetting_id or None,
        "vetting_class": vetting.vetting_class,
        "vetting_status": vetting.status,
        "vetting_provider": vetting.provider,
        "url": f"{brand_url(base, brand_sid)}/Vettings/{vetting.sid}",
    }


def campaign_json(
    campaign: Campaign, *, service_sid: str, account_sid: str, base: str, policy_urls: bool
) -> dict[str, Any]:
    """``policy_urls``: with the two properties that clients of the newer version expect, and others must not see."""
    body = {
        "sid": campaign.sid,
        "account_sid": account_sid,
        "brand_registration_sid": campaign.brand.sid if campaign.brand else None,
        "messaging_service_sid": service_sid,
        "description": campaign.description or None,
        "message_samples": campaign.message_samples,
        "us_app_to_person_usecase": campaign.us_app_to_person_usecase or None,
        "has_embedded_links": campaign.has_embedded_links,
        "has_embedded_phone": campaign.has_embedded_phone,
        "subscriber_opt_in": campaign.subscriber_opt_in,
        "age_gated": campaign.age_gated,
        "direct_lending": campaign.direct_lending,
        "campaign_status": campaign.status,
        "campaign_id": campaign.campaign_id or None,
        "is_externally_registered": campaign.is_externally_registered,
        "rate_limits": campaign.rate_limits,
        "message_flow": campaign.message_flow or None,
        "opt_in_message": campaign.opt_in_message or None,
        "opt_out_message": campaign.opt_out_message or None,
        "help_message": campaign.help_message or None,
        "opt_in_keywords": campaign.opt_in_keywords,
        "opt_out_keywords": campaign.opt_out_keywords,
        "help_keywords": campaign.help_keywords,
        "date_created": iso(campaign.date_created),
        "date_updated": iso(campaign.date_updated),
        "url": f"{base}/v1/Services/{service_sid}/Compliance/Usa2p/{campaign.sid}",
        "mock": campaign.mock,
        "errors": errors_json(campaign.errors, base),
    }
    if policy_urls:
        body["privacy_policy_url"] = campaign.privacy_policy_url or None
        body["terms_and_conditions_url"] = campaign.terms_and_conditions_url or None
    return body


def external_campaign_json(campaign: Campaign, *, service_sid: str, account_sid: str) -> dict[str, Any]:
    return {
        "sid": campaign.sid,
        "account_sid": account_sid,
        "campaign_id": campaign.campaign_id,
        "messaging_service_sid": service_sid,
        "date_created": iso(campaign.date_created),
    }


def verification_json(verification: TollfreeVerification, *, base: str) -> dict[str, Any]:
    rejected = verification.status == TollfreeVerification.Status.TWILIO_REJECTED
    first = verification.rejections[0] if rejected and verification.rejections else None
    edit_until = verification.edit_expiration
    body = {question.name: verification.answers.get(question.name) for question in QUESTIONS}
    return {
        **body,
        "sid": verification.sid,
        "account_sid": verification.account.sid,
        "customer_profile_sid": verification.customer_profile_sid or None,
        "trust_product_sid": verification.trust_product_sid or None,
        "regulated_item_sid": verification.regulated_item_sid or None,
        "date_created": iso(verification.date_created),
        "date_updated": iso(verification.date_updated),
        "tollfree_phone_number_sid": verification.tollfree_phone_number_sid,
        "tollfree_phone_number": verification.tollfree_phone_number,
        "status": verification.status,
        "url": f"{base}/v1/Tollfree/Verifications/{verification.sid}",
        "rejection_reason": first["reason"] if first else None,
        "error_code": first["code"] if first else None,
        "edit_expiration": iso(edit_until),
        "edit_allowed": edit_until > timezone.now() if edit_until else None,
        "rejection_reasons": verification.rejections if rejected else None,
        "resource_links": {},  # to documents that no resource here holds
        "external_reference_id": verification.external_reference_id or None,
        "vetting_id_expiration": None,
    }


def errors_json(errors: list[dict[str, Any]], base: str) -> list[dict[str, Any]]:
    return [{**error, "url": error_page(base, error["error_code"])} for error in errors]
