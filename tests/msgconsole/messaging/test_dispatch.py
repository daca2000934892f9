"""From accepted to its end: sender, text, carrier, and what ends it before the carrier has it."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from msgconsole.accounts.models import Account
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission
from msgconsole.error_codes import Refused
from msgconsole.messaging import bare, dispatch
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.outbox.models import OutboxEntry
from senders.models import PoolMember, StickyMapping
from services import actions as service_actions
from services.models import MessagingService
from tests import factories
from tests.msgconsole.messaging.conftest import SEATTLE, TO, FakeCarrier, Send, drained, pooled, story

pytestmark = pytest.mark.django_db


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


def test_a_stop_after_acceptance_fails_it_with_a_trace(send: Send, service: MessagingService) -> None:
    pooled(service)
    message = send()
    factories.opted_out(service, TO)
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


def test_no_body_reaches_the_logs(send: Send, service: MessagingService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pooled(service)
    drained(send(body="top secret [fail 30003]", status_callback="http://127.0.0.1:9/#rc=0"))
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert not [record for record in ours if "top secret" in record.getMessage()]
