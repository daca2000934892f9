"""The simulated reviewer: reads what was submitted and says yes, or no with the codes that carriers would give. Pure.

It approves whatever is not plainly wrong. To see a rejection on purpose, write ``[reject]`` into a description, name
or summary, or ``[reject 30896]`` for a certain code. Over the API a brand has no words of its own: there a business
profile SID that ends in ``00030701`` (zeroes and a code from 30700 to 30799) does the same.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgconsole.error_codes import CATALOGUE

BRAND_FAULT: Final = 30701
VETTING_FAULT: Final = 30713
CAMPAIGN_FAULT: Final = 30897
SHORT_LINK_FAULT: Final = 30892
TOLLFREE_FAULT: Final = 30440
UNREACHABLE_FAULT: Final = 30509
SUSPENSION: Final = 30990

NO_ANSWER: Final = "[no answer]"
"""In a sole proprietor's name: the owner misses the first text with a code, and answers the second."""

_REJECT: Final = re.compile(r"\[reject(?: (30[3-9]\d\d))?\]", re.IGNORECASE)
_PROFILE: Final = re.compile(r"000(307\d\d)$")
_SHORTENERS: Final = re.compile(r"\b(bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly)/", re.IGNORECASE)
_LOCAL: Final = re.compile(
    r"^https?://(localhost|127\.|10\.|192\.168\.|\[|[^/.:]+([:/]|$))", re.IGNORECASE
)  # a host that only the applicant can open
_TOKEN: Final = re.compile(r"cv\|[^|]+\|tcr\|10dlc\|[^|]+\|[^|]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing the reviewer has against a submission. ``fields`` are named as the API's errors name them."""

    code: int
    fields: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        known = CATALOGUE.get(self.code)
        words = f"{known.title}. {known.remedy}" if known else "The reviewer rejected it. Correct it and try again."
        return {"error_code": self.code, "fields": list(self.fields), "description": words}


@dataclass(frozen=True, slots=True)
class Verdict:
    faults: tuple[Fault, ...] = ()

    @property
    def approved(self) -> bool:
        return not self.faults


def brand(*, business_name: str, profile_sid: str) -> Verdict:
    """Judge a brand by its name and the SID of its business profile."""
    if found := _PROFILE.search(profile_sid):
        return Verdict((Fault(int(found[1]), ("business_profile",)),))
    return Verdict(_asked_for([("business_name", business_name)], BRAND_FAULT))


def owner_answers(*, business_name: str, codes_sent: int) -> bool:
    """Whether a sole proprietor has answered one of the texts sent so far."""
    return codes_sent > 1 or NO_ANSWER not in business_name.lower()


def is_campaign_verify_token(text: str) -> bool:
    """``cv|1.0|tcr|10dlc|<id>|<token>``: what Campaign Verify hands out."""
    return bool(_TOKEN.fullmatch(text))


def vetting(*, vetting_id: str) -> Verdict:
    return Verdict(_asked_for([("vetting_id", vetting_id)], VETTING_FAULT))


def score(seed: str) -> int:
    """A brand's score from 25 to 100: the same for the same seed."""
    return 25 + zlib.crc32(seed.encode()) % 76


def campaign(*, description: str, message_flow: str, samples: Iterable[str]) -> Verdict:
    """Judge a campaign by its texts."""
    texts = list(samples)
    faults = list(
        _asked_for([("DESCRIPTION", description), ("MESSAGE_FLOW", message_flow)], CAMPAIGN_FAULT)
        or _asked_for([("MESSAGE_SAMPLES", text) for text in texts], CAMPAIGN_FAULT)
    )
    if any(_SHORTENERS.search(text) for text in texts):
        faults.append(Fault(SHORT_LINK_FAULT, ("MESSAGE_SAMPLES",)))
    return Verdict(tuple(faults))


def tollfree(answers: Mapping[str, Any]) -> Verdict:
    """Judge a toll-free verification by its answers."""
    texts = [(name, str(answers.get(name) or "")) for name in ("business_name", "use_case_summary")]
    faults = list(_asked_for(texts, TOLLFREE_FAULT))
    if any(_LOCAL.match(url) for url in answers.get("opt_in_image_urls") or ()):
        faults.append(Fault(UNREACHABLE_FAULT, ("opt_in_image_urls",)))
    return Verdict(tuple(faults))


def rate_limits(*, sole_proprietor: bool, usecase: str, brand_score: int | None) -> dict[str, Any]:
    """How fast each carrier lets a campaign send. ``mps``: messages a second. Orders of magnitude, not a contract."""
    if sole_proprietor:
        return _limits(0.25, "W", "LOW")
    if usecase == "LOW_VOLUME" or brand_score is None:
        return _limits(1.25, "T", "LOW")
    if brand_score >= 75:
        return _limits(75, "A", "TOP")
    if brand_score >= 50:
        return _limits(40, "C", "UPPER_MID")
    return _limits(4, "E", "LOWER_MID")


def _limits(mps: float, message_class: str, tier: str) -> dict[str, Any]:
    return {"att": {"mps": mps, "msg_class": message_class}, "tmobile": {"brand_tier": tier}}


def _asked_for(texts: Iterable[tuple[str, str]], default: int) -> tuple[Fault, ...]:
    """The rejection that a text asks for, if one does."""
    for name, text in texts:
        if found := _REJECT.search(text):
            return (Fault(int(found[1] or default), (name,)),)
    return ()
