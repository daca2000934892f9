"""The frame around every page: login, menu, theme, search, error pages."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from msgconsole.console import nav
from msgconsole.error_causes import CAUSES
from msgconsole.error_codes import CATALOGUE
from tests import factories
from tests.console_client import text
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def test_anyone_with_a_password_logs_in_and_lands_at_home(client, everyone):
    assert "Log in" in text(client.get("/admin/login/"))
    answer = client.post("/admin/login/", {"username": "bob", "password": PASSWORD, "next": "/"})
    assert answer["Location"] == "/"
    assert "Acme" in text(client.get("/"))


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(client, everyone):
    page = text(client.post("/admin/login/", {"username": "bob", "password": "wrong"}))
    assert "User name and password do not go together" in page


def test_the_way_back_never_leads_to_another_site(client, everyone):
    answer = client.post(
        "/admin/login/", {"username": "bob", "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


def test_every_page_is_under_a_strict_policy(alice):
    answer = alice.get("/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_the_page_knows_where_one_is(alice):
    page = text(alice.get(reverse("console:services")))
    assert f'<a href="{reverse("console:services")}" aria-current="page">' in page
    assert page.count("<h1>") == 1
    assert page.count("<main") == page.count("<header") == 1


def test_the_menu_leaves_out_what_the_role_or_the_install_does_not_reach(monkeypatch):
    items = (
        nav.Item("For all", "console:home", "home"),
        nav.Item("For owners", "console:services", "service", role="owner"),
        nav.Item("Not built", "console:no_such_page", "dot"),
    )
    monkeypatch.setattr(nav, "SECTIONS", (nav.Section("Part", items),))

    def labels(role):
        return [link.label for _, links in nav.sections(role, "console:home") for link in links]

    assert labels("viewer") == ["For all"]
    assert labels("owner") == ["For all", "For owners"]
    assert labels(None) == []


def test_the_theme_is_remembered_without_a_script(alice):
    assert 'data-theme="auto"' in text(alice.get("/"))
    answer = alice.post(reverse("console:theme"), {"theme": "dark", "next": "/services"})
    assert answer["Location"] == "/services"
    assert 'data-theme="dark"' in text(alice.get("/"))
    alice.post(reverse("console:theme"), {"theme": "pink"})
    assert 'data-theme="dark"' in text(alice.get("/"))
    alice.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in text(alice.get("/"))


def test_the_theme_form_does_not_lead_to_another_site(client):
    assert client.post(reverse("console:theme"), {"theme": "dark", "next": "//evil.example"})["Location"] == "/"


def test_a_page_that_is_not_there_says_what_to_do(alice, everyone):
    answer = alice.get("/services/nothing")
    assert answer.status_code == 404
    assert "This page does not exist" in text(answer)


def test_a_forged_form_is_refused_with_a_page_in_plain_words(everyone):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(everyone.alice)
    answer = browser.post(reverse("console:service_create"), {"friendly_name": "x"})
    assert answer.status_code == 403
    assert "This form has expired" in text(answer)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_each_error_code_has_a_public_page_with_its_remedy(client, code):
    answer = client.get(f"/docs/errors/{code}")
    assert answer.status_code == 200
    assert str(code) in text(answer)


def test_an_unknown_error_code_is_not_found(client):
    assert client.get("/docs/errors/99999").status_code == 404


def test_an_unknown_error_code_leads_to_those_there_are(client: Client) -> None:
    answer = client.get("/docs/errors/99999")
    assert (answer.status_code, "There is no error code 99999 here." in answer.text) == (404, True)
    assert 'href="/docs/errors/21610"' in answer.text


def test_error_codes_are_found_by_their_start_and_their_words(client: Client) -> None:
    def found(asked: str) -> list[int]:
        return [entry.code for entry, _ in client.get("/docs/errors", {"q": asked}).context["rows"]]

    assert found("2161") == [code for code in sorted(CATALOGUE) if 21610 <= code <= 21619]
    assert found("has opted OUT") == [21610]
    assert "No code fits" in client.get("/docs/errors", {"q": "nothing of the kind"}).text


def test_a_code_that_refuses_no_call_has_no_http_status(client: Client) -> None:
    statuses = {entry.code: status for entry, status in client.get("/docs/errors").context["rows"]}
    assert (statuses[21211], statuses[20404], statuses[30003]) == (400, 404, "")


def test_the_style_guide_is_for_developers(alice, settings):
    assert alice.get(reverse("console:styleguide")).status_code == 404
    settings.DEBUG = True
    assert "Badges" in text(alice.get(reverse("console:styleguide")))


def test_a_whole_sid_leads_straight_to_its_thing(alice, everyone):
    service = factories.service(everyone.acme)
    answer = alice.get(reverse("console:search"), {"q": f" {service.sid} "})
    assert answer["Location"] == reverse("console:service", args=[service.sid])


def test_search_finds_services_by_part_of_their_name(alice, everyone):
    factories.service(everyone.acme, "Appointment reminders")
    factories.service(everyone.other, "Other reminders")
    page = text(alice.get(reverse("console:search"), {"q": "reminder"}))
    assert "Appointment reminders" in page
    assert "Other reminders" not in page


def test_search_says_when_nothing_fits_and_how_to_ask(alice, everyone):
    theirs = factories.service(everyone.other)
    page = text(alice.get(reverse("console:search"), {"q": theirs.sid}))
    assert "Nothing found" in page
    assert "Type part of a Service" in text(alice.get(reverse("console:search")))


def test_search_finds_messages_by_the_beginning_of_a_number(alice, everyone):
    to = factories.message(everyone.acme, to="+14155550123", from_address="+12125550100")
    from_ = factories.message(everyone.acme, to="+33612345678", from_address="+14155550199")
    factories.message(everyone.acme, to="+447400111222", from_address="+12125550100")
    factories.message(everyone.other, to="+14155550123")
    for typed in ("+1 (415) 555", "1415"):
        answer = alice.get(reverse("console:search"), {"q": typed})
        assert '<p class="toast' not in answer.content.decode(), "what was found is a list, not news of the page"
        found = answer.context["found_messages"]
        assert [message.pk for message in found] == [from_.pk, to.pk]


def test_search_finds_senders_however_the_number_is_typed(alice, everyone):
    factories.number(everyone.acme, "+14155550123")
    for typed in ("+1 415 555-0123", "555 0123", "(415) 555"):
        found = alice.get(reverse("console:search"), {"q": typed}).context["senders"]
        assert [sender.address for sender in found] == ["+14155550123"]


def test_the_page_of_an_error_code_leads_on_for_whoever_is_logged_in(alice, client):
    page = alice.get(reverse("console:error_code", args=[30034])).content.decode()
    assert f"{reverse('console:messages')}?error_code=30034" in page
    assert f'href="{reverse("console:registrations")}">Open registrations' in page
    other = alice.get(reverse("console:error_code", args=[21610])).content.decode()
    assert f"{reverse('console:messages')}?error_code=21610" in other
    assert "Open registrations" not in other
    stranger = client.get(reverse("console:error_code", args=[30034])).content.decode()
    assert reverse("console:messages") not in stranger
    refusal = alice.get(reverse("console:error_code", args=[30132])).content.decode()
    assert reverse("console:messages") + "?error_code" not in refusal, "no message ends with it"
    assert f'{reverse("console:developers_api")}?operation=UpdateDomainCertV4">Give a short domain a cert' in refusal


def test_the_page_of_an_error_code_says_what_leads_to_it_who_refuses_and_how_to_see_it(client):
    def page(code: int) -> str:
        return " ".join(strip_tags(text(client.get(reverse("console:error_code", args=[code])))).split())

    assert all(cause in page(30003) for cause in CAUSES[30003])
    assert "number that ends in 9903, or with [fail 30003] in its text. Undelivered with 30003." in page(30003)
    assert "Refused by" not in page(30003)
    assert "Refused bySend a message" in page(30034)
    assert "Refused byCreate a Service HTTP status400" in page(21102)
    assert "Any call of the API HTTP status401" in page(20003)
    assert "To try it" not in page(21102)
