"""Who looks at the pages, and what there is to see.

A Service, empty or with senders of two countries, and messages that really went through the pipeline.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from msgconsole.messaging.actions import submit_message
from msgconsole.messaging.models import Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.outbox import queue
from senders.models import Sender
from services.models import MessagingService
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people

US_RECIPIENT, GB_RECIPIENT = "+14155550123", "+447400123456"
US_SENDER, GB_SENDER = "+12065550100", "+447400111222"


@pytest.fixture
def everyone(db: None) -> People:
    return people()


@pytest.fixture
def alice(everyone: People) -> Client:
    return logged_in(everyone.alice, everyone.acme)


@pytest.fixture
def bob(everyone: People) -> Client:
    return logged_in(everyone.bob, everyone.acme)


@pytest.fixture
def charlie(everyone: People) -> Client:
    return logged_in(everyone.charlie, everyone.other)


@pytest.fixture
def service(everyone: People) -> MessagingService:
    return factories.service(everyone.acme)


def registration_page(sid: str) -> str:
    return reverse("console:registration", args=[sid])


@dataclass(frozen=True)
class Sending:
    people: People
    service: MessagingService
    us: Sender
    gb: Sender

    def send(self, to: str = US_RECIPIENT, body: str = "Hello Ana", *, drain: bool = True, **more: Any) -> Message:
        """Send with the Service, and let every worker finish unless told not to."""
        request = MessageRequest(to=to, body=body, messaging_service_sid=self.service.sid, **more)
        message = submit_message(account=self.people.acme, request=request, actor=factories.ACTOR, origin="test_send")
        if drain:
            queue.drain(until_idle=True)
            message.refresh_from_db()
        return message


@pytest.fixture
def sending(db: None) -> Sending:
    world = people()
    service = factories.service(world.acme)
    us = factories.number(world.acme, US_SENDER)
    gb = factories.number(world.acme, GB_SENDER)
    for sender in (us, gb):
        factories.pooled(service, sender)
    return Sending(world, service, us, gb)
