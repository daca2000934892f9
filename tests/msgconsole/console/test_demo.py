"""The demo install: made once, brought in line with fixed credentials, and made anew on demand."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from msgconsole.accounts.models import Account, AuditEntry, User
from msgconsole.messaging.lifecycle import Status, is_final
from msgconsole.messaging.models import DecisionTrace, Message
from senders.models import Sender

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def load(**options: Any) -> str:
    out = StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_it_makes_services_senders_of_every_kind_and_messages_with_real_decisions() -> None:
    load()
    account = Account.objects.get()
    assert account.services.count() == 2
    kinds = set(Sender.objects.values_list("kind", flat=True))
    assert kinds >= {"long_code", "toll_free", "short_code", "alpha", "whatsapp", "rcs"}
    assert {"US", "CA", "GB", "DE"} <= set(Sender.objects.values_list("country", flat=True))
    assert Message.objects.count() >= 36
    assert all(is_final(Status(status)) for status in Message.objects.values_list("status", flat=True))
    assert DecisionTrace.objects.count() == Message.objects.count()
    # Every step was an action: the audit log knows who made what.
    assert AuditEntry.objects.filter(action="service.created", actor_label="load_demo").count() == 2


def test_a_second_run_changes_nothing_and_says_the_same() -> None:
    first = load()
    sids = set(Message.objects.values_list("sid", flat=True))
    assert load() == first
    assert set(Message.objects.values_list("sid", flat=True)) == sids


def test_the_printed_login_and_token_are_those_that_work() -> None:
    printed = dict(line.split(maxsplit=1) for line in load().splitlines())
    name, _, password = printed["Login"].partition(" / ")
    assert User.objects.get(username=name).check_password(password)
    account = Account.objects.get(sid=printed["AccountSid"])
    assert account.auth_token == printed["AuthToken"]


def test_fixed_credentials_win_also_over_an_install_that_has_others(settings: Any) -> None:
    load()
    settings.MSGCONSOLE_DEMO_ACCOUNT_SID = "AC" + "0" * 32
    settings.MSGCONSOLE_DEMO_AUTH_TOKEN = "f" * 32
    settings.MSGCONSOLE_DEMO_PASSWORD = "demo"
    load()
    account = Account.objects.get()
    assert account.sid == "AC" + "0" * 32
    assert account.auth_token == "f" * 32
    assert account.messages.exists()
    assert User.objects.get(username="demo").check_password("demo")


def test_it_shows_the_port_that_is_served() -> None:
    assert "http://127.0.0.1:8765/" in load(port=8765)


def test_a_bad_fixed_sid_is_named(settings: Any) -> None:
    settings.MSGCONSOLE_DEMO_ACCOUNT_SID = "AC123"
    with pytest.raises(SystemExit, match="MSGCONSOLE_DEMO_ACCOUNT_SID='AC123'"):
        load()


def test_reset_makes_new_data_and_keeps_the_credentials() -> None:
    first = load()
    old = set(Message.objects.values_list("sid", flat=True))
    assert load(reset=True) == first
    new = set(Message.objects.values_list("sid", flat=True))
    assert len(new) == len(old)
    assert not new & old
    assert Account.objects.get().services.count() == 2
