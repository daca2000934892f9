"""A stored decision comes out the same from its own inputs; what is otherwise today is named."""

import json
from typing import Any

import pytest

from msgconsole.accounts import actions as account_actions
from msgconsole.carriers.simulated import actions as phone_book
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.messaging.replay import Replay, replay
from msgconsole.outbox import queue
from senders import actions
from senders.models import PoolMember, PoolSnapshot
from services import actions as service_actions
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR
from tests.msgconsole.messaging.conftest import TO, Send, pooled

pytestmark = pytest.mark.django_db

GB_TO = "+447400123456"


def sent(send: Send, *args: Any, **given: Any) -> Message:
    message = send(*args, **given)
    queue.drain(until_idle=True)
    return message


def replayed(message: Message) -> Replay:
    found = replay(DecisionTrace.objects.select_related("message__account", "message__service").get(message=message))
    json.dumps(found.to_dict())
    return found


def names(found: Replay) -> dict[str, tuple[Any, Any]]:
    told = found.differences
    return {one.name: (one.then, one.now) for one in (*told.settings, *told.facts, *told.pool, *told.outcome)}


def test_it_gives_the_stored_decision_again(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    found = replayed(message)
    assert found.equal
    assert found.again is not None
    assert found.again.sender == found.then.sender
    assert not found.differences
    assert "is left aside" in found.note  # the conversation that this very message began


def test_it_is_equal_after_the_pool_and_the_switches_have_changed(service: MessagingService, send: Send) -> None:
    first = pooled(service)
    message = sent(send)
    actions.remove_from_service(service=service, sender=first, actor=ACTOR)
    pooled(service, "+14155550100")
    pooled(service, "+447400111222")
    service_actions.update_service(service=service, actor=ACTOR, area_code_geomatch=False, sticky_sender=False)
    found = replayed(message)
    assert found.equal
    assert names(found) == {
        "sticky_sender": (True, False),
        "area_code_geomatch": (True, False),
        "senders": (1, 2),
        "config_version": (found.then.config_version, found.then.config_version + 4),
        "sender": ("+12065550100", "+14155550100"),
    }
    assert found.differences.first_step is not None


def test_the_first_step_that_differs_is_named(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    pooled(service, "+14155550100")
    found = replayed(message)
    assert found.today is not None
    assert (found.today.sender and found.today.sender.address) == "+14155550100"
    step = found.differences.first_step
    assert step is not None
    assert (step.name, step.then["verdict"], step.now["after"]) == ("area_code_exact", "applied", 1)
    assert step.then["note"] == "no number with area code 415"


def test_a_known_recipient_is_replayed_as_known(service: MessagingService, send: Send) -> None:
    pooled(service)
    sent(send)
    pooled(service, "+14155550100")
    message = sent(send)
    found = replayed(message)
    assert (found.then.deciding_stage, found.equal, found.note) == ("sticky", True, "")
    assert found.today is not None
    assert found.today.deciding_stage == "sticky"


def test_facts_of_the_recipient_that_have_changed_are_named(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send, GB_TO)
    phone_book.set_entry(number=GB_TO, actor=ACTOR, carrier="Example", rcs=True)
    factories.opted_out(service, GB_TO)
    found = replayed(message)
    assert found.equal
    told = names(found)
    assert told["carrier"] == (None, "Example")
    assert (told["rcs"], told["opted_out"]) == ((False, True), (False, True))
    assert told["error_code"] == (None, 21610)


def test_permissions_of_the_account_are_among_the_settings(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send, GB_TO)
    account_actions.update_account(account=service.account, actor=ACTOR, geo_permissions=["US"])
    assert names(replayed(message))["geo_permissions"] == (None, ["US"])


def test_a_message_that_failed_is_replayed_too(service: MessagingService, send: Send) -> None:
    pooled(service, "+447400111222")
    message = sent(send)
    pooled(service)
    found = replayed(message)
    assert (found.then.error_code, found.equal) == (21703, True)
    assert names(found)["sender"] == (None, "+12065550100")


def test_a_sender_that_was_taken_because_the_first_was_busy_is_no_difference(
    service: MessagingService, send: Send
) -> None:
    """The ``reserve`` step tells of other workers: the rules chose the first in rank."""
    pooled(service)
    pooled(service, "+12065550101")
    message = sent(send)
    trace = DecisionTrace.objects.get(message=message)
    assert trace.data["steps"][-1]["stage"] == "reserve"
    trace.data["sender"] = trace.data["ranked"][1]
    trace.data["steps"][-1]["kept"] = [trace.data["ranked"][1]["address"]]
    trace.save()
    assert replayed(message).equal


def test_tampering_is_seen(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    trace = DecisionTrace.objects.get(message=message)
    trace.data["because"] = "somebody wished it so"
    trace.save()
    assert not replayed(message).equal


def test_a_bare_from_is_replayed_over_itself(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send, bare=True, from_="+12065550100")
    found = replayed(message)
    assert found.equal
    assert found.today is not None
    assert not found.differences


def test_without_its_service_there_is_no_today(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    service_actions.delete_service(service=service, actor=ACTOR)
    found = replayed(message)
    assert (found.equal, found.today) == (True, None)
    assert "was deleted" in found.note


def test_a_pool_that_was_not_kept_is_said(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send)
    PoolSnapshot.objects.all().delete()
    found = replayed(message)
    assert (found.equal, found.again) == (False, None)
    assert "was not kept" in found.note


def test_nothing_is_written(service: MessagingService, send: Send) -> None:
    pooled(service)
    message = sent(send, TO)
    before = list(PoolMember.objects.values()), list(Message.objects.values())
    replayed(message)
    assert (list(PoolMember.objects.values()), list(Message.objects.values())) == before


def test_what_is_kept_of_a_pool_does_not_grow_with_its_members(service: MessagingService, send: Send) -> None:
    def size() -> int:
        row = PoolSnapshot.objects.order_by("-config_version").first()
        assert row is not None
        return len(json.dumps(row.data))

    for number in range(25):
        pooled(service, f"+1206555{1000 + number}")
    sent(send)
    before = size()
    for number in range(25, 75):
        pooled(service, f"+1206555{1000 + number}")
    assert replayed(sent(send, "+14155550124")).equal
    assert size() - before < 20
