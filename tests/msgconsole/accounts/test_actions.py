import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from msgconsole.accounts import actions, secrets
from msgconsole.accounts.models import Account, ApiKey, AuditEntry, Membership, User
from msgconsole.error_codes import Refused
from tests import factories
from tests.factories import ACTOR
from tests.people import PASSWORD, people

pytestmark = pytest.mark.django_db


def test_an_account_gets_a_token_of_its_own() -> None:
    one, two = factories.account(), factories.account()
    assert len(one.auth_token) == 32
    assert one.auth_token != two.auth_token
    assert one.auth_token.encode() not in bytes(Account.objects.get(pk=one.pk).auth_token_encrypted)


def test_the_credentials_of_a_demo_can_be_fixed() -> None:
    account = factories.account(sid="AC" + "1" * 32, auth_token="t" * 32)
    account.refresh_from_db()
    assert (account.sid, account.auth_token) == ("AC" + "1" * 32, "t" * 32)


@pytest.mark.parametrize("given", [{"sid": "AC1"}, {"auth_token": "short"}, {"auth_token": "x" * 20 + "\n"}])
def test_credentials_that_would_not_work_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(Refused):
        factories.account(**given)


def test_a_subaccount_has_a_name_by_default_and_no_children() -> None:
    parent = factories.account(type="Trial")
    child = factories.account("", owner=parent)
    assert re.fullmatch(r"SubAccount Created at \d{4}-\d\d-\d\d (0\d|1[0-2]):\d\d [AP]M", child.friendly_name)
    assert (child.owner, child.type) == (parent, "Trial")
    with pytest.raises(Refused) as caught:
        factories.account(owner=child)
    assert caught.value.code == 21101


@pytest.mark.parametrize("name", [" ", "x" * 65])
def test_a_name_must_have_1_to_64_characters(name: str) -> None:
    with pytest.raises(Refused) as caught:
        factories.account(name)
    assert caught.value.code == 20002


def test_a_change_of_status_is_checked_and_closing_is_final() -> None:
    account = factories.account()
    with pytest.raises(Refused):
        actions.update_account(account=account, actor=ACTOR, status="asleep")
    for status in ("suspended", "active", "closed"):
        assert actions.update_account(account=account, actor=ACTOR, status=status).status == status
    with pytest.raises(Refused):
        actions.update_account(account=account, actor=ACTOR, status="active")


def test_geo_permissions_are_known_countries_in_capitals() -> None:
    account = factories.account()
    changed = actions.update_account(account=account, actor=ACTOR, geo_permissions=["us", "GB", "US"])
    assert changed.geo_permissions == ["GB", "US"]
    with pytest.raises(Refused) as caught:
        actions.update_account(account=account, actor=ACTOR, geo_permissions=["XX"])
    assert "XX" in caught.value.message
    assert actions.update_account(account=account, actor=ACTOR, geo_permissions=None).geo_permissions is None


def test_a_rotated_token_replaces_the_old_one() -> None:
    account = factories.account()
    changed = actions.rotate_auth_token(account=account, actor=ACTOR)
    assert changed.auth_token != account.auth_token
    assert actions.rotate_auth_token(account=account, actor=ACTOR, auth_token="z" * 32).auth_token == "z" * 32


def test_a_keys_secret_is_shown_once_and_kept_as_a_digest() -> None:
    key, secret = factories.key(factories.account())
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(stored)
    assert stored["secret_digest"] == secrets.digest(secret)


def test_a_revoked_key_keeps_its_row_and_its_first_date() -> None:
    key, _ = factories.key(factories.account())
    first = actions.revoke_key(key=key, actor=ACTOR).revoked_at
    assert first
    assert actions.revoke_key(key=key, actor=ACTOR).revoked_at == first
    assert AuditEntry.objects.filter(action="key.revoked").count() == 1


def test_the_last_use_is_written_at_most_once_a_minute() -> None:
    key, _ = factories.key(factories.account())
    actions.touch(key)
    key.refresh_from_db()
    first = key.last_used_at
    assert first
    actions.touch(key)
    key.refresh_from_db()
    assert key.last_used_at == first
    key.last_used_at = timezone.now() - timedelta(seconds=61)
    actions.touch(key)
    key.refresh_from_db()
    assert key.last_used_at
    assert key.last_used_at > first


def test_the_last_owner_of_an_account_stays_one() -> None:
    known = people()
    for role in (None, "viewer"):
        with pytest.raises(Refused) as caught:
            actions.set_role(account=known.acme, user=known.alice, role=role, actor=ACTOR)
        assert (caught.value.status, caught.value.field) == (409, "role")
    actions.set_role(account=known.acme, user=known.bob, role="owner", actor=ACTOR)
    actions.set_role(account=known.acme, user=known.alice, role=None, actor=ACTOR)
    assert list(known.acme.memberships.values_list("user__username", "role")) == [("bob", "owner")]


def test_a_role_that_does_not_exist_is_refused() -> None:
    known = people()
    with pytest.raises(Refused):
        actions.set_role(account=known.acme, user=known.bob, role="king", actor=ACTOR)


def test_a_weak_password_is_refused_with_its_reasons() -> None:
    for make in (
        lambda: actions.create_user(username="dave", password="12345", actor=ACTOR),
        lambda: actions.set_password(user=factories.user(), password="password", actor=ACTOR),
    ):
        with pytest.raises(ValidationError) as caught:
            make()
        assert "password" in caught.value.message_dict


def test_a_name_is_given_to_one_person_only() -> None:
    people()
    with pytest.raises(ValidationError) as caught:
        actions.create_user(username="alice", password=PASSWORD, actor=ACTOR)
    assert "username" in caught.value.message_dict
    assert User.objects.filter(username="alice").count() == 1


def test_no_audit_row_holds_a_secret() -> None:
    known = people()
    key, secret = factories.key(known.acme)
    rotated = actions.rotate_auth_token(account=known.acme, actor=ACTOR)
    actions.update_key(key=key, actor=ACTOR, friendly_name="CI")
    actions.set_password(user=known.bob, password="another good long one", actor=ACTOR)
    actions.update_account(account=known.acme, actor=ACTOR, friendly_name="Acme 2")
    log: list[dict[str, Any]] = list(AuditEntry.objects.values())
    hidden = (secret, key.secret_digest, rotated.auth_token, known.acme.auth_token, PASSWORD, "another good long one")
    assert not [word for word in hidden if word in str(log)]
    assert {entry["action"] for entry in log} >= {
        "account.created",
        "account.updated",
        "account.auth_token_rotated",
        "key.created",
        "key.updated",
        "user.created",
        "user.password_changed",
        "role.set",
    }


def test_a_change_that_changes_nothing_is_not_logged() -> None:
    known = people()
    before = AuditEntry.objects.count()
    actions.update_account(account=known.acme, actor=ACTOR, friendly_name="Acme")
    actions.set_role(account=known.acme, user=known.bob, role=Membership.Role.VIEWER, actor=ACTOR)
    assert AuditEntry.objects.count() == before
