import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from senders.models import PoolMember, Sender
from tests import factories
from tests.console_client import logged_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(everyone):
    return factories.service(everyone.acme, "Alerts")


def pool_page(service):
    return reverse("console:service_senders", args=[service.sid])


def add_page(service, kind="numbers"):
    return reverse("console:service_sender_add", args=[service.sid, kind])


def addresses(service):
    return set(PoolMember.objects.filter(service=service).values_list("sender__address", flat=True))


def test_an_empty_pool_says_what_it_is_for(alice, service):
    page = text(alice.get(pool_page(service)))
    assert "No senders yet" in page
    assert add_page(service) in page


def test_numbers_of_the_account_are_offered_and_others_are_not(alice, service, everyone):
    factories.number(everyone.acme, "+14155550101")
    factories.number(everyone.other, "+14155550102")
    page = text(alice.get(add_page(service)))
    assert "+14155550101" in page
    assert "+14155550102" not in page


def test_marked_numbers_join_the_pool(alice, service, everyone):
    one, two = factories.number(everyone.acme), factories.number(everyone.acme)
    factories.number(everyone.acme)
    answer = alice.post(add_page(service), {"do": "pick", "sender": [one.sid, two.sid]})
    assert answer["Location"] == pool_page(service)
    assert addresses(service) == {one.address, two.address}


def test_a_number_of_another_service_says_which_and_is_moved(alice, service, everyone):
    other = factories.service(everyone.acme, "Marketing")
    number = factories.number(everyone.acme)
    factories.pooled(other, number)
    page = text(alice.get(add_page(service)))
    assert "in <strong>Marketing</strong>: will be moved" in page
    alice.post(add_page(service), {"do": "pick", "sender": number.sid})
    assert (addresses(service), addresses(other)) == ({number.address}, set())


def test_a_sender_of_another_account_cannot_be_picked(alice, service, everyone):
    theirs = factories.number(everyone.other)
    answer = alice.post(add_page(service), {"do": "pick", "sender": theirs.sid})
    assert "Mark at least one sender." in text(answer)
    assert addresses(service) == set()


def test_when_one_of_several_is_refused_none_joins(alice, service, everyone, settings):
    settings.MSGCONSOLE_POOL_LIMIT = 1
    senders = [factories.number(everyone.acme).sid, factories.number(everyone.acme).sid]
    answer = alice.post(add_page(service), {"do": "pick", "sender": senders})
    assert "(21714)" in text(answer)
    assert addresses(service) == set()


def test_the_search_narrows_what_is_offered(alice, service, everyone):
    factories.number(everyone.acme, "+14155550101")
    factories.number(everyone.acme, "+12125550102")
    page = text(alice.get(add_page(service), {"q": "(212) 555"}))
    assert "+12125550102" in page
    assert "+14155550101" not in page


def test_a_demo_number_is_made_straight_into_the_pool(alice, service, everyone):
    answer = alice.post(add_page(service), {"country": "CA", "area_code": "416", "line": "local"})
    assert answer.status_code == 302, answer.context["form"].errors
    sender = Sender.objects.get(account=everyone.acme)
    assert (sender.country, sender.area_code) == ("CA", "416")
    assert addresses(service) == {sender.address}


def test_an_area_code_without_numbers_is_refused_at_its_field(alice, service):
    answer = alice.post(add_page(service), {"country": "US", "area_code": "999", "line": "local"})
    assert "(21452)" in str(answer.context["form"].errors["area_code"])
    assert not Sender.objects.exists()


def test_a_new_number_is_not_kept_when_the_pool_refuses_it(alice, service, everyone, settings):
    settings.MSGCONSOLE_POOL_LIMIT = 1
    factories.pooled(service, factories.number(everyone.acme))
    before = Sender.objects.count()
    answer = alice.post(add_page(service), {"country": "US", "line": "local"})
    assert "(21714)" in text(answer)
    assert Sender.objects.count() == before


def test_a_short_code_and_a_channel_sender_are_made_into_the_pool(alice, service):
    assert alice.post(add_page(service, "short_codes"), {"short_code": "12345", "country": "US"}).status_code == 302
    posted = {"channel": "rcs", "address": "acme_agent", "approved_regions": "us gb"}
    assert alice.post(add_page(service, "channels"), posted).status_code == 302
    assert addresses(service) == {"12345", "rcs:acme_agent"}
    assert sorted(Sender.objects.get(kind="rcs").approved_regions) == ["GB", "US"]


def test_names_are_added_for_all_countries_and_for_one(alice, service):
    assert alice.post(add_page(service, "alpha"), {"alpha_sender": "ACME"}).status_code == 302
    german = {"alpha_sender": "ACME DE", "iso_country_code": "DE", "registered_countries": "DE"}
    assert alice.post(add_page(service, "alpha"), german).status_code == 302
    found = {s.address: (s.country, s.destination_alpha) for s in Sender.objects.filter(kind="alpha")}
    assert found == {"ACME": ("", False), "ACME DE": ("DE", True)}


