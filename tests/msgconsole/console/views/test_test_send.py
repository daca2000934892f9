import itertools
import json
import re
import shlex
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from senders.models import StickyMapping
from tests import factories
from tests.console_client import logged_in
from tests.msgconsole.console.views.conftest import GB_RECIPIENT, GB_SENDER, US_RECIPIENT, US_SENDER, Sending

PAGE = "/test-send"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(sending: Sending) -> Client:
    return logged_in(sending.people.alice)


def asked(sending: Sending, **more: str) -> dict[str, str]:
    return {"service": sending.service.sid, "to": US_RECIPIENT, "body": "Hello Ana", **more}


def answer_in(html: str) -> str:
    """The words of the answer box."""
    found = re.search(r'<div class="answer.*?</div>', html, re.S)
    assert found, html[:500]
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def rows_written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Message, DecisionTrace, OutboxEntry, StickyMapping, AuditEntry))


def test_it_names_the_sender_and_the_reason_and_writes_nothing(client: Client, sending: Sending) -> None:
    before = rows_written()
    with CaptureQueriesContext(connection) as queries:
        html = client.post(PAGE, asked(sending)).content.decode()
    assert answer_in(html).startswith("Long code +1 206 555 0100 US because it is a number of the")
    assert "HTTP 201, status accepted" in html
    assert rows_written() == before
    assert not [query for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", query["sql"], re.I)]


@pytest.mark.parametrize(
    ("to", "sender"), [(US_RECIPIENT, US_SENDER), (GB_RECIPIENT, GB_SENDER)], ids=["to the US", "to Britain"]
)
def test_what_it_explains_is_what_a_send_does(client: Client, sending: Sending, to: str, sender: str) -> None:
    explained = client.post(PAGE, asked(sending, to=to)).context["answer"].drawing
    assert explained.sender["address"] == sender
    client.post(reverse("console:test_send_now"), asked(sending, to=to))
    queue.drain(until_idle=True)
    message = Message.objects.get()
    assert (message.status, message.from_address, message.origin) == ("delivered", sender, "test_send")
    stored = message.trace.data
    assert stored["because"] == explained.because
    assert [step["question"] for step in stored["steps"] if step["stage"] != "reserve"] == [
        line.question for line in explained.lines
    ]


def test_a_link_asks_the_same_question_again(client: Client, sending: Sending) -> None:
    first = client.post(PAGE, asked(sending, to=GB_RECIPIENT, body="Grüße & mehr\nzwei"))
    link = urlsplit(first.context["answer"].share)
    assert link.path == PAGE
    second = client.get(f"{link.path}?{link.query}")
    assert second.context["answer"].drawing.sender["address"] == GB_SENDER
    assert second.context["form"]["body"].value() == "Grüße & mehr\nzwei"
    assert parse_qs(link.query)["service"] == [sending.service.sid]


def test_the_answer_is_one_step_away_where_it_stands_below_the_question(client: Client, sending: Sending) -> None:
    unasked = client.get("/test-send").content.decode()
    assert 'href="#answer"' not in unasked
    asked_now = client.get("/test-send", asked(sending)).content.decode()
    assert re.search(r'<a href="#answer">To the answer: \+\d', asked_now)


def test_a_link_with_a_recipient_alone_asks_the_newest_service(client: Client, sending: Sending) -> None:
    page = client.get(PAGE, {"to": GB_RECIPIENT})
    assert page.context["answer"].drawing.sender["address"] == GB_SENDER


def test_a_link_with_a_service_alone_has_it_chosen_and_a_text_ready(client: Client, sending: Sending) -> None:
    other = factories.service(sending.people.acme, "Newer")
    form = client.get(PAGE, {"service": sending.service.sid}).context["form"]
    assert form["service"].value() == sending.service.sid != other.sid
    assert form["body"].value() == "Hello! This is a test message."


def test_a_fresh_page_asks_nothing_and_says_what_to_do(client: Client, sending: Sending) -> None:
    page = client.get(PAGE)
    assert page.context["answer"] is None
    assert "Choose a Service and a recipient" in page.content.decode()


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"to": ""}, "to", 21604),
        ({"to": "12345"}, "to", 21265),
        ({"to": "+1415"}, "to", 21211),
        ({"body": ""}, "body", 21619),
        ({"body": "x" * 1601}, "body", 21617),
        ({"media": "not a url"}, "media_", 21620),
        ({"service": "", "from": ""}, "from_", 21603),
        ({"service": "", "from": "+14155550199"}, "from_", 21659),
        ({"service": "MG" + "0" * 32}, "service", 21701),
        ({"send_at": "2020-01-01T10:00"}, "send_at", 35114),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else None,
)
def test_a_refusal_stands_beside_its_field_and_in_the_answer(
    client: Client, sending: Sending, given: dict[str, str], field: str, code: int
) -> None:
    for address in (PAGE, reverse("console:test_send_now")):
        page = client.post(address, asked(sending, **given))
        errors = page.context["form"].errors
        assert list(errors) == [field]
        assert f"({code})" in errors[field][0]
        assert answer_in(page.content.decode()).startswith("Refused at once.")
        assert f"with code {code}" in page.content.decode()
    assert not Message.objects.exists()


def test_an_opted_out_recipient_is_told_with_the_code_and_the_way_out(client: Client, sending: Sending) -> None:
    factories.opted_out(sending.service, US_RECIPIENT)
    html = client.post(PAGE, asked(sending)).content.decode()
    told = answer_in(html)
    assert "opted out of the Service Reminders with STOP" in told
    assert "21610" in told
    assert "must text START" in told
    assert "HTTP 201, status accepted" in html


