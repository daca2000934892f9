import base64
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts import actions
from msgconsole.accounts.models import Account, AuditEntry
from tests import factories
from tests.api_client import Api
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db
PATH = "/v1/Services"


@pytest.fixture
def account() -> Account:
    return factories.account()


def status(account: Account | None, **given: Any) -> int:
    found: int = Api(account, **given).get(PATH).status_code
    return found


@pytest.mark.parametrize("kind", ["key", "signing"])
def test_both_kinds_of_key_log_in_and_are_named_in_the_audit_log(kind: str, account: Account) -> None:
    key, secret = factories.key(account, kind=kind, friendly_name="CI")
    answer = Api(account, username=key.sid, secret=secret).post(PATH, {"FriendlyName": "x"})
    assert answer.status_code == 201
    entry = AuditEntry.objects.get(action="service.created")
    assert (entry.actor_kind, entry.actor_label, entry.source) == ("key", "CI", "api")
    key.refresh_from_db()
    assert key.last_used_at


def test_the_auth_token_acts_as_the_account(account: Account) -> None:
    Api(account).post(PATH, {"FriendlyName": "x"})
    entry = AuditEntry.objects.get(action="service.created")
    assert (entry.actor_kind, entry.actor_label, entry.source) == ("token", account.sid, "api")


def test_a_revoked_key_and_a_rotated_token_stop_at_once(account: Account) -> None:
    key, secret = factories.key(account)
    assert status(account, username=key.sid, secret=secret) == 200
    actions.revoke_key(key=key, actor=ACTOR)
    assert status(account, username=key.sid, secret=secret) == 401
    old = account.auth_token
    assert status(account, secret=old) == 200
    actions.rotate_auth_token(account=account, actor=ACTOR)
    assert status(account, secret=old) == 401


def test_wrong_credentials_of_any_sort_look_alike(account: Account) -> None:
    key, secret = factories.key(account)
    other = factories.account("Other")
    tries = [
        (account.sid, ""),
        (account.sid, "0" * 32),
        (account.sid, other.auth_token),
        ("AC" + "0" * 32, account.auth_token),
        (key.sid, account.auth_token),
        (account.sid, secret),
        ("SK" + "0" * 32, secret),
        ("alice", "alice"),
        ("\x00", "\x00"),
    ]
    bodies = set()
    for username, given in tries:
        answer = Api(None, username=username, secret=given or "x").get(PATH)
        assert answer.status_code == 401, (username, given)
        bodies.add(answer.content)
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic ", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Bearer x", "Token"],
)
def test_a_header_that_is_none_is_a_401(header: str) -> None:
    answer = Api(None).client.get(PATH, HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert answer["WWW-Authenticate"].startswith("Basic realm=")


def test_a_suspended_accounts_keys_stay_out_too(account: Account) -> None:
    key, secret = factories.key(account)
    actions.update_account(account=account, actor=ACTOR, status="suspended")
    answer = Api(account, username=key.sid, secret=secret).get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, 20005)


def test_a_parent_reaches_its_subaccount_and_nobody_else_does(account: Account) -> None:
    child = factories.account("Part", owner=account)
    path = f"/2010-04-01/Accounts/{child.sid}/Keys.json"
    assert Api(account).get(path).status_code == 200
    assert Api(child).get(path).status_code == 200
    assert Api(child).get(f"/2010-04-01/Accounts/{account.sid}/Keys.json").status_code == 404
    assert Api(factories.account("Other")).get(path).status_code == 404


def test_an_api_key_may_neither_see_the_token_nor_make_keys_or_accounts(account: Account) -> None:
    key, secret = factories.key(account)
    api = Api(account, username=key.sid, secret=secret)
    shown = api.get(f"{api.root}.json")
    assert (shown.status_code, shown.json()["auth_token"]) == (200, None)
    assert Api(account).get(f"{api.root}.json").json()["auth_token"] == account.auth_token
    for path in (f"{api.root}/Keys.json", f"{api.root}/SigningKeys.json", "/2010-04-01/Accounts.json"):
        answer = api.post(path, {"FriendlyName": "x"})
        assert (answer.status_code, answer.json()["code"]) == (403, 20403)
    assert api.delete(f"{api.root}/Keys/{key.sid}.json").status_code == 403


def test_credentials_cost_one_query(account: Account) -> None:
    api = Api(account)
    api.get(PATH)
    with CaptureQueriesContext(connection) as queries:
        api.get("/v1/Services/Usecases")
    assert len(queries) == 1
