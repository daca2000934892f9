"""What registrations mean for senders, and what they must know of them. Higher layers register here.

A hook runs in the transaction that changes the status, and returns before it commits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from services.models import MessagingService

DELETED = "DELETED"
"""What the hooks hear instead of a status when a registration has gone."""

CampaignHook = Callable[[MessagingService, str, Actor], None]
TollfreeHook = Callable[[Account, str, str, Actor], None]


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A phone number of an account, as far as registrations ask."""

    sid: str
    address: str
    is_toll_free: bool


NumberLookup = Callable[[Account, str], KnownNumber | None]
DeactivatedNumbers = Callable[[Account, date], Iterable[str]]

_campaign: list[CampaignHook] = []
_tollfree: list[TollfreeHook] = []
_lookups: list[NumberLookup] = []
_deactivated: list[DeactivatedNumbers] = []


def on_campaign_status(hook: CampaignHook) -> CampaignHook:
    """Register ``hook(service, status, actor)``: the Service's campaign has that status now, or is ``DELETED``."""
    if hook not in _campaign:
        _campaign.append(hook)
    return hook


def tell_campaign_status(service: MessagingService, status: str, actor: Actor) -> None:
    for hook in _campaign:
        hook(service, status, actor)


def on_tollfree_status(hook: TollfreeHook) -> TollfreeHook:
    """Register ``hook(account, phone_number_sid, status, actor)``."""
    if hook not in _tollfree:
        _tollfree.append(hook)
    return hook


def tell_tollfree_status(account: Account, phone_number_sid: str, status: str, actor: Actor) -> None:
    for hook in _tollfree:
        hook(account, phone_number_sid, status, actor)


def find_numbers_with(lookup: NumberLookup) -> NumberLookup:
    """Register ``lookup(account, phone_number_sid)``: the account's number, or None."""
    if lookup not in _lookups:
        _lookups.append(lookup)
    return lookup


def number_of(account: Account, phone_number_sid: str) -> KnownNumber | None:
    return next((found for lookup in _lookups if (found := lookup(account, phone_number_sid))), None)


def find_deactivated_with(source: DeactivatedNumbers) -> DeactivatedNumbers:
    """Register ``source(account, day)``: numbers that went out of service that day, as the account has learned."""
    if source not in _deactivated:
        _deactivated.append(source)
    return source


def deactivated_numbers(account: Account, day: date) -> list[str]:
    """US numbers in E.164 in ascending order, each once."""
    return sorted({number for source in _deactivated for number in source(account, day)})
