"""The official client library, unmodified, over HTTP. It decides whether this console is compatible."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from msgconsole.accounts.models import Account
from msgconsole.outbox import queue
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
TO = "+14155550123"


@pytest.fixture
def account(transactional_db: None) -> Account:
    return factories.account()


@pytest.fixture
def client(account: Account, live_server: Any) -> Client:
    made = Client(account.sid, account.auth_token)
    made.messaging.base_url = made.api.base_url = live_server.url
    return made


@pytest.fixture
def service(client: Client, account: Account) -> Any:
    """A Service with one number, both made by the client."""
    made = client.messaging.v1.services.create(friendly_name="Reminders")
    number = client.incoming_phone_numbers.create(phone_number="+14155550100")
    made.phone_numbers.create(phone_number_sid=number.sid)
    return made


class Receiver:
    """A web server that keeps what it was sent: an application that awaits callbacks."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                params = dict(parse_qsl(body, keep_blank_values=True))
                receiver.requests.append((self.path, params, self.headers["X-Twilio-Signature"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> "Receiver":
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def settle(client: Client, sid: str, seconds: float = 5.0) -> Any:
    """Run the pipeline until the message has come to rest, as a worker would."""
    give_up = time.monotonic() + seconds
    while True:
        queue.drain(until_idle=True)
        message = client.messages(sid).fetch()
        if message.status in ("delivered", "undelivered", "failed") or time.monotonic() > give_up:
            return message
        time.sleep(0.02)


def test_it_sends_through_a_service_and_learns_the_sender_afterwards(client: Client, service: Any) -> None:
    message = client.messages.create(messaging_service_sid=service.sid, to=TO, body="Hello")
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    assert message.date_sent is None
    assert isinstance(message.date_created, datetime)
    assert message.messaging_service_sid == service.sid
    done = settle(client, message.sid)
    assert (done.status, done.from_, done.num_segments, done.price) == ("delivered", "+14155550100", "1", "-0.00750")
    assert done.error_code is None
    assert isinstance(done.date_sent, datetime)


def test_it_reads_every_property_of_a_service(client: Client) -> None:
    made = client.messaging.v1.services.create(
        friendly_name="Reminders",
        inbound_request_url="https://example.com/in",
        inbound_method="GET",
        status_callback="https://example.com/status",
        sticky_sender=False,
        area_code_geomatch=False,
        validity_period=120,
        usecase="notifications",
    )
    service = client.messaging.v1.services(made.sid).fetch()
    assert (service.sticky_sender, service.area_code_geomatch, service.smart_encoding) == (False, False, True)
    assert (service.validity_period, service.usecase, service.inbound_method) == (120, "notifications", "GET")
    assert isinstance(service.date_created, datetime)
    assert service.date_created.tzinfo == UTC
    assert service.use_inbound_webhook_on_number is False
    assert len(service.links) == 8
    assert service.update(friendly_name="New", sticky_sender=True).friendly_name == "New"
    assert service.delete() is True
    with pytest.raises(TwilioRestException) as caught:
        service.fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_it_manages_every_kind_of_sender_of_a_pool(client: Client, service: Any, account: Account) -> None:
    code = factories.short_code(account, "60012")
    channel = factories.channel_sender(account, "whatsapp:+447400100001")
    assert service.short_codes.create(short_code_sid=code.sid).short_code == "60012"
    assert service.channel_senders.create(sid=channel.sid).sender_type == "WhatsApp"
    assert service.alpha_senders.create(alpha_sender="ACME").alpha_sender == "ACME"
    french = service.destination_alpha_senders.create(alpha_sender="ACME FR", iso_country_code="FR")
    assert french.iso_country_code == "FR"
    lists = ("phone_numbers", "short_codes", "channel_senders", "alpha_senders", "destination_alpha_senders")
    for name in lists:
        (only,) = getattr(service, name).list()
        assert only.fetch().sid == only.sid
        assert only.delete() is True
        assert getattr(service, name).list() == []


def test_it_pages_through_v1_lists_in_both_directions(client: Client, account: Account) -> None:
    made = [factories.service(account, str(number)).sid for number in range(7)][::-1]
    assert [service.sid for service in client.messaging.v1.services.list()] == made
    assert [service.sid for service in client.messaging.v1.services.list(page_size=2)] == made
    assert [service.sid for service in client.messaging.v1.services.list(limit=3, page_size=2)] == made[:3]
    assert [service.sid for service in client.messaging.v1.services.list(limit=1500)] == made
    first = client.messaging.v1.services.page(page_size=3)
    second = first.next_page()
    assert [service.sid for service in second] == made[3:6]
    assert [service.sid for service in second.previous_page()] == made[:3]
    assert second.next_page().next_page() is None


def test_it_pages_through_2010_lists_in_both_directions(client: Client, account: Account) -> None:
    made = [factories.message(account).sid for _ in range(7)][::-1]
    assert [message.sid for message in client.messages.list(page_size=2)] == made
    assert [message.sid for message in client.messages.list(limit=1500)] == made
    first = client.messages.page(page_size=3)
    second = first.next_page()
    assert [message.sid for message in second] == made[3:6]
    assert [message.sid for message in second.previous_page()] == made[:3]


def test_its_date_filters_find_a_days_messages(client: Client, account: Account) -> None:
    inside = factories.message(account, date_sent=datetime(2026, 11, 1, 18, tzinfo=UTC)).sid
    factories.message(account, date_sent=datetime(2026, 11, 3, tzinfo=UTC))
    for given in (
        {"date_sent": date(2026, 11, 1)},
        {"date_sent": datetime(2026, 11, 1, 12, tzinfo=UTC)},
        {"date_sent_before": date(2026, 11, 1)},
        {"date_sent_after": datetime(2026, 11, 1, tzinfo=UTC), "date_sent_before": date(2026, 11, 2)},
    ):
        assert [message.sid for message in client.messages.list(**given)] == [inside]
    assert len(client.messages.list(to=TO, from_="+14155550100")) == 2


def test_it_raises_its_own_exception_with_our_status_and_code(client: Client, service: Any) -> None:
    empty = client.messaging.v1.services.create(friendly_name="Empty")
    cases: list[tuple[Any, int, int]] = [
        (lambda: client.messaging.v1.services("MG" + "0" * 32).fetch(), 404, 20404),
        (lambda: client.messages.create(to=TO, body="x", messaging_service_sid="MG" + "0" * 32), 404, 21701),
        (lambda: client.messages.create(to=TO, body="x", messaging_service_sid=empty.sid), 400, 21704),
        (lambda: client.messages.create(to=TO, body="x"), 400, 21603),
        (lambda: client.messages.create(to="x", body="x", messaging_service_sid=service.sid), 400, 21211),
        (lambda: client.messaging.v1.services.create(friendly_name=""), 400, 20002),
        (lambda: service.phone_numbers.create(phone_number_sid="PN" + "0" * 32), 404, 20404),
    ]
    for call, status, code in cases:
        with pytest.raises(TwilioRestException) as caught:
            call()
        assert (caught.value.status, caught.value.code) == (status, code)
        assert caught.value.msg
    with pytest.raises(TwilioException):
        client.messages.page(page_token="nonsense")


def test_a_request_without_to_is_answered_as_documented(client: Client, service: Any, live_server: Any) -> None:
    answer = client.request(
        "POST",
        f"{live_server.url}/2010-04-01/Accounts/{client.account_sid}/Messages.json",
        data={"MessagingServiceSid": service.sid, "Body": "x"},
    )
    assert answer.status_code == 400
    assert '"code":21604' in answer.text.replace(" ", "")


def test_wrong_credentials_raise_401(account: Account, live_server: Any) -> None:
    stranger = Client(account.sid, "0" * 32)
    stranger.messaging.base_url = live_server.url
    with pytest.raises(TwilioRestException) as caught:
        stranger.messaging.v1.services.create(friendly_name="x")
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_an_api_key_acts_for_its_account(account: Account, client: Client, live_server: Any) -> None:
    made = client.new_keys.create(friendly_name="CI")
    by_key = Client(made.sid, made.secret, account.sid)
    by_key.messaging.base_url = by_key.api.base_url = live_server.url
    assert by_key.messaging.v1.services.create(friendly_name="x").account_sid == account.sid
    assert by_key.messages.list() == []


def test_it_cancels_redacts_and_deletes(client: Client, service: Any) -> None:
    later = datetime.now(UTC).replace(microsecond=0)
    later = later.replace(year=later.year + (later.month == 12), month=later.month % 12 + 1, day=1)
    scheduled = client.messages.create(
        messaging_service_sid=service.sid, to=TO, body="Later", schedule_type="fixed", send_at=later
    )
    assert scheduled.status == "scheduled"
    assert client.messages(scheduled.sid).update(status="canceled").status == "canceled"
    sent = client.messages.create(
        messaging_service_sid=service.sid, to=TO, body="Secret", media_url=["https://example.com/a.jpg"]
    )
    settle(client, sent.sid)
    assert client.messages(sent.sid).update(body="").body == ""
    (medium,) = client.messages(sent.sid).media.list()
    assert (medium.content_type, medium.parent_sid) == ("image/jpeg", sent.sid)
    assert client.messages(sent.sid).feedback.create(outcome="confirmed").outcome == "confirmed"
    assert client.messages(sent.sid).delete() is True
    assert [message.sid for message in client.messages.list()] == [scheduled.sid]


def test_callbacks_are_signed_so_that_its_validator_accepts_them(
    client: Client, service: Any, account: Account, receiver: Receiver
) -> None:
    url = f"{receiver.url}/status?tenant=a%20b&x=1"
    message = client.messages.create(messaging_service_sid=service.sid, to=TO, body="Hello", status_callback=url)
    settle(client, message.sid)
    queue.drain(until_idle=True)
    told = [params["MessageStatus"] for _, params, _ in receiver.requests]
    assert told == ["queued", "sent", "delivered"]
    for path, params, signature in receiver.requests:
        assert RequestValidator(account.auth_token).validate(receiver.url + path, params, signature)
        assert not RequestValidator("0" * 32).validate(receiver.url + path, params, signature)
        assert (params["MessageSid"], params["SmsSid"], params["AccountSid"]) == (message.sid, message.sid, account.sid)
        assert (params["To"], params["From"], params["MessagingServiceSid"]) == (TO, "+14155550100", service.sid)
        assert params["SmsStatus"] == params["MessageStatus"]


def test_it_buys_finds_changes_and_releases_numbers(client: Client) -> None:
    bought = client.incoming_phone_numbers.create(area_code="415", sms_url="https://example.com/sms")
    assert (bought.capabilities["sms"], bought.sms_url) == (True, "https://example.com/sms")
    assert client.incoming_phone_numbers.list(phone_number=bought.phone_number)[0].sid == bought.sid
    assert bought.update(friendly_name="Front desk").friendly_name == "Front desk"
    assert client.incoming_phone_numbers.toll_free.create(phone_number="+18885550100").phone_number == "+18885550100"
    assert len(client.incoming_phone_numbers.local.list()) == 1
    assert bought.delete() is True


def test_it_reads_its_account_and_balance(client: Client, account: Account) -> None:
    shown = client.api.v2010.accounts(account.sid).fetch()
    assert (shown.status, shown.type, shown.auth_token) == ("active", "Full", account.auth_token)
    child = client.api.v2010.accounts.create(friendly_name="Part")
    assert {one.sid for one in client.api.v2010.accounts.list()} == {account.sid, child.sid}
    assert client.balance.fetch().currency == "USD"
