import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from senders.models import PoolMember, Sender
from tests import factories
from tests.console_client import logged_in, text

pytestmark = pytest.mark.django_db


def listed(client, **query):
    return [sender.address for sender in client.get(reverse("console:senders"), query).context["page"]]


def test_without_senders_the_page_says_what_they_are(alice):
    assert "No senders yet" in text(alice.get(reverse("console:senders")))


def test_the_list_narrows_by_kind_country_use_standing_and_text(alice, everyone):
    service = factories.service(everyone.acme, "Alerts")
    factories.pooled(service, factories.number(everyone.acme, "+14155550101"))
    factories.number(everyone.acme, "+447400111222", friendly_name="London desk")
    factories.short_code(everyone.acme, "60012")
    factories.number(everyone.other, "+14155550199")
    assert sorted(listed(alice)) == ["+14155550101", "+447400111222", "60012"]
    assert listed(alice, kind="short_codes") == ["60012"]
    assert listed(alice, country="GB") == ["+447400111222"]
    assert listed(alice, use="used") == ["+14155550101"]
    assert sorted(listed(alice, use="free")) == ["+447400111222", "60012"]
    assert listed(alice, registration="registered") == ["+14155550101"]
    assert listed(alice, q="london") == ["+447400111222"]
    assert listed(alice, q="555 0101") == ["+14155550101"]
    assert listed(alice, kind="nonsense", use="nonsense", country="ZZ") == []


def test_where_a_sender_is_used_is_a_link(alice, everyone):
    service = factories.service(everyone.acme, "Alerts")
    factories.pooled(service, factories.number(everyone.acme))
    page = text(alice.get(reverse("console:senders")))
    assert f'<a href="{reverse("console:service_senders", args=[service.sid])}">Alerts</a>' in page


@pytest.mark.parametrize(
    "what, posted, address",
    [
        ("number", {"phone_number": "+1 (415) 555-0123"}, "+14155550123"),
        ("short_code", {"short_code": "12345", "country": "US"}, "12345"),
        ("channel", {"channel": "whatsapp", "address": "+447400111222"}, "whatsapp:+447400111222"),
        ("channel", {"channel": "messenger", "address": "messenger:1234567"}, "messenger:1234567"),
    ],
)
def test_each_kind_of_sender_can_be_made(alice, everyone, what, posted, address):
    answer = alice.post(reverse("console:sender_add", args=[what]), posted)
    assert answer.status_code == 302, answer.context["form"].errors
    sender = Sender.objects.get(account=everyone.acme)
    assert sender.address == address
    assert answer["Location"] == reverse("console:sender", args=[sender.sid])


def test_a_demo_number_comes_from_the_wanted_place(alice, everyone):
    alice.post(reverse("console:sender_add", args=["demo"]), {"country": "US", "area_code": "212", "line": "local"})
    assert Sender.objects.get(account=everyone.acme).area_code == "212"


@pytest.mark.parametrize(
    "what, posted, field, code",
    [
        ("number", {"phone_number": "4155550123"}, "phone_number", 21421),
        ("number", {"phone_number": "+14155550101"}, "phone_number", 21422),
        ("short_code", {"short_code": "1", "country": "US"}, "short_code", None),
        ("channel", {"channel": "whatsapp", "address": "nonsense"}, "address", None),
    ],
)
def test_what_cannot_be_a_sender_is_refused_at_its_field(alice, everyone, what, posted, field, code):
    factories.number(everyone.other, "+14155550101")
    answer = alice.post(reverse("console:sender_add", args=[what]), posted)
    errors = str(answer.context["form"].errors[field])
    assert code is None or f"({code})" in errors
    assert not Sender.objects.filter(account=everyone.acme).exists()


def test_a_sender_changes_its_webhook_and_its_standing(alice, everyone):
    sender = factories.number(everyone.acme)
    path = reverse("console:sender", args=[sender.sid])
    posted = {
        "friendly_name": "Front desk",
        "sms_url": "https://example.com/in",
        "sms_method": "GET",
        "sms_fallback_method": "POST",
        "registration": "suspended",
    }
    assert alice.post(path, posted).status_code == 302
    sender.refresh_from_db()
    assert (sender.friendly_name, sender.sms_url, sender.sms_method) == ("Front desk", "https://example.com/in", "GET")
    assert sender.registration == "suspended"
    assert "Front desk" in text(alice.get(path))


