"""Expectation files through the product: those of the project hold, and a false expectation is seen."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from msgconsole.messaging import cases
from msgconsole.outbox.models import OutboxEntry
from msgconsole.webhooks.models import WebhookDelivery
from tests import factories
from tests.msgconsole.messaging.case_files import SIMPLE, command

FOLDER = Path(__file__).resolve().parents[2] / "senders" / "selection"
FILES = {path.name: cases.read(path) for path in (FOLDER / "examples.json", FOLDER / "more_cases.json")}
ALL = [(f"{name.removesuffix('.json')}-{case['id']}", case) for name, listed in FILES.items() for case in listed]
ALONE = {**SIMPLE, "pool": SIMPLE["pool"][:1], "history": [], "expected": {"sender": "a"}}

pytestmark = pytest.mark.django_db


def changed(**expected: Any) -> dict[str, Any]:
    case = copy.deepcopy(SIMPLE)
    case["expected"] |= expected
    return case


def rows() -> dict[str, list[Any]]:
    """Every row of every table of the project."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label not in {"contenttypes", "auth", "sessions", "admin"}
    }


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[name for name, _ in ALL])
def test_what_the_project_expects_holds(case: dict[str, Any]) -> None:
    result = cases.run(case, 1)
    assert result.ok, str(result)


def test_every_rule_has_an_expectation() -> None:
    stages = {case["expected"]["deciding_stage"] for _, case in ALL}
    assert stages == {
        *("destination", "opt_out", "pool_empty", "explicit_from", "rcs", "fallback_from", "capability", "sticky"),
        *("short_code", "alpha_destination", "alpha_default", "toll_free_priority", "area_code_exact"),
        *("area_code_overlay", "country_match", "nanp_fallback", "us_fallback", "any_fallback", "scaler", "tie_break"),
        *("compliance", "no_sender"),
    }


@pytest.mark.parametrize(
    "expected, group, words",
    [
        ({"sender": "a"}, "cases", 'sender: expected "a", came "b"'),
        ({"error_code": 30034}, "cases", "error_code: expected 30034, came null"),
        ({"deciding_stage": "sticky"}, "stages", 'deciding_stage: expected "sticky", came "scaler"'),
        ({"warning_codes": [30018]}, "warnings", "warning_codes: expected [30018], came []"),
        ({"rcs": "delivered"}, "rcs", 'rcs: expected "delivered", came null'),
    ],
)
def test_a_false_expectation_is_told_and_counted_where_it_belongs(
    tmp_path: Path, expected: dict[str, Any], group: str, words: str
) -> None:
    status, out = command(tmp_path, [SIMPLE, changed(**expected)])
    assert status == 1
    lines = out.splitlines()
    assert lines[:2] == ["simple: ok", f"simple: {words}"]
    counts = dict(line.split(": ") for line in lines[2:])
    assert counts == {name: "1/2" if name == group else "2/2" for name in ("cases", "stages", "warnings", "rcs")}


def test_an_assertion_in_the_history_is_one() -> None:
    case = copy.deepcopy(SIMPLE)
    case["history"][0]["expect_sender"] = "a"
    result = cases.run(case, 1)
    assert not result.holds("cases")
    assert str(result) == 'simple: event 1 (send) sender: expected "a", came "b"'


def test_an_explanation_that_says_otherwise_than_the_send_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    said = cases._explained
    monkeypatch.setattr(cases, "_explained", lambda *given: said(*given) | {"sender": "a"})
    result = cases.run(SIMPLE, 1)
    assert str(result) == 'simple: explained sender: expected "b", came "a"'


def test_it_exits_with_zero_and_prints_the_counts_when_all_hold(tmp_path: Path) -> None:
    assert command(tmp_path, {"cases": [SIMPLE]}) == (
        0,
        "simple: ok\ncases: 1/1\nstages: 1/1\nwarnings: 1/1\nrcs: 1/1\n",
    )


def test_what_a_case_does_not_speak_of_is_not_counted(tmp_path: Path) -> None:
    case = {**SIMPLE, "expected": {"sender": "b"}}
    assert command(tmp_path, [case]) == (0, "simple: ok\ncases: 1/1\n")


def test_the_report_as_json(tmp_path: Path) -> None:
    status, out = command(tmp_path, [SIMPLE, changed(sender="a")], "--json")
    report = json.loads(out)
    assert (status, report["ok"], report["counts"]["cases"]) == (1, False, {"hold": 1, "of": 2})
    assert [case["ok"] for case in report["cases"]] == [True, False]
    assert report["cases"][1]["differences"] == [{"name": "sender", "group": "cases", "expected": "a", "came": "b"}]


def test_nothing_is_kept_of_any_case(tmp_path: Path) -> None:
    acme = factories.account()
    mine = factories.number(acme, "+12065550100")
    factories.pooled(factories.service(acme), mine)
    OutboxEntry.objects.create(
        kind="messaging.dispatch", reference="SM0", queue="dispatch", available_at=factories.WHEN
    )
    before = rows()
    status, _ = command(tmp_path, [SIMPLE, changed(sender="a"), {"id": "no", "pool": 1, "request": {}, "expected": {}}])
    assert status == 1
    assert rows() == before
    assert not WebhookDelivery.objects.exists()


