"""The error catalogue: one entry per code that can be met here: in API bodies, message rows, logs, the console. Pure.

Source: the original's public error pages, meanings restated; compiled November 2026.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """``title`` is short and stands as ``error_message``; ``remedy`` says what to do. ``status`` is the HTTP status."""

    code: int
    status: int
    title: str
    remedy: str
    ends_messages: bool = False


_ROWS: Final[tuple[tuple[int, int, str, str], ...]] = (
    # The API itself
    (20001, 400, "A parameter is missing or not valid", "Correct the parameter that the message names."),
    (20002, 400, "FriendlyName is empty or too long", "Give a name of 1 to 64 characters."),
    (20003, 401, "Authenticate", "Send the AccountSid and auth token, or an API key SID and its secret."),
    (20004, 405, "Method not allowed", "Use one of the methods in the Allow header."),
    (20005, 401, "Account is not active", "Ask an owner to make the account active again."),
    (20009, 409, "Message is not final yet", "Wait until the message is delivered or has failed, then try again."),
    (20403, 403, "Forbidden", "These credentials may not do this."),
    (20404, 404, "The resource was not found", "Check the SID and that it belongs to this account."),
    (20409, 409, "Conflict", "The thing exists already, or is in a state that does not allow this."),
    (20413, 413, "Request body is too large", "Send less in one request."),
    (20415, 415, "Unsupported media type", "Send application/x-www-form-urlencoded."),
    (20429, 429, "Too many requests", "Wait as long as the Retry-After header says."),
    (20500, 500, "Internal server error", "Try again; if it stays, look in the server's log for the request id."),
    (11100, 400, "Not a valid URL", "Give an absolute http or https URL."),
    (11200, 502, "Webhook could not be retrieved", "Check that the URL answers with a 2xx status in time."),
    (11205, 502, "Webhook connection failed", "Check the host, the port and that the server is up."),
    (11210, 502, "Webhook host was not found", "Check the host name of the URL."),
    (11217, 502, "Webhook answered with an error status", "Look at the answer your server gave."),
    (11220, 502, "Webhook TLS handshake failed", "Check the certificate of the host."),
    # Services and pools
    (21101, 400, "A subaccount may not create accounts", "Create it with the parent account's credentials."),
    (21102, 400, "Too many Services", "Delete a Service that is not used."),
    (21402, 400, "Not a valid URL", "Give an absolute http or https URL."),
    (21403, 400, "Not a valid method", "Use GET or POST."),
    (21406, 400, "SmsFallbackUrl without SmsUrl", "Set SmsUrl as well."),
    (21407, 400, "This kind of number has no SMS", "Choose a number with the SMS capability."),
    (21421, 400, "Not a valid phone number or SID", "Give E.164, such as +14155550100, or a SID of this account."),
    (21422, 400, "Phone number is not available", "Choose another number: this one is taken."),
    (21452, 400, "No number is free in this area code", "Choose another area code."),
    (21624, 400, "ValidityPeriod is out of range", "Give 1 to 36000 seconds."),
    (21713, 400, "Unknown use case", "Use notifications, marketing, verification, discussion, poll or undeclared."),
    (21708, 400, "Alpha sender is missing", "Give 1 to 11 characters."),
    (21709, 400, "Alpha sender is not valid", "Use 1 to 11 of A-Z a-z 0-9 space - + _ &, with at least one non-digit."),
    (21710, 409, "Sender is in this Service already", "Nothing to do."),
    (21711, 400, "Sender is not in this Service's pool", "Add it to the pool, or leave From out."),
    (21712, 409, "Sender is in another Service", "Remove it there first, or move it in the console."),
    (21714, 400, "The pool is full", "Remove a number or short code first."),
    (21715, 400, "Number has neither SMS nor MMS", "Choose a number that can send messages."),
    # Registrations: refused at once
    (21717, 400, "Brand is not registered or not valid", "Use a brand of this account that has not failed."),
    (21719, 400, "Service and campaign use case do not fit", "Choose another use case, or another Service."),
    (21720, 400, "Campaign use case is not valid", "Use a code that the list of use cases shows for this brand."),
    (21721, 400, "Brand cannot take a Campaign Verify token", "Use a standard brand that has not failed."),
    (21722, 400, "Campaign Verify token is not valid", "Give the whole token: cv|1.0|tcr|10dlc|… with six parts."),
    (21723, 400, "A Campaign Verify token is being imported", "Wait until that import has ended."),
    (21724, 400, "Brand was submitted too often", "A brand that failed may be submitted again three times."),
    (21725, 400, "Brand cannot be submitted again in its state", "Only a pending or failed brand can."),
    (21727, 400, "Campaign parameter is missing", "Give the parameter that the message names."),
    (21728, 400, "Campaign parameter is too short or too long", "Keep to the length that the message names."),
    (21729, 400, "Campaign or brand is suspended", "Wait until the suspension is lifted."),
    # Messages: refused at once
    (21211, 400, "To is not a valid phone number", "Give E.164, such as +14155550123."),
    (21212, 400, "From is not a valid sender", "Give a number, short code or alpha sender of this account."),
    (21265, 400, "To is a short code", "Send to a phone number."),
    (21266, 400, "To and From are the same", "Send to another number."),
    (21267, 400, "Trial accounts may not use alpha senders", "Upgrade the account."),
    (21268, 400, "To is a premium or information number", "Send to an ordinary number."),
    (21602, 400, "Message has no body", "Give Body, MediaUrl or ContentSid."),
    (21603, 400, "A sender is missing", "Give From or MessagingServiceSid."),
    (21604, 400, "To is missing", "Give a To number."),
    (21609, 400, "StatusCallback is not a valid URL", "Give an absolute http or https URL of at most 4000 characters."),
    (21611, 400, "Sender's queue is full", "Wait, or use a Messaging Service with more senders."),
    (21617, 400, "Body is longer than 1600 characters", "Shorten the text."),
    (21619, 400, "Message has no text and no media", "Give Body, MediaUrl or ContentSid."),
    (21620, 400, "A media URL is not valid", "Give absolute http or https URLs."),
    (21623, 400, "More than 10 media files", "Send at most 10."),
    (21627, 400, "MaxPrice is not a number", "Give a number, or leave it out: it has no effect."),
    (21654, 400, "ContentSid is missing", "Give ContentSid with ContentVariables."),
    (21655, 400, "ContentSid is not valid", "Give HX and 32 hex digits."),
    (21656, 400, "ContentVariables is not valid", "Give a JSON object as a string."),
    (21664, 400, "FallbackFrom together with From", "Give one of the two."),
    (21665, 400, "FallbackFrom is not a valid sender", "Give an SMS sender of this account."),
    (21666, 400, "FallbackFrom without MessagingServiceSid", "Give the Service too."),
    (21667, 400, "FallbackFrom, but the Service has no RCS sender", "Add an RCS sender, or leave FallbackFrom out."),
    (21701, 404, "The Messaging Service was not found", "Check the SID and that it belongs to this account."),
    (21705, 400, "MessagingServiceSid is not valid", "Give MG and 32 hex digits."),
    (30029, 400, "ContentRetention is not valid", "Use retain or discard."),
    (30030, 400, "AddressRetention is not valid", "Use retain or obfuscate."),
    # Short links: refused at once
    (30132, 400, "Certificate cannot be validated", "Give a valid certificate with its chain and its key, in PEM."),
    (30400, 400, "The update is not valid", "Send Body= to redact, or Status=canceled to cancel, not both."),
    (30409, 409, "The message can no longer be canceled", "Only scheduled or accepted messages can be."),
    (35111, 400, "SendAt is missing", "Give SendAt with ScheduleType=fixed."),
    (35114, 400, "SendAt is not within the window", "Give a time 300 seconds to 35 days ahead, in UTC."),
    (35118, 400, "Scheduling needs a Messaging Service", "Give MessagingServiceSid."),
    (35125, 400, "Too many scheduled messages", "Wait until some are sent, or cancel some."),
    (35126, 400, "ScheduleType is not valid", "Use fixed."),
    # Registrations: in the errors of one that was not approved
    (30440, 400, "Toll-free verification was rejected", "Edit the verification and send it in again."),
    (30482, 400, "Business email has no domain of its own", "Give an address at the domain of the business."),
    (30509, 400, "Opt-in page cannot be reached", "Give an address that everybody can open."),
    (30701, 400, "Details of the business are not valid", "Correct them in the business profile and submit again."),
    (30713, 400, "Vetting token is not valid", "Get a new token from the provider and import that."),
    (30884, 400, "Campaign was taken for spam or phishing", "Say who you are and how people agree; then edit."),
    (30892, 400, "Sample message has a public short link", "Use the full address, or a short domain of your own."),
    (30896, 400, "Opt-in of the campaign is not sufficient", "Say how each person agrees; then edit the campaign."),
    (30897, 400, "Campaign has content that is not allowed", "Remove the content; then edit the campaign."),
    (30899, 400, "Carriers rejected the campaign", "Make brand, use case and samples agree; then edit."),
    (30909, 400, "Message flow does not show how people opt in", "Describe every step; then edit the campaign."),
    (30990, 400, "Campaign is suspended", "Resolve what led to it; then ask for it to be resumed."),
)

# What a message can end with. A request is refused with some of them as well, where its sender is decided at once.
_ENDINGS: Final[tuple[tuple[int, int, str, str], ...]] = (
    (21408, 400, "Messages to this country are not permitted", "Add the country to the account's geo permissions."),
    (21610, 400, "Recipient has opted out", "The recipient must text START, or someone must lift the block."),
    (21612, 400, "This To and From cannot be combined", "Choose a sender that can reach the recipient."),
    (21621, 400, "From cannot send MMS", "Choose a number with the MMS capability."),
    (21635, 400, "To is a landline", "Send to a mobile, or set ForceDelivery."),
    (21659, 400, "From is not a number of this system", "Add the number to the account, or use one that is."),
    (21660, 400, "From belongs to another account", "Use a sender of this account."),
    (21661, 400, "From has no SMS capability", "Choose a number with the SMS capability."),
    (21703, 400, "No sender of the Service can reach this recipient", "See the decision: it says why for each sender."),
    (21704, 400, "The Messaging Service has no senders", "Add a sender to the Service's pool."),
    (21910, 400, "From and To are on different channels", "Use whatsapp: on both or on neither."),
    (30001, 400, "Queue overflow", "Spread the load over more senders."),
    (30002, 400, "Account suspended", "Ask an owner to make the account active again."),
    (30003, 400, "Handset unreachable", "The phone is off or out of reach; try again later."),
    (30004, 400, "Message blocked", "The recipient or their carrier blocks messages from this sender."),
    (30005, 400, "Unknown handset", "The number does not exist any more."),
    (30006, 400, "Landline or unreachable carrier", "Send to a mobile number."),
    (30007, 400, "Message filtered", "The carrier took it for unwanted; change content or register the sender."),
    (30008, 400, "Unknown error", "The carrier gave no reason."),
    (30010, 400, "Price is above MaxPrice", "Raise MaxPrice or leave it out."),
    (30011, 400, "MMS is not supported at the destination", "Turn the MMS converter on, or send without media."),
    (30017, 400, "Carrier congestion", "Try again later."),
    (30018, 400, "Destination wants a pre-registered sender ID", "Register the alpha sender for that country."),
    (30019, 400, "Content is too large for the carrier", "Send less."),
    (30020, 400, "Scheduler fault", "Send the message again."),
    (30021, 400, "Service fault", "Send the message again."),
    (30022, 400, "10DLC rate limit", "Send more slowly."),
    (30023, 400, "10DLC daily limit", "Wait until tomorrow."),
    (30024, 400, "Sender is not provisioned at the carrier", "Wait or choose another sender."),
    (30027, 400, "10DLC daily limit of the carrier", "Wait until tomorrow."),
    (30032, 400, "Toll-free number is not verified", "Verify the toll-free number."),
    (30033, 400, "10DLC campaign is suspended", "Resolve the suspension."),
    (30034, 400, "Number is not registered for 10DLC", "Register the number with an approved campaign."),
    (30035, 400, "Number is still being configured for its campaign", "Wait until the registration is complete."),
    (30036, 400, "Validity period expired", "Give the message longer, or send more slowly."),
    (30037, 400, "Outbound messaging is disabled", "Enable it for the account."),
    (30040, 400, "Carrier refuses the unregistered sender ID", "Register the alpha sender."),
    (30041, 400, "Sender must be registered in this country", "Register the sender."),
    (30042, 400, "Sender ID is too generic", "Use a name that identifies your business."),
    (30410, 400, "Provider timed out", "The carrier did not answer in time; it is not tried again."),
    (30500, 400, "Internal failure", "Send the message again."),
    (63036, 400, "Recipient cannot be reached over RCS", "Add an SMS sender to the pool."),
)

CATALOGUE: Final[dict[int, ErrorCode]] = {row[0]: ErrorCode(*row) for row in _ROWS} | {
    row[0]: ErrorCode(*row, ends_messages=True) for row in _ENDINGS
}


def message_for(code: int | None) -> str | None:
    """The title of a code, as ``error_message`` shows it; None for None."""
    if code is None:
        return None
    return CATALOGUE[code].title if code in CATALOGUE else f"Error {code}"


class Refused(Exception):
    """An action says no. ``field`` is the snake_case name of the faulty input, where one is at fault.

    The message names the value and the remedy: it is read by people, in the console and in the API alike.
    """

    def __init__(
        self, code: int, message: str | None = None, *, field: str | None = None, status: int | None = None
    ) -> None:
        entry = CATALOGUE[code]
        self.code = code
        self.message = message or f"{entry.title}. {entry.remedy}"
        self.field = field
        self.status = status or entry.status
        super().__init__(self.message)
