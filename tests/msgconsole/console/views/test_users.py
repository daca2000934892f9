import re

import pytest
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry, Membership, User
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_a_new_person_gets_a_password_that_is_shown_once_and_works(world: People) -> None:
    client = logged_in(world.alice)
    answer = client.post(
        reverse("console:user_invite"),
        {"known": "no", "username": "dora", "email": "dora@example.org", "role": "viewer"},
    )
    found = re.search(r'id="new-password">([^<]+)<', answer.content.decode())
    assert found
    dora = User.objects.get(username="dora")
    assert dora.check_password(found[1])
    assert not dora.is_superuser
    assert Membership.objects.get(user=dora).account == world.acme
    assert found[1] not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


def test_someone_who_can_log_in_already_is_added_by_name(world: People) -> None:
    client = logged_in(world.alice)
    posted = {"known": "yes", "username": "charlie", "role": "configurator"}
    assert client.post(reverse("console:user_invite"), posted).status_code == 302
    assert Membership.objects.get(user=world.charlie, account=world.acme).role == "configurator"


@pytest.mark.parametrize(
    ("known", "name"),
    [
        pytest.param("yes", "nobody", id="an unknown name as a known one"),
        pytest.param("no", "charlie", id="a known name as a new one"),
        pytest.param("no", "two words", id="not a name"),
        pytest.param("yes", "bob", id="in the account already"),
    ],
)
def test_a_name_that_does_not_fit_is_said_beside_its_field(world: People, known: str, name: str) -> None:
    before = (User.objects.count(), Membership.objects.count())
    answer = logged_in(world.alice).post(
        reverse("console:user_invite"), {"known": known, "username": name, "role": "owner"}
    )
    assert answer.context["form"].errors["username"]
    assert (User.objects.count(), Membership.objects.count()) == before


def test_an_owner_changes_a_role_and_the_log_has_before_and_after(world: People) -> None:
    logged_in(world.alice).post(reverse("console:user_role", args=["bob"]), {"role": "configurator"})
    assert Membership.objects.get(user=world.bob).role == "configurator"
    entry = AuditEntry.objects.filter(action="role.set").first()
    assert entry
    assert entry.changes == {"role": ["viewer", "configurator"]}


def test_the_last_owner_can_neither_be_demoted_nor_removed(world: People) -> None:
    client = logged_in(world.alice)
    answer = client.post(reverse("console:user_role", args=["alice"]), {"role": "viewer"})
    assert "last owner" in str(answer.context["form"].errors["role"])
    answer = client.post(reverse("console:user_remove", args=["alice"]))
    assert "last owner" in answer.content.decode()
    assert Membership.objects.get(user=world.alice, account=world.acme).role == "owner"


def test_removing_someone_takes_the_account_from_them_and_leaves_their_login(world: People) -> None:
    client = logged_in(world.alice)
    client.post(reverse("console:user_remove", args=["bob"]))
    assert not Membership.objects.filter(user=world.bob).exists()
    assert User.objects.filter(username="bob").exists()
    assert logged_in(world.bob).get(reverse("console:users")).status_code == 403


def test_those_who_are_no_owners_see_people_and_change_none(world: People) -> None:
    client = logged_in(world.bob)
    page = client.get(reverse("console:users")).content.decode()
    assert "alice" in page
    assert reverse("console:user_invite") not in page
    for url in (
        reverse("console:user_invite"),
        reverse("console:user_role", args=["alice"]),
        reverse("console:user_remove", args=["alice"]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, {"role": "viewer"}).status_code == 403


def test_a_person_of_another_account_is_not_found(world: People) -> None:
    client = logged_in(world.charlie)
    assert client.post(reverse("console:user_role", args=["alice"]), {"role": "viewer"}).status_code == 404
    assert "alice" not in client.get(reverse("console:users")).content.decode()


def test_a_subaccount_shows_who_comes_from_its_parent(world: People) -> None:
    under = factories.account("Under", owner=world.acme)
    page = logged_in(world.alice, under).get(reverse("console:users"))
    assert [member.user for member in page.context["inherited"]] == [world.alice, world.bob]
