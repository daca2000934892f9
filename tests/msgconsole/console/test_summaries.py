import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.console.summaries import EMPTY, of_pools
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return factories.account()


@pytest.fixture
def service(account):
    return factories.service(account)


def sentence(service):
    return of_pools([service])[service.pk].sentence


def test_an_empty_pool_says_that_messages_are_refused(service):
    assert sentence(service) == EMPTY


def test_one_number_stands_for_everyone_it_can_reach(service, account):
    factories.pooled(service, factories.number(account, "+14155550100"))
    assert sentence(service).startswith("+1 415")
    assert sentence(service).endswith("for everyone it can reach.")


def test_it_says_who_sends_to_whom_in_the_order_of_the_choice(service, account):
    factories.pooled(service, factories.number(account, "+14155550100"))
    factories.pooled(service, factories.number(account, "+447400111222"))
    factories.alpha(service, "ACME")
    factories.alpha(service, "ACME DE", destination=True, iso_country_code="DE")
    factories.pooled(service, factories.short_code(account, "60012"))
    factories.pooled(service, factories.channel_sender(account, "whatsapp:+447400111999"))
    factories.pooled(service, factories.channel_sender(account, "rcs:acme_agent"))
    assert sentence(service) == (
        "RCS where the phone can, short code 60012 for US recipients, ACME DE for DE, ACME where alpha senders work, "
        "2 numbers in US and GB for the rest, WhatsApp for WhatsApp recipients."
    )


def test_it_counts_by_kind_and_names_the_countries_of_numbers(service, account):
    for number in ("+14155550100", "+14155550101", "+18885550101", "+447400111222"):
        factories.pooled(service, factories.number(account, number))
    summary = of_pools([service])[service.pk]
    assert summary.by_kind == {"long_code": 3, "toll_free": 1}
    assert summary.countries == ["US", "GB"]
    assert summary.total == 4


def test_a_pool_that_was_emptied_is_empty_again(service, account):
    from senders import actions

    sender = factories.number(account)
    factories.pooled(service, sender)
    actions.remove_from_service(service=service, sender=sender, actor=factories.ACTOR)
    assert sentence(service) == EMPTY


def test_it_costs_the_same_for_one_pool_and_ten(account):
    services = []
    for number in range(10):
        services.append(factories.service(account, f"S{number}"))
        factories.pooled(services[-1], factories.number(account))
        factories.alpha(services[-1])
    costs = []
    for some in (services[:1], services):
        with CaptureQueriesContext(connection) as queries:
            assert len(of_pools(some)) == len(some)
        costs.append(len(queries))
    assert costs[0] == costs[1]
