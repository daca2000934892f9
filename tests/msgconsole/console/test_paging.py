import pytest
from django.test import RequestFactory

from msgconsole.console.paging import paginate
from services.models import MessagingService
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def services():
    account = factories.account()
    for number in range(7):
        factories.service(account, f"S{number}")
    return MessagingService.objects.filter(account=account)


def page(services, query="", **options):
    return paginate(services, RequestFactory().get(f"/services?{query}"), size=3, **options)


def names(found):
    return [service.friendly_name for service in found]


def test_it_walks_to_the_end_and_back(services):
    first = page(services)
    assert names(first) == ["S6", "S5", "S4"]
    assert first.newer is None
    second = page(services, first.older)
    assert names(second) == ["S3", "S2", "S1"]
    last = page(services, second.older)
    assert names(last) == ["S0"]
    assert last.older is None
    assert names(page(services, last.newer)) == ["S3", "S2", "S1"]
    back = page(services, page(services, last.newer).newer)
    assert names(back) == ["S6", "S5", "S4"]
    assert back.newer is None


def test_it_walks_ascending_lists_too(services):
    first = page(services, ascending=True)
    assert names(first) == ["S0", "S1", "S2"]
    second = page(services, first.older, ascending=True)
    assert names(second) == ["S3", "S4", "S5"]
    assert names(page(services, second.newer, ascending=True)) == ["S0", "S1", "S2"]


def test_it_keeps_the_filters_of_the_list(services):
    assert "q=S" in page(services, "q=S").older


@pytest.mark.parametrize("nonsense", ["older=", "older=x", "newer=-1", "older=" + "9" * 40, "older=²"])
def test_nonsense_in_the_address_gives_the_first_page(services, nonsense):
    assert names(page(services, nonsense)) == ["S6", "S5", "S4"]


def test_it_costs_one_query_wherever_it_is(services, django_assert_num_queries):
    middle = page(services).older
    with django_assert_num_queries(1):
        page(services, middle)
