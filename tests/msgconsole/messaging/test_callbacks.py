"""Each announced change of a status is called back."""

import pytest

from msgconsole.messaging.actions import cancel_message
from msgconsole.messaging.models import Message
from msgconsole.webhooks.models import WebhookDelivery
from services import actions as service_actions
from services.models import MessagingService
from tests import factories
from tests.msgconsole.messaging.conftest import SEATTLE, TO, Send, drained, pooled

pytestmark = pytest.mark.django_db


def announced(message: Message) -> list[str]:
    rows = WebhookDelivery.objects.filter(subject_sid=message.sid).order_by("id")
    return [row.params["MessageStatus"] for row in rows]


def test_each_announced_change_is_called_back_with_its_parameters(send: Send, service: MessagingService) -> None:
    pooled(service)
    done = drained(send(status_callback="http://127.0.0.1:9/own#rc=0", body="[retry]"))
    assert announced(done) == ["queued", "sent", "delivered"]
    delivered = WebhookDelivery.objects.filter(subject_sid=done.sid).latest("id")
    assert delivered.url == "http://127.0.0.1:9/own#rc=0"
    params = delivered.params
    assert len(params.pop("RawDlrDoneDate")) == 10
    assert params == {
        "AccountSid": done.account.sid,
        "ApiVersion": "2010-04-01",
        "From": SEATTLE,
        "To": TO,
        "MessageSid": done.sid,
        "SmsSid": done.sid,
        "MessageStatus": "delivered",
        "SmsStatus": "delivered",
        "MessagingServiceSid": service.sid,
    }


def test_the_services_callback_is_used_when_the_message_has_none(send: Send, service: MessagingService) -> None:
    service_actions.update_service(
        service=service, actor=factories.ACTOR, status_callback="http://127.0.0.1:9/service#rc=0"
    )
    pooled(service)
    done = drained(send(body="[fail 30003]"))
    assert announced(done) == ["queued", "sent", "undelivered"]
    last = WebhookDelivery.objects.filter(subject_sid=done.sid).latest("id")
    assert last.params["ErrorCode"] == "30003"
    bare_message = drained(send(bare=True, from_=SEATTLE))
    assert announced(bare_message) == []


def test_a_message_that_finds_no_sender_calls_back_once(send: Send, service: MessagingService) -> None:
    pooled(service, "+447400111222")
    done = drained(send(status_callback="http://127.0.0.1:9/#rc=0"))
    assert announced(done) == ["failed"]
    params = WebhookDelivery.objects.get().params
    assert params["ErrorCode"] == "21703"
    assert "From" not in params


def test_cancellation_is_called_back(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send(status_callback="http://127.0.0.1:9/#rc=0")
    cancel_message(message=message, actor=factories.ACTOR)
    assert announced(message) == ["canceled"]
