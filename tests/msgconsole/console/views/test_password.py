import pytest
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry, User
from tests import factories
from tests.console_client import logged_in
from tests.people import PASSWORD, People, people

NEW = "a quite different phrase"


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_it_changes_ones_own_password_and_keeps_the_session(world: People) -> None:
    client = logged_in(world.bob)
    answer = client.post(reverse("console:password"), {"old": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 302
    assert User.objects.get(pk=world.bob.pk).check_password(NEW)
    assert client.get(reverse("console:account")).status_code == 200
    assert AuditEntry.objects.get(action="user.password_changed").changes == {}


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        pytest.param({"old": "wrong", "password": NEW, "again": NEW}, "old", id="not the password"),
        pytest.param({"old": PASSWORD, "password": NEW, "again": f"{NEW}!"}, "again", id="typed differently"),
        pytest.param({"old": PASSWORD, "password": "short", "again": "short"}, "password", id="too short"),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(world: People, posted: dict[str, str], field: str) -> None:
    answer = logged_in(world.bob).post(reverse("console:password"), posted)
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.get(pk=world.bob.pk).check_password(PASSWORD)


def test_it_is_there_for_someone_without_any_role(world: People) -> None:
    assert logged_in(factories.user("stranger")).get(reverse("console:password")).status_code == 200


def test_it_asks_strangers_to_log_in(client, db: None) -> None:
    assert reverse("admin:login") in client.get(reverse("console:password"))["Location"]
