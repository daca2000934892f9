"""Writes to registrations, in one place for whoever calls them: the API, the console and commands."""

from services.compliance.brands import (
    approve_brand,
    create_brand,
    create_vetting,
    reject_brand,
    resubmit_brand,
    resume_brand,
    send_code,
    suspend_brand,
)
from services.compliance.campaigns import (
    approve_campaign,
    create_campaign,
    create_external_campaign,
    delete_campaign,
    delete_campaign_of,
    reject_campaign,
    resume_campaign,
    suspend_campaign,
    update_campaign,
)
from services.compliance.verifications import (
    approve_verification,
    create_verification,
    delete_verification,
    reject_verification,
    update_verification,
)

__all__ = [
    "approve_brand",
    "approve_campaign",
    "approve_verification",
    "create_brand",
    "create_campaign",
    "create_external_campaign",
    "create_verification",
    "create_vetting",
    "delete_campaign",
    "delete_campaign_of",
    "delete_verification",
    "reject_brand",
    "reject_campaign",
    "reject_verification",
    "resubmit_brand",
    "resume_brand",
    "resume_campaign",
    "send_code",
    "suspend_brand",
    "suspend_campaign",
    "update_campaign",
    "update_verification",
]
