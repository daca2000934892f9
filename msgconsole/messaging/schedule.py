"""When a message may be scheduled for. Never a surprise: what asks for a time and cannot have it is refused."""

from datetime import UTC, datetime, timedelta

from msgconsole.error_codes import Refused
from msgconsole.messaging.requests import MessageRequest

SOONEST = timedelta(seconds=300)
LATEST = timedelta(seconds=3_024_000)  # 35 days


def check(request: MessageRequest, now: datetime, *, with_service: bool) -> datetime | None:
    """The time to send at, None for at once. Raises 35118, 35126, 35111 or 35114."""
    if not request.schedule_type and request.send_at is None:
        return None
    if not with_service:
        raise Refused(35118, field="messaging_service_sid")
    if request.schedule_type != "fixed":
        given = f"ScheduleType “{request.schedule_type}”" if request.schedule_type else "SendAt without ScheduleType"
        raise Refused(35126, f"{given} is not valid. Give ScheduleType=fixed.", field="schedule_type")
    if request.send_at is None:
        raise Refused(35111, field="send_at")
    send_at = request.send_at if request.send_at.tzinfo else request.send_at.replace(tzinfo=UTC)
    if not now + SOONEST <= send_at <= now + LATEST:
        raise Refused(
            35114,
            f"SendAt {send_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} is not {SOONEST.seconds} seconds to"
            f" {LATEST.days} days ahead.",
            field="send_at",
        )
    return send_at
