import re

import pytest
from django.urls import reverse

from msgconsole.accounts import secrets
from msgconsole.accounts.models import ApiKey, AuditEntry
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people


@pytest.fixture
def world(db: None) -> People:
    return people()


def test_it_shows_the_secret_once_and_keeps_only_its_digest(world: People) -> None:
    client = logged_in(world.alice)
    answer = client.post(reverse("console:key_create"), {"friendly_name": "billing", "kind": "key"})
    key = ApiKey.objects.get(account=world.acme)
    found = re.search(r'id="key-secret">([A-Za-z0-9]{32})<', answer.content.decode())
    assert found
    assert key.secret_digest == secrets.digest(found[1])
    assert "no-store" in answer["Cache-Control"]
    assert found[1] not in client.get(reverse("console:keys")).content.decode()
    assert found[1] not in str(AuditEntry.objects.filter(action="key.created").values())


def test_it_lists_keys_in_use_and_on_demand_the_revoked_ones(world: People) -> None:
    client = logged_in(world.alice)
    kept, _ = factories.key(world.acme, friendly_name="kept")
    gone, _ = factories.key(world.acme, friendly_name="gone")
    client.post(reverse("console:key_revoke", args=[gone.sid]))
    page = client.get(reverse("console:keys")).content.decode()
    assert kept.sid in page
    assert gone.sid not in page
    assert gone.sid in client.get(reverse("console:keys") + "?show=all").content.decode()


def test_revoking_asks_first_and_then_ends_the_key(world: People) -> None:
    client = logged_in(world.alice)
    key, _ = factories.key(world.acme, friendly_name="old")
    url = reverse("console:key_revoke", args=[key.sid])
    assert "cannot be undone" in client.get(url).content.decode()
    key.refresh_from_db()
    assert key.revoked_at is None
    assert client.post(url).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert AuditEntry.objects.get(action="key.revoked").actor_label == "alice"


def test_a_viewer_sees_keys_but_can_neither_make_nor_revoke_one(world: People) -> None:
    key, _ = factories.key(world.acme)
    client = logged_in(world.bob)
    page = client.get(reverse("console:keys"))
    assert page.status_code == 200
    assert reverse("console:key_create") not in page.content.decode()
    assert client.get(reverse("console:key_create")).status_code == 403
    assert client.post(reverse("console:key_create"), {"kind": "key"}).status_code == 403
    assert client.post(reverse("console:key_revoke", args=[key.sid])).status_code == 403
    assert ApiKey.objects.filter(revoked_at=None).count() == 1


def test_a_key_of_another_account_is_not_found(world: People) -> None:
    key, _ = factories.key(world.acme)
    client = logged_in(world.charlie)
    assert client.get(reverse("console:key_revoke", args=[key.sid])).status_code == 404
    assert client.post(reverse("console:key_revoke", args=[key.sid])).status_code == 404
    assert key.sid not in client.get(reverse("console:keys")).content.decode()


def test_a_name_that_is_too_long_is_said_beside_its_field(world: People) -> None:
    answer = logged_in(world.alice).post(reverse("console:key_create"), {"friendly_name": "x" * 65, "kind": "key"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["friendly_name"]
    assert not ApiKey.objects.exists()
