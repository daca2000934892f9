import pytest
from django.urls import reverse

from msgconsole.carriers.simulated import behaviour
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_the_snippets_name_this_install_the_newest_service_and_no_secret(world: People) -> None:
    service = factories.service(world.acme)
    page = logged_in(world.alice).get(reverse("console:developers"), headers={"host": "console.example:8000"})
    text = page.content.decode()
    assert "http://console.example:8000/2010-04-01/Accounts/" in text
    assert service.sid in text
    assert world.acme.sid in text
    assert world.acme.auth_token not in text


def test_the_public_address_wins_over_the_requests_own(world: People, settings) -> None:
    settings.MSGCONSOLE_PUBLIC_URL = "https://sms.example.org"
    page = logged_in(world.bob).get(reverse("console:developers"))
    assert page.context["base_url"] == "https://sms.example.org"


def test_every_magic_number_stands_in_the_table(world: People) -> None:
    text = logged_in(world.bob).get(reverse("console:developers")).content.decode()
    for row in behaviour.table():
        assert row.word in text


def test_each_client_is_told_how_an_api_key_is_given(world: People) -> None:
    page = logged_in(world.bob).get(reverse("console:developers")).content.decode()
    told = page.partition('<section id="with-a-key">')[2].partition("</section>")[0]
    for language in ("curl", "Python", "Node", "PHP", "Ruby", "Java", "C#", "Go"):
        assert f'<th scope="row">{language}</th>' in told
    assert told.count("KEY_SECRET") == 8
    assert told.count("ACCOUNT_SID") == 7  # curl has it in its address
    assert f"{reverse('console:developers')}#with-a-key" in logged_in(world.bob).get(reverse("console:keys")).text


def test_the_snippets_take_a_service_that_can_send(world: People) -> None:
    able, empty = factories.service(world.acme, "Able"), factories.service(world.acme, "Empty")
    page = logged_in(world.bob).get(reverse("console:developers"))
    assert page.context["service"] == empty
    assert "Empty has no senders yet: what is sent through it is refused (21704)." in page.text
    factories.pooled(able, factories.number(world.acme))
    page = logged_in(world.bob).get(reverse("console:developers"))
    assert page.context["service"] == able
    assert "has no senders yet" not in page.text


def test_a_services_code_is_there_for_every_client_and_says_when_the_pool_is_empty(world: People) -> None:
    service = factories.service(world.acme)
    page = logged_in(world.bob).get(reverse("console:service_code", args=[service.sid]))
    assert "There are no senders in the pool yet" in page.text
    for language in ("curl", "python", "node", "php", "ruby", "java", "csharp", "go"):
        assert f'<code id="code-{language}">' in page.text
    factories.pooled(service, factories.number(world.acme))
    page = logged_in(world.bob).get(reverse("console:service_code", args=[service.sid]))
    assert "There are no senders in the pool yet" not in page.text


def test_without_a_service_the_page_says_what_to_fill_in(world: People) -> None:
    assert "There is no Service" in logged_in(world.alice).get(reverse("console:developers")).content.decode()
