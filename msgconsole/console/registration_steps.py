"""What people can do with a registration by hand: the reviewer's part, and the steps of whoever registers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgconsole.accounts.audit import Actor
from msgconsole.console.registration_words import can_be_sent_in_again
from msgconsole.error_codes import CATALOGUE
from services.compliance import actions
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification

Registration = BrandRegistration | Campaign | TollfreeVerification
Brand, Tollfree = BrandRegistration.Status, TollfreeVerification.Status


@dataclass(frozen=True, slots=True)
class Step:
    """``done`` is said afterwards; ``codes`` are the reasons to choose from, where one is asked for."""

    name: str
    verb: str
    done: str
    tone: str
    allowed: tuple[str, ...]
    act: Callable[..., Any]
    reviewer: bool = True
    codes: tuple[int, ...] = ()

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(code, f"{CATALOGUE[code].title} ({code})") for code in self.codes]


BRAND_STEPS = (
    Step(
        "approve",
        "Approve the brand",
        "The brand was approved.",
        "primary",
        (Brand.PENDING, Brand.IN_REVIEW, Brand.FAILED),
        lambda row, actor, code: actions.approve_brand(brand=row, actor=actor),
    ),
    Step(
        "reject",
        "Reject the brand",
        "The brand was rejected.",
        "bad",
        (Brand.PENDING, Brand.IN_REVIEW),
        lambda row, actor, code: actions.reject_brand(brand=row, actor=actor, code=code),
        codes=(30701,),
    ),
    Step(
        "suspend",
        "Suspend the brand",
        "The brand was suspended, and its approved campaigns with it.",
        "bad",
        (Brand.APPROVED,),
        lambda row, actor, code: actions.suspend_brand(brand=row, actor=actor),
    ),
    Step(
        "resume",
        "Resume the brand",
        "The brand was resumed.",
        "primary",
        (Brand.SUSPENDED,),
        lambda row, actor, code: actions.resume_brand(brand=row, actor=actor),
    ),
    Step(
        "resubmit",
        "Send the brand in again",
        "The brand was sent in again.",
        "primary",
        (Brand.FAILED,),
        lambda row, actor, code: actions.resubmit_brand(brand=row, actor=actor),
        reviewer=False,
    ),
    Step(
        "send_code",
        "Text the owner another code",
        "A code was sent.",
        "",
        (Brand.PENDING, Brand.IN_REVIEW),
        lambda row, actor, code: actions.send_code(brand=row, actor=actor),
        reviewer=False,
    ),
    Step(
        "vet",
        "Ask for secondary vetting",
        "The vetting was asked for.",
        "",
        (Brand.APPROVED,),
        lambda row, actor, code: actions.create_vetting(brand=row, actor=actor, vetting_provider="aegis"),
        reviewer=False,
    ),
)
CAMPAIGN_STEPS = (
    Step(
        "approve",
        "Approve the campaign",
        "The campaign was approved.",
        "primary",
        (Campaign.Status.PENDING, Campaign.Status.IN_PROGRESS, Campaign.Status.FAILED),
        lambda row, actor, code: actions.approve_campaign(campaign=row, actor=actor),
    ),
    Step(
        "reject",
        "Reject the campaign",
        "The campaign was rejected.",
        "bad",
        (Campaign.Status.PENDING, Campaign.Status.IN_PROGRESS),
        lambda row, actor, code: actions.reject_campaign(campaign=row, actor=actor, code=code),
        codes=(30897, 30884, 30892, 30896, 30899, 30909),
    ),
    Step(
        "suspend",
        "Suspend the campaign",
        "The campaign was suspended.",
        "bad",
        (Campaign.Status.VERIFIED,),
        lambda row, actor, code: actions.suspend_campaign(campaign=row, actor=actor),
    ),
    Step(
        "resume",
        "Resume the campaign",
        "The campaign was resumed.",
        "primary",
        (Campaign.Status.SUSPENDED,),
        lambda row, actor, code: actions.resume_campaign(campaign=row, actor=actor),
    ),
)
TOLLFREE_STEPS = (
    Step(
        "approve",
        "Approve the verification",
        "The verification was approved.",
        "primary",
        (Tollfree.PENDING_REVIEW, Tollfree.IN_REVIEW, Tollfree.TWILIO_REJECTED),
        lambda row, actor, code: actions.approve_verification(verification=row, actor=actor),
    ),
    Step(
        "reject",
        "Reject the verification",
        "The verification was rejected.",
        "bad",
        (Tollfree.PENDING_REVIEW, Tollfree.IN_REVIEW, Tollfree.TWILIO_APPROVED),
        lambda row, actor, code: actions.reject_verification(verification=row, actor=actor, code=code),
        codes=(30440, 30482, 30509),
    ),
)


def steps_for(row: Registration) -> tuple[Step, ...]:
    """What may be done with it in the state it is in."""
    if isinstance(row, BrandRegistration):
        sole = row.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR
        hidden = set() if sole else {"send_code"}
        if not can_be_sent_in_again(row):
            hidden.add("resubmit")
        steps = tuple(step for step in BRAND_STEPS if step.name not in hidden)
    else:
        steps = CAMPAIGN_STEPS if isinstance(row, Campaign) else TOLLFREE_STEPS
    return tuple(step for step in steps if row.status in step.allowed)


def take(step: Step, row: Registration, actor: Actor, code: str) -> None:
    """Take a step; a reason that is not among those offered counts as the first."""
    chosen = int(code) if code.isascii() and code.isdigit() and len(code) < 6 else 0
    reason = chosen if chosen in step.codes else next(iter(step.codes), 0)
    step.act(row, actor, reason)
