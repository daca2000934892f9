"""A send that is tried again with its token is one send."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from msgconsole.messaging import actions, repeats
from msgconsole.messaging.models import IdempotentRequest, Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.outbox.models import OutboxEntry
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World

TO = "+14155550123"


@pytest.fixture
def world(db: None) -> World:
    made = World(Api(factories.account()))
    factories.pooled(made.service, factories.number(made.account, "+14155550100"))
    return made


def send(world: World, token: str, header: str = "HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", **given: Any) -> Any:
    params = {"To": TO, "Body": "Hello", "MessagingServiceSid": world.service.sid} | given
    pairs = {name: value for name, value in params.items() if value is not None}
    return world.api.post(f"{world.api.root}/Messages.json", pairs, **{header: token})


@pytest.mark.parametrize("bare", [False, True])
def test_the_same_token_and_parameters_answer_the_same_message(bare: bool, world: World) -> None:
    given = {"MessagingServiceSid": None, "From": "+14155550100"} if bare else {}
    first, again = (send(world, "a", **given) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (Message.objects.count(), OutboxEntry.objects.count()) == (1, 1)


def test_the_usual_header_does_the_same(world: World) -> None:
    first = send(world, "a", header="HTTP_IDEMPOTENCY_KEY").json()
    assert send(world, "a").json()["sid"] == first["sid"]


def test_another_token_or_none_sends_again(world: World) -> None:
    sids = {send(world, token).json()["sid"] for token in ("a", "b", "", "")}
    assert len(sids) == 4


def test_the_same_token_with_other_parameters_is_refused(world: World) -> None:
    send(world, "a")
    answer = send(world, "a", Body="Other")
    assert (answer.status_code, answer.json()["code"]) == (409, 20409)
    assert Message.objects.count() == 1


def test_a_request_that_was_refused_leaves_its_token_free(world: World) -> None:
    assert send(world, "a", To="nobody").status_code == 400
    assert send(world, "a").status_code == 201


def test_a_token_belongs_to_its_account(world: World) -> None:
    other = World(Api(factories.account("Other")))
    factories.pooled(other.service, factories.number(other.account))
    assert send(world, "a").json()["sid"] != send(other, "a").json()["sid"]


def test_a_deleted_message_is_not_sent_again(world: World) -> None:
    made = send(world, "a").json()["sid"]
    Message.objects.filter(sid=made).delete()
    assert send(world, "a").json()["code"] == 20409


def test_a_token_is_forgotten_after_a_day_and_its_row_goes(world: World) -> None:
    first = send(world, "a").json()["sid"]
    send(world, "b")
    IdempotentRequest.objects.update(date_created=timezone.now() - timedelta(hours=24, seconds=1))
    assert send(world, "a", Body="Other").json()["sid"] != first
    assert IdempotentRequest.objects.count() == 1


def test_a_token_that_is_too_long_is_refused(world: World) -> None:
    answer = send(world, "x" * 129)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_the_token_and_the_message_are_stored_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.queue, "enqueue", lambda *a, **k: 1 / 0)
    assert send(world, "a").status_code == 500
    assert (Message.objects.count(), IdempotentRequest.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_retries_at_the_same_moment_send_once(transactional_db: None) -> None:
    world = World(Api(factories.account()))
    factories.pooled(world.service, factories.number(world.account, "+14155550100"))
    request = MessageRequest(to=TO, body="Hello", messaging_service_sid=world.service.sid)
    together, sids, faults = threading.Barrier(6), [], []

    def one() -> None:
        try:
            together.wait()
            message = repeats.submit_once(account=world.account, request=request, actor=factories.ACTOR, token="a")
            sids.append(message.sid)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert (len(sids), len(set(sids))) == (6, 1)
    assert (Message.objects.count(), OutboxEntry.objects.count()) == (1, 1)
