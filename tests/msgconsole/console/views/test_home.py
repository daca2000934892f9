from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from msgconsole.accounts import actions as accounts
from msgconsole.console import figures
from tests import factories
from tests.console_client import text

pytestmark = pytest.mark.django_db


def message(everyone, status="delivered", *, ago=timedelta(hours=1), **given):
    return factories.message(everyone.acme, status=status, date_created=timezone.now() - ago, **given)


def steps(client):
    return {step.text.split()[0]: step.done for step in client.get("/").context["steps"]}


def sentences(client):
    return client.get("/").context["sentences"]


def test_a_new_account_is_told_what_to_do_first(alice):
    page = text(alice.get("/"))
    assert "Nothing was sent in the last 24 hours." in page
    assert "No Services yet" in page
    assert "No messages yet" in page
    assert steps(alice) == {"Create": False, "Put": False, "Send": False, "Read": False, "Make": False}


def test_first_steps_tick_themselves_and_go_when_all_are_done(alice, everyone):
    service = factories.service(everyone.acme)
    assert steps(alice)["Create"]
    factories.pooled(service, factories.number(everyone.acme))
    assert steps(alice)["Put"]
    message(everyone, origin="test_send", service=service)
    assert steps(alice)["Send"]
    assert steps(alice)["Read"]
    key, _ = factories.key(everyone.acme)
    assert steps(alice)["Make"]
    assert "<h2>First steps</h2>" not in text(alice.get("/"))
    accounts.revoke_key(key=key, actor=factories.ACTOR)
    assert not steps(alice)["Make"]


def test_the_state_is_told_in_sentences(alice, everyone):
    message(everyone)
    assert sentences(alice) == [("good", "Sending works: 1 message in the last 24 hours, none failed.")]
    message(everyone, "failed", error_code=21610)
    message(everyone, "queued")
    tone, sentence = sentences(alice)[0]
    assert tone == "bad"
    assert sentence.startswith("1 message of 2 (50%) failed")
    assert "Recipient has opted out (21610)" in sentence
    assert sentences(alice)[1] == ("quiet", "1 message is on the way right now.")


def test_a_suspended_account_is_the_first_thing_said(alice, everyone):
    accounts.update_account(account=everyone.acme, actor=factories.ACTOR, status="suspended")
    assert sentences(alice)[0][0] == "bad"
    assert "suspended" in sentences(alice)[0][1]


def test_services_show_their_health(alice, everyone):
    empty = factories.service(everyone.acme, "Empty")
    busy = factories.service(everyone.acme, "Busy")
    factories.pooled(busy, factories.number(everyone.acme))
    message(everyone, service=busy)
    rows = {service.pk: health for service, _, _, health in alice.get("/").context["services"]}
    assert rows == {empty.pk: ("warn", "No senders"), busy.pk: ("good", "Healthy")}


def test_only_the_last_24_hours_of_this_account_count(everyone):
    old = message(everyone, ago=timedelta(hours=25))
    message(everyone, "undelivered", error_code=30003)
    message(everyone, "received", direction="inbound")
    factories.message(everyone.other, date_created=timezone.now())
    whole, _ = figures.of_services(everyone.acme)
    assert old.date_created < timezone.now() - timedelta(hours=24)
    assert (whole.sent, whole.failed, whole.received, whole.worst_error) == (0, 1, 1, 30003)


def test_the_figures_do_not_read_older_messages(everyone, django_assert_num_queries):
    message(everyone)
    with django_assert_num_queries(3):
        figures.of_services(everyone.acme)
    # Asked from a day later, no message is young enough, and none is counted at all.
    with django_assert_num_queries(2):
        whole, _ = figures.of_services(everyone.acme, now=timezone.now() + timedelta(days=2))
    assert whole.sent == 0


def test_the_latest_messages_come_alone_for_the_page_to_renew(alice, everyone):
    sent = message(everyone, to="+14155550123")
    answer = alice.get(reverse("console:home_latest"))
    assert "<html" not in text(answer)
    assert "Updated at" in text(answer)
    assert [one.pk for one in answer.context["latest"]] == [sent.pk]
    assert 'hx-get="/home/latest"' in text(alice.get("/"))


def test_home_costs_the_same_however_much_there_is(alice, everyone):
    def fill(number):
        for _ in range(number):
            service = factories.service(everyone.acme)
            sender = factories.number(everyone.acme)
            factories.pooled(service, sender)
            message(everyone, service=service, sender=sender)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert alice.get("/").status_code == 200
        return len(queries)

    fill(2)
    few = cost()
    fill(6)
    assert cost() == few
