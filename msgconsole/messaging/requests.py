"""What somebody asks to be sent: the parameters of a message, typed. The API, the console and replies all build one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A message to be sent, before any rule was applied. None: not given, so that a default holds.

    ``from_`` is the wire's From. ``send_at`` carries a time zone. ``validity_period`` is in seconds. ``tags`` and
    ``content_variables`` are as given: an object, and the text of one.
    """

    to: str
    body: str = ""
    media_urls: tuple[str, ...] = ()
    from_: str | None = None
    messaging_service_sid: str | None = None
    status_callback: str | None = None
    application_sid: str | None = None
    validity_period: int | None = None
    smart_encoded: bool | None = None
    shorten_urls: bool | None = None
    force_delivery: bool | None = None
    provide_feedback: bool | None = None
    send_as_mms: bool | None = None
    content_retention: str | None = None
    address_retention: str | None = None
    schedule_type: str | None = None
    send_at: datetime | None = None
    attempt: int | None = None
    max_price: str | None = None
    traffic_type: str | None = None
    risk_check: str | None = None
    persistent_action: tuple[str, ...] = ()
    fallback_from: str | None = None
    content_sid: str | None = None
    content_variables: str | None = None
    message_intent: str | None = None
    tags: dict[str, str] | None = None

    @property
    def wants_mms(self) -> bool:
        """Does it need more than a text: media, or the wish for MMS?"""
        return bool(self.media_urls) or bool(self.send_as_mms)

    def options(self) -> dict[str, Any]:
        """The given parameters that have no column of their own, as JSON: read again when the sender is chosen."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _OPTIONS}
        values["from"] = self.from_
        values["persistent_action"] = list(self.persistent_action)
        return {name: value for name, value in values.items() if value not in (None, "", [])}


_OPTIONS = (
    "application_sid",
    "smart_encoded",
    "shorten_urls",
    "force_delivery",
    "provide_feedback",
    "send_as_mms",
    "content_retention",
    "address_retention",
    "attempt",
    "max_price",
    "traffic_type",
    "risk_check",
    "fallback_from",
    "content_sid",
    "content_variables",
    "message_intent",
)
