import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts import actions
from msgconsole.accounts.authorization import accounts_of, has_role, role_of
from tests import factories
from tests.factories import ACTOR
from tests.people import people

pytestmark = pytest.mark.django_db


def test_roles_hold_account_by_account() -> None:
    known = people()
    roles = {
        person.username: (role_of(person, known.acme), role_of(person, known.other))
        for person in (known.alice, known.bob, known.charlie)
    }
    assert roles == {"alice": ("owner", None), "bob": ("viewer", None), "charlie": (None, "owner")}
    assert list(accounts_of(known.bob)) == [known.acme]


@pytest.mark.parametrize(
    "role, expected", [("viewer", (False, False)), ("configurator", (True, False)), ("owner", (True, True))]
)
def test_a_role_includes_those_below_it(role: str, expected: tuple[bool, bool]) -> None:
    account, person = factories.account(), factories.user()
    actions.set_role(account=account, user=person, role=role, actor=ACTOR)
    assert (has_role(person, account, "configurator"), has_role(person, account, "owner")) == expected


def test_a_superuser_owns_every_account_and_a_stranger_none() -> None:
    known = people()
    root = factories.user(is_superuser=True)
    assert has_role(root, known.acme, "owner")
    assert set(accounts_of(root)) == {known.acme, known.other}
    for stranger in (AnonymousUser(), factories.user()):
        assert role_of(stranger, known.acme) is None
        assert not accounts_of(stranger).exists()


def test_a_person_who_was_switched_off_may_nothing() -> None:
    known = people()
    known.alice.is_active = False
    assert role_of(known.alice, known.acme) is None
    assert not accounts_of(known.alice).exists()


def test_people_of_the_parent_have_the_same_role_below_and_not_the_other_way_round() -> None:
    known = people()
    child = factories.account("Part", owner=known.acme)
    assert role_of(known.bob, child) == "viewer"
    assert list(accounts_of(known.alice)) == [child, known.acme]
    actions.set_role(account=child, user=known.bob, role="configurator", actor=ACTOR)
    actions.set_role(account=child, user=known.charlie, role="viewer", actor=ACTOR)
    assert role_of(known.bob, child) == "configurator"
    assert role_of(known.charlie, known.acme) is None
    assert list(accounts_of(known.bob)) == [child, known.acme]


def test_a_role_is_one_query() -> None:
    known = people()
    with CaptureQueriesContext(connection) as queries:
        role_of(known.alice, known.acme)
    assert len(queries) == 1
