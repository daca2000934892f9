"""Only what the table of transitions has happens, and only to a message as it was read."""

import pytest

from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from msgconsole.messaging.transitions import transition
from services.models import MessagingService
from tests.msgconsole.messaging.conftest import Send, pooled, story

pytestmark = pytest.mark.django_db


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
