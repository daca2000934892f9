"""The simulated carrier: takes every message and lets nothing leave this machine.

Reports wait in the outbox, in the transaction that stores the submission, so that a crash loses none of them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from msgconsole.carriers.contract import LineType, RecipientFacts, Submission, SubmitResult
from msgconsole.carriers.simulated.behaviour import Plan, behave
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission
from msgconsole.numbering.e164 import NumberingError, parse_number
from msgconsole.outbox import queue

REPORT = "simulated.report"
READ_RECEIPT_CHANNELS = frozenset({"rcs", "whatsapp"})


class SimulatedCarrier:
    name = "simulated"
    idempotent = True

    def submit(self, submission: Submission) -> SubmitResult:
        """Take a message once per key; a repeat is counted and gets the answer of the first time."""
        plan = behave(
            submission.recipient,
            submission.body,
            landline=self.look_up(submission.recipient).line_type == "landline",
            read_receipts=submission.channel in READ_RECEIPT_CHANNELS,
        )
        try:
            return self._take(plan, submission)
        except IntegrityError:  # another worker handed the same key over at the same moment: this is a repeat of it
            return self._take(plan, submission)

    def _take(self, plan: Plan, submission: Submission) -> SubmitResult:
        with transaction.atomic():
            row = SimulatedSubmission.objects.filter(idempotency_key=submission.key).first()
            if row is not None and row.outcome == "accepted":
                SimulatedSubmission.objects.filter(pk=row.pk).update(handed_over=F("handed_over") + 1)
                return SubmitResult("accepted", (row.carrier_message_id,))
            if row is None:
                row = SimulatedSubmission(
                    idempotency_key=submission.key,
                    carrier_message_id=f"sim-{submission.key}",
                    sender=submission.sender,
                    recipient=submission.recipient,
                    segments=submission.segments,
                )
            else:
                row.handed_over += 1
            result = self._answer(plan, row)
            row.outcome = result.outcome
            row.save()
            if result.outcome == "accepted":
                self._promise_reports(plan, row)
        return result

    def look_up(self, number: str) -> RecipientFacts:
        row = PhoneBookEntry.objects.filter(number=number).values_list("carrier", "line_type", "rcs").first()
        if row is None:
            return _unlisted(number)
        return RecipientFacts(carrier=row[0] or None, line_type=cast(LineType, row[1]), rcs=row[2])

    def look_up_many(self, numbers: Sequence[str]) -> dict[str, RecipientFacts]:
        """The same of many numbers, in one statement."""
        rows = PhoneBookEntry.objects.filter(number__in=numbers).values_list("number", "carrier", "line_type", "rcs")
        found = {
            number: RecipientFacts(carrier=carrier or None, line_type=cast(LineType, line_type), rcs=rcs)
            for number, carrier, line_type, rcs in rows
        }
        return {number: found.get(number) or _unlisted(number) for number in numbers}

    def _answer(self, plan: Plan, row: SimulatedSubmission) -> SubmitResult:
        if plan.outcome == "refused":
            return SubmitResult("refused", error_code=plan.error_code, detail="The simulated carrier refused it.")
        if plan.outcome == "retry" and (plan.busy_rounds is None or row.handed_over <= plan.busy_rounds):
            wait = settings.MSGCONSOLE_SIMULATED_DELAY_MS / 1000
            return SubmitResult("retry", (), plan.error_code, "The simulated carrier is busy.", wait)
        return SubmitResult("accepted", (row.carrier_message_id,))

    def _promise_reports(self, plan: Plan, row: SimulatedSubmission) -> None:
        step = timedelta(milliseconds=settings.MSGCONSOLE_SIMULATED_DELAY_MS)
        now = timezone.now()
        for report in plan.reports:
            queue.enqueue(
                REPORT,
                row.carrier_message_id,
                available_at=now + step * report.steps,
                payload={"status": report.status, "error_code": report.error_code},
            )


def _unlisted(number: str) -> RecipientFacts:
    return RecipientFacts(line_type="landline" if _is_landline(number) else "mobile")


def _is_landline(number: str) -> bool:
    """Is it of a range that holds nothing but fixed lines? Asked of numbers that the phone book does not list."""
    try:
        return parse_number(number).landline
    except NumberingError:
        return False
