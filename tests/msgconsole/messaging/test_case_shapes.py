"""A slip in a case is told with its place and its remedy, before anything runs."""

import copy
from pathlib import Path
from typing import Any

import pytest

from msgconsole.messaging import cases
from tests.msgconsole.messaging.case_files import SIMPLE, command

pytestmark = pytest.mark.django_db


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
