"""A message's timeline in words: what happened, why, how long after the line before."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from msgconsole.console.decisions import Notice, notice
from msgconsole.messaging import queries
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from msgconsole.messaging.queries import TimelineItem

# Status reached → what happened, said as a fact. The cause may say it better: then its words win.
_BY_STATUS = {
    Status.ACCEPTED: "Accepted: stored, and a sender is being chosen.",
    Status.SCHEDULED: "Scheduled: waits for its time.",
    Status.QUEUED: "Queued: it has its sender.",
    Status.SENDING: "Sending: being handed to the carrier.",
    Status.SENT: "Sent: the carrier took it.",
    Status.DELIVERED: "Delivered: the carrier confirmed it.",
    Status.UNDELIVERED: "Undelivered: the carrier could not deliver it.",
    Status.FAILED: "Failed: it never left this console.",
    Status.CANCELED: "Canceled before it was sent.",
    Status.READ: "Read: the recipient opened it.",
    Status.RECEIVING: "Arrived from a phone.",
    Status.RECEIVED: "Received and processed.",
}
_BY_CAUSE = {
    "late_report": "A report came that changed nothing.",
    "report": "A report came from the carrier.",
    "retry": "The carrier asked us to try again later.",
}


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """``clock`` is the time of day in UTC, ``after`` the time since the line before; ``tone`` as for badges."""

    at: datetime
    clock: str
    after: str
    tone: str
    title: str
    detail: str
    error: Notice | None


def lines_of(message: Message) -> list[TimelineLine]:
    """Every event, callback and attempt, in order; the first line carries the date."""
    lines: list[TimelineLine] = []
    last: datetime | None = None
    for item in queries.timeline(message):
        at = item.at.astimezone(UTC)
        new_day = last is None or last.date() != at.date()
        lines.append(
            TimelineLine(
                at=at,
                clock=f"{at.day} {at:%b}, {at:%H:%M:%S} UTC" if new_day else f"{at:%H:%M:%S} UTC",
                after=gap(at - last) if last is not None else "",
                tone=_tone(item),
                title=_title(item),
                detail=item.detail,
                error=notice(item.error_code) if item.error_code else None,
            )
        )
        last = at
    return lines


def _title(item: TimelineItem) -> str:
    if item.kind == "callback":
        return f"Webhook queued: {item.title}."
    if item.kind == "attempt":
        return f"Webhook {item.title}."
    if item.status is not None:
        return _BY_STATUS.get(item.status, item.status.label)
    return _BY_CAUSE.get(item.title, f"{item.title.replace('_', ' ').capitalize()}.")


def _tone(item: TimelineItem) -> str:
    if item.kind == "attempt":
        return "good" if item.ok else "bad"
    return item.status.tone if item.status is not None else "quiet"


def gap(between: timedelta) -> str:
    """``850 ms``, ``1.2 s``, ``3 min``, ``5 h``, ``2 d``; empty for a difference too short to tell."""
    seconds = between.total_seconds()
    if seconds < 0.001:
        return ""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.1f} s"