def test_a_full_queue_fails_the_message_and_is_foretold(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("msgconsole.numbering.sender_rules.QUEUE_HOURS", 0.005)  # eighteen seconds of traffic
    case = copy.deepcopy(SIMPLE)
    case["pool"] = [{"id": "a", "type": "long_code", "address": "+12065550100", "capabilities": ["SMS"], "queued": 18}]
    case["history"] = []
    case["expected"] = {"sender": "a", "error_code": 30001, "deciding_stage": "country_match"}
    assert str(cases.run(case, 1)) == "simple: ok"
    case["pool"][0]["queued"] = 17
    assert "error_code: expected 30001, came null" in str(cases.run(case, 1))


@pytest.mark.parametrize(
    "case, came",
    [
        (
            {"smart_encoding": True, "text": "“Hi”"},
            {"encoding": "GSM-7", "units": 4, "segments": 1, "smart_encoded_text": '"Hi"', "error_code": None},
        ),
        (
            {"smart_encoding": False, "text": "“Hi”"},
            {"encoding": "UCS-2", "units": 4, "segments": 1, "smart_encoded_text": "“Hi”", "error_code": None},
        ),
        (
            {"smart_encoding": True, "text": "€" * 80 + "x"},
            {
                "encoding": "GSM-7",
                "units": 161,
                "segments": 2,
                "smart_encoded_text": "€" * 80 + "x",
                "error_code": None,
            },
        ),
        ({"smart_encoding": True, "text": "x" * 1601}, {"error_code": 21617}),
    ],
)
def test_a_text_is_encoded_by_a_real_send(case: dict[str, Any], came: dict[str, Any]) -> None:
    assert cases.run({"id": "text", **case, "expected": came}, 1).ok
    for name, value in came.items():
        false = {**came, name: 1 if value != 1 else 2}
        assert not cases.run({"id": "text", **case, "expected": false}, 1).ok


def test_opt_out_cases_are_refused_in_so_many_words() -> None:
    result = cases.run({"id": "stop", "inbound_text": "STOP", "expected": {}}, 1)
    assert str(result) == "stop: kind opt-out is not supported yet"


@pytest.mark.parametrize(
    "case, words",
    [
        ({"id": "x"}, "its keys fit no kind of case: one about senders has pool, request and expected"),
        (
            {**SIMPLE, "pool": [{"id": "a", "type": "pigeon", "address": "+1"}]},
            "pool[0] (a).type: there is no type of sender 'pigeon'; give long_code, toll_free,",
        ),
        ({**ALONE, "pool": [{"id": "a", "type": "long_code", "address": "nine"}]}, "its set-up was refused: 21421"),
        (
            {**SIMPLE, "history": [{"op": "dance"}]},
            "history[0].op: there is no event 'dance'; give send, update_service",
        ),
        ({**SIMPLE, "pool": [{"id": "a"}]}, "pool[0] (a): type is missing; it needs id, type, address"),
        (
            {**ALONE, "pool": [{"id": "a", "type": "long_code", "address": "+18885550199"}]},
            "+18885550199 is a toll_free, not a long_code",
        ),
    ],
)
def test_a_case_that_cannot_run_says_why(case: dict[str, Any], words: str) -> None:
    result = cases.run(case, 1)
    assert words in str(result)
    assert not result.holds("cases")


def test_warnings_are_compared_whatever_their_order() -> None:
    named = {"to": "+919812345678", "body": "Hello", "from": "ACME"}
    expected = {"warning_codes": [30018, 21711]}
    case = {**ALONE, "request": named, "expected": expected}
    assert str(cases.run(case, 1)) == "simple: ok"
    assert str(cases.run({**case, "expected": {"warning_codes": expected["warning_codes"][::-1]}}, 1)) == "simple: ok"
    assert not cases.run({**case, "expected": {"warning_codes": [30018]}}, 1).ok


def test_a_case_that_breaks_down_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = cases.KINDS["encoding"]

    def breaks(case: Any) -> Any:
        if case["text"] == "break":
            raise ZeroDivisionError("of all things")
        return check(case)

    monkeypatch.setitem(cases.KINDS, "encoding", breaks)
    listed = [{"id": text, "text": text, "expected": {"segments": 1}} for text in ("break", "hold")]
    status, out = command(tmp_path, listed)
    assert status == 1
    assert out.splitlines()[:2] == ["break: it could not be run: ZeroDivisionError of all things", "hold: ok"]


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1]", '{"cases": 1}', '{"cases": []}'])
def test_a_file_without_cases_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"no\.json"):
        call_command("check_cases", str(path))
    with pytest.raises(CommandError, match=r"missing\.json"):
        call_command("check_cases", str(tmp_path / "missing.json"))


def test_a_new_install_can_check_cases_before_it_has_tables(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([SIMPLE]), encoding="utf-8")
    data = tmp_path / "data"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "msgconsole.settings.development", "MSGCONSOLE_DATA_DIR": str(data)}
    env.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check_cases", str(path)],
        cwd=Path(__file__).resolve().parents[3],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "cases: 1/1" in done.stdout, done.stderr
    assert done.returncode == 0
    assert not (data / "msgconsole.sqlite3").exists()
