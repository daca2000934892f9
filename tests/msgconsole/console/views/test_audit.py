import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from msgconsole.accounts import actions, audit
from msgconsole.accounts.models import AuditEntry
from msgconsole.console.csv_export import harmless
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people


@pytest.fixture
def world(db: None) -> People:
    return people()


def _url(**query: str) -> str:
    return reverse("console:audit") + "?" + "&".join(f"{name}={value}" for name, value in query.items())


def _actions(client, **query: str) -> list[str]:
    return [entry.action for entry, *_ in client.get(_url(**query)).context["entries"]]


def test_it_shows_who_changed_what_field_by_field(world: People) -> None:
    client = logged_in(world.alice)
    client.post(reverse("console:account_rename"), {"friendly_name": "Acme Clinics"})
    answer = client.get(reverse("console:audit"))
    entry, words, url = answer.context["entries"][0]
    assert (entry.actor_label, entry.source, words) == ("alice", "console", "Account: updated")
    assert url == reverse("console:account")
    assert "<del>Acme</del>" in answer.content.decode()
    assert "<ins>Acme Clinics</ins>" in answer.content.decode()


def test_it_is_filtered_by_person_source_subject_object_and_date(world: People) -> None:
    client = logged_in(world.alice)
    key, _ = actions.create_key(account=world.acme, actor=audit.Actor("key", "SK1", "api"), friendly_name="billing")
    actions.update_account(account=world.acme, actor=audit.Actor.user(world.alice), friendly_name="New")
    assert _actions(client, who="ali") == ["account.updated"]
    assert _actions(client, source="api") == ["key.created"]
    assert _actions(client, about="role") == ["role.set", "role.set"]
    assert _actions(client, action="account.created") == ["account.created"]
    assert _actions(client, object=key.sid) == ["key.created"]
    assert _actions(client, object="bill") == ["key.created"]
    AuditEntry.objects.filter(action="key.created").update(at=datetime(2020, 5, 3, 23, 59, tzinfo=UTC))
    assert _actions(client, since="2020-05-03", until="2020-05-03") == ["key.created"]
    assert _actions(client, until="2020-05-02") == []


def test_a_date_that_is_none_is_said_and_shows_nothing(world: People) -> None:
    answer = logged_in(world.alice).get(_url(since="yesterday"))
    assert answer.context["entries"] == []
    assert "valid date" in answer.content.decode()


def test_it_shows_no_other_account_and_the_install_only_to_superusers(world: People) -> None:
    assert all(entry.account == world.acme for entry, *_ in logged_in(world.bob).get(_url()).context["entries"])
    assert "user.created" not in _actions(logged_in(world.alice), of="install")
    root = factories.user("root", is_superuser=True)
    assert set(_actions(logged_in(root, world.acme), of="install")) == {"user.created"}


def test_it_pages_by_key_at_the_same_cost(world: People, django_assert_max_num_queries) -> None:
    client = logged_in(world.alice)
    for _ in range(60):
        audit.record(account=world.acme, actor=factories.ACTOR, action="service.updated", obj=world.acme)
    with django_assert_max_num_queries(8):
        first = client.get(reverse("console:audit"))
    assert len(first.context["page"]) == 50
    second = client.get(reverse("console:audit") + "?" + first.context["page"].older)
    shown = {entry.pk for entry, *_ in first.context["entries"]} & {entry.pk for entry, *_ in second.context["entries"]}
    assert not shown
    assert second.context["page"].older is None


def test_the_export_holds_the_filtered_lines_and_no_formula(world: People) -> None:
    client = logged_in(world.alice)
    client.post(reverse("console:account_rename"), {"friendly_name": "=HYPERLINK()"})
    answer = client.get(reverse("console:audit_export") + "?about=account")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {line["Action"] for line in lines} == {"account.created", "account.updated"}
    assert lines[0]["Field"] == "friendly_name".replace("_", " ")
    assert lines[0]["After"] == "'=HYPERLINK()"
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("+14155550123", "+14155550123"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-1", "-1"),
        ("@x", "'@x"),
        ("", ""),
    ],
)
def test_phone_numbers_survive_what_formulas_do_not(text: str, safe: str) -> None:
    assert harmless(text) == safe