def test_the_recipient_is_understood_while_one_types(client: Client) -> None:
    html = client.post(reverse("console:test_send_recipient"), {"to": US_RECIPIENT}).content.decode()
    words = re.findall(r'class="word[^"]*">([^<]+)<', html)
    assert words == ["+1 415 555 0123", "United States", "area code 415 (California)", "mobile", "carrier unknown"]
    wrong = client.post(reverse("console:test_send_recipient"), {"to": "4155550123"}).content.decode()
    assert "start it with + and the country code" in wrong


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello", "GSM-7 · 5 septets · 1 segment, 155 left in it"),
        ("“Hello”", "GSM-7 · 7 septets · 1 segment, 153 left in it Smart encoding replaces look-alikes"),
        ("Hi 🌱", "UCS-2 · 5 units · 1 segment, 65 left in it UCS-2 because of 🌱"),
        ("x" * 161, "GSM-7 · 161 septets · 2 segments, 145 left in the last"),
        ("", "Empty"),
    ],
)
def test_segments_are_counted_by_the_encoding_that_sends(
    client: Client, sending: Sending, text: str, told: str
) -> None:
    html = client.post(reverse("console:test_send_segments"), asked(sending, body=text)).content.decode()
    assert " ".join(re.sub(r"<[^>]+>", " ", html).split()).replace(" ,", ",").startswith(told)


def test_with_htmx_the_send_answers_with_the_live_part_and_an_address_that_does_not_send_again(
    client: Client, sending: Sending
) -> None:
    answer = client.post(reverse("console:test_send_now"), asked(sending), headers=HTMX)
    message = Message.objects.get()
    assert answer["HX-Push-Url"] == f"{PAGE}?sent={message.sid}"
    html = answer.content.decode()
    assert "<html" not in html
    assert reverse("console:test_send_progress", args=[message.sid]) in html
    assert client.get(answer["HX-Push-Url"]).status_code == 200
    assert Message.objects.count() == 1


def test_without_script_the_send_leads_to_the_same_address(client: Client, sending: Sending) -> None:
    answer = client.post(reverse("console:test_send_now"), asked(sending))
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?sent={Message.objects.get().sid}")


def test_progress_is_silent_until_something_changes_and_ends_when_final(client: Client, sending: Sending) -> None:
    message = sending.send(drain=False)
    address = reverse("console:test_send_progress", args=[message.sid])
    first = client.get(address)
    mark = first.context["sent"]["mark"]
    assert "hx-get" in first.content.decode()
    assert client.get(address, {"seen": mark}).status_code == 204
    queue.drain(until_idle=True)
    last = client.get(address, {"seen": mark})
    assert last.status_code == 200
    assert "hx-get" not in last.content.decode()
    assert "It was delivered." in last.content.decode()


def test_a_message_is_opened_as_a_question_without_its_text_in_the_address(client: Client, sending: Sending) -> None:
    message = sending.send(body="A secret for Ana")
    page = client.get(reverse("console:message", args=[message.sid]))
    assert page.context["again"] == f"{PAGE}?like={message.sid}"
    again = client.get(page.context["again"])
    assert again.context["form"]["body"].value() == "A secret for Ana"
    assert again.context["answer"].drawing.rule == "Sticky sender"


def test_a_viewer_may_explain_but_not_send(sending: Sending) -> None:
    viewer = logged_in(sending.people.bob)
    page = viewer.post(PAGE, asked(sending))
    assert page.context["answer"].drawing.sender["address"] == US_SENDER
    assert reverse("console:test_send_now") not in page.content.decode()
    assert viewer.post(reverse("console:test_send_now"), asked(sending)).status_code == 403
    assert not Message.objects.exists()


def test_services_and_messages_of_another_account_are_unknown(sending: Sending) -> None:
    message = sending.send()
    stranger = logged_in(sending.people.charlie)
    page = stranger.post(PAGE, asked(sending))
    assert "21701" in answer_in(page.content.decode())
    for query in ({"like": message.sid}, {"sent": message.sid}):
        assert stranger.get(PAGE, query).status_code == 404
    assert stranger.get(reverse("console:test_send_progress", args=[message.sid])).status_code == 404


def test_the_curl_command_asks_the_api_the_same(client: Client, sending: Sending) -> None:
    body = 'It\'s "quoted" & costs 5 €'
    command = client.post(PAGE, asked(sending, body=body)).context["answer"].curl
    words = shlex.split(command.replace("\\\n", " "))
    assert words[3].endswith(f"/2010-04-01/Accounts/{sending.people.acme.sid}/Messages.json")
    given = dict(word.split("=", 1) for flag, word in itertools.pairwise(words) if flag == "--data-urlencode")
    assert given == {"To": US_RECIPIENT, "MessagingServiceSid": sending.service.sid, "Body": body}
    assert sending.people.acme.auth_token not in command


def test_the_decision_is_there_as_json_too(client: Client, sending: Sending) -> None:
    page = client.post(PAGE, asked(sending))
    shown = json.loads(page.context["answer"].drawing.json)
    assert shown["sender"]["address"] == US_SENDER
    assert 'id="decision-json"' in page.content.decode()


def test_the_cost_of_asking_does_not_grow_with_the_log(client: Client, sending: Sending) -> None:
    def queries() -> int:
        client.post(PAGE, asked(sending))
        with CaptureQueriesContext(connection) as counted:
            client.post(PAGE, asked(sending))
        return len(counted)

    few = queries()
    for number in range(30):
        factories.message(sending.people.acme, to=f"+1415555{number:04d}", service=sending.service)
    assert queries() == few
