from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from msgconsole.settings import env


@pytest.mark.parametrize("raw, value", [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_booleans_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch, raw: str, value: bool) -> None:
    monkeypatch.setenv("MSGCONSOLE_X", raw)
    assert env.boolean("MSGCONSOLE_X", not value) is value


def test_a_bad_boolean_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MSGCONSOLE_X", "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"MSGCONSOLE_X='perhaps'.*Use 1 or 0"):
        env.boolean("MSGCONSOLE_X", False)


@pytest.mark.parametrize("raw", ["eighty", "0", "70000"])
def test_a_bad_number_is_named_with_its_value(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    monkeypatch.setenv("MSGCONSOLE_PORT", raw)
    with pytest.raises(ImproperlyConfigured, match=f"MSGCONSOLE_PORT='?{raw}"):
        env.integer("MSGCONSOLE_PORT", 8000, least=1, most=65535)


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("s3cret\n")
    monkeypatch.setenv("MSGCONSOLE_SECRET_KEY_FILE", str(secret))
    monkeypatch.delenv("MSGCONSOLE_SECRET_KEY", raising=False)
    assert env.text("MSGCONSOLE_SECRET_KEY") == "s3cret"


def test_so_may_any_other_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = tmp_path / "given"
    monkeypatch.setenv("MSGCONSOLE_X_FILE", str(given))
    given.write_text("8001\n")
    assert env.integer("MSGCONSOLE_X", 8000) == 8001
    given.write_text("off\n")
    assert env.boolean("MSGCONSOLE_X", True) is False
    given.write_text("a, b\n")
    assert env.words("MSGCONSOLE_X", []) == ["a", "b"]


def test_a_database_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ann:p%40ss@db.example:5433/console?sslmode=require")
    found = env.database("DATABASE_URL", {})
    assert found["NAME"] == "console"
    assert found["PASSWORD"] == "p@ss"
    assert found["PORT"] == "5433"
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url, says", [("mysql://x/y", "postgres://"), ("postgres://host", "no database")])
def test_an_unusable_database_url_is_refused(monkeypatch: pytest.MonkeyPatch, url: str, says: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=says):
        env.database("DATABASE_URL", {})
