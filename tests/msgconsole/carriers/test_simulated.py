"""The simulated carrier: takes each key once, promises reports in the outbox, and fails on demand."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.carriers import registry
from msgconsole.carriers.contract import DeliveryReport, RecipientFacts, Submission
from msgconsole.carriers.simulated.behaviour import DELIVERED, REFUSED_AT_ONCE, behave, on_purpose, table
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission
from msgconsole.error_codes import CATALOGUE
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry

ORDINARY = "+14155550123"


class Listener:
    def __init__(self) -> None:
        self.reports: list[DeliveryReport] = []

    def delivery_report(self, report: DeliveryReport) -> None:
        self.reports.append(report)


@pytest.fixture
def listener() -> Iterator[Listener]:
    before = registry._events
    listener = Listener()
    registry.listen(listener)
    yield listener
    registry._events = before


def submission(recipient: str = ORDINARY, *, key: str = "SM1", body: str = "Hello", channel: str = "sms") -> Submission:
    return Submission(key, channel, "+12065550100", "long_code", recipient, body, "GSM-7", 1)


@pytest.mark.django_db
def test_it_accepts_and_reports_delivery_through_the_outbox(listener: Listener) -> None:
    result = registry.carrier_for("sms").submit(submission())
    assert result.outcome == "accepted"
    assert OutboxEntry.objects.get().queue == "reports"
    queue.drain()
    (report,) = listener.reports
    assert (report.status, (report.carrier_message_id,)) == ("delivered", result.carrier_message_ids)


@pytest.mark.django_db
def test_a_repeated_key_is_counted_and_sent_once(listener: Listener) -> None:
    carrier = registry.carrier_for("sms")
    first, again = carrier.submit(submission()), carrier.submit(submission())
    assert first == again
    assert SimulatedSubmission.objects.get().handed_over == 2
    queue.drain()
    assert len(listener.reports) == 1


@pytest.mark.django_db
def test_reports_wait_for_the_configured_delay(settings: Any) -> None:
    settings.MSGCONSOLE_SIMULATED_DELAY_MS = 5000
    registry.carrier_for("sms").submit(submission())
    assert 4 < (OutboxEntry.objects.get().available_at - timezone.now()).total_seconds() <= 5
    assert queue.drain() == 0


@pytest.mark.django_db
def test_a_busy_carrier_takes_the_message_at_the_third_try() -> None:
    carrier = registry.carrier_for("sms")
    outcomes = [carrier.submit(submission("+14155559901")).outcome for _ in range(4)]
    assert outcomes == ["retry", "retry", "accepted", "accepted"]
    assert OutboxEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_congested_carrier_never_takes_it() -> None:
    carrier = registry.carrier_for("sms")
    results = [carrier.submit(submission("+14155559917")) for _ in range(6)]
    assert {(result.outcome, result.error_code) for result in results} == {("retry", 30017)}


@pytest.mark.django_db
def test_a_landline_of_the_phone_book_is_undelivered(listener: Listener) -> None:
    PhoneBookEntry.objects.create(number=ORDINARY, line_type="landline")
    registry.carrier_for("sms").submit(submission())
    queue.drain()
    assert [(r.status, r.error_code) for r in listener.reports] == [("undelivered", 30006)]


@pytest.mark.django_db
def test_facts_come_from_the_phone_book_in_one_query(django_assert_num_queries: Any) -> None:
    PhoneBookEntry.objects.create(number=ORDINARY, carrier="carrier-x", rcs=True)
    with django_assert_num_queries(1):
        assert registry.recipient_facts(ORDINARY) == RecipientFacts("carrier-x", "mobile", True)
    assert registry.recipient_facts("+14155550199") == RecipientFacts()


@pytest.mark.django_db
def test_an_unlisted_number_of_a_fixed_line_range_is_a_landline_unless_the_phone_book_knows_better() -> None:
    assert registry.recipient_facts("+493012345678").line_type == "landline"
    PhoneBookEntry.objects.create(number="+493012345678", line_type="mobile")
    assert registry.recipient_facts("+493012345678").line_type == "mobile"


@pytest.mark.parametrize(
    ("recipient", "body", "expected"),
    [
        (ORDINARY, "Hello", ("accepted", None, [("delivered", None)])),
        ("+14155559903", "Hello", ("accepted", None, [("undelivered", 30003)])),
        ("+14155559907", "Hello", ("accepted", None, [("undelivered", 30007)])),
        ("+14155559910", "Hello", ("refused", 30410, [])),
        ("+14155559919", "Hello", ("refused", 30019, [])),
        ("+14155559900", "Hello", ("accepted", None, [])),
        ("+14155559909", "Hello", ("accepted", None, [("delivered", None), ("delivered", None)])),
        ("+4915199999999", "Hello", ("accepted", None, [("delivered", None)])),
        ("+447400123456", "Hello", ("accepted", None, [("delivered", None)])),
        (ORDINARY, "see [FAIL 30003] now", ("accepted", None, [("undelivered", 30003)])),
        (ORDINARY, "[fail 30500]", ("refused", 30500, [])),
        ("+14155559903", "[no report]", ("accepted", None, [])),
        (ORDINARY, "fail 30003", ("accepted", None, [("delivered", None)])),
    ],
)
def test_numbers_and_words_decide(recipient: str, body: str, expected: Any) -> None:
    plan = behave(recipient, body)
    assert (plan.outcome, plan.error_code, [(r.status, r.error_code) for r in plan.reports]) == expected


def test_read_receipts_come_only_where_the_channel_has_them() -> None:
    assert [r.status for r in behave(ORDINARY, "[read]", read_receipts=True).reports] == ["delivered", "read"]
    assert [r.status for r in behave(ORDINARY, "[read]").reports] == ["delivered"]


OTHERWISE = {30017, 30029, 30030}  # a carrier that stays busy; two that are told before a message is accepted


@pytest.mark.parametrize("code", sorted(code for code in CATALOGUE if 30000 < code < 30043 and code not in OTHERWISE))
def test_every_fault_of_a_message_can_be_asked_for(code: int) -> None:
    plan = behave(ORDINARY, f"[fail {code}]")
    found = (plan.outcome, plan.error_code, [(r.status, r.error_code) for r in plan.reports])
    if code in REFUSED_AT_ONCE:
        assert found == ("refused", code, [])
    else:
        assert found == ("accepted", None, [("undelivered", code)])


@pytest.mark.parametrize("code", sorted(code for code, entry in CATALOGUE.items() if entry.ends_messages))
def test_what_is_told_of_a_code_on_purpose_leads_to_it(code: int) -> None:
    told = on_purpose(code)
    if not 30000 <= code < 40000:
        assert told is None
        return
    assert told is not None
    plans = [behave(ORDINARY, told.word), *([behave(f"+1415555{told.suffix}", "")] if told.suffix else [])]
    for plan in plans:
        assert code in {plan.error_code, *(report.error_code for report in plan.reports)}
        assert told.effect.startswith("Undelivered" if plan.reports else "Failed")


def test_every_row_of_the_table_does_what_it_says() -> None:
    rows = table()
    assert len({row.suffix for row in rows if row.suffix}) == len([row for row in rows if row.suffix]) > 15
    for row in rows:
        if row.suffix:
            by_number = behave(f"+1415555{row.suffix}", "")
            assert by_number == behave(ORDINARY, row.word)
            assert by_number != DELIVERED
            if row.word.startswith("[fail"):
                code = int(row.word[6:11])
                assert code in CATALOGUE
                assert (by_number.outcome == "refused") == (code in REFUSED_AT_ONCE)
