import copy
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from msgconsole.accounts import actions
from msgconsole.accounts.models import Account, ApiKey, AuditEntry, Membership, User
from msgconsole.admin_base.action_admin import ActionModelAdmin
from msgconsole.admin_base.record_admin import RecordAdmin
from msgconsole.carriers.simulated.models import PhoneBookEntry
from senders.models import PhoneNumber, Sender
from services.models import MessagingService, OptOutKeywordSet
from tests import factories, records
from tests.console_client import logged_in
from tests.people import People, people

SCREENS = records.screens()
OF_ACCOUNTS = {name: screen for name, screen in SCREENS.items() if getattr(screen, "account_path", "")}
OF_THE_INSTALL = sorted(set(SCREENS) - set(OF_ACCOUNTS))


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[People]:
    """Made once, for it is a record of every kind: each test works in a savepoint over it."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = people()
        records.fill(made.acme)
        records.fill(made.other)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(filled: People, db: None) -> People:
    return copy.deepcopy(filled)


@pytest.fixture
def root(world: People) -> User:
    return factories.user("root", is_superuser=True)


def url(name: str, page: str, *args: object) -> str:
    return reverse(f"admin:{name}_{page}", args=args)


# Every screen


@pytest.mark.parametrize("name", SCREENS)
def test_every_page_of_every_screen_opens_for_a_superuser(name: str, world: People, root: User) -> None:
    client, record = logged_in(root, world.acme), records.record_of(SCREENS[name], world.acme)
    shown = client.get(url(name, "changelist"))
    assert shown.status_code == 200
    assert reverse(f"admin:{name}_change", args=[record.pk]) in shown.content.decode()
    for page in ("change", "history"):
        assert client.get(url(name, page, record.pk)).status_code == 200
    screen = SCREENS[name]
    offers = screen.offers if isinstance(screen, ActionModelAdmin) else lambda verb: False
    assert client.get(url(name, "add")).status_code == (200 if offers("create") else 403)
    assert client.get(url(name, "delete", record.pk)).status_code == (200 if offers("delete") else 403)


@pytest.mark.parametrize("name", OF_ACCOUNTS)
def test_people_see_their_own_accounts_records_and_no_others(name: str, world: People) -> None:
    screen, client = SCREENS[name], logged_in(world.bob)
    own, foreign = records.record_of(screen, world.acme), records.record_of(screen, world.other)
    listed = client.get(url(name, "changelist")).content.decode()
    assert url(name, "change", own.pk) in listed
    assert url(name, "change", foreign.pk) not in listed
    assert client.get(url(name, "change", own.pk)).status_code == 200
    for page in ("change", "history"):
        assert client.get(url(name, page, foreign.pk)).status_code in {302, 403}


@pytest.mark.parametrize("name", OF_ACCOUNTS)
def test_a_viewer_may_change_nothing(name: str, world: People) -> None:
    client, record = logged_in(world.bob), records.record_of(SCREENS[name], world.acme)
    lines = AuditEntry.objects.count()
    assert client.get(url(name, "add")).status_code == 403
    for page, args in (("add", ()), ("change", (record.pk,)), ("delete", (record.pk,))):
        assert client.post(url(name, page, *args), {"post": "yes"}).status_code == 403
    client.post(url(name, "changelist"), {"action": "delete_selected", "_selected_action": record.pk, "post": "yes"})
    assert type(record)._default_manager.filter(pk=record.pk).exists()
    assert AuditEntry.objects.count() == lines


@pytest.mark.parametrize("name", OF_THE_INSTALL)
def test_what_belongs_to_the_install_is_for_superusers_alone(name: str, world: People) -> None:
    client, record = logged_in(world.alice), records.record_of(SCREENS[name])
    assert client.get(url(name, "changelist")).status_code == 403
    assert client.get(url(name, "change", record.pk)).status_code in {302, 403}
    assert reverse(f"admin:{name}_changelist") not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("name", SCREENS)
def test_a_list_costs_the_same_at_any_length_and_counts_nothing(
    name: str, world: People, root: User, django_assert_max_num_queries
) -> None:
    client = logged_in(root, world.acme)
    with django_assert_max_num_queries(8) as few:
        client.get(url(name, "changelist"))
    records.fill(world.acme)
    with django_assert_max_num_queries(len(few.captured_queries)) as more:
        client.get(url(name, "changelist"))
    assert not [query["sql"] for query in more.captured_queries if "COUNT(" in query["sql"]]


def test_no_secret_stands_on_any_screen(world: People, root: User) -> None:
    client = logged_in(root, world.acme)
    key = ApiKey.objects.filter(account=world.acme)[0]
    for name, record in (
        ("accounts_account", world.acme),
        ("accounts_apikey", key),
        ("accounts_user", world.alice),
    ):
        page = client.get(url(name, "change", record.pk)).content.decode()
        assert not [
            secret for secret in (world.acme.auth_token, key.secret_digest, world.alice.password) if secret in page
        ]


# Writing: every form ends in an action, and every action leaves its line


def _post(client: Client, name: str, values: dict[str, object], pk: object = None) -> list[AuditEntry]:
    """Send the form as a browser would: with everything it shows. Returns the log lines this made."""
    page = url(name, "add") if pk is None else url(name, "change", pk)
    form = client.get(page).context["adminform"].form
    shown = {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}
    last = max(AuditEntry.objects.values_list("pk", flat=True), default=0)
    answer = client.post(page, {**shown, **values})
    assert answer.status_code == 302, answer.context["errors"]
    return list(AuditEntry.objects.filter(pk__gt=last).order_by("pk"))


CREATED = [
    ("accounts_account", {"friendly_name": "New", "type": "Full"}, ["account.created"]),
    ("accounts_user", {"username": "dora", "new_password": "a quite long phrase"}, ["user.created"]),
    ("accounts_membership", {"user": "charlie", "role": "viewer"}, ["role.set"]),
    ("services_messagingservice", {"friendly_name": "Alerts"}, ["service.created"]),
    (
        "services_optoutkeywordset",
        {"layer": "language", "language": "Spanish", "kind": "help", "keywords": "ayuda", "message": "Llame."},
        ["keywords.set"],
    ),
    ("senders_phonenumber", {"address": "+1 206 555 0190"}, ["sender.acquired"]),
    ("senders_shortcode", {"address": "60999", "country": "us"}, ["sender.acquired"]),
    ("senders_channelsender", {"address": "whatsapp:+447400111222"}, ["sender.acquired"]),
    ("simulated_phonebookentry", {"number": "+44 7400 111333", "line_type": "mobile", "rcs": "on"}, ["phone_book.set"]),
]


@pytest.mark.parametrize(("name", "values", "lines"), [pytest.param(*case, id=case[0]) for case in CREATED])
def test_adding_goes_through_the_action(
    name: str, values: dict[str, object], lines: list[str], world: People, root: User
) -> None:
    if name.startswith(("services_mes", "senders_", "accounts_mem")):
        values = {"account": world.acme.pk, **values}
    if name == "services_optoutkeywordset":
        values = {"service": MessagingService.objects.filter(account=world.acme)[0].sid, **values}
    made = _post(logged_in(root, world.acme), name, values)
    assert [entry.action for entry in made] == lines
    assert {(entry.actor_label, entry.source) for entry in made} == {("root", "console")}


UPDATED = [
    ("accounts_account", {"geo_permissions": "US, GB"}, {"geo_permissions": [None, ["GB", "US"]]}),
    ("accounts_membership", {"role": "viewer"}, {"role": ["configurator", "viewer"]}),
    ("accounts_apikey", {"friendly_name": "renamed"}, {"friendly_name": ["billing", "renamed"]}),
    ("services_messagingservice", {"validity_period": "600"}, {"validity_period": [36000, 600]}),
    ("senders_phonenumber", {"friendly_name": "Front desk"}, None),
    ("senders_shortcode", {"unsupported_carriers": "Acme Mobile"}, {"unsupported_carriers": [[], ["acme mobile"]]}),
    ("senders_channelsender", {"friendly_name": "Shop"}, None),
    ("simulated_phonebookentry", {"line_type": "landline"}, {"line_type": ["mobile", "landline"]}),
]


@pytest.mark.parametrize(("name", "values", "changes"), [pytest.param(*case, id=case[0]) for case in UPDATED])
def test_changing_goes_through_the_action_with_the_changed_fields_alone(
    name: str, values: dict[str, object], changes: dict[str, object] | None, world: People, root: User
) -> None:
    actions.set_role(account=world.acme, user=world.charlie, role="configurator", actor=factories.ACTOR)
    record = records.record_of(SCREENS[name], world.acme)
    (entry,) = _post(logged_in(root, world.acme), name, values, record.pk)
    if changes is not None:
        assert entry.changes == changes
    else:
        assert set(entry.changes) == set(values)


def test_a_superuser_gives_someone_a_new_password(world: People, root: User) -> None:
    lines = _post(logged_in(root), "accounts_user", {"new_password": "another long phrase"}, world.bob.pk)
    assert [entry.action for entry in lines] == ["user.password_changed"]
    assert User.objects.get(pk=world.bob.pk).check_password("another long phrase")


def test_keywords_change_in_their_place(world: People) -> None:
    words = OptOutKeywordSet.objects.get(service__account=world.acme, layer="standard", kind="help")
    (entry,) = _post(logged_in(world.alice), "services_optoutkeywordset", {"keywords": "help, info, aid"}, words.pk)
    assert entry.action == "keywords.set"
    words.refresh_from_db()
    assert words.keywords == ["help", "info", "aid"]


# Refusals


def test_what_an_action_refuses_stands_beside_its_field_and_nothing_is_saved(world: People) -> None:
    client = logged_in(world.alice)
    taken = Sender.objects.filter(account=world.other, kind="long_code")[0].address
    answer = client.post(url("senders_phonenumber", "add"), {"account": world.acme.pk, "address": taken})
    assert answer.status_code == 200
    assert "21422" in str(answer.context["adminform"].form.errors["address"])
    assert Sender.objects.filter(address=taken).count() == 1


def test_a_refusal_without_a_field_of_the_form_stands_on_top(world: People) -> None:
    member = Membership.objects.get(account=world.acme, user=world.alice)
    answer = logged_in(world.alice).post(url("accounts_membership", "change", member.pk), {"role": "viewer"})
    assert "last owner" in str(answer.context["adminform"].form.errors["role"])
    words = OptOutKeywordSet.objects.get(service__account=world.acme, layer="standard", kind="opt_out")
    page = url("services_optoutkeywordset", "change", words.pk)
    answer = logged_in(world.alice).post(page, {"keywords": "basta", "message": words.message})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    words.refresh_from_db()
    assert "basta" not in words.keywords


def test_a_weak_password_is_refused_beside_its_field(world: People, root: User) -> None:
    answer = logged_in(root).post(url("accounts_user", "add"), {"username": "dora", "new_password": "short"})
    assert answer.context["adminform"].form.errors["new_password"]
    assert not User.objects.filter(username="dora").exists()


def test_the_last_superuser_cannot_be_switched_off(world: People, root: User) -> None:
    answer = logged_in(root).post(url("accounts_user", "change", root.pk), {"is_superuser": "on"})
    assert "last active superuser" in str(answer.context["adminform"].form.errors["is_active"])


# Whose accounts


def test_a_form_offers_only_accounts_in_which_one_may_write(world: People) -> None:
    actions.set_role(account=world.other, user=world.alice, role="viewer", actor=factories.ACTOR)
    form = logged_in(world.alice).get(url("services_messagingservice", "add")).context["adminform"].form
    assert list(form.fields["account"].queryset) == [world.acme]


def test_a_new_record_starts_in_the_account_one_looks_at(world: People) -> None:
    actions.set_role(account=world.other, user=world.alice, role="configurator", actor=factories.ACTOR)
    for account in (world.acme, world.other):
        page = logged_in(world.alice, account).get(url("senders_phonenumber", "add"))
        assert page.context["adminform"].form["account"].value() == account.pk


def test_a_service_seen_as_a_viewer_takes_no_keywords(world: People) -> None:
    actions.set_role(account=world.other, user=world.alice, role="viewer", actor=factories.ACTOR)
    service = MessagingService.objects.filter(account=world.other)[0]
    posted = {"service": service.sid, "layer": "language", "language": "Spanish", "kind": "help", "keywords": "ayuda"}
    answer = logged_in(world.alice).post(url("services_optoutkeywordset", "add"), posted | {"message": "x"})
    assert answer.status_code == 403
    assert not OptOutKeywordSet.objects.filter(service=service, language="Spanish").exists()


def test_bulk_deletion_stops_at_a_record_of_an_account_one_only_views(world: People) -> None:
    actions.set_role(account=world.other, user=world.alice, role="viewer", actor=factories.ACTOR)
    chosen = [PhoneNumber.objects.filter(account=account)[0].pk for account in (world.acme, world.other)]
    posted = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert logged_in(world.alice).post(url("senders_phonenumber", "changelist"), posted).status_code == 403
    assert PhoneNumber.objects.filter(pk__in=chosen).count() == 2


def test_revoking_keys_stops_at_a_key_of_an_account_one_only_views(world: People) -> None:
    actions.set_role(account=world.other, user=world.alice, role="viewer", actor=factories.ACTOR)
    chosen = list(ApiKey.objects.values_list("pk", flat=True))
    posted = {"action": "revoke", "_selected_action": chosen, "index": "0"}
    assert logged_in(world.alice).post(url("accounts_apikey", "changelist"), posted).status_code == 403
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    own = ApiKey.objects.get(account=world.acme)
    chosen = posted | {"_selected_action": [own.pk]}
    assert "Revoke 1 key?" in logged_in(world.alice).post(url("accounts_apikey", "changelist"), chosen).content.decode()
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    logged_in(world.alice).post(url("accounts_apikey", "changelist"), chosen | {"post": "yes"})
    assert list(ApiKey.objects.exclude(revoked_at=None)) == [own]


# Deleting


def test_deleting_says_what_goes_with_it_and_goes_through_the_action(world: People) -> None:
    client, service = logged_in(world.alice), MessagingService.objects.filter(account=world.acme)[0]
    page = url("services_messagingservice", "delete", service.pk)
    assert "return to the account" in client.get(page).content.decode()
    assert MessagingService.objects.filter(pk=service.pk).exists()
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not MessagingService.objects.filter(pk=service.pk).exists()
    assert AuditEntry.objects.filter(action="service.deleted", object_sid=service.sid).exists()
    assert PhoneNumber.objects.filter(account=world.acme, membership=None).exists()


def test_bulk_deletion_asks_first_and_then_takes_all_or_none(world: People) -> None:
    client = logged_in(world.alice)
    page = url("services_optoutkeywordset", "changelist")
    chosen = [words.pk for words in OptOutKeywordSet.objects.filter(service__account=world.acme, layer="standard")]
    posted = {"action": "delete_selected", "_selected_action": chosen}
    asked = client.post(page, posted | {"index": "0"})
    assert asked.status_code == 200
    answer = client.post(page, posted | {"post": "yes"}, follow=True)
    assert "cannot be removed" in answer.content.decode()
    assert OptOutKeywordSet.objects.filter(pk__in=chosen).count() == len(chosen)


def test_a_refused_deletion_says_why(world: People) -> None:
    member = Membership.objects.get(account=world.acme, user=world.alice)
    answer = logged_in(world.alice).post(url("accounts_membership", "delete", member.pk), {"post": "yes"}, follow=True)
    assert "last owner" in answer.content.decode()
    assert Membership.objects.filter(pk=member.pk).exists()


def test_forgetting_a_number_of_the_phone_book_leaves_a_line(world: People, root: User) -> None:
    entry = PhoneBookEntry.objects.get(number="+12125550142")
    logged_in(root).post(url("simulated_phonebookentry", "delete", entry.pk), {"post": "yes"})
    assert not PhoneBookEntry.objects.filter(pk=entry.pk).exists()
    assert AuditEntry.objects.get(action="phone_book.deleted").changes["carrier"] == ["Example Mobile", None]


# Lists and history


def test_lists_page_by_key_with_search_and_filter_kept(world: People) -> None:
    for number in range(60):
        factories.message(world.acme, to=f"+1415555{number:04d}", status="failed" if number % 2 else "delivered")
    client = logged_in(world.alice)
    first = client.get(url("messaging_message", "changelist"), {"status__exact": "delivered"})
    assert first.context["cl"].page.older is None
    first = client.get(url("messaging_message", "changelist"))
    assert len(first.context["cl"].result_list) == 50
    second = client.get(f"{url('messaging_message', 'changelist')}?{first.context['cl'].page.older}")
    assert second.context["cl"].page.older is None
    both = [message.pk for page in (first, second) for message in page.context["cl"].result_list]
    assert both == sorted(set(both), reverse=True)
    assert "older=" not in second.context["cl"].get_query_string({"status__exact": "failed"})
    found = client.get(url("messaging_message", "changelist"), {"q": "+14155550007"})
    assert [message.to for message in found.context["cl"].result_list] == ["+14155550007"]


def test_the_history_of_a_record_is_its_audit_log(world: People) -> None:
    client, service = logged_in(world.alice), MessagingService.objects.filter(account=world.acme)[0]
    _post(client, "services_messagingservice", {"friendly_name": "Renamed"}, service.pk)
    page = client.get(url("services_messagingservice", "history", service.pk)).content.decode()
    assert "<del>Reminders</del>" in page
    assert "<ins>Renamed</ins>" in page


def test_the_password_page_of_the_records_is_the_consoles(world: People) -> None:
    answer = logged_in(world.bob).get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("console:password")


def test_nothing_is_loaded_but_what_the_shell_loads(world: People, root: User) -> None:
    page = logged_in(root).get(url("services_messagingservice", "add")).content.decode()
    assert "/static/admin/" not in page
    assert all(isinstance(screen, RecordAdmin) for screen in admin.site._registry.values())


def test_an_account_in_use_is_not_for_deleting(world: People, root: User) -> None:
    assert logged_in(root).post(url("accounts_account", "delete", world.acme.pk), {"post": "yes"}).status_code == 403
    assert Account.objects.filter(pk=world.acme.pk).exists()
