"""What is explained is what happens; and explaining leaves no trace."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.messaging.actions import submit_message
from msgconsole.messaging.explain import Explanation, explain
from msgconsole.messaging.models import DecisionTrace
from msgconsole.messaging.requests import MessageRequest
from senders import actions as sender_actions
from services.models import MessagingService
from tests import factories
from tests.msgconsole.messaging.conftest import SEATTLE, TO, drained, pooled
from tests.queries import only_read

pytestmark = pytest.mark.django_db


def asked(service: MessagingService | None = None, **given: Any) -> MessageRequest:
    sid = service.sid if service else None
    return MessageRequest(**{"to": TO, "body": "Hello", "messaging_service_sid": sid, **given})


def explained(account: Account, request: MessageRequest) -> Explanation:
    """Explain, and make sure that nothing was written."""
    with CaptureQueriesContext(connection) as queries:
        found = explain(account, request)
    assert only_read(queries.captured_queries)
    return found


CASES: list[dict[str, Any]] = [
    {},
    {"to": "+447400123456"},
    {"to": "+13125550123", "body": "“Smart” text – " * 20},
    {"to": "+447400123456", "media_urls": ("https://e.org/a.png",), "body": "Look"},
    {"media_urls": ("https://e.org/a.png",)},
    {"from_": SEATTLE},
    {"from_": SEATTLE, "messaging_service_sid": None, "body": "€" * 100},
    {"smart_encoded": False, "body": "Don’t"},
    {"to": "+493012345678"},
    {"to": "+493012345678", "force_delivery": True},
    {"to": "whatsapp:+447400123456"},
]


@pytest.mark.parametrize("case", CASES)
def test_the_preview_equals_the_send(account: Account, service: MessagingService, case: dict[str, Any]) -> None:
    pooled(service, mms=True)
    pooled(service, "+14155550111", mms=False)
    pooled(service, "+447400111222")
    request = asked(service, **case)
    before = explained(account, request)
    assert before.answers_now["status_code"] == 201
    assert before.decision is not None
    done = drained(submit_message(account=account, request=request, actor=factories.ACTOR))
    trace = DecisionTrace.objects.get(message=done).data
    said = before.decision.to_dict()
    for part in ("outcome", "sender", "error_code", "deciding_stage", "because", "channel_used", "warnings"):
        assert said[part] == trace[part], part
    assert [step for step in trace["steps"] if step["stage"] != "reserve"] == said["steps"]
    if before.decision.sender is not None and before.content is not None:
        assert (done.body, done.encoding, done.num_segments) == (
            before.content.body,
            before.content.encoding,
            before.content.segments,
        )
        assert done.from_address == before.decision.sender.address
    else:
        assert (done.status, done.error_code) == ("failed", before.decision.error_code)
        assert str(done.error_code) in " ".join(before.happens_later)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"to": ""}, 21604),
        ({"body": ""}, 21619),
        ({"messaging_service_sid": None}, 21603),
        ({"messaging_service_sid": None, "from_": "+12065550111"}, 21659),
        ({"from_": "+12065550111"}, 21659),
    ],
)
def test_what_would_be_refused_is_said_with_the_same_words(
    account: Account, service: MessagingService, case: dict[str, Any], code: int
) -> None:
    pooled(service)
    request = asked(service, **case)
    found = explained(account, request)
    with pytest.raises(Refused) as caught:
        submit_message(account=account, request=request, actor=factories.ACTOR)
    assert found.answers_now == {
        "status_code": caught.value.status,
        "code": code,
        "message": caught.value.message,
        "field": caught.value.field,
    }
    assert found.happens_later == ()


def test_an_empty_pool_is_explained_with_its_decision(account: Account, service: MessagingService) -> None:
    found = explained(account, asked(service))
    assert found.answers_now["code"] == 21704
    assert found.decision is not None
    assert found.decision.deciding_stage == "pool_empty"


def test_a_block_shows_in_the_verdict(account: Account, service: MessagingService) -> None:
    pooled(service)
    factories.opted_out(service, TO)
    found = explained(account, asked(service))
    assert found.opt_out is not None
    assert found.opt_out.opted_out
    assert "STOP" in (found.opt_out.detail or "")
    assert found.answers_now == {"status_code": 201, "status": "accepted"}
    assert "21610" in found.happens_later[-1]


def test_an_unready_sender_is_said_to_fail(account: Account, service: MessagingService) -> None:
    pooled(service, registration="unregistered")
    found = explained(account, asked(service))
    assert found.decision is not None
    assert found.decision.sender is not None
    assert "failed with 30034" in found.happens_later[-1]


def test_a_warning_is_told(account: Account, service: MessagingService) -> None:
    pooled(service)
    outside = sender_actions.acquire_number(account=account, actor=factories.ACTOR, phone_number="+12065550155")
    sender_actions.update_sender(sender=outside, actor=factories.ACTOR, registration="registered")
    found = explained(account, asked(service, from_="+12065550155"))
    assert "21711" in " ".join(found.happens_later)
