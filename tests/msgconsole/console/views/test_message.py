import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from msgconsole.messaging.api.serializers import message_json
from msgconsole.messaging.models import Message
from msgconsole.outbox import queue
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery
from services import actions as services
from tests import factories
from tests.console_client import logged_in
from tests.msgconsole.console.views.conftest import GB_RECIPIENT, US_RECIPIENT, Sending

TABS = ("message", "message_why", "message_content", "message_webhooks", "message_api")


@pytest.fixture
def client(sending: Sending) -> Client:
    return logged_in(sending.people.alice)


def page(client: Client, message: Message, name: str = "message") -> Any:
    return client.get(reverse(f"console:{name}", args=[message.sid]))


def sentence(client: Client, message: Message) -> str:
    return str(page(client, message).context["story"].sentence)


def test_it_says_first_from_whom_and_why(client: Client, sending: Sending) -> None:
    assert sentence(client, sending.send(GB_RECIPIENT)) == (
        "Sent from +44 7400 111222, because it is a number of the recipient's country, United Kingdom (GB). "
        "It was delivered."
    )


def test_it_says_why_a_message_failed_and_the_way_out(client: Client, sending: Sending) -> None:
    factories.opted_out(sending.service, US_RECIPIENT)
    message = sending.send()
    assert message.status == "failed"
    assert sentence(client, message).startswith(
        "This message failed: +14155550123 opted out of the Service Reminders with STOP on "
    )
    html = page(client, message).content.decode()
    assert "must text START" in html
    assert ">21610</a>" in html


def test_it_says_what_the_carrier_found_wrong(client: Client, sending: Sending) -> None:
    message = sending.send(body="Hello [fail 30003]")
    assert message.status == "undelivered"
    assert sentence(client, message).endswith("It was not delivered: handset unreachable.")


def test_a_warning_that_did_not_stop_it_is_told_too(client: Client, sending: Sending) -> None:
    message = factories.message(sending.people.acme, warning_codes=[30018])
    assert "Warning: Destination wants a pre-registered sender ID." in page(client, message).content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"status": "accepted", "from_address": ""}, "Accepted for +1 415 555 0123; a sender is being chosen."),
        ({"status": "canceled", "from_address": ""}, "Canceled before it was sent to +1 415 555 0123."),
        ({"status": "failed", "error_code": 30036}, "This message failed: validity period expired. It would have come"),
        (
            {"status": "delivered"},
            "Sent from +1 415 555 0100, because the request named it as From. It was delivered.",
        ),
        ({"status": "received", "direction": "inbound"}, "Received from +1 415 555 0100 by +1 415 555 0123."),
    ],
    ids=lambda value: value["status"] if isinstance(value, dict) else None,
)
def test_every_other_fate_has_its_sentence(client: Client, sending: Sending, given: dict[str, Any], told: str) -> None:
    assert sentence(client, factories.message(sending.people.acme, **given)).startswith(told)


def test_the_timeline_tells_each_step_with_its_cause_and_its_callback(client: Client, sending: Sending) -> None:
    services.update_service(
        service=sending.service, actor=factories.ACTOR, status_callback="https://callbacks.invalid/status"
    )
    message = sending.send(drain=False)
    titles = [line.title for line in page(client, message).context["lines"]]
    assert titles == ["Accepted: stored, and a sender is being chosen."]
    queue.drain(queues=["dispatch", "reports"], until_idle=True)
    queue.drain(queues=["dispatch", "reports"], until_idle=True)
    lines = page(client, message).context["lines"]
    titles = [line.title for line in lines]
    assert [title for title in titles if "ebhook" not in title] == [
        "Accepted: stored, and a sender is being chosen.",
        "Queued: it has its sender.",
        "Sending: being handed to the carrier.",
        "Sent: the carrier took it.",
        "Delivered: the carrier confirmed it.",
    ]
    assert "Webhook queued: status.delivered." in titles
    assert "because it is a number of the recipient's country" in lines[1].detail


def test_the_timeline_renews_itself_until_the_message_is_final(client: Client, sending: Sending) -> None:
    message = sending.send(drain=False)
    first = page(client, message)
    assert "hx-get" in first.content.decode()
    address = reverse("console:message", args=[message.sid])
    assert client.get(address, {"seen": first.context["mark"]}).status_code == 204
    queue.drain(until_idle=True)
    last = client.get(address, {"seen": first.context["mark"]})
    assert "It was delivered." in last.content.decode()
    assert "hx-get" not in last.content.decode()


def test_the_stored_decision_is_drawn_and_not_worked_out_again(client: Client, sending: Sending) -> None:
    message = sending.send(GB_RECIPIENT)
    services.delete_service(service=sending.service, actor=factories.ACTOR)
    drawing = page(client, message, "message_why").context["drawing"]
    assert drawing.sender["address"] == "+447400111222"
    assert json.loads(drawing.json) == message.trace.data