@pytest.mark.parametrize("name", ["", "12345", "TOO LONG A NAME", "Grüße"])
def test_a_name_that_no_carrier_takes_is_refused_at_its_field(alice, service, name):
    answer = alice.post(add_page(service, "alpha"), {"alpha_sender": name})
    assert "alpha_sender" in answer.context["form"].errors
    assert addresses(service) == set()


def test_an_unknown_country_among_the_regions_is_named(alice, service):
    posted = {"channel": "rcs", "address": "acme_agent", "approved_regions": "US, XX"}
    answer = alice.post(add_page(service, "channels"), posted)
    assert "XX" in str(answer.context["form"].errors["approved_regions"])


def test_removing_says_what_is_lost_and_then_does_it(alice, service, everyone):
    member = factories.pooled(service, factories.number(everyone.acme))
    PoolMember.objects.filter(pk=member.pk).update(mapping_count=37)
    factories.alpha(service)
    stays = factories.pooled(service, factories.number(everyone.acme))
    path = reverse("console:service_sender_remove", args=[service.sid])
    marked = [member.sender.sid, Sender.objects.get(kind="alpha").sid]
    page = text(alice.get(path, {"sender": marked}))
    assert "1 sender returns to the account." in page
    assert "1 alpha sender is deleted" in page
    assert "37 sticky mappings are deleted" in page
    assert alice.post(path, {"sender": marked}).status_code == 302
    assert addresses(service) == {stays.sender.address}
    assert Sender.objects.filter(pk=member.sender_id).exists()
    assert not Sender.objects.filter(kind="alpha").exists()


def test_nothing_marked_is_said_and_nothing_is_removed(alice, service, everyone):
    factories.pooled(service, factories.number(everyone.acme))
    path = reverse("console:service_sender_remove", args=[service.sid])
    assert "No sender is marked" in text(alice.get(path))
    assert "No sender is marked" in text(alice.post(path))
    assert len(addresses(service)) == 1


def test_senders_are_moved_to_another_service_and_names_stay(alice, service, everyone):
    number = factories.pooled(service, factories.number(everyone.acme)).sender
    name = factories.alpha(service).sender
    other = factories.service(everyone.acme, "Marketing")
    path = reverse("console:service_sender_move", args=[service.sid])
    marked = [number.sid, name.sid]
    assert "Choose the Service" in text(alice.post(path, {"sender": marked, "target": ""}))
    answer = alice.post(path, {"sender": marked, "target": other.sid})
    assert answer["Location"] == pool_page(other)
    assert (addresses(service), addresses(other)) == ({name.address}, {number.address})


def test_senders_cannot_be_moved_to_another_accounts_service(alice, service, everyone):
    number = factories.pooled(service, factories.number(everyone.acme)).sender
    theirs = factories.service(everyone.other)
    path = reverse("console:service_sender_move", args=[service.sid])
    factories.service(everyone.acme)
    assert "Choose the Service" in text(alice.post(path, {"sender": number.sid, "target": theirs.sid}))
    assert addresses(theirs) == set()


def test_the_two_switches_are_saved_where_the_senders_are(alice, service):
    alice.post(pool_page(service), {"area_code_geomatch": "on"})
    service.refresh_from_db()
    assert (service.sticky_sender, service.area_code_geomatch) == (False, True)


def test_a_viewer_sees_the_pool_without_boxes_to_mark(everyone, service):
    factories.pooled(service, factories.number(everyone.acme, "+14155550101"))
    bob = logged_in(everyone.bob, everyone.acme)
    page = text(bob.get(pool_page(service)))
    assert "+14155550101" in page
    assert 'type="checkbox" name="sender"' not in page
    assert "Add senders" not in page
    assert bob.get(add_page(service)).status_code == 403
    assert bob.post(pool_page(service), {}).status_code == 403


def test_kinds_and_search_narrow_the_pool(alice, service, everyone):
    factories.pooled(service, factories.number(everyone.acme, "+14155550101"))
    factories.pooled(service, factories.short_code(everyone.acme, "60012"))
    page = alice.get(pool_page(service), {"kind": "short_codes"})
    assert [member.sender.address for member in page.context["page"]] == ["60012"]
    page = alice.get(pool_page(service), {"q": "0101"})
    assert [member.sender.address for member in page.context["page"]] == ["+14155550101"]


def test_the_pool_costs_the_same_for_two_senders_and_twenty(alice, service, everyone):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(pool_page(service)).status_code == 200
        return len(queries)

    for _ in range(2):
        factories.pooled(service, factories.number(everyone.acme))
    factories.alpha(service)
    few = cost()
    for _ in range(18):
        factories.pooled(service, factories.number(everyone.acme))
    assert cost() == few
