"""The try-it page: every operation with a form."""

import html
import re

import pytest
from django.urls import reverse

from msgconsole.api.operations import all_declared, find
from msgconsole.console.views.try_it import fields_of
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people

OPERATIONS = [pytest.param(one, id=one.operation.id) for one in all_declared()]


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_every_operation_is_listed_and_opens(world: People) -> None:
    client = logged_in(world.bob)  # a viewer may look
    page = client.get(reverse("console:developers_api"))
    links = re.findall(r'href="(\?operation=\w+)"', page.content.decode())
    assert len(links) == len(OPERATIONS)
    for link in links:
        assert client.get(reverse("console:developers_api") + link).status_code == 200


@pytest.mark.parametrize("declared", OPERATIONS)
def test_the_form_asks_for_every_parameter_that_is_declared(declared, world: People) -> None:
    page = logged_in(world.alice).get(reverse("console:developers_api"), {"operation": declared.operation.id})
    text = page.content.decode()
    assert html.escape(declared.template) in text
    for name in (*declared.path_params, *(one.name for one in declared.query), *declared.operation.headers):
        assert f'name="{html.escape(name)}"' in text
    for name in declared.operation.form:
        assert re.search(rf'name="{name.rstrip("!")}" data-place="form"[^>]*{"required" if "!" in name else ""}', text)
    for code in declared.codes:
        assert reverse("console:error_code", args=[code]) in text


def test_an_unknown_operation_is_not_found(world: People) -> None:
    assert logged_in(world.bob).get(reverse("console:developers_api"), {"operation": "Nothing"}).status_code == 404


def test_the_page_holds_no_token(world: People) -> None:
    text = logged_in(world.alice).get(reverse("console:developers_api")).content.decode()
    assert world.acme.sid in text
    assert world.acme.auth_token not in text


def test_a_field_says_what_may_be_typed() -> None:
    declared = find("POST", "/2010-04-01/Accounts/x/Messages.json".replace("/x/", "/{x}/"))
    assert declared is not None
    fields = {one.name: one for one in fields_of(declared, "AC" + "0" * 32)}
    assert fields["AccountSid"].value == "AC" + "0" * 32
    assert (fields["ValidityPeriod"].hint, fields["MediaUrl"].kind) == ("1 to 36000", "list")
    assert (fields["SmartEncoded"].choices, fields["To"].required) == (["true", "false"], True)
    assert fields["SendAt"].hint == "YYYY-MM-DD, or with THH:MM:SSZ"


def test_the_developers_page_has_a_recipe_for_every_library(world: People) -> None:
    service = factories.service(world.acme)
    page = logged_in(world.bob).get(reverse("console:developers"), headers={"host": "console.example:8000"})
    shown = html.unescape(page.content.decode())
    for language in ("php", "ruby", "java", "csharp", "go"):
        (code,) = re.findall(rf'<code id="code-{language}">(.*?)</code>', shown, re.S)
        assert service.sid in code
        assert "console.example" in code
        assert "twilio.com" not in code
        assert code.count("{") == code.count("}"), "a brace of the template is left"
    assert reverse("console:developers_api") in shown
