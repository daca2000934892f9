"""A message as the API shows it. The console shows the very same."""

from decimal import Decimal
from typing import Any

from msgconsole.api.links import API_VERSION, account_path
from msgconsole.api.serializers import iso, rfc2822
from msgconsole.error_codes import message_for
from msgconsole.messaging.models import Media, Message

CURRENCY = "USD"


def message_json(message: Message) -> dict[str, Any]:
    """2010-04-01. ``message.account`` is read: have it at hand where there are many."""
    path = message_path(message)
    return {
        **_common(message),
        "date_created": rfc2822(message.date_created),
        "date_sent": rfc2822(message.date_sent),
        "date_updated": rfc2822(message.date_updated),
        "uri": f"{path}.json",
        "subresource_uris": {name: f"{path}/{tail}.json" for name, tail in _subresources(message)},
    }


def service_message_json(message: Message, base: str) -> dict[str, Any]:
    """In the manner of v1, for a Service's own list: ISO dates, absolute links."""
    path = base + message_path(message)
    return {
        **_common(message),
        "date_created": iso(message.date_created),
        "date_sent": iso(message.date_sent),
        "date_updated": iso(message.date_updated),
        "url": f"{path}.json",
        "links": {name: f"{path}/{tail}.json" for name, tail in _subresources(message)},
    }


def media_json(media: Media, message: Message) -> dict[str, Any]:
    return {
        "account_sid": message.account.sid,
        "content_type": media.content_type,
        "date_created": rfc2822(media.date_created),
        "date_updated": rfc2822(media.date_updated),
        "parent_sid": message.sid,
        "sid": media.sid,
        "uri": f"{message_path(message)}/Media/{media.sid}.json",
    }


def message_path(message: Message) -> str:
    return f"{account_path(message.account.sid)}/Messages/{message.sid}"


def price_text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:.5f}"


def _common(message: Message) -> dict[str, Any]:
    return {
        "body": message.body,
        "num_segments": str(message.num_segments),
        "direction": message.direction,
        "from": message.from_address or None,
        "to": message.to,
        "price": price_text(message.price),
        "error_message": message_for(message.error_code),
        "account_sid": message.account.sid,
        "num_media": str(message.num_media),
        "status": str(message.status),
        "messaging_service_sid": message.messaging_service_sid,
        "sid": message.sid,
        "error_code": message.error_code,
        "price_unit": None if message.price is None else CURRENCY,
        "api_version": API_VERSION,
        "tags": message.tags,
    }


def _subresources(message: Message) -> list[tuple[str, str]]:
    """Feedback is for what was sent."""
    return [("media", "Media"), *([("feedback", "Feedback")] if message.date_sent else [])]
