import pytest
from django.urls import reverse

from msgconsole.accounts import actions
from msgconsole.accounts.models import Account, AuditEntry, Membership
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_the_token_is_hidden_until_asked_for_and_the_log_says_who_saw_it(world: People) -> None:
    client = logged_in(world.alice)
    token = world.acme.auth_token
    assert token not in client.get(reverse("console:account")).content.decode()
    answer = client.post(reverse("console:account_token"))
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="account.auth_token_shown")
    assert (entry.account, entry.actor_label, entry.source) == (world.acme, "alice", "console")
    assert token not in str(entry.changes)


def test_a_viewer_never_sees_the_token(world: People) -> None:
    client = logged_in(world.bob)
    assert reverse("console:account_token") not in client.get(reverse("console:account")).content.decode()
    answer = client.post(reverse("console:account_token"))
    assert answer.status_code == 403
    assert world.acme.auth_token not in answer.content.decode()


def test_replacing_the_token_says_what_breaks_and_is_for_owners(world: People) -> None:
    actions.set_role(account=world.acme, user=world.bob, role="configurator", actor=factories.ACTOR)
    url, old = reverse("console:account_token_rotate"), world.acme.auth_token
    assert logged_in(world.bob).post(url).status_code == 403
    client = logged_in(world.alice)
    assert "API keys go on working" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    world.acme.refresh_from_db()
    assert world.acme.auth_token != old


def test_the_name_changes_and_a_bad_one_is_refused_in_place(world: People) -> None:
    client = logged_in(world.alice)
    client.post(reverse("console:account_rename"), {"friendly_name": "Acme Clinics"})
    assert Account.objects.get(pk=world.acme.pk).friendly_name == "Acme Clinics"
    answer = client.post(reverse("console:account_rename"), {"friendly_name": "  "})
    assert answer.context["form"].errors["friendly_name"]


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        pytest.param({"allowed": "some", "chosen": ["US", "GB"]}, ["GB", "US"], id="a list"),
        pytest.param({"allowed": "some"}, [], id="none at all"),
        pytest.param({"allowed": "all", "chosen": ["US"]}, None, id="every country"),
    ],
)
def test_countries_are_all_or_a_list(world: People, posted: dict[str, object], kept: list[str] | None) -> None:
    assert logged_in(world.alice).post(reverse("console:account_countries"), posted).status_code == 302
    world.acme.refresh_from_db()
    assert world.acme.geo_permissions == kept


def test_a_country_that_does_not_exist_is_refused(world: People) -> None:
    answer = logged_in(world.alice).post(reverse("console:account_countries"), {"allowed": "some", "chosen": ["XX"]})
    assert answer.context["form"].errors["chosen"]


def test_an_owner_makes_a_subaccount_and_looks_at_it(world: People) -> None:
    client = logged_in(world.alice)
    answer = client.post(
        reverse("console:account_create"), {"friendly_name": "Sandbox 1", "place": "under"}, follow=True
    )
    made = Account.objects.get(friendly_name="Sandbox 1")
    assert made.owner == world.acme
    assert made.sid in answer.content.decode()
    again = client.post(reverse("console:account_create"), {"friendly_name": "Deeper", "place": "under"})
    assert again.status_code == 403
    assert not Account.objects.filter(friendly_name="Deeper").exists()


def test_only_a_superuser_makes_an_account_apart(world: People) -> None:
    url, posted = reverse("console:account_create"), {"friendly_name": "Apart", "place": "apart"}
    assert logged_in(world.alice).post(url, posted).context["form"].errors["place"]
    root = factories.user("root", is_superuser=True)
    assert logged_in(root, world.acme).post(url, posted).status_code == 302
    made = Account.objects.get(friendly_name="Apart")
    assert made.owner is None
    assert Membership.objects.get(account=made).user == root


def test_it_lists_only_ones_own_accounts_with_the_role_in_each(world: People) -> None:
    under = factories.account("Under", owner=world.acme)
    page = logged_in(world.bob).get(reverse("console:account"))
    roles = {account.sid: role for account, role, _ in page.context["others"]}
    assert roles == {world.acme.sid: "viewer", under.sid: "viewer"}
    assert world.other.sid not in page.content.decode()


def test_the_list_of_accounts_costs_the_same_at_any_length(world: People, django_assert_max_num_queries) -> None:
    client = logged_in(world.alice)
    for number in range(12):
        factories.account(f"Sandbox {number}", owner=world.acme)
    with django_assert_max_num_queries(9):
        client.get(reverse("console:account"))
