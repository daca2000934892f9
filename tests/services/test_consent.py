from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts.models import AuditEntry
from services import consent
from services.models import ConsentRecord
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db
TO, FROM = "+14155550123", "+14155550100"


def test_a_service_and_a_bare_number_keep_separate_lists() -> None:
    account = factories.account()
    service, other = factories.service(account), factories.service(account)
    who: dict[str, Any] = {"account": account, "sender_address": FROM, "channel": "sms", "recipient": TO}
    consent.record(**who, service=service, status="opted_out", keyword="STOP", reason="Texted STOP", actor=ACTOR)
    blocked = consent.is_opted_out(**who, service=service)
    assert blocked
    assert (blocked.keyword, blocked.reason) == ("STOP", "Texted STOP")
    assert consent.is_opted_out(**who, service=other) is None
    assert consent.is_opted_out(**who, service=None) is None
    consent.record(**who, service=None, status="opted_out", actor=ACTOR)
    assert consent.is_opted_out(**who, service=None)
    assert consent.is_opted_out(**{**who, "sender_address": "+14155550101"}, service=None) is None
    assert consent.is_opted_out(**{**who, "account": factories.account("Other")}, service=None) is None


def test_sms_mms_and_rcs_share_a_list_and_whatsapp_has_its_own() -> None:
    account = factories.account()
    service = factories.service(account)
    consent.record(
        account=account,
        service=service,
        sender_address=FROM,
        channel="rcs",
        recipient=TO,
        status="opted_out",
        actor=ACTOR,
    )
    found = {
        channel: consent.is_opted_out(
            account=account, service=service, sender_address=FROM, channel=channel, recipient=TO
        )
        is not None
        for channel in ("sms", "mms", "rcs", "whatsapp", "messenger")
    }
    assert found == {"sms": True, "mms": True, "rcs": True, "whatsapp": False, "messenger": False}


def test_the_newest_word_replaces_the_one_before_and_each_is_audited() -> None:
    account = factories.account()
    who: dict[str, Any] = {
        "account": account,
        "service": factories.service(account),
        "sender_address": FROM,
        "channel": "sms",
        "recipient": TO,
    }
    for status in ("opted_out", "opted_in", "opted_out"):
        consent.record(**who, status=status, actor=ACTOR)
    assert consent.is_opted_out(**who)
    assert ConsentRecord.objects.count() == 1
    assert AuditEntry.objects.filter(action__startswith="consent.").count() == 3


def test_a_look_up_is_one_query() -> None:
    account = factories.account()
    service = factories.service(account)
    with CaptureQueriesContext(connection) as queries:
        consent.is_opted_out(account=account, service=service, sender_address=FROM, channel="sms", recipient=TO)
    assert len(queries) == 1
