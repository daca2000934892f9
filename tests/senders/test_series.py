"""A series of previews comes to what as many sends would, also when it is interrupted."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.numbering.e164 import parse_destination
from senders.choosing import preview, request_for
from senders.models import StickyMapping
from senders.selection.types import SelectionRequest
from senders.series import Series
from services.models import MessagingService
from tests import factories


@pytest.fixture
def service(db: None) -> MessagingService:
    account = factories.account()
    service = factories.service(account)
    for number in range(30):
        factories.pooled(service, factories.number(account, f"+1206556{number:04d}"))
    factories.pooled(service, factories.number(account, "+447400111222"))
    return service


def asked(service: MessagingService, *numbers: str) -> list[SelectionRequest]:
    return [request_for(service, parse_destination(number)) for number in numbers]


def us(count: int) -> list[str]:
    return [f"+1415555{number:04d}" for number in range(count)]


def test_the_first_of_a_series_is_decided_as_a_preview_is(service: MessagingService) -> None:
    for number in ("+14155550123", "+447400123456", "+4915112345678"):
        (question,) = asked(service, number)
        (decision,) = Series(service).decide([question])
        assert decision == preview(service=service, request=question)


def test_a_series_spreads_over_equals_beyond_those_that_a_decision_names(service: MessagingService) -> None:
    decisions = Series(service).decide(asked(service, *us(300)))
    counted = Counter(decision.sender.address for decision in decisions if decision.sender)
    assert len(counted) == 30
    assert set(counted.values()) == {10}


def test_a_series_goes_on_with_what_it_gave_before(service: MessagingService) -> None:
    whole = [decision.sender for decision in Series(service).decide(asked(service, *us(50)))]
    first = Series(service)
    parts = [decision.sender for decision in first.decide(asked(service, *us(50)[:20]))]
    second = Series(service, taken=first.taken)
    parts += [decision.sender for decision in second.decide(asked(service, *us(50)[20:]))]
    assert [sender.address for sender in parts if sender] == [sender.address for sender in whole if sender]


def test_recipients_who_know_a_sender_keep_it_and_make_it_no_busier_for_others(service: MessagingService) -> None:
    member = service.members.order_by("-id")[1]
    StickyMapping.objects.create(
        service=service,
        channel="sms",
        recipient="+14155550001",
        member_id=member.pk,
        sender_kind="long_code",
        sender_country="US",
        recipient_country="US",
        config_version=service.config_version,
    )
    series = Series(service)
    (decision,) = series.decide(asked(service, "+14155550001"))
    assert decision.sender is not None
    assert (decision.sender.member_id, decision.deciding_stage) == (member.pk, "sticky")
    assert series.taken == {member.pk: (0, 1)}


def test_a_longer_series_needs_no_more_statements_and_writes_nothing(service: MessagingService) -> None:
    def statements(count: int) -> list[str]:
        questions = asked(service, *us(count))
        with CaptureQueriesContext(connection) as captured:
            Series(service).decide(questions)
        return [query["sql"] for query in captured]

    statements(1)
    few, many = statements(5), statements(200)
    assert len(many) == len(few)
    assert all(sql.lstrip().startswith("SELECT") for sql in many)
