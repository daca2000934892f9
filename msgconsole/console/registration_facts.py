"""What the page of a registration shows of it: the answers under short labels, the reviewer's reasons, its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgconsole.console.audit_words import speed
from msgconsole.console.links import page_url
from msgconsole.console.registration_steps import Registration
from msgconsole.console.registration_words import standings_of
from msgconsole.console.templatetags.console import counted, readable
from msgconsole.console.tollfree_form import answer_words, label_of, words_of
from msgconsole.sids import is_sid
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification
from services.compliance.tollfree_answers import QUESTIONS
from services.compliance.usecases import BY_CODE

KINDS: dict[type, str] = {BrandRegistration: "Brand", Campaign: "Campaign", TollfreeVerification: "Toll-free number"}


@dataclass(frozen=True, slots=True)
class Fact:
    """``lines`` has one entry where there is one answer. ``url`` leads to what is named."""

    label: str
    lines: list[str]
    url: str = ""

    @property
    def is_sid(self) -> bool:
        return is_sid(self.lines[0])


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing the reviewer had against it, with the page of its code."""

    code: int
    words: str
    about: str
    url: str


def url(name: str, *args: str) -> str:
    return page_url(name, *args)


def name_of(row: Registration) -> str:
    if isinstance(row, Campaign):
        return f"Campaign of {row.service.friendly_name}"
    return readable(row.tollfree_phone_number) if isinstance(row, TollfreeVerification) else str(row)


def reasons(row: Registration) -> list[Reason]:
    if isinstance(row, TollfreeVerification):
        return [_reason(one["code"], one["reason"], ()) for one in row.rejections]
    return [_reason(one["error_code"], one["description"], one["fields"]) for one in row.errors]


def _reason(code: int, words: str, fields: Any) -> Reason:
    about = ", ".join(words_of(name.upper()) for name in fields)
    return Reason(code, words, about, page_url("console:error_code", str(code)))


def facts(row: Registration) -> list[Fact]:
    """The answers given, in the order of the questions. What was not answered is left out."""
    if isinstance(row, BrandRegistration):
        found = _brand(row)
    else:
        found = _campaign(row) if isinstance(row, Campaign) else _tollfree(row)
    return [Fact(label, _lines(value), link) for label, value, link in found if _lines(value)]


Row = tuple[str, Any, str]


def _brand(brand: BrandRegistration) -> Iterator[Row]:
    yield "Kind", brand.get_brand_type_display(), ""
    yield "For tests only", brand.mock or None, ""
    yield "Identity", brand.get_identity_status_display(), ""
    yield "Score", brand.brand_score, ""
    yield "Secondary vetting", "skipped" if brand.skip_automatic_sec_vet else None, ""
    yield "Id in the registry", brand.tcr_id, ""
    yield "Sent in again", counted(brand.resubmissions, "time") if brand.resubmissions else None, ""
    yield "Codes texted", brand.codes_sent or None, ""
    yield "Customer profile", brand.customer_profile_bundle_sid, ""
    yield "Messaging profile", brand.a2p_profile_bundle_sid, ""


def _campaign(campaign: Campaign) -> Iterator[Row]:
    yield "Service", campaign.service.friendly_name, page_url("console:service", campaign.service.sid)
    if campaign.brand is not None:
        yield "Brand", str(campaign.brand), page_url("console:registration", campaign.brand.sid)
    yield "Registered elsewhere", campaign.is_externally_registered or None, ""
    usecase = BY_CODE.get(campaign.us_app_to_person_usecase)
    yield "For", f"{usecase.name}: {usecase.description}" if usecase else None, ""
    yield "What is sent", campaign.description, ""
    yield "How people agree", campaign.message_flow, ""
    yield "Examples", campaign.message_samples, ""
    for label, answer in (
        ("Links in messages", campaign.has_embedded_links),
        ("Phone numbers in messages", campaign.has_embedded_phone),
        ("For adults only", campaign.age_gated or None),
        ("About loans", campaign.direct_lending or None),
        ("People subscribe themselves", campaign.subscriber_opt_in or None),
    ):
        yield label, answer, ""
    yield "Words to opt in", ", ".join(campaign.opt_in_keywords), ""
    yield "Answer to them", campaign.opt_in_message, ""
    yield "Words to opt out", ", ".join(campaign.opt_out_keywords), ""
    yield "Words for help", ", ".join(campaign.help_keywords), ""
    yield "Privacy policy", campaign.privacy_policy_url, ""
    yield "Terms", campaign.terms_and_conditions_url, ""
    yield "Id in the registry", campaign.campaign_id, ""
    if campaign.rate_limits:
        yield "Speed", speed(campaign.rate_limits), ""


def _tollfree(verification: TollfreeVerification) -> Iterator[Row]:
    number = verification.tollfree_phone_number
    yield "Number", readable(number), page_url("console:sender", verification.tollfree_phone_number_sid)
    for question in QUESTIONS:
        yield label_of(question), answer_words(question, verification.answers.get(question.name)) or None, ""
    yield "Your reference", verification.external_reference_id, ""
    yield "Last edited because", verification.edit_reason, ""
    yield "Goes first if edited by", verification.edit_expiration, ""


def _lines(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, datetime):
        return [f"{value.day} {value:%b %Y, %H:%M} UTC"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def loss(row: Campaign | TollfreeVerification) -> str:
    """What goes with it, in a sentence."""
    if isinstance(row, TollfreeVerification):
        if row.status == TollfreeVerification.Status.TWILIO_APPROVED:
            return "The number is not verified any more: what it sends to the US and Canada fails (30032)."
        return "The number keeps the standing it has."
    standings = standings_of([row.service_id])[row.service_id]
    held = sum(standings.get(standing, 0) for standing in ("registered", "pending", "suspended"))
    if not held:
        return f"No long code of {row.service.friendly_name} is registered with it."
    codes, them = counted(held, "long code"), "it sends" if held == 1 else "they send"
    return f"{codes} of {row.service.friendly_name} will not be registered: what {them} to the US will fail (30034)."