def test_the_content_is_cut_as_it_was_sent(client: Client, sending: Sending) -> None:
    message = sending.send(body="“" + "x" * 170 + "”")
    content = page(client, message, "message_content").context
    assert message.num_segments == content["encoded"].segments == 2
    html = page(client, message, "message_content").content.decode()
    for part in content["encoded"].parts:
        assert part.replace('"', "&quot;") in html


def test_an_empty_webhooks_tab_leads_to_where_a_callback_is_set(client: Client, sending: Sending) -> None:
    message = sending.send()
    assert message.service is not None
    html = page(client, message, "message_webhooks").content.decode()
    assert f'<a href="{reverse("console:service_integration", args=[message.service.sid])}">on the Service</a>' in html


def test_the_webhooks_tab_shows_every_try_with_its_answer_and_signature(client: Client, sending: Sending) -> None:
    message = sending.send()
    delivery = WebhookDelivery.objects.create(
        account=sending.people.acme,
        subject_sid=message.sid,
        event="status.delivered",
        url="https://example.com/status",
        params={"MessageStatus": "delivered"},
        idempotency_token="t",
        status="failed",
    )
    WebhookAttempt.objects.create(
        delivery=delivery, number=1, duration_ms=87, response_status=500, error_code=11217, signature="c2lnbmF0dXJl"
    )
    answer = page(client, message, "message_webhooks")
    html = answer.content.decode()
    for shown in ("status.delivered", "HTTP 500", "87 ms", "c2lnbmF0dXJl", "MessageStatus", ">11217</a>"):
        assert shown in html
    tab = next(tab for tab in answer.context["tabs"] if tab.label == "Webhooks")
    assert (tab.count, tab.wrong) == (1, True)


def test_the_api_tab_shows_what_the_api_returns(client: Client, sending: Sending) -> None:
    message = sending.send()
    assert json.loads(page(client, message, "message_api").context["json"]) == message_json(
        Message.objects.get(pk=message.pk)
    )


@pytest.mark.parametrize("name", TABS)
def test_messages_of_other_accounts_do_not_exist(sending: Sending, name: str) -> None:
    message = sending.send()
    assert page(logged_in(sending.people.charlie), message, name).status_code == 404


@pytest.mark.parametrize("action", ["message_cancel", "message_redact", "message_delete"])
def test_a_viewer_changes_nothing_and_is_offered_nothing(sending: Sending, action: str) -> None:
    message = sending.send()
    viewer = logged_in(sending.people.bob)
    address = reverse(f"console:{action}", args=[message.sid])
    assert address not in page(viewer, message).content.decode()
    assert viewer.post(address).status_code == 403
    message.refresh_from_db()
    assert (message.status, message.body) == ("delivered", "Hello Ana")


def test_a_scheduled_message_is_canceled_after_asking(client: Client, sending: Sending) -> None:
    message = sending.send(drain=False, schedule_type="fixed", send_at=timezone.now() + timedelta(hours=1))
    assert sentence(client, message).startswith("Waits until ")
    address = reverse("console:message_cancel", args=[message.sid])
    assert "It will not be sent" in client.get(address).content.decode()
    message.refresh_from_db()
    assert message.status == "scheduled"
    client.post(address)
    message.refresh_from_db()
    assert message.status == "canceled"


def test_the_text_is_erased_and_the_rest_stays(client: Client, sending: Sending) -> None:
    message = sending.send(body="A secret for Ana")
    client.post(reverse("console:message_redact", args=[message.sid]))
    html = page(client, message, "message_content").content.decode()
    assert "A secret for Ana" not in html
    assert "The text was redacted" in html
    assert "It was delivered." in sentence(client, message)


def test_a_deleted_message_is_gone_from_log_and_page(client: Client, sending: Sending) -> None:
    message = sending.send()
    answer = client.post(reverse("console:message_delete", args=[message.sid]))
    assert answer["Location"] == reverse("console:messages")
    assert page(client, message).status_code == 404


def test_what_cannot_be_done_any_more_says_why(client: Client, sending: Sending) -> None:
    message = sending.send()
    answer = client.post(reverse("console:message_cancel", args=[message.sid]))
    assert answer.status_code == 409
    assert "can no longer be canceled" in answer.content.decode()
    waiting = sending.send(drain=False)
    answer = client.post(reverse("console:message_delete", args=[waiting.sid]))
    assert answer.status_code == 409
    assert Message.objects.filter(pk=waiting.pk).exists()


def test_buttons_are_offered_when_they_would_work(client: Client, sending: Sending) -> None:
    final, waiting = sending.send(), sending.send(drain=False)
    offered = {
        message.pk: [
            name for name in ("cancel", "redact", "delete") if f"/{name}" in page(client, message).content.decode()
        ]
        for message in (final, waiting)
    }
    assert offered == {final.pk: ["redact", "delete"], waiting.pk: ["cancel"]}
