"""From accepted to its end: sender, text, carrier, reports, and every way in which that can go wrong."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.carriers.contract import DeliveryReport, SubmitResult
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission
from msgconsole.error_codes import Refused
from msgconsole.messaging import bare, dispatch, reports
from msgconsole.messaging.actions import cancel_message
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import CarrierReceipt, DecisionTrace, Message
from msgconsole.messaging.transitions import transition
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from msgconsole.webhooks.models import WebhookDelivery
from senders.models import PoolMember, StickyMapping
from services import actions as service_actions
from services import consent
from services.models import MessagingService
from tests import factories
from tests.msgconsole.messaging.conftest import SEATTLE, TO, FakeCarrier, Send, drained, pooled

pytestmark = pytest.mark.django_db


def story(message: Message) -> list[str]:
    return [event.status for event in message.events.all() if event.status]


def test_a_message_to_a_service_is_delivered_by_the_chosen_sender(send: Send, service: MessagingService) -> None:
    sender = pooled(service)
    done = drained(send(body="Don’t worry"))
    assert (done.status, done.from_address, done.sender) == ("delivered", SEATTLE, sender)
    assert (done.body, done.encoding, done.num_segments) == ("Don't worry", "GSM-7", 1)
    assert (done.price, done.error_code) == (Decimal("-0.00750"), None)
    assert done.date_sent is not None
    assert story(done) == ["accepted", "queued", "sending", "sent", "delivered"]
    trace = DecisionTrace.objects.get(message=done)
    assert trace.data["sender"]["address"] == SEATTLE
    assert done.decided_by == trace.data["deciding_stage"] == "country_match"
    assert not OutboxEntry.objects.exists()


def test_load_is_counted_and_comes_back_to_nothing_waiting(send: Send, service: MessagingService) -> None:
    sender = pooled(service)
    message = send(body="x" * 200)
    before = PoolMember.objects.get(sender=sender)
    done = drained(message)
    member = PoolMember.objects.get(sender=sender)
    assert done.num_segments == 2
    assert (member.queued_count, member.sent_count) == (0, before.sent_count + 1)
    assert member.last_used_at >= done.date_sent
    assert member.mapping_count == StickyMapping.objects.count() == 1


def test_a_bare_from_is_delivered(send: Send, service: MessagingService) -> None:
    pooled(service)
    done = drained(send(bare=True, from_=SEATTLE))
    assert story(done) == ["queued", "sending", "sent", "delivered"]
    assert StickyMapping.objects.count() == 0


def test_a_stop_after_acceptance_fails_it_with_a_trace(send: Send, account: Account, service: MessagingService) -> None:
    pooled(service)
    message = send()
    consent.record(
        account=account,
        service=service,
        sender_address="",
        channel="sms",
        recipient=TO,
        status="opted_out",
        keyword="STOP",
        actor=factories.ACTOR,
    )
    done = drained(message)
    assert (done.status, done.error_code, done.from_address) == ("failed", 21610, "")
    assert DecisionTrace.objects.get(message=done).data["error_code"] == 21610
    assert StickyMapping.objects.count() == 0
    assert not SimulatedSubmission.objects.exists()


@pytest.mark.parametrize(
    ("to", "geo", "code"),
    [("+447400123456", ["US"], 21408), ("+493012345678", None, 21635), (TO, None, 21703)],
)
def test_late_faults_fail_the_message(
    send: Send, account: Account, service: MessagingService, to: str, geo: Any, code: int
) -> None:
    pooled(service, "+447400111222" if code == 21703 else SEATTLE)
    Account.objects.filter(pk=account.pk).update(geo_permissions=geo)
    done = drained(send(to))
    assert (done.status, done.error_code, done.num_segments) == ("failed", code, 0)


def test_a_sender_that_is_not_ready_is_named_and_the_message_fails(send: Send, service: MessagingService) -> None:
    sender = pooled(service, registration="unregistered")
    done = drained(send())
    assert (done.status, done.error_code, done.from_address) == ("failed", 30034, SEATTLE)
    assert (done.date_sent, done.price) == (None, None)
    assert PoolMember.objects.get(sender=sender).queued_count == 0
    assert not SimulatedSubmission.objects.exists()


def test_a_bare_from_that_is_not_ready_is_refused_at_once(send: Send, service: MessagingService) -> None:
    pooled(service, registration="unregistered")
    with pytest.raises(Refused) as refusal:
        send(bare=True, from_=SEATTLE)
    assert (refusal.value.code, refusal.value.status, refusal.value.field) == (30034, 400, "from")
    assert not Message.objects.exists()


def test_a_full_queue_fails_a_message_of_a_service(
    send: Send, service: MessagingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled(service)
    monkeypatch.setattr(bare.sender_rules, "queue_segments", lambda kind, country: 0)
    done = drained(send())
    assert (done.status, done.error_code, done.from_address) == ("failed", 30001, SEATTLE)


def test_what_waited_too_long_fails(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send(validity_period=60)
    Message.objects.update(date_created=timezone.now() - timedelta(seconds=61))
    assert (drained(message).status, drained(message).error_code) == ("failed", 30036)


def test_validity_of_a_scheduled_message_counts_from_its_time(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send(schedule_type="fixed", send_at=timezone.now() + timedelta(seconds=400), validity_period=60)
    Message.objects.update(
        date_created=F("date_created") - timedelta(seconds=390), send_at=F("send_at") - timedelta(seconds=410)
    )
    OutboxEntry.objects.update(available_at=timezone.now())
    done = drained(message)
    assert done.status == "delivered"
    assert story(done) == ["scheduled", "queued", "sending", "sent", "delivered"]


def test_a_suspended_account_sends_nothing(send: Send, account: Account, service: MessagingService) -> None:
    pooled(service)
    message = send()
    Account.objects.filter(pk=account.pk).update(status="suspended")
    assert (drained(message).status, drained(message).error_code) == ("failed", 30002)


def test_a_service_deleted_meanwhile_fails_its_messages(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    sid = service.sid
    service_actions.delete_service(service=service, actor=factories.ACTOR)
    done = drained(message)
    assert (done.status, done.error_code, done.messaging_service_sid) == ("failed", 21701, sid)


def test_a_message_canceled_while_its_sender_was_chosen_leaves_nothing_reserved(
    send: Send, service: MessagingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = pooled(service)
    message = send()
    real = dispatch.choosing.choose

    def cancel_first(**given: Any) -> Any:
        choice = real(**given)
        Message.objects.filter(pk=message.pk).update(status="canceled")
        return choice

    monkeypatch.setattr(dispatch.choosing, "choose", cancel_first)
    done = drained(message)
    assert done.from_address == ""
    assert StickyMapping.objects.count() == 0
    assert PoolMember.objects.get(sender=sender).mapping_count == 0
    assert not DecisionTrace.objects.filter(message=done).exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("[fail 30003]", "undelivered", 30003),
        ("[fail 30019]", "failed", 30019),
        ("[fail 30410]", "failed", 30410),
        ("[congested]", "failed", 30017),
        ("[no report]", "sent", None),
        ("[twice]", "delivered", None),
    ],
)
def test_the_carriers_fault_is_the_messages(
    send: Send, service: MessagingService, body: str, status: str, code: int | None
) -> None:
    sender = pooled(service)
    done = drained(send(body=body))
    assert (done.status, done.error_code) == (status, code)
    assert PoolMember.objects.get(sender=sender).queued_count == 0


def test_a_busy_carrier_gets_it_again_from_the_same_sender(send: Send, service: MessagingService) -> None:
    pooled(service)
    pooled(service, "+12065550111")
    done = drained(send(body="[retry]"))
    assert done.status == "delivered"
    assert done.attempts == 3
    assert SimulatedSubmission.objects.get().sender == done.from_address
    assert story(done) == ["accepted", "queued", *["sending", "queued"] * 2, "sending", "sent", "delivered"]
    assert len([status for status in story(done) if status == "queued"]) == 3


def test_the_wait_for_a_busy_carrier_is_in_the_outbox(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [SubmitResult("retry", retry_after=20.0)]
    done = drained(send())
    assert done.status == "queued"
    assert OutboxEntry.objects.get().available_at > timezone.now() + timedelta(seconds=15)


def test_an_exception_of_the_carrier_leaves_it_to_be_resumed_under_the_same_key(
    send: Send, service: MessagingService, carrier: FakeCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    pooled(service)
    carrier.answers = [TimeoutError(f"{TO}: my secret")]
    message = send(body="my secret")
    assert drained(message).status == "sending"
    assert OutboxEntry.objects.get().last_error == "TimeoutError"
    assert "secret" not in caplog.text
    OutboxEntry.objects.update(available_at=timezone.now())
    assert drained(message).status == "sent"
    assert [submission.key for submission in carrier.got] == [message.sid, message.sid]
    assert message.events.filter(cause="resumed").exists()


def test_a_carrier_that_never_answers_ends_it_after_some_tries(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [TimeoutError()] * 20
    message = send()
    for _ in range(10):
        OutboxEntry.objects.update(available_at=timezone.now())
        drained(message)
    done = drained(message)
    assert (done.status, done.error_code, len(carrier.got)) == ("failed", 30410, dispatch.MOST_ATTEMPTS)


def test_a_carrier_that_would_send_twice_is_not_asked_again(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.idempotent = False
    carrier.answers = [TimeoutError()]
    message = send()
    drained(message)
    OutboxEntry.objects.update(available_at=timezone.now())
    done = drained(message)
    assert (done.status, done.error_code, len(carrier.got)) == ("failed", 30008, 1)
    assert "not sent again" in done.events.last().detail


def test_a_worker_that_died_after_the_carrier_took_it_sends_nothing_twice(
    send: Send, service: MessagingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled(service)
    message = send()

    def die(*args: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_sent", die)
        with pytest.raises(SystemExit):
            queue.drain(queues=["dispatch"])
    assert Message.objects.get(pk=message.pk).status == "sending"
    queue.release_all()
    done = drained(message)
    assert done.status == "delivered"
    assert SimulatedSubmission.objects.get().handed_over == 2


def test_a_second_run_of_finished_work_changes_nothing(send: Send, service: MessagingService) -> None:
    pooled(service)
    done = drained(send())
    events = done.events.count()
    dispatch.run(OutboxEntry(kind=dispatch.KIND, reference=done.sid))
    assert done.events.count() == events


def test_an_mms_goes_as_media_where_the_country_takes_it(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service, mms=True)
    done = drained(send(media_urls=("https://e.org/a.png",)))
    assert (done.status, done.num_segments, done.encoding) == ("sent", 1, "")
    assert carrier.got[0].media_urls == ("https://e.org/a.png",)


def test_the_converter_puts_a_link_into_the_text_and_counts_it(
    send: Send, service: MessagingService, carrier: FakeCarrier, settings: Any
) -> None:
    settings.MSGCONSOLE_PUBLIC_URL = "https://console.example"
    pooled(service, "+447400111222", mms=False)
    done = drained(send("+447400123456", body="Look:", media_urls=("https://e.org/a.png",)))
    token = done.media.get().link_token
    assert done.body == f"Look: https://console.example/m/{token}"
    assert (done.encoding, done.num_segments) == ("GSM-7", 1)
    assert carrier.got[0].media_urls == ()


def test_an_rcs_device_gets_rcs(send: Send, account: Account, service: MessagingService) -> None:
    from senders import actions

    pooled(service)
    agent = actions.add_channel_sender(
        account=account, actor=factories.ACTOR, address="rcs:acme_agent", approved_regions=["US"]
    )
    actions.add_to_service(service=service, sender=agent, actor=factories.ACTOR)
    PhoneBookEntry.objects.create(number=TO, rcs=True)
    done = drained(send(body="Hi [read]"))
    assert (done.status, done.from_address, done.channel) == ("read", "rcs:acme_agent", "rcs")


# Reports


def report(message: Message, status: Any, code: int | None = None, key: str = "") -> DeliveryReport:
    return DeliveryReport("fake", key or f"fake-{message.sid}", status, timezone.now(), code)


def test_a_report_that_overtakes_its_receipt_is_tried_again(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    message = send()
    reports.delivery_report(report(message, "delivered"))
    assert OutboxEntry.objects.filter(kind=reports.KIND).exists()
    queue.drain(until_idle=True)
    OutboxEntry.objects.filter(kind=reports.KIND).update(available_at=timezone.now())
    assert drained(message).status == "delivered"
    assert not OutboxEntry.objects.exists()


def test_a_report_without_any_message_is_dropped_in_the_end() -> None:
    reports.delivery_report(DeliveryReport("fake", "unknown", "delivered", timezone.now()))
    OutboxEntry.objects.update(available_at=timezone.now())
    queue.drain()
    assert OutboxEntry.objects.exists()
    OutboxEntry.objects.update(available_at=timezone.now(), created_at=timezone.now() - timedelta(hours=2))
    queue.drain()
    assert not OutboxEntry.objects.exists()


def test_late_and_repeated_reports_are_noted_and_change_nothing(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    done = drained(send())
    for status in ("undelivered", "delivered", "undelivered"):
        reports.delivery_report(report(done, status, 30003 if status == "undelivered" else None))
    done.refresh_from_db()
    assert (done.status, done.error_code) == ("undelivered", 30003)
    assert done.events.filter(cause="late_report").count() == 2


def test_a_message_of_several_parts_is_delivered_with_its_last_part(
    send: Send, service: MessagingService, carrier: FakeCarrier
) -> None:
    pooled(service)
    carrier.answers = [SubmitResult("accepted", ("part-1", "part-2"))]
    done = drained(send())
    assert CarrierReceipt.objects.count() == 2
    reports.delivery_report(report(done, "delivered", key="part-1"))
    done.refresh_from_db()
    assert done.status == "sent"
    reports.delivery_report(report(done, "delivered", key="part-2"))
    done.refresh_from_db()
    assert done.status == "delivered"


def test_who_read_it_has_received_it(send: Send, service: MessagingService, carrier: FakeCarrier) -> None:
    pooled(service)
    done = drained(send())
    reports.delivery_report(report(done, "read"))
    assert story(done)[-2:] == ["delivered", "read"]


# Transitions and callbacks


def test_a_transition_is_refused_where_the_table_does_not_have_it(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    assert not transition(message, Status.DELIVERED, cause="test")
    assert message.status == "accepted"
    assert message.events.count() == 1


def test_a_transition_from_a_stale_reading_does_nothing(send: Send, service: MessagingService) -> None:
    pooled(service)
    stale = send()
    fresh = Message.objects.select_related("account", "service").get(pk=stale.pk)
    assert transition(fresh, Status.CANCELED, cause="test")
    assert not transition(stale, Status.QUEUED, cause="test")
    assert story(stale) == ["accepted", "canceled"]


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


def test_no_body_reaches_the_logs(send: Send, service: MessagingService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pooled(service)
    drained(send(body="top secret [fail 30003]", status_callback="http://127.0.0.1:9/#rc=0"))
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [record for record in ours if "top secret" in record.getMessage()]
