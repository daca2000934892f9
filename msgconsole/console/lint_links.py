"""Where what a pool's lint advises is done: each finding with the page of its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgconsole.console.links import page_url
from senders.lint import Finding
from services.models import MessagingService

ADD_NUMBERS = ("console:service_sender_add", "numbers")
# Rule → the page of its remedy and what it takes besides the Service's SID. Others lead to the sender they are about.
PAGES: dict[str, tuple[str, ...]] = {
    "pool_empty": ADD_NUMBERS,
    "rcs_only": ADD_NUMBERS,
    "no_sms_sender": ADD_NUMBERS,
    "no_us_number": ADD_NUMBERS,
    "no_mms_sender": ADD_NUMBERS,
    "no_country": ADD_NUMBERS,
    "unregistered_long_codes": ("console:service_compliance",),
    "pending_long_codes": ("console:service_compliance",),
    "suspended_long_codes": ("console:service_compliance",),
    "nobody_ready": ("console:service_compliance",),
}
TAKE_OUT = frozenset({"two_toll_free", "alpha_not_allowed", "frozen_regions"})


@dataclass(frozen=True, slots=True)
class Advice:
    """``url`` is where the remedy is done; empty where there is no one place."""

    finding: Finding
    url: str


def with_remedies(service: MessagingService, findings: Iterable[Finding]) -> list[Advice]:
    return [Advice(finding, _url(service, finding)) for finding in findings]


def _url(service: MessagingService, finding: Finding) -> str:
    if finding.rule in PAGES:
        name, *more = PAGES[finding.rule]
        return page_url(name, service.sid, *more)
    if finding.rule in TAKE_OUT and finding.senders:
        query = "&".join(f"sender={sid}" for sid, _ in finding.senders[:1])
        return f"{page_url('console:service_sender_remove', service.sid)}?{query}"
    if finding.senders:
        return page_url("console:sender", finding.senders[0][0])
    return ""
