"""Expectation files through the product: those of the project hold, and a false expectation is seen."""

import copy
import io
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

FOLDER = Path(__file__).resolve().parents[2] / "senders" / "selection"
FILES = {path.name: cases.read(path) for path in (FOLDER / "examples.json", FOLDER / "more_cases.json")}
ALL = [(f"{name.removesuffix('.json')}-{case['id']}", case) for name, listed in FILES.items() for case in listed]
SIMPLE: dict[str, Any] = {
    "id": "simple",
    "pool": [
        {"id": "a", "type": "long_code", "address": "+12065550100", "capabilities": ["SMS"], "other_mappings": 2},
        {"id": "b", "type": "long_code", "address": "+12065550101", "capabilities": ["SMS"]},
    ],
    "history": [{"op": "send", "to": "+14155550124", "expect_sender": "b"}],
    "request": {"to": "+14155550123", "body": "Hello"},
    "expected": {"sender": "b", "error_code": None, "deciding_stage": "scaler", "warning_codes": [], "rcs": None},
}
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


def command(tmp_path: Path, listed: Any, *flags: str) -> tuple[int, str]:
    """Exit status and output of the command over one file."""
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("check_cases", str(path), *flags, stdout=out)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()


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


def slip(**changes: Any) -> dict[str, Any]:
    """The simple case with values put in: ``pool__0__type="x"`` is its first sender's type."""
    case = copy.deepcopy(SIMPLE)
    for path, value in changes.items():
        *way, last = (int(part) if part.isdigit() else part for part in path.split("__"))
        at: Any = case
        for part in way:
            at = at.setdefault(part, {}) if isinstance(at, dict) else at[part]
        at[last] = value
    return case


