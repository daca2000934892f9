"""What to do about a sender that is not registered: the next step in words, with the page where it is taken."""

from msgconsole.console.links import page_url
from senders.selection.reasons import UNREADY

# Standing of a sender, and the error code of a message that fails by it.
UNREGISTERED, UNVERIFIED = "unregistered", "unverified"
STANDING_BY_CODE = {code: standing for (_, standing), (code, _, _) in UNREADY.items()}
STANDING_BY_REASON = {str(reason): standing for (_, standing), (_, reason, _) in UNREADY.items()}


def next_step(standing: str, service_sid: str, sender_sid: str = "") -> tuple[str, str]:
    """(label, address) of what mends a standing; two empty texts for one that needs nothing.

    Without a Service a long code has no campaign to join, so the list of registrations is where to begin.
    """
    if standing == UNVERIFIED:
        where = page_url("console:registration_toll_free")
        return "Verify this number", f"{where}?number={sender_sid}" if sender_sid else where
    if standing not in STANDING_BY_CODE.values():
        return "", ""
    if not service_sid:
        return "Open registrations", page_url("console:registrations")
    if standing == UNREGISTERED:
        return "Register a campaign", f"{page_url('console:registration_campaign')}?service={service_sid}"
    return "See the campaign", page_url("console:service_compliance", service_sid)
