import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from msgconsole.console.csv_export import MOST_ROWS
from msgconsole.console.views.message_log import HEAD, PAGE_SIZE
from msgconsole.messaging.models import Message
from services import actions as services
from tests import factories
from tests.console_client import logged_in
from tests.msgconsole.console.views.conftest import GB_RECIPIENT, GB_SENDER, US_RECIPIENT, US_SENDER, Sending

PAGE = "/messages"
DAY = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def client(sending: Sending) -> Client:
    return logged_in(sending.people.alice)


def listed(client: Client, **query: str) -> list[str]:
    """SIDs on the page, in order."""
    return [message.sid for message in client.get(PAGE, query).context["page"].rows]


@pytest.fixture
def log(sending: Sending) -> dict[str, Message]:
    """One message for each thing one may filter by."""
    acme, us = sending.people.acme, sending.us
    return {
        "plain": factories.message(acme, service=sending.service, sender=us, from_address=US_SENDER, date_created=DAY),
        "british": factories.message(
            acme, to=GB_RECIPIENT, from_address=GB_SENDER, decided_by="country_match", date_created=DAY
        ),
        "failed": factories.message(acme, status="failed", error_code=21610, from_address="", date_created=DAY),
        "undelivered": factories.message(acme, status="undelivered", error_code=30003, date_created=DAY),
        "inbound": factories.message(
            acme, direction="inbound", status="received", to=US_SENDER, from_address=US_RECIPIENT, date_created=DAY
        ),
        "old": factories.message(acme, date_created=DAY - timedelta(days=30)),
        "queued": factories.message(acme, status="queued", date_created=DAY),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"plain", "british", "failed", "undelivered", "inbound", "old", "queued"}),
        ({"to": GB_RECIPIENT}, {"british"}),
        ({"to": "+44 7400 123456"}, {"british"}),
        ({"to": "447400123456"}, {"british"}),
        ({"from_address": GB_SENDER}, {"british"}),
        ({"search": "740012"}, {"british"}),
        ({"search": US_SENDER}, {"plain", "inbound"}),
        ({"status": "failed"}, {"failed"}),
        ({"status": "not_delivered"}, {"failed", "undelivered"}),
        ({"status": "under_way"}, {"queued"}),
        ({"error_code": "30003"}, {"undelivered"}),
        ({"direction": "inbound"}, {"inbound"}),
        ({"direction": "outbound", "to": GB_RECIPIENT}, {"british"}),
        ({"decided_by": "country_match"}, {"british"}),
        ({"service": "none"}, {"british", "failed", "undelivered", "inbound", "old", "queued"}),
        ({"created_until": "2026-10-31"}, {"old"}),
        ({"created_from": "2026-11-05", "created_until": "2026-11-05", "status": "failed"}, {"failed"}),
        ({"created_from": "2026-11-06"}, set()),
    ],
    ids=lambda value: "&".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else None,
)
def test_a_filter_shows_what_it_says(
    client: Client, log: dict[str, Message], query: dict[str, str], names: set[str]
) -> None:
    assert set(listed(client, **query)) == {log[name].sid for name in names}


def test_it_finds_by_sid_of_message_service_and_sender(
    client: Client, log: dict[str, Message], sending: Sending
) -> None:
    plain = log["plain"]
    for sid in (plain.sid, sending.service.sid, sending.us.sid):
        assert listed(client, search=sid) == [plain.sid]


def test_the_service_filter_still_works_once_the_service_is_gone(
    client: Client, log: dict[str, Message], sending: Sending
) -> None:
    assert listed(client, service=sending.service.sid) == [log["plain"].sid]
    services.delete_service(service=sending.service, actor=factories.ACTOR)
    page = client.get(PAGE, {"search": log["plain"].sid}).content.decode()
    assert "a deleted Service" in page


def test_each_filter_in_use_can_be_taken_off_alone(client: Client, log: dict[str, Message]) -> None:
    page = client.get(PAGE, {"status": "not_delivered", "error_code": "30003"})
    chips = {chip.label: (chip.value, chip.without) for chip in page.context["chips"]}
    assert chips == {
        "Status": ("Failed or undelivered", "error_code=30003"),
        "Error code": ("30003", "status=not_delivered"),
    }


def test_a_filter_that_makes_no_sense_is_told_and_shows_nothing(client: Client, log: dict[str, Message]) -> None:
    page = client.get(PAGE, {"error_code": "many"})
    assert "Enter a number" in page.content.decode()
    assert not page.context["page"].rows


