"""What a carrier is asked and what it reports back. Pure: plain values and two protocols.

An adapter implements ``Carrier``; the pipeline implements ``CarrierEvents``. Neither knows the other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LineType = Literal["mobile", "landline", "voip", "unknown"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One message to be sent. ``key`` makes repeats harmless at a carrier that is ``idempotent``.

    ``sender`` and ``recipient`` are without channel prefix; ``sender_kind`` is the kind of the sender row.
    """

    key: str
    channel: str
    sender: str
    sender_kind: str
    recipient: str
    body: str
    encoding: str
    segments: int
    media_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What the carrier said. ``accepted``: with one id for each part it will report on. ``retry``: not now; wait at
    least ``retry_after`` seconds where it says so. ``refused``: for good, with the code of the fault."""

    outcome: Literal["accepted", "retry", "refused"]
    carrier_message_ids: tuple[str, ...] = ()
    error_code: int | None = None
    detail: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """A receipt for one carrier message id. May come twice, late, or before the submission has returned."""

    carrier: str
    carrier_message_id: str
    status: Literal["delivered", "undelivered", "read"]
    at: datetime
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """What the carrier side knows of a recipient before anything is sent."""

    carrier: str | None = None
    line_type: LineType = "mobile"
    rcs: bool = False


class Carrier(Protocol):
    """The way out. ``idempotent``: submitting the same key again sends nothing again."""

    name: str
    idempotent: bool

    def submit(self, submission: Submission) -> SubmitResult:
        """Hand a message over. Called outside any transaction; an exception means that the outcome is not known."""
        ...

    def look_up(self, number: str) -> RecipientFacts:
        """What is known of an E.164 number, at the cost of one indexed row at most."""
        ...


class CarrierEvents(Protocol):
    """The way back in."""

    def delivery_report(self, report: DeliveryReport) -> None: ...
