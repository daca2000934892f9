"""Sending: what is stored and answered at once, and taking messages back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.messaging import bare
from msgconsole.messaging.actions import cancel_message, delete_message, redact_message
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.outbox.models import OutboxEntry
from senders import actions as sender_actions
from services import consent
from services.models import MessagingService
from tests import factories
from tests.msgconsole.messaging.conftest import SEATTLE, TO, Send, drained, number, pooled

pytestmark = pytest.mark.django_db


def test_with_a_service_it_is_accepted_without_sender_or_segments(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    assert message.sid.startswith("SM")
    assert (message.status, message.from_address, message.num_segments) == ("accepted", "", 0)
    assert (message.messaging_service_sid, message.date_sent, message.price) == (service.sid, None, None)
    assert message.events.get().status == "accepted"
    assert OutboxEntry.objects.filter(kind="messaging.dispatch", reference=message.sid).exists()


def test_a_bare_from_is_queued_with_sender_segments_and_trace(send: Send, account: Account) -> None:
    sender = number(account)
    message = send(bare=True, from_=SEATTLE, body="x" * 161)
    assert (message.status, message.from_address, message.num_segments) == ("queued", SEATTLE, 2)
    assert message.sender == sender
    assert message.decided_by == "explicit_from"
    assert message.warning_codes == []
    assert DecisionTrace.objects.get(message=message).data["sender"]["address"] == SEATTLE


def test_media_make_it_an_mm_with_a_row_for_each(send: Send, service: MessagingService) -> None:
    pooled(service, mms=True)
    message = send(media_urls=("https://e.org/a.png?x=1", "https://e.org/b"))
    assert message.sid.startswith("MM")
    assert message.num_media == 2
    assert list(message.media.values_list("content_type", flat=True)) == ["image/png", "application/octet-stream"]


def test_an_empty_pool_is_refused_at_once(send: Send) -> None:
    with pytest.raises(Refused) as caught:
        send()
    assert caught.value.code == 21704
    assert not Message.objects.exists()


def test_a_reply_has_its_own_direction(account: Account, service: MessagingService) -> None:
    from msgconsole.messaging.actions import submit_message
    from msgconsole.messaging.requests import MessageRequest

    pooled(service)
    request = MessageRequest(to=TO, body="x", messaging_service_sid=service.sid)
    reply = submit_message(account=account, request=request, actor=factories.ACTOR, origin="twiml")
    assert reply.direction == "outbound-reply"


@pytest.mark.parametrize(
    ("address", "given", "to", "asked", "code"),
    [
        (None, {}, TO, {"from_": "+12065550111"}, 21659),
        (SEATTLE, {"sms": False, "mms": True}, TO, {}, 21661),
        (SEATTLE, {"mms": False}, TO, {"media_urls": ("https://e.org/a.png",)}, 21621),
        ("+447400111222", {}, TO, {"from_": "+447400111222"}, 21612),
        (None, {}, TO, {"from_": "ACME"}, 21612),
        (SEATTLE, {}, "+493012345678", {}, 21635),
        (SEATTLE, {}, SEATTLE, {}, 21266),
    ],
)
def test_faults_of_a_bare_from_are_told_at_once(
    send: Send, account: Account, address: str | None, given: Any, to: str, asked: Any, code: int
) -> None:
    if address:
        number(account, address, **given)
    with pytest.raises(Refused) as caught:
        send(to, bare=True, **{"from_": SEATTLE, **asked})
    assert caught.value.code == code
    assert not Message.objects.exists()
    assert not OutboxEntry.objects.filter(kind="messaging.dispatch").exists()


def test_a_sender_of_another_account_is_refused(send: Send) -> None:
    number(factories.account("Other"))
    with pytest.raises(Refused) as caught:
        send(bare=True, from_=SEATTLE)
    assert caught.value.code == 21660


def test_a_country_that_is_not_permitted_is_refused(send: Send, account: Account) -> None:
    number(account)
    Account.objects.filter(pk=account.pk).update(geo_permissions=["GB"])
    account.refresh_from_db()
    with pytest.raises(Refused) as caught:
        send(bare=True, from_=SEATTLE)
    assert caught.value.code == 21408


def _stop(account: Account, service: MessagingService | None, sender_address: str = "") -> None:
    consent.record(
        account=account,
        service=service,
        sender_address=sender_address,
        channel="sms",
        recipient=TO,
        status="opted_out",
        keyword="STOP",
        actor=factories.ACTOR,
    )


def test_who_opted_out_of_a_bare_number_is_refused_at_once(send: Send, account: Account) -> None:
    number(account)
    _stop(account, None, SEATTLE)
    with pytest.raises(Refused) as caught:
        send(bare=True, from_=SEATTLE)
    assert caught.value.code == 21610


def test_who_opted_out_of_a_service_is_not_reached_by_its_number_alone_either(
    send: Send, account: Account, service: MessagingService
) -> None:
    pooled(service)
    _stop(account, service)
    with pytest.raises(Refused) as caught:
        send(bare=True, from_=SEATTLE)
    assert caught.value.code == 21610


def test_a_full_queue_of_a_bare_number_is_refused(
    send: Send, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    number(account)
    monkeypatch.setattr(bare.sender_rules, "queue_segments", lambda kind, country: 3)
    send(bare=True, from_=SEATTLE, body="x" * 161)
    send(bare=True, from_=SEATTLE)
    with pytest.raises(Refused) as caught:
        send(bare=True, from_=SEATTLE)
    assert caught.value.code == 21611


def test_from_with_a_service_must_belong_to_the_account_but_need_not_be_in_the_pool(
    send: Send, account: Account, service: MessagingService
) -> None:
    pooled(service)
    with pytest.raises(Refused) as caught:
        send(from_="+12065550111")
    assert caught.value.code == 21659
    number(account, "+12065550155")
    message = send(from_="+12065550155")
    assert (message.status, message.from_address) == ("accepted", "+12065550155")
    done = drained(message)
    assert (done.status, done.from_address, done.warning_codes) == ("delivered", "+12065550155", [21711])


@pytest.mark.parametrize(
    ("fallback_from", "rcs", "code"),
    [(SEATTLE, False, 21667), ("nonsense!", True, 21665), ("+12065550111", True, 21665)],
)
def test_faults_of_fallback_from_are_told_at_once(
    send: Send, account: Account, service: MessagingService, fallback_from: str, rcs: bool, code: int
) -> None:
    pooled(service)
    if rcs:
        agent = sender_actions.add_channel_sender(account=account, actor=factories.ACTOR, address="rcs:acme_agent")
        sender_actions.add_to_service(service=service, sender=agent, actor=factories.ACTOR)
    with pytest.raises(Refused) as caught:
        send(fallback_from=fallback_from)
    assert caught.value.code == code


def test_a_scheduled_message_waits_and_can_be_canceled(send: Send, service: MessagingService) -> None:
    pooled(service)
    at = timezone.now() + timedelta(hours=1)
    message = send(schedule_type="fixed", send_at=at)
    assert message.status == "scheduled"
    assert OutboxEntry.objects.get(reference=message.sid).available_at == at
    assert drained(message).status == "scheduled"
    cancel_message(message=message, actor=factories.ACTOR)
    OutboxEntry.objects.update(available_at=timezone.now())
    done = drained(message)
    assert (done.status, done.from_address) == ("canceled", "")
    assert AuditEntry.objects.filter(action="message.canceled", object_sid=message.sid).exists()


def test_what_was_queued_can_no_longer_be_canceled(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    drained(message)
    with pytest.raises(Refused) as caught:
        cancel_message(message=message, actor=factories.ACTOR)  # as read before the work was done
    assert (caught.value.code, caught.value.status) == (30409, 409)
    assert message.status == "delivered"


def test_redaction_empties_the_body_of_a_final_message_alone(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send(body="secret")
    with pytest.raises(Refused) as caught:
        redact_message(message=message, actor=factories.ACTOR)
    assert (caught.value.code, caught.value.status) == (20009, 409)
    done = drained(message)
    redact_message(message=done, actor=factories.ACTOR)
    done.refresh_from_db()
    assert (done.body, done.status, done.num_segments) == ("", "delivered", 1)
    assert "secret" not in str(list(AuditEntry.objects.values()))


def test_deletion_needs_a_final_message(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    with pytest.raises(Refused) as caught:
        delete_message(message=message, actor=factories.ACTOR)
    assert caught.value.code == 20009
    delete_message(message=drained(message), actor=factories.ACTOR)
    assert not Message.objects.exists()