def test_newest_come_first_and_pages_join_without_gap(client: Client, sending: Sending) -> None:
    made = [factories.message(sending.people.acme).sid for _ in range(PAGE_SIZE + 5)]
    first = client.get(PAGE).context["page"]
    assert [message.sid for message in first] == made[::-1][:PAGE_SIZE]
    second = client.get(f"{PAGE}?{first.older}").context["page"]
    assert [message.sid for message in second] == made[::-1][PAGE_SIZE:]
    assert [m.sid for m in client.get(f"{PAGE}?{second.newer}").context["page"]] == [m.sid for m in first]


def test_status_rule_and_error_stand_in_words(client: Client, sending: Sending) -> None:
    sending.send(GB_RECIPIENT)
    sending.send("+33612345678", media_urls=("https://example.com/a.jpg",))
    factories.message(sending.people.acme, status="undelivered", error_code=30003, decided_by="sticky")
    text = client.get(PAGE).content.decode()
    for words in ("Delivered", "Same country", "Undelivered", "Handset unreachable", "Sticky sender", "1 picture"):
        assert words in text


def test_the_newest_page_renews_itself_and_is_silent_while_nothing_changes(client: Client, sending: Sending) -> None:
    sending.send()
    page = client.get(PAGE)
    assert reverse("console:messages_rows") in page.content.decode()
    mark = page.context["mark"]
    rows = reverse("console:messages_rows")
    assert client.get(rows, {"seen": mark}).status_code == 204
    sending.send(GB_RECIPIENT)
    renewed = client.get(rows, {"seen": mark})
    assert "+44 7400 123456" in renewed.content.decode()
    assert "<html" not in renewed.content.decode()


def test_older_pages_and_a_paused_log_stay_as_they_are(client: Client, sending: Sending) -> None:
    message = sending.send()
    for query in ({"live": "off"}, {"older": str(message.pk + 1)}):
        page = client.get(PAGE, query)
        assert message.sid in page.content.decode()
        assert "hx-get" not in page.content.decode()


def test_an_empty_log_says_what_it_is_and_where_to_start(client: Client, sending: Sending) -> None:
    html = client.get(PAGE).content.decode()
    assert "No messages yet" in html
    assert reverse("console:test_send") in html
    assert "Remove all filters" in client.get(PAGE, {"status": "failed"}).content.decode()


def test_a_viewer_is_not_offered_what_he_may_not_do(sending: Sending) -> None:
    html = logged_in(sending.people.bob).get(PAGE).content.decode()
    assert "Send test message" not in html


def test_other_accounts_messages_never_show(sending: Sending, log: dict[str, Message]) -> None:
    stranger = logged_in(sending.people.charlie)
    assert listed(stranger) == []
    assert listed(stranger, search=log["plain"].sid) == []
    exported = stranger.get(reverse("console:messages_export")).getvalue()
    assert exported.count(b"\n") == 1


def test_the_number_of_queries_does_not_grow_with_the_log(client: Client, sending: Sending) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            client.get(PAGE)
        return len(counted)

    sending.send()
    client.get(PAGE)
    few = queries()
    for _ in range(40):
        factories.message(sending.people.acme, service=sending.service, sender=sending.us)
    assert queries() == few


def test_the_export_holds_the_filtered_log_in_words(client: Client, log: dict[str, Message]) -> None:
    Message.objects.filter(pk=log["failed"].pk).update(body="=HYPERLINK(1)", decided_by="opt_out")
    answer = client.get(reverse("console:messages_export"), {"status": "not_delivered"})
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert tuple(rows[0]) == HEAD
    assert [row["Message SID"] for row in rows] == [log["undelivered"].sid, log["failed"].sid]
    assert rows[1]["Error"] == "Recipient has opted out"
    assert rows[1]["Decided by"] == "Opt-out"
    assert rows[1]["Message"] == "'=HYPERLINK(1)"
    assert rows[1]["To"] == US_RECIPIENT


def test_the_export_is_bounded(client: Client, sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msgconsole.console.views.message_log.MOST_ROWS", 3)
    newest = [factories.message(sending.people.acme).sid for _ in range(5)][::-1]
    lines = client.get(reverse("console:messages_export")).getvalue().decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == newest[:3]
    assert MOST_ROWS == 10_000


def test_no_address_on_the_page_holds_a_text(client: Client, sending: Sending) -> None:
    sending.send(body="Verysecret")
    html = client.get(PAGE).content.decode()
    assert "Verysecret" in html
    assert not [part for part in html.split('"') if part.startswith(("/", "?")) and "Verysecret" in part]