SLIPS: list[tuple[dict[str, Any], str]] = [
    (slip(histroy=[]), "the case: there is no field 'histroy'; did you mean history?"),
    (slip(service={"sticky": True}), "service: there is no field 'sticky'; did you mean sticky_sender?"),
    (slip(service={"sticky_sender": "yes"}), 'service.sticky_sender: "yes" is no switch; give true or false'),
    (slip(service={"geo_permissions": "US"}), 'service.geo_permissions: "US" is no list; put what it holds in square'),
    (slip(service={"geo_permissions": ["UK"]}), 'service.geo_permissions: "UK" is no country; give an ISO code'),
    (slip(service=[1]), "service: [1] is no object; give one with sticky_sender"),
    (slip(pool={}), "pool: {} is no list; list the senders in the order"),
    (slip(pool=["a"]), 'pool[0]: "a" is no object; give one with id, type, address'),
    (slip(pool__0__capabilites=["SMS"]), "pool[0] (a): there is no field 'capabilites'; did you mean capabilities?"),
    (slip(pool__0__capabilities="SMS"), 'pool[0] (a).capabilities: "SMS" is no list; give a list of SMS and MMS'),
    (slip(pool__0__capabilities=["RCS"]), 'pool[0] (a).capabilities: "RCS" is no capability; give SMS, MMS or both'),
    (slip(pool__0__registration="verified"), 'pool[0] (a).registration: "verified" is none of a long_code; give regis'),
    (slip(pool__0__country="USA"), 'pool[0] (a).country: "USA" is no country'),
    (slip(pool__0__queued=-1), "pool[0] (a).queued: -1 is no number of things; give a whole number from 0"),
    (slip(pool__0__sent=True), "pool[0] (a).sent: true is no number of things"),
    (slip(pool__0__other_mappings="3"), 'pool[0] (a).other_mappings: "3" is no number of things'),
    (slip(pool__0__iso_country_code="FR"), "pool[0] (a).iso_country_code: it is for senders of type alpha"),
    (
        slip(pool__0__unsupported_carriers=["x"]),
        "pool[0] (a).unsupported_carriers: it is for senders of type short_code",
    ),
    (slip(pool__0__approved_regions=["US"]), "pool[0] (a).approved_regions: it is for senders of type rcs"),
    (slip(pool__0__id=""), 'id: "" is no name; give a text that is not empty'),
    (slip(pool__1__id="a"), "pool[1] (a).id: 'a' is in the pool already; give each sender an id of its own"),
    (slip(history={}), "history: {} is no list; list the events in their order"),
    (slip(history=["send"]), 'history[0]: "send" is no object; an event has an op: send, update_service'),
    (slip(history=[{"op": "send"}]), "history[0] (send): to is missing; it needs to"),
    (slip(history__0__expect="b"), "history[0] (send): there is no field 'expect'; "),
    (
        slip(history__0__expect_sender="c"),
        'history[0] (send).expect_sender: "c" is no id of a sender so far; give one of',
    ),
    (
        slip(history=[{"op": "remove_sender", "sender": "z"}]),
        '"z" is no sender of the pool at this point; give one of a, b',
    ),
    (slip(history=[{"op": "remove_sender", "sender": "a"}] * 2), 'history[1] (remove_sender).sender: "a" is no sender'),
    (slip(history=[{"op": "remove_sender"}]), "history[0] (remove_sender): sender is missing"),
    (
        slip(history=[{"op": "update_sender", "sender": "a", "set": {"adress": "x"}}]),
        "history[0] (update_sender).set: there is no field 'adress'; known are capabilities",
    ),
    (slip(history=[{"op": "update_sender", "sender": "a", "set": {}}]), "set: it changes nothing; give capabilities"),
    (
        slip(
            history=[
                {"op": "remove_sender", "sender": "a"},
                {"op": "update_sender", "sender": "a", "set": {"queued": 1}},
            ]
        ),
        'history[1] (update_sender).sender: "a" is no sender of the pool at this point; give one of b',
    ),
    (
        slip(history=[{"op": "add_sender", "sender": {"id": "b", "type": "long_code", "address": "+12065550102"}}]),
        "history[0] (add_sender).sender (b).id: 'b' is in the pool already",
    ),
    (
        slip(
            history=[
                {"op": "remove_sender", "sender": "a"},
                {"op": "add_sender", "sender": {"id": "a", "type": "long_code", "address": "+12065550102"}},
            ]
        ),
        "'a' was long_code +12065550100 before; give another sender another id",
    ),
    (
        slip(history=[{"op": "update_service", "service": {"smart": 1}}]),
        "history[0] (update_service).service: there is no",
    ),
    (slip(request__to=14155550123), "request.to: 14155550123 is no text; put it in quotation marks"),
    (slip(request__too="x"), "request: there is no field 'too'; did you mean to?"),
    (slip(request__media="x"), 'request.media: "x" are no media; give a list of URLs, or true for one picture'),
    (slip(request__recipient={"rcs": "no"}), 'request.recipient.rcs: "no" is no switch'),
    (
        slip(request__recipient={"line_type": "fax"}),
        "request.recipient.line_type: there is no line type 'fax'; give mobile",
    ),
    (
        slip(request__recipient={"optedout": True}),
        "request.recipient: there is no field 'optedout'; did you mean opted_out?",
    ),
    (slip(expected={}), "expected: it expects nothing; give sender, error_code"),
    (slip(expected={"why": "x"}), "expected: it expects nothing"),
    (slip(expected__sender="zz"), 'expected.sender: "zz" is no id of a sender of the case; give one of a, b, or null'),
    (slip(expected__error_code="30034"), 'expected.error_code: "30034" is no error code; give a whole number'),
    (slip(expected__deciding_stage="geomatch"), "expected.deciding_stage: there is no deciding stage 'geomatch'; give"),
    (slip(expected__warning_codes=30018), "expected.warning_codes: 30018 is no list"),
    (slip(expected__rcs="yes"), "expected.rcs: there is no outcome of RCS 'yes'; give delivered or not_capable"),
    (slip(expected__warnings=[]), "expected: there is no field 'warnings'; did you mean warning_codes?"),
    (
        {"id": "simple", "text": "x", "expected": {"segment": 1}},
        "expected: there is no field 'segment'; did you mean seg",
    ),
    ({"id": "simple", "text": 1, "expected": {"segments": 1}}, "text: 1 is no text; put it in quotation marks"),
    ({"id": "simple", "text": "x", "smart": True, "expected": {"units": 1}}, "the case: there is no field 'smart'"),
    ({"id": "simple", "text": "x", "expected": {"encoding": "GSM"}}, "there is no encoding 'GSM'; give GSM-7 or UCS-2"),
]


@pytest.mark.parametrize("case, words", SLIPS, ids=[words[:50] for _, words in SLIPS])
def test_a_slip_in_a_case_is_told_with_its_place_and_remedy(tmp_path: Path, case: dict[str, Any], words: str) -> None:
    status, out = command(tmp_path, [case])
    assert status == 1
    assert out.startswith("simple: ")
    assert words in out
    assert "cases: 0/1" in out


@pytest.mark.parametrize(
    "case",
    [
        slip(_note="x", label="x", why="x", certainty="documented", source="x", pool__0___about="x", request__note="x"),
        slip(service=None, pool__0__country=None, pool__0__registration=None, request__media=None, request__body=None),
        slip(service={"sticky_sender": True}, request__recipient=None, request__fallback_from=None),
        slip(expected__sender="b", expected__warning_codes=[]),
    ],
)
def test_words_and_nulls_are_no_slips(case: dict[str, Any]) -> None:
    assert str(cases.run(case, 1)) == "simple: ok"


def test_media_may_be_told_by_a_mere_true() -> None:
    case = slip(request__media=True, expected={"sender": None, "error_code": 21703})
    assert str(cases.run(case, 1)) == "simple: ok"


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
