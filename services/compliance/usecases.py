"""The use cases a campaign may have. Pure. Codes and names are the original's; descriptions are ours."""

from dataclasses import dataclass
from typing import Any, Final

SOLE_PROPRIETOR: Final = "SOLE_PROPRIETOR"


@dataclass(frozen=True, slots=True)
class Usecase:
    """``post_approval``: carriers look at it once more after the registry has."""

    code: str
    name: str
    description: str
    post_approval: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "description": self.description,
            "post_approval_required": self.post_approval,
        }


STANDARD: Final = (
    Usecase("2FA", "Two-Factor authentication (2FA)", "Codes for logging in, confirming a number, a new password."),
    Usecase("ACCOUNT_NOTIFICATION", "Account Notification", "Reminders and notices about something people have."),
    Usecase("AGENTS_FRANCHISES", "Agents and Franchises", "One brand, many local offices with a number each.", True),
    Usecase("CHARITY", "Charity", "Registered charities; not religious organisations."),
    Usecase("PROXY", "Proxy", "People write to each other without seeing each other's number.", True),
    Usecase("CUSTOMER_CARE", "Customer Care", "Answers to customers, support, help with an account."),
    Usecase("DELIVERY_NOTIFICATION", "Delivery Notification", "Where a parcel or an order is."),
    Usecase("EMERGENCY", "Emergency", "Warnings that protect people in a disaster or other emergency.", True),
    Usecase("FRAUD_ALERT", "Fraud Alert Messaging", "Warnings of something suspicious on an account."),
    Usecase("HIGHER_EDUCATION", "Higher Education", "Colleges, universities and school districts."),
    Usecase("K12_EDUCATION", "K-12 Education", "Schools up to grade 12 and the platforms they use.", True),
    Usecase("LOW_VOLUME", "Low Volume Mixed", "A little of everything, slowly: tests, demos, small businesses."),
    Usecase("MARKETING", "Marketing", "Offers and other advertising."),
    Usecase("MIXED", "Mixed", "Several purposes in one campaign, for consumer services."),
    Usecase("POLITICAL", "Political", "Election campaigns and other efforts to sway a decision."),
    Usecase("POLLING_VOTING", "Polling and voting", "Questions and votes that are not political."),
    Usecase("PUBLIC_SERVICE_ANNOUNCEMENT", "Public Service Announcement", "Information that the public should have."),
    Usecase("SECURITY_ALERT", "Security Alert", "A system was broken into, and people should act."),
    Usecase("SOCIAL", "Social", "Messages within a community, such as followers of a person.", True),
    Usecase("SWEEPSTAKE", "Sweepstake", "Prize draws.", True),
)
SOLE: Final = (Usecase(SOLE_PROPRIETOR, "Sole Proprietor", "Whatever a person in business alone sends, slowly."),)
BY_CODE: Final = {usecase.code: usecase for usecase in (*STANDARD, *SOLE)}

# A Service that says what it is for takes no campaign that plainly contradicts it.
_CONTRADICTS: Final = {
    "verification": frozenset({"MARKETING", "SWEEPSTAKE", "CHARITY", "POLITICAL", "SOCIAL"}),
    "marketing": frozenset({"2FA", "EMERGENCY", "FRAUD_ALERT", "SECURITY_ALERT"}),
}


def fits(service_usecase: str, code: str) -> bool:
    """Whether a campaign's use case goes with what its Service was declared for."""
    return code not in _CONTRADICTS.get(service_usecase, frozenset())


def offered(*, sole_proprietor: bool, service_usecase: str) -> tuple[Usecase, ...]:
    """What a brand may register for a Service."""
    return tuple(one for one in (SOLE if sole_proprietor else STANDARD) if fits(service_usecase, one.code))
