"""The faults of a request that are told at once. Everything else shows on the message later.

Shape first, then what needs the database. ``validate`` writes nothing: the send and its explanation both start here.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from msgconsole.accounts.models import Account
from msgconsole.encoding.segments import MAX_BODY, units_of_body
from msgconsole.error_codes import Refused
from msgconsole.messaging import schedule
from msgconsole.messaging.requests import MessageRequest
from msgconsole.numbering import e164
from msgconsole.sids import is_sid
from services.models import MessagingService

MOST_MEDIA = 10
LONGEST_URL = 4000
LONGEST_VALIDITY = 36_000  # seconds
LONGEST_WHATSAPP_VALIDITY = 14_400  # seconds
MOST_TAGS, LONGEST_TAG_KEY, LONGEST_TAG_VALUE = 10, 128, 256
_TAG_KEY = re.compile(rf"[A-Za-z0-9._~-]{{1,{LONGEST_TAG_KEY}}}")
# With blanks: the published example of a send has the value "Spring Sale 2022".
_TAG_VALUE = re.compile(rf"[A-Za-z0-9._~ -]{{1,{LONGEST_TAG_VALUE}}}")
# Letters, digits, dots and dashes; an underscore in a host is refused by the original too.
_HOST = re.compile(r"[^\s_/?#\\]+")

_CHOICES = (
    ("content_retention", 30029, "ContentRetention", ("retain", "discard")),
    ("address_retention", 30030, "AddressRetention", ("retain", "obfuscate")),
    ("risk_check", 20001, "RiskCheck", ("enable", "disable")),
    ("traffic_type", 20001, "TrafficType", ("free",)),
)


@dataclass(frozen=True, slots=True)
class Valid:
    """A request whose form is right. ``service`` None: it goes from a bare From, which is then set.

    ``sender_address`` is the From as a sender address; ``validity_period`` is in seconds; ``send_at`` None: now.
    """

    destination: e164.Destination
    service: MessagingService | None
    sender_address: e164.SenderAddress | None
    validity_period: int
    send_at: datetime | None


def validate(account: Account, request: MessageRequest, now: datetime) -> Valid:
    """Check the form of a request, and that the Service it names exists. Raises ``Refused``."""
    if not request.to.strip():
        raise Refused(21604, "A “To” phone number is required.", field="to")
    service_sid, from_ = sender_of(request)
    if service_sid is not None and not is_sid(service_sid, "MG"):
        raise Refused(
            21705,
            f"“{service_sid}” is not the SID of a Messaging Service: MG and 32 hex digits.",
            field="messaging_service_sid",
        )
    destination = _destination(request)
    check_content(request, with_service=service_sid is not None)
    _check_urls(request)
    _check_choices(request)
    _check_tags(request)
    _check_fallback(request, from_)
    if request.validity_period is not None and not 1 <= request.validity_period <= LONGEST_VALIDITY:
        raise Refused(
            21624,
            f"ValidityPeriod {request.validity_period} is not within 1 to {LONGEST_VALIDITY} seconds.",
            field="validity_period",
        )
    send_at = schedule.check(request, now, with_service=service_sid is not None)
    sender_address = _sender_address(from_, destination)
    service = find_service(account, service_sid)
    return Valid(destination, service, sender_address, _validity(request, service, destination), send_at)


def sender_of(request: MessageRequest) -> tuple[str | None, str | None]:
    """(Service SID, From). An MG SID in From is taken for the Service's. Raises 21603 or 21666 if neither is given."""
    service_sid, from_ = request.messaging_service_sid or None, (request.from_ or "").strip() or None
    if from_ is not None and is_sid(from_, "MG"):
        service_sid, from_ = service_sid or from_, None
    if service_sid is None and from_ is None:
        if request.fallback_from:
            raise Refused(21666, "FallbackFrom needs a MessagingServiceSid.", field="fallback_from")
        raise Refused(21603, "A “From” number or a MessagingServiceSid is required.", field="from")
    return service_sid, from_


def find_service(account: Account, sid: str | None) -> MessagingService | None:
    if sid is None:
        return None
    service = MessagingService.objects.filter(sid=sid, account=account).first()
    if service is None:
        raise Refused(
            21701, f"The Messaging Service {sid} was not found in this account.", field="messaging_service_sid"
        )
    return service


def check_content(request: MessageRequest, *, with_service: bool) -> None:
    """Body, media or a template must be there, and not too much of it."""
    if not request.body.strip() and not request.media_urls and not request.content_sid:
        raise Refused(21619 if with_service else 21602, "Give a Body, a MediaUrl or a ContentSid.", field="body")
    units = units_of_body(request.body)
    if units > MAX_BODY:
        raise Refused(21617, f"The Body has {units} characters; at most {MAX_BODY} can be sent.", field="body")
    if len(request.media_urls) > MOST_MEDIA:
        raise Refused(
            21623, f"{len(request.media_urls)} media were given; at most {MOST_MEDIA} can be sent.", field="media_url"
        )
    if request.content_sid and not is_sid(request.content_sid, "HX"):
        raise Refused(21655, f"ContentSid “{request.content_sid}” is not HX and 32 hex digits.", field="content_sid")
    if request.content_variables:
        if not request.content_sid:
            raise Refused(21654, "ContentVariables need a ContentSid.", field="content_sid")
        _check_json_object(request.content_variables)


