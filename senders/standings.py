"""What a campaign's status means for the US and Canadian long codes of its Service's pool: those that are in it, those
that join, and those that leave."""

from typing import Final

from senders import buckets
from senders.models import Sender
from senders.selection.summary import LONG_CODE
from services.compliance.hooks import DELETED
from services.compliance.queries import campaign_of
from services.models import MessagingService

Registration = Sender.Registration

# A campaign's status → which standings change, and to what. "Not required" is somebody's explicit word and stays.
_UNREGISTER: Final = (
    frozenset({Registration.REGISTERED, Registration.PENDING, Registration.SUSPENDED}),
    Registration.UNREGISTERED,
)
_AWAIT: Final = (frozenset({Registration.UNREGISTERED}), Registration.PENDING)
MOVES: Final = {
    "PENDING": _AWAIT,
    "IN_PROGRESS": _AWAIT,
    "VERIFIED": (
        frozenset({Registration.UNREGISTERED, Registration.PENDING, Registration.SUSPENDED}),
        Registration.REGISTERED,
    ),
    "SUSPENDED": (
        frozenset({Registration.REGISTERED, Registration.PENDING, Registration.UNREGISTERED}),
        Registration.SUSPENDED,
    ),
    "FAILED": _UNREGISTER,
    DELETED: _UNREGISTER,
}
# What only a campaign gives: it does not outlast the membership. A registered number may be so on its own account.
_LENT: Final = frozenset({Registration.PENDING, Registration.SUSPENDED})


def take_on(service: MessagingService, sender: Sender) -> None:
    """A sender joins the pool: it has the standing now that the Service's campaign gives its numbers."""
    if not _is_covered(sender):
        return
    campaign = campaign_of(service)
    if campaign is None:
        return
    # While a change is reviewed, what was approved before still holds.
    origins, to = MOVES["VERIFIED" if service.us_app_to_person_registered else campaign.status]
    if sender.registration in origins:
        _set(sender, to)


def let_go(service: MessagingService, sender: Sender) -> None:
    """A sender has left the pool: what only the campaign gave it goes."""
    if _is_covered(sender) and sender.registration in _LENT and campaign_of(service) is not None:
        _set(sender, Registration.UNREGISTERED)


def _is_covered(sender: Sender) -> bool:
    return sender.kind == LONG_CODE and sender.country in buckets.US_AND_CANADA


def _set(sender: Sender, registration: Registration) -> None:
    sender.registration = registration
    sender.save(update_fields=["registration", "date_updated"])
