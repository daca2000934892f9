"""Messages over the API: what the create answers, what becomes of it, and what can be asked and changed afterwards."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from msgconsole.accounts.actions import update_account
from msgconsole.messaging.models import MessageEvent
from msgconsole.outbox import queue
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World
from tests.contract.tables import MESSAGE, SERVICE_MESSAGE, check

TO = "+14155550123"


@pytest.fixture
def world(alice: Api) -> World:
    """A Service with two numbers in its pool."""
    made = World(alice)
    for number in ("+14155550100", "+12125550100"):
        factories.pooled(made.service, factories.number(made.account, number))
    return made


def send(world: World, **given: Any) -> Any:
    params = {"To": TO, "Body": "Hello", "MessagingServiceSid": world.service.sid} | given
    pairs = {name: value for name, value in params.items() if value is not None}
    return world.api.post(f"{world.api.root}/Messages.json", pairs)


def fetch(world: World, sid: str) -> dict[str, Any]:
    shown: dict[str, Any] = world.api.get(f"{world.api.root}/Messages/{sid}.json").json()
    return shown


def test_a_service_accepts_before_it_has_a_sender_and_then_names_it(world: World) -> None:
    made = send(world)
    assert made.status_code == 201
    body = made.json()
    check(body, MESSAGE)
    assert (body["status"], body["from"], body["num_segments"], body["date_sent"]) == ("accepted", None, "0", None)
    assert body["messaging_service_sid"] == world.service.sid
    assert (body["price"], body["price_unit"], body["error_code"], body["error_message"]) == (None, None, None, None)
    assert list(body["subresource_uris"]) == ["media"]
    queue.drain(until_idle=True)
    body = fetch(world, body["sid"])
    assert (body["status"], body["from"], body["num_segments"]) == ("delivered", "+14155550100", "1")
    assert (body["price"], body["price_unit"], body["num_media"]) == ("-0.00750", "USD", "0")
    assert body["date_sent"]
    assert set(body["subresource_uris"]) == {"media", "feedback"}


def test_a_bare_from_is_queued_with_its_sender_and_segments_at_once(world: World) -> None:
    body = send(world, MessagingServiceSid=None, From="+14155550100", Body="x" * 161).json()
    assert (body["status"], body["from"], body["num_segments"]) == ("queued", "+14155550100", "2")
    assert body["messaging_service_sid"] is None
    queue.drain(until_idle=True)
    assert fetch(world, body["sid"])["status"] == "delivered"


def test_a_service_sid_in_from_counts_as_the_service(world: World) -> None:
    body = send(world, MessagingServiceSid=None, From=world.service.sid).json()
    assert (body["status"], body["messaging_service_sid"]) == ("accepted", world.service.sid)


def test_media_make_an_mm_sid_and_are_listed_with_their_type(world: World) -> None:
    urls = ["https://example.com/b.png", "https://example.com/a.jpg"]
    body = send(world, MediaUrl=urls, Body=None).json()
    assert (body["sid"][:2], body["num_media"]) == ("MM", "2")
    media = world.api.get(f"{world.api.root}/Messages/{body['sid']}/Media.json").json()["media_list"]
    assert {item["content_type"] for item in media} == {"image/png", "image/jpeg"}
    answer = world.api.get(media[0]["uri"].removesuffix(".json"))
    assert (answer.status_code, answer["Location"] in urls) == (302, True)


def test_tags_come_back_as_an_object(world: World) -> None:
    tags = {"campaign_name": "Spring Sale 2022", "message_type": "cart_abandoned"}
    body = send(world, Tags=json.dumps(tags)).json()
    assert body["tags"] == tags
    assert send(world).json()["tags"] is None


@pytest.mark.parametrize("price", ["0.05", "0", "-1"])
def test_any_number_will_do_for_the_obsolete_max_price(price: str, world: World) -> None:
    assert send(world, MaxPrice=price).status_code == 201


@pytest.mark.parametrize(
    "given, status, code",
    [
        ({"To": None}, 400, 21604),
        ({"To": ""}, 400, 21604),
        ({"To": "hello"}, 400, 21211),
        ({"To": "12345"}, 400, 21265),
        ({"MessagingServiceSid": None}, 400, 21603),
        ({"MessagingServiceSid": "MG123"}, 400, 21705),
        ({"MessagingServiceSid": "MG" + "0" * 32}, 404, 21701),
        ({"Body": None}, 400, 21619),
        ({"MessagingServiceSid": None, "From": "+14155550100", "Body": None}, 400, 21602),
        ({"Body": "x" * 1601}, 400, 21617),
        ({"MediaUrl": ["https://example.com/x.png"] * 11}, 400, 21623),
        ({"MediaUrl": "x.png"}, 400, 21620),
        ({"ValidityPeriod": "0"}, 400, 21624),
        ({"ValidityPeriod": "36001"}, 400, 21624),
        ({"ValidityPeriod": "soon"}, 400, 21624),
        ({"StatusCallback": "nowhere"}, 400, 21609),
        ({"SmartEncoded": "maybe"}, 400, 20001),
        ({"ScheduleType": "fixed"}, 400, 35111),
        ({"ScheduleType": "loose", "SendAt": "2099-01-01T00:00:00Z"}, 400, 35126),
        ({"ScheduleType": "fixed", "SendAt": "tomorrow"}, 400, 35114),
        ({"ScheduleType": "fixed", "SendAt": "2020-01-01T00:00:00Z"}, 400, 35114),
        ({"Tags": "not json"}, 400, 20001),
        ({"ContentSid": "HX1", "Body": None}, 400, 21655),
        ({"MessagingServiceSid": None, "From": "+15005550006"}, 400, 21659),
        ({"From": "whatsapp:+14155550100"}, 400, 21910),
    ],
)
def test_a_fault_of_form_is_refused_at_once_with_its_code(
    given: dict[str, Any], status: int, code: int, world: World
) -> None:
    answer = send(world, **given)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert world.api.get(f"{world.api.root}/Messages.json").json()["messages"] == []


def test_an_empty_pool_is_refused_at_once(alice: Api) -> None:
    answer = send(World(alice))
    assert (answer.status_code, answer.json()["code"]) == (400, 21704)


def test_a_fault_of_the_recipient_is_accepted_and_then_fails(world: World) -> None:
    update_account(account=world.account, actor=factories.ACTOR, geo_permissions=["GB"])
    made = send(world)
    assert (made.status_code, made.json()["status"]) == (201, "accepted")
    queue.drain(until_idle=True)
    body = fetch(world, made.json()["sid"])
    assert (body["status"], body["error_code"]) == ("failed", 21408)
    assert body["error_message"]
    bare = send(world, MessagingServiceSid=None, From="+14155550100")
    assert (bare.status_code, bare.json()["code"]) == (400, 21408)


def test_a_scheduled_message_can_be_cancelled_once(world: World) -> None:
    when = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = send(world, ScheduleType="fixed", SendAt=when).json()
    assert body["status"] == "scheduled"
    path = f"{world.api.root}/Messages/{body['sid']}.json"
    cancelled = world.api.post(path, {"Status": "canceled"})
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "canceled")
    again = world.api.post(path, {"Status": "canceled"})
    assert (again.status_code, again.json()["code"]) == (409, 30409)


def test_a_final_message_can_be_redacted_and_deleted_and_an_open_one_cannot(world: World) -> None:
    path = f"{world.api.root}/Messages/{send(world).json()['sid']}.json"
    for answer in (world.api.post(path, {"Body": ""}), world.api.delete(path)):
        assert (answer.status_code, answer.json()["code"]) == (409, 20009)
    queue.drain(until_idle=True)
    redacted = world.api.post(path, {"Body": ""})
    assert (redacted.status_code, redacted.json()["body"], redacted.json()["status"]) == (200, "", "delivered")
    assert world.api.delete(path).status_code == 204
    assert world.api.get(path).status_code == 404


@pytest.mark.parametrize("given", [{}, {"Body": "new"}, {"Status": "sent"}, {"Body": "", "Status": "canceled"}])
def test_any_other_update_is_refused(given: dict[str, str], world: World) -> None:
    sid = factories.message(world.account).sid
    answer = world.api.post(f"{world.api.root}/Messages/{sid}.json", given)
    assert (answer.status_code, answer.json()["code"]) == (400, 30400)
    assert fetch(world, sid)["body"] == "Hello"


def test_filters_combine(alice: Api) -> None:
    account = World(alice).account
    one = factories.message(account, to="+14155550101", from_address="+14155550100")
    two = factories.message(account, to="+14155550101", from_address="+12125550100")
    factories.message(account, to="+14155550102", from_address="+14155550100")

    def found(query: str) -> list[str]:
        rows = alice.get(f"{alice.root}/Messages.json?{query}").json()["messages"]
        return [row["sid"] for row in rows]

    assert found("To=%2B14155550101") == [two.sid, one.sid]
    assert found("To=+14155550101") == [two.sid, one.sid], "a plus that was not encoded arrives as a space"
    assert found("To=%2B14155550101&From=%2B14155550100") == [one.sid]
    assert found("To=%2B1415") == []


@pytest.mark.parametrize(
    "query, expected",
    [
        ("DateSent=2026-11-01", {"noon", "late"}),
        ("DateSent=2026-11-01T00:00:00Z", {"noon", "late"}),
        ("DateSent=2026-11-01T17:00:00Z", {"noon", "late"}),
        ("DateSent%3C=2026-11-01", {"before", "noon", "late"}),
        ("DateSent%3C=2026-11-01T12:00:00Z", {"before", "noon"}),
        ("DateSent%3E=2026-11-01", {"noon", "late", "after"}),
        ("DateSent>=2026-11-01T12:00:00Z", {"noon", "late", "after"}),
        ("DateSent%3E=2026-11-01T12:00:01Z", {"late", "after"}),
        ("DateSent%3E=11%2F01%2F2026+05:00:00+MST", {"noon", "late", "after"}),
        ("DateSent%3E=2026-11-01&DateSent%3C=2026-11-01", {"noon", "late"}),
        ("DateSent=9999-12-31", set()),
    ],
)
def test_dates_include_what_they_name(query: str, expected: set[str], alice: Api) -> None:
    account = World(alice).account
    moments = {
        "before": datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC),
        "noon": datetime(2026, 11, 1, 12, 0, 0, 500_000, tzinfo=UTC),
        "late": datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC),
        "after": datetime(2026, 11, 2, tzinfo=UTC),
    }
    names = {factories.message(account, date_sent=moment).sid: name for name, moment in moments.items()}
    factories.message(account, date_sent=None)
    rows = alice.get(f"{alice.root}/Messages.json?{query}").json()["messages"]
    assert {names[row["sid"]] for row in rows} == expected


def test_a_date_that_is_none_is_refused(alice: Api) -> None:
    answer = alice.get(f"{alice.root}/Messages.json?DateSent=yesterday")
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_page_links_repeat_the_filters_in_order(alice: Api) -> None:
    account = World(alice).account
    for _ in range(3):
        factories.message(account)
    body = alice.get(f"{alice.root}/Messages.json?DateSent%3E=2026-01-01&To=%2B14155550123&PageSize=2").json()
    start = f"{alice.root}/Messages.json?DateSent%3E=2026-01-01&To=%2B14155550123&PageSize=2&Page="
    assert body["uri"] == body["first_page_uri"] == f"{start}0"
    assert body["next_page_uri"] == f"{start}1&PageToken=PA{body['messages'][-1]['sid']}"


def test_a_service_lists_its_own_messages_in_the_manner_of_v1(world: World) -> None:
    factories.message(world.account)
    mine = factories.message(world.account, service=world.service)
    body = world.api.get(f"/v1/Services/{world.service.sid}/Messages").json()
    assert [row["sid"] for row in body["messages"]] == [mine.sid]
    check(body["messages"][0], SERVICE_MESSAGE)


def test_feedback_is_noted_on_the_timeline_at_any_time(world: World) -> None:
    message = factories.message(world.account)
    path = f"{world.api.root}/Messages/{message.sid}/Feedback.json"
    for given, outcome in (({}, "confirmed"), ({"Outcome": "unconfirmed"}, "unconfirmed")):
        answer = world.api.post(path, given)
        assert (answer.status_code, answer.json()["outcome"], answer.json()["uri"]) == (200, outcome, path)
    assert list(MessageEvent.objects.values_list("cause", "detail")) == [
        ("feedback", "confirmed"),
        ("feedback", "unconfirmed"),
    ]
    assert world.api.post(path, {"Outcome": "perhaps"}).json()["code"] == 20001
    waiting = send(world).json()["sid"]
    assert world.api.post(f"{world.api.root}/Messages/{waiting}/Feedback.json", {}).json()["outcome"] == "confirmed"


def test_the_decision_is_the_stored_one(world: World) -> None:
    sid = send(world).json()["sid"]
    path = f"/msgconsole/v1/Messages/{sid}/Decision"
    assert world.api.get(path).status_code == 404
    queue.drain(until_idle=True)
    decision = world.api.get(path).json()
    from msgconsole.messaging.models import DecisionTrace

    assert decision == DecisionTrace.objects.get(message__sid=sid).data
    assert decision["sender"]["address"] == fetch(world, sid)["from"]


def test_the_balance_is_what_the_messages_came_to(alice: Api) -> None:
    account = World(alice).account
    path = f"{alice.root}/Balance.json"
    assert alice.get(path).json() == {"account_sid": account.sid, "balance": "0.00000", "currency": "USD"}
    for _ in range(2):
        factories.message(account)
    assert alice.get(path).json()["balance"] == "-0.01500"


def test_the_balance_goes_down_when_a_message_is_sent_and_stays_there_when_it_is_deleted(world: World) -> None:
    sid = send(world, Body="x" * 161).json()["sid"]
    path = f"{world.api.root}/Balance.json"
    assert world.api.get(path).json()["balance"] == "0.00000"
    queue.drain(until_idle=True)
    assert fetch(world, sid)["price"] == world.api.get(path).json()["balance"] == "-0.01500"
    assert world.api.delete(f"{world.api.root}/Messages/{sid}.json").status_code == 204
    assert world.api.get(path).json()["balance"] == "-0.01500"


def test_the_balance_costs_the_same_after_any_number_of_messages(alice: Api) -> None:
    account, path = World(alice).account, f"{alice.root}/Balance.json"
    for _ in range(3):
        factories.message(account)
        with CaptureQueriesContext(connection) as queries:
            alice.get(path)
        assert not any("messaging_message" in query["sql"] for query in queries)