def is_web_url(url: str) -> bool:
    """Is it an absolute http or https URL with a usable host?"""
    if len(url) > LONGEST_URL or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and _HOST.fullmatch(host or "") is not None


def _destination(request: MessageRequest) -> e164.Destination:
    try:
        return e164.parse_destination(request.to.strip())
    except e164.NumberingError as error:
        raise Refused(error.code, error.message, field="to") from None


def _sender_address(from_: str | None, destination: e164.Destination) -> e164.SenderAddress | None:
    if from_ is None:
        return None
    try:
        address = e164.parse_sender_address(from_)
    except e164.NumberingError as error:
        raise Refused(error.code, error.message, field="from") from None
    speaks, hears = channel_of(address), destination.channel
    if speaks != hears and (speaks, hears) != ("rcs", "sms"):  # RCS carries what is addressed as SMS
        raise Refused(21910, f"From “{from_}” and To “{destination.raw}” are on different channels.", field="from")
    if address.address == destination.address:
        raise Refused(21266, f"To and From are the same: {destination.raw}.", field="to")
    return address


def channel_of(address: e164.SenderAddress) -> str:
    """The channel that a sender address speaks: ``sms`` for numbers, short codes and alpha senders."""
    return address.kind_hint if address.kind_hint in ("whatsapp", "messenger", "rcs") else "sms"


def _check_urls(request: MessageRequest) -> None:
    for url in request.media_urls:
        if not is_web_url(url):
            raise Refused(21620, f"MediaUrl “{url[:80]}” is not an absolute http or https URL.", field="media_url")
    if request.status_callback and not is_web_url(request.status_callback):
        raise Refused(
            21609,
            f"StatusCallback “{request.status_callback[:80]}” is not an absolute http or https URL with a valid host"
            f" and at most {LONGEST_URL} characters.",
            field="status_callback",
        )


def _check_choices(request: MessageRequest) -> None:
    for field, code, wire, known in _CHOICES:
        given = getattr(request, field)
        if given and given not in known:
            raise Refused(code, f"{wire} “{given}” is not {' or '.join(known)}.", field=field)
    if request.max_price and not _is_number(request.max_price):
        raise Refused(21627, f"MaxPrice “{request.max_price[:40]}” is not a number.", field="max_price")
    if request.shorten_urls and sender_of(request)[0] is None:
        raise Refused(20001, "ShortenUrls needs a MessagingServiceSid.", field="shorten_urls")


def _is_number(text: str) -> bool:
    """Any number will do for MaxPrice, which has no effect any more."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _check_tags(request: MessageRequest) -> None:
    tags = request.tags or {}
    if len(tags) > MOST_TAGS:
        raise Refused(20001, f"{len(tags)} Tags were given; at most {MOST_TAGS} are kept.", field="tags")
    for key, value in tags.items():
        if not isinstance(value, str) or not _TAG_KEY.fullmatch(key) or not _TAG_VALUE.fullmatch(value):
            raise Refused(
                20001,
                f"Tag “{str(key)[:40]}” is not valid: keys of 1 to {LONGEST_TAG_KEY} and values of 1 to"
                f" {LONGEST_TAG_VALUE} characters of A-Z a-z 0-9 . _ ~ -, values also with blanks",
                field="tags",
            )


def _check_json_object(text: str) -> None:
    """ContentVariables must be the text of a JSON object. Raises 21656."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        value = None
    if not isinstance(value, dict):
        raise Refused(21656, "ContentVariables is not a JSON object.", field="content_variables")


def _check_fallback(request: MessageRequest, from_: str | None) -> None:
    if request.fallback_from and from_ is not None:
        raise Refused(21664, "FallbackFrom and From exclude each other.", field="fallback_from")


def _validity(request: MessageRequest, service: MessagingService | None, destination: e164.Destination) -> int:
    """The message's own period, else its Service's, else the longest; WhatsApp waits four hours at most."""
    seconds = request.validity_period or (service.validity_period if service else LONGEST_VALIDITY)
    return min(seconds, LONGEST_WHATSAPP_VALIDITY) if destination.channel == "whatsapp" else seconds


def due_from(send_at: datetime | None, created: datetime, validity_period: int) -> datetime:
    """When a message that still waits has waited too long: counted from the moment it is due."""
    return (send_at or created) + timedelta(seconds=validity_period)
