import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from msgconsole.accounts import actions as accounts
from msgconsole.console import permissions
from msgconsole.console.permissions import at_least
from services.models import MessagingService
from tests import factories
from tests.console_client import logged_in
from tests.people import people

pytestmark = pytest.mark.django_db


def test_a_role_includes_those_below_it_and_none_allows_nothing():
    assert at_least("owner", "configurator")
    assert at_least("viewer", "viewer")
    assert not at_least("viewer", "configurator")
    assert not at_least(None, "viewer")


def test_a_stranger_is_sent_to_the_login_page_with_the_way_back(client):
    answer = client.get(reverse("console:services"))
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/login/?next=/services"


def test_someone_without_an_account_is_told_whom_to_ask(client):
    client.force_login(factories.user())
    answer = client.get(reverse("console:home"))
    assert answer.status_code == 403
    assert "ask an owner" in answer.content.decode()


def test_a_viewer_reads_pages_but_is_refused_every_write():
    everyone = people()
    service = factories.service(everyone.acme, "Alerts")
    client = logged_in(everyone.bob, everyone.acme)
    page = client.get(reverse("console:service_content", args=[service.sid]))
    assert page.status_code == 200
    assert "Save the settings" not in page.content.decode()
    answer = client.post(reverse("console:service_content", args=[service.sid]), {"validity_period": "60"})
    assert answer.status_code == 403
    assert "This needs the role configurator" in answer.content.decode()
    service.refresh_from_db()
    assert service.validity_period == 36_000
    assert client.get(reverse("console:service_create")).status_code == 403


def test_the_things_of_another_account_do_not_exist():
    everyone = people()
    theirs = factories.service(everyone.other, "Secret")
    client = logged_in(everyone.alice, everyone.acme)
    for name in ("service", "service_integration", "service_content", "service_history", "service_code"):
        assert client.get(reverse(f"console:{name}", args=[theirs.sid])).status_code == 404
    assert client.post(reverse("console:service_delete", args=[theirs.sid])).status_code == 404
    assert MessagingService.objects.filter(pk=theirs.pk).exists()
    assert "Secret" not in client.get(reverse("console:services")).content.decode()


def test_an_account_that_was_taken_away_is_left_at_once():
    everyone = people()
    accounts.set_role(account=everyone.other, user=everyone.alice, role="viewer", actor=factories.ACTOR)
    client = logged_in(everyone.alice, everyone.other)
    assert client.get(reverse("console:home")).context["account"] == everyone.other
    accounts.set_role(account=everyone.other, user=everyone.alice, role=None, actor=factories.ACTOR)
    assert client.get(reverse("console:home")).context["account"] == everyone.acme


def test_one_switches_between_ones_own_accounts_only():
    everyone = people()
    accounts.set_role(account=everyone.other, user=everyone.alice, role="viewer", actor=factories.ACTOR)
    client = logged_in(everyone.alice, everyone.acme)
    client.post(reverse("console:account_switch"), {"account": everyone.other.sid})
    assert client.get(reverse("console:home")).context["account"] == everyone.other
    stranger = factories.account("Elsewhere")
    assert client.post(reverse("console:account_switch"), {"account": stranger.sid}).status_code == 404
    assert client.session[permissions.SESSION_KEY] == everyone.other.sid


def test_every_page_of_the_console_asks_for_login_unless_it_is_public(client):
    public = {"error_codes", "error_code", "theme", "favicon"}
    console = next(part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "console")
    checked = 0
    for pattern in console.url_patterns:
        if not isinstance(pattern, URLPattern) or pattern.name in public:
            continue
        given = dict.fromkeys(pattern.pattern.regex.groupindex, "0")
        choices = {"kind": "numbers", "what": "demo"}
        path = reverse(
            f"console:{pattern.name}", kwargs={name: choices.get(name, value) for name, value in given.items()}
        )
        for answer in (client.get(path), client.post(path)):
            refused = answer.status_code == 405 or answer.headers.get("Location", "").startswith("/admin/login/")
            assert refused, f"{pattern.name} answers strangers with {answer.status_code}"
        checked += 1
    assert checked > 20
