"""What a status callback says, and where it goes."""

from datetime import datetime

from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from msgconsole.webhooks import deliver

API_VERSION = "2010-04-01"
_CHANNELS_WITH_PREFIX = frozenset({"whatsapp", "rcs", "messenger"})


def url_of(message: Message) -> str:
    """The message's own StatusCallback, else its Service's; empty when nobody wants to know."""
    if message.status_callback:
        return message.status_callback
    return (message.service.status_callback or "") if message.service else ""


def parameters(message: Message, status: Status, at: datetime) -> dict[str, str]:
    """The form of a status callback. ``at`` is when the carrier says it happened."""
    params = {
        "AccountSid": message.account.sid,
        "ApiVersion": API_VERSION,
        "From": message.from_address,
        "To": message.to,
        "MessageSid": message.sid,
        "MessageStatus": status.value,
        "SmsSid": message.sid,
        "SmsStatus": status.value,
    }
    if not message.from_address:
        del params["From"]  # it failed before a sender was chosen
    if message.messaging_service_sid:
        params["MessagingServiceSid"] = message.messaging_service_sid
    if status in (Status.FAILED, Status.UNDELIVERED) and message.error_code:
        params["ErrorCode"] = str(message.error_code)
    if message.channel in _CHANNELS_WITH_PREFIX:
        params["ChannelPrefix"] = message.channel
    elif status in (Status.DELIVERED, Status.UNDELIVERED):
        params["RawDlrDoneDate"] = at.strftime("%y%m%d%H%M")
    if status is Status.READ:
        params["EventType"] = "READ"
    return params


def announce(message: Message, status: Status, at: datetime) -> None:
    """Queue the callback of a change, in the transaction that makes the change."""
    url = url_of(message)
    if url:
        deliver.queue_delivery(
            account_id=message.account_id,
            subject_sid=message.sid,
            event=f"status.{status.value}",
            url=url,
            params=parameters(message, status, at),
        )
