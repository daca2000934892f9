import ast
from pathlib import Path

import pytest

import msgconsole
from msgconsole.error_causes import CAUSES
from msgconsole.error_codes import CATALOGUE, Refused, message_for


def test_each_code_stands_once_with_a_title_and_a_remedy() -> None:
    for code, entry in CATALOGUE.items():
        assert entry.code == code
        assert entry.title
        assert entry.remedy.endswith(".")
        assert not entry.title.endswith(".")
        assert 400 <= entry.status <= 599


def test_every_code_can_be_met() -> None:
    """Each stands in the source besides the catalogue; what an operation declares is shown in ``test_refusals``."""
    root = Path(msgconsole.__file__).parent.parent
    used: set[object] = set()
    for path in (path for package in ("msgconsole", "senders", "services") for path in (root / package).rglob("*.py")):
        if path.name != "error_codes.py" and "migrations" not in path.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert [code for code in CATALOGUE if code not in used] == []


def test_no_error_has_no_message() -> None:
    assert message_for(None) is None
    assert message_for(30003) == "Handset unreachable"


def test_a_refusal_carries_code_status_and_field() -> None:
    refusal = Refused(21624, "ValidityPeriod 0 is out of range", field="validity_period")
    assert (refusal.code, refusal.status, refusal.field) == (21624, 400, "validity_period")
    assert str(refusal) == "ValidityPeriod 0 is out of range"


def test_a_refusal_without_words_of_its_own_says_title_and_remedy() -> None:
    assert Refused(21603).message == "A sender is missing. Give From or MessagingServiceSid."


def test_a_code_outside_the_catalogue_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        Refused(99999)


def test_every_code_has_its_likely_causes_each_a_sentence() -> None:
    assert set(CAUSES) == set(CATALOGUE)
    for code, causes in CAUSES.items():
        assert causes, code
        assert len(set(causes)) == len(causes) <= 4
        for cause in causes:
            assert cause[0].isupper(), cause
            assert cause.endswith("."), cause
            assert cause != CATALOGUE[code].remedy
