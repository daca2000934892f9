"""An account with a Service, and the means to send and to see."""

from collections.abc import Callable
from typing import Any

import pytest

from msgconsole.accounts.models import Account
from msgconsole.carriers import registry
from msgconsole.carriers.contract import RecipientFacts, Submission, SubmitResult
from msgconsole.messaging.actions import submit_message
from msgconsole.messaging.models import Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.outbox import queue
from senders import actions
from senders.models import Sender
from services.models import MessagingService
from tests import factories

TO = "+14155550123"
SEATTLE = "+12065550100"
Send = Callable[..., Message]


def number(account: Account, address: str = SEATTLE, **given: Any) -> Sender:
    """A number of the account, registered for what the US asks of it."""
    sender = actions.acquire_number(account=account, actor=factories.ACTOR, phone_number=address)
    state = "verified" if sender.kind == "toll_free" else "registered"
    return actions.update_sender(sender=sender, actor=factories.ACTOR, **{"registration": state, **given})


def pooled(service: MessagingService, address: str = SEATTLE, **given: Any) -> Sender:
    """A number in the Service's pool."""
    sender = number(service.account, address, **given)
    actions.add_to_service(service=service, sender=sender, actor=factories.ACTOR)
    return sender


@pytest.fixture
def account() -> Account:
    return factories.account()


@pytest.fixture
def service(account: Account) -> MessagingService:
    return factories.service(account)


@pytest.fixture
def send(account: Account, service: MessagingService) -> Send:
    """Submit a message to the Service, or from a bare ``from_``."""

    def submit(to: str = TO, body: str = "Hello", *, bare: bool = False, **given: Any) -> Message:
        if not bare:
            given.setdefault("messaging_service_sid", service.sid)
        request = MessageRequest(to=to, body=body, **given)
        return submit_message(account=account, request=request, actor=factories.ACTOR)

    return submit


def drained(message: Message) -> Message:
    """The message after all work is done."""
    queue.drain(until_idle=True)
    return Message.objects.select_related("account", "service", "sender").get(pk=message.pk)


def story(message: Message) -> list[str]:
    """The statuses a message went through."""
    return [event.status for event in message.events.all() if event.status]


class FakeCarrier:
    """A carrier that answers as told and remembers what it was given."""

    name = "fake"
    idempotent = True

    def __init__(self) -> None:
        self.answers: list[SubmitResult | Exception] = []
        self.got: list[Submission] = []

    def submit(self, submission: Submission) -> SubmitResult:
        self.got.append(submission)
        answer = self.answers.pop(0) if self.answers else SubmitResult("accepted", (f"fake-{submission.key}",))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def look_up(self, number: str) -> RecipientFacts:
        return RecipientFacts()


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    fake = FakeCarrier()
    monkeypatch.setattr(registry, "_carriers", {"fake": fake})
    return fake