def test_a_new_standing_moves_the_sender_in_its_pool_and_counts_as_new_configuration(alice, everyone):
    service = factories.service(everyone.acme)
    member = factories.pooled(service, factories.number(everyone.acme))
    service.refresh_from_db()
    before = service.config_version
    posted = {"sms_method": "POST", "sms_fallback_method": "POST", "registration": "unregistered"}
    assert alice.post(reverse("console:sender", args=[member.sender.sid]), posted).status_code == 302
    assert PoolMember.objects.get(pk=member.pk).bucket.registration == "unregistered"
    service.refresh_from_db()
    assert service.config_version > before


@pytest.mark.parametrize(
    "kind, there, absent",
    [
        ("long_code", {"registration", "sms_url"}, {"unsupported_carriers", "approved_regions"}),
        ("short_code", {"unsupported_carriers", "sms_url"}, {"registration"}),
        ("rcs", {"approved_regions"}, {"registration", "unsupported_carriers"}),
        ("alpha", {"registered_countries"}, {"sms_url", "registration"}),
    ],
)
def test_a_sender_shows_only_settings_of_its_kind(alice, everyone, kind, there, absent):
    made = {
        "long_code": lambda: factories.number(everyone.acme),
        "short_code": lambda: factories.short_code(everyone.acme),
        "rcs": lambda: factories.channel_sender(everyone.acme, "rcs:acme_agent"),
        "alpha": lambda: factories.alpha(factories.service(everyone.acme)).sender,
    }[kind]()
    fields = set(alice.get(reverse("console:sender", args=[made.sid])).context["form"].fields)
    assert there <= fields
    assert not absent & fields


def test_carriers_are_typed_with_commas(alice, everyone):
    code = factories.short_code(everyone.acme)
    path = reverse("console:sender", args=[code.sid])
    posted = {"sms_method": "POST", "sms_fallback_method": "POST", "unsupported_carriers": "Carrier A, Carrier B"}
    assert alice.post(path, posted).status_code == 302
    code.refresh_from_db()
    assert code.unsupported_carriers == ["carrier a", "carrier b"]
    assert "carrier a, carrier b" in text(alice.get(path))


def test_a_bad_webhook_is_refused_where_it_was_typed(alice, everyone):
    sender = factories.number(everyone.acme)
    posted = {"sms_url": "ftp://x", "sms_method": "POST", "sms_fallback_method": "POST", "registration": "registered"}
    answer = alice.post(reverse("console:sender", args=[sender.sid]), posted)
    assert answer.context["form"].errors["sms_url"]


def test_releasing_says_what_goes_and_then_does_it(alice, everyone):
    service = factories.service(everyone.acme, "Alerts")
    member = factories.pooled(service, factories.number(everyone.acme))
    path = reverse("console:sender_release", args=[member.sender.sid])
    page = text(alice.get(path))
    assert "It leaves the pool of “Alerts”." in page
    assert "recipients may hear from another sender" not in page  # nobody hears from it
    assert alice.post(path)["Location"] == reverse("console:senders")
    assert not Sender.objects.filter(pk=member.sender_id).exists()
    assert not PoolMember.objects.exists()


def test_another_accounts_sender_does_not_exist(alice, everyone):
    theirs = factories.number(everyone.other)
    for name in ("sender", "sender_release"):
        path = reverse(f"console:{name}", args=[theirs.sid])
        assert alice.get(path).status_code == 404
        assert alice.post(path).status_code == 404
    assert Sender.objects.filter(pk=theirs.pk).exists()


def test_a_viewer_reads_a_sender_and_cannot_change_it(everyone):
    sender = factories.number(everyone.acme)
    bob = logged_in(everyone.bob, everyone.acme)
    page = text(bob.get(reverse("console:sender", args=[sender.sid])))
    assert "Save the sender" not in page
    assert "Release" not in page
    assert bob.post(reverse("console:sender", args=[sender.sid]), {}).status_code == 403
    assert bob.post(reverse("console:sender_release", args=[sender.sid])).status_code == 403


def test_the_list_costs_the_same_for_two_senders_and_twenty(alice, everyone):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert alice.get(reverse("console:senders")).status_code == 200
        return len(queries)

    service = factories.service(everyone.acme)
    for _ in range(2):
        factories.pooled(service, factories.number(everyone.acme))
    few = cost()
    for _ in range(18):
        factories.pooled(service, factories.number(everyone.acme))
    assert cost() == few


def test_a_name_that_only_repeats_the_number_is_not_shown_twice(alice, everyone):
    from msgconsole.console.templatetags.console import own_name

    assert own_name(factories.number(everyone.acme, "+14155550123")) == ""
    assert own_name(factories.number(everyone.acme, "+14155550124", friendly_name="Desk 124")) == "Desk 124"
