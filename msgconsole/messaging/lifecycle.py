"""The life of a message: statuses, what may follow what, and which changes are called back. Pure.

Source: the published message resource and its guide to status callbacks (facts restated, November 2026).
"""

from enum import StrEnum


class Status(StrEnum):
    """One declaration that templates, API and documents all read.

    ``tone`` colours a badge: good, warn, bad or quiet.
    """

    label: str
    tone: str
    terminal: bool
    called_back: bool
    meaning: str

    ACCEPTED = ("accepted", "Accepted", "quiet", False, False, "stored; a sender is being chosen")
    SCHEDULED = ("scheduled", "Scheduled", "quiet", False, False, "waits for its time")
    QUEUED = ("queued", "Queued", "quiet", False, True, "has a sender and waits for it")
    SENDING = ("sending", "Sending", "quiet", False, False, "is being handed to the carrier")
    SENT = ("sent", "Sent", "warn", False, True, "the carrier took it; no receipt yet")
    DELIVERED = ("delivered", "Delivered", "good", True, True, "the carrier confirmed delivery")
    UNDELIVERED = ("undelivered", "Undelivered", "bad", True, True, "the carrier could not deliver it")
    FAILED = ("failed", "Failed", "bad", True, True, "never left this console")
    CANCELED = ("canceled", "Canceled", "quiet", True, True, "taken back before it was sent")
    READ = ("read", "Read", "good", True, True, "the recipient opened it")
    RECEIVING = ("receiving", "Receiving", "quiet", False, False, "has arrived, is being processed")
    RECEIVED = ("received", "Received", "good", True, False, "arrived from a phone")
    PARTIALLY_DELIVERED = (
        "partially_delivered",
        "Partially delivered",
        "warn",
        True,
        False,
        "in the original's list, never used",
    )

    def __new__(cls, value: str, label: str, tone: str, terminal: bool, called_back: bool, meaning: str) -> "Status":
        status = str.__new__(cls, value)
        status._value_ = value
        status.label = label
        status.tone = tone
        status.terminal = terminal
        status.called_back = called_back
        status.meaning = meaning
        return status

    def __str__(self) -> str:
        return str(self.value)


_BY_VALUE: dict[str, Status] = {str(status.value): status for status in Status}


def status_of(value: str) -> Status:
    """The status with that value, as a column holds it. KeyError for any other text."""
    return _BY_VALUE[value]


ALLOWED: dict[Status, frozenset[Status]] = {
    Status.ACCEPTED: frozenset({Status.QUEUED, Status.FAILED, Status.CANCELED}),
    Status.SCHEDULED: frozenset({Status.QUEUED, Status.FAILED, Status.CANCELED}),
    # Back to queued from sending: the carrier asked us to try again later.
    Status.QUEUED: frozenset({Status.SENDING, Status.FAILED}),
    # Undelivered from sending: the carriers' gate turns the sender away (its registration), so no receipt follows.
    Status.SENDING: frozenset({Status.SENT, Status.FAILED, Status.QUEUED, Status.UNDELIVERED}),
    Status.SENT: frozenset({Status.DELIVERED, Status.UNDELIVERED}),
    Status.DELIVERED: frozenset({Status.READ}),
    Status.UNDELIVERED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELED: frozenset(),
    Status.READ: frozenset(),
    Status.RECEIVING: frozenset({Status.RECEIVED, Status.FAILED}),
    Status.RECEIVED: frozenset(),
    Status.PARTIALLY_DELIVERED: frozenset(),
}


def is_final(status: Status) -> bool:
    """Has the message come to rest? ``delivered`` counts, though ``read`` may still follow it."""
    return status.terminal


def called_back(origin: Status, to: Status) -> bool:
    """Is the change announced to the status callback? A retry (``sending`` → ``queued``) is not."""
    return to.called_back and not (origin is Status.SENDING and to is Status.QUEUED)


# A sender without the registration that a destination asks for. It is known here, so the message never leaves: failed.
NOT_REGISTERED: frozenset[int] = frozenset({30032, 30033, 30034, 30035})

# Faults that end a message as undelivered even when they are known before a receipt: carriers refuse the sender or the
# kind of message. Every other fault found before the message has left ends it as failed.
REFUSED_BY_CARRIERS: frozenset[int] = frozenset(
    {30003, 30004, 30005, 30006, 30007, 30008, 30011, 30022, 30023, 30024, 30027, 30041}
)


def ending(code: int) -> Status:
    """The status in which a message ends that is turned away with ``code`` after its sender was chosen."""
    return Status.UNDELIVERED if code in REFUSED_BY_CARRIERS else Status.FAILED
