"""Explain, WhyNot and Replay over REST: what is told is what happens, and nothing is written."""

import json
from typing import Any

import pytest
from django.apps import apps
from jsonschema import Draft202012Validator

from msgconsole.messaging.models import Message
from msgconsole.outbox import queue
from senders.models import Sender
from services.models import MessagingService
from tests import factories
from tests.api_client import Api
from tests.msgconsole.messaging.conftest import TO, pooled

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        self.account = factories.account()
        self.service: MessagingService = factories.service(self.account)
        self.api = Api(self.account)
        self.root = f"/msgconsole/v1/Services/{self.service.sid}"

    def ask(self, name: str, status: int = 200, /, **params: Any) -> Any:
        given = {key: json.dumps(value) if key == "Overrides" else value for key, value in params.items()}
        answer = self.api.post(f"{self.root}/{name}", given)
        assert answer.status_code == status, answer.content
        return answer.json()

    def explain(self, **params: Any) -> Any:
        return self.ask("Explain", **{"To": TO, "Body": "Hello", **params})

    def why_not(self, sender: str, **params: Any) -> Any:
        return self.ask("WhyNot", **{"To": TO, "Body": "Hello", "WhyNot": sender, **params})


@pytest.fixture
def world() -> World:
    return World()


def rows() -> dict[str, list[Any]]:
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}


def declared(path: str, method: str) -> dict[str, Any]:
    """The schema of an operation's answer, with its references inside."""
    document = Api(None).get("/msgconsole/v1/openapi.json").json()
    schema = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**_plain(schema), "components": _plain(document["components"])}


def _plain(part: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` as JSON Schema says it."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    rest = {key: _plain(value) for key, value in part.items() if key != "nullable"}
    return {"anyOf": [rest, {"type": "null"}]} if part.get("nullable") else rest


def fits(body: Any, path: str, method: str = "post") -> None:
    Draft202012Validator(declared(path, method)).validate(body)


EXPLAIN = "/msgconsole/v1/Services/{ServiceSid}/Explain"
WHY_NOT = "/msgconsole/v1/Services/{ServiceSid}/WhyNot"
REPLAY = "/msgconsole/v1/Messages/{Sid}/Replay"


def test_it_tells_what_the_send_will_do(world: World) -> None:
    pooled(world.service)
    pooled(world.service, "+14155550100")
    told = world.explain(Body="“Hi”")
    fits(told, EXPLAIN)
    answer = world.api.post(
        f"{world.api.root}/Messages.json", {"To": TO, "Body": "“Hi”", "MessagingServiceSid": world.service.sid}
    )
    now = told["answers_now"]
    assert (now["status_code"], now["status"], now["code"]) == (answer.status_code, answer.json()["status"], None)
    queue.drain(until_idle=True)
    message = Message.objects.get()
    assert told["decision"]["sender"]["address"] == message.from_address == "+14155550100"
    assert told["decision"]["deciding_stage"] == message.decided_by
    assert told["encoding"] == {
        "encoding": message.encoding,
        "units": 4,
        "segments": message.num_segments,
        "units_per_segment": 160,
        "smart_encoded_text": message.body,
        "replaced": True,
        "forcing_ucs2": [],
    }
    assert told["opt_out"] == {"opted_out": False, "detail": None}
    assert len(told["happens_later"]) == 3


def test_characters_that_force_ucs2_are_named(world: World) -> None:
    pooled(world.service)
    told = world.explain(Body="Grüße ☃ ☃ 日")
    assert (told["encoding"]["encoding"], told["encoding"]["forcing_ucs2"]) == ("UCS-2", ["☃", "日"])


@pytest.mark.parametrize(
    "params",
    [
        {"Body": ""},
        {"To": "12345"},
        {"To": "+12"},
        {"From": "+12065550199"},
        {"FallbackFrom": "+12065550100"},
        {"MediaUrl": "nowhere"},
        {"SendAt": "2020-01-01T00:00:00Z", "ScheduleType": "fixed"},
        {},
    ],
)
def test_a_refusal_is_foretold_to_the_letter(world: World, params: dict[str, Any]) -> None:
    if params:
        pooled(world.service)
    told = world.explain(**params)
    fits(told, EXPLAIN)
    given = {"To": TO, "Body": "Hello", **params, "MessagingServiceSid": world.service.sid}
    answer = world.api.post(f"{world.api.root}/Messages.json", given)
    now = told["answers_now"]
    assert (now["status_code"], now["code"], now["message"]) == (
        answer.status_code,
        answer.json()["code"],
        answer.json()["message"],
    )
    assert (told["happens_later"], told["error_code"]) == ([], answer.json()["code"])


def test_who_opted_out_is_told(world: World) -> None:
    pooled(world.service)
    factories.opted_out(world.service, TO)
    told = world.explain()
    fits(told, EXPLAIN)
    assert (told["opt_out"]["opted_out"], told["error_code"], told["answers_now"]["status"]) == (
        True,
        21610,
        "accepted",
    )
    assert "with STOP" in told["opt_out"]["detail"]
    assert world.explain(Overrides={"recipient": {"opted_out": False}})["error_code"] is None


def test_overrides_are_answered_and_change_the_answer(world: World) -> None:
    pooled(world.service)
    first = pooled(world.service, "+14155550100")
    told = world.explain(Overrides={"remove": [first.sid], "smart_encoding": False}, Body="“Hi”")
    fits(told, EXPLAIN)
    assert told["overrides"] == {"smart_encoding": False, "remove": [first.sid]}
    assert told["decision"]["sender"]["address"] == "+12065550100"
    assert told["encoding"]["encoding"] == "UCS-2"
    added = {"add": [{"kind": "short_code", "address": "60012", "country": "US"}]}
    told = world.explain(Overrides=added)
    fits(told, EXPLAIN)
    assert told["decision"]["deciding_stage"] == "short_code"


def test_an_empty_pool_is_refused_unless_the_what_if_fills_it(world: World) -> None:
    assert world.explain()["answers_now"]["code"] == 21704
    told = world.explain(Overrides={"add": [{"kind": "long_code", "address": "+12065550100"}]})
    assert (told["answers_now"]["status"], told["decision"]["sender"]["address"]) == ("accepted", "+12065550100")
    pooled(world.service)
    assert world.explain(Overrides={"remove": ["+12065550100"]})["answers_now"]["code"] == 21704


def test_a_sender_that_the_what_if_adds_can_be_named(world: World) -> None:
    pooled(world.service)
    added = {"add": [{"kind": "long_code", "address": "+13105550100"}]}
    assert world.explain(From="+13105550100")["answers_now"]["code"] == 21659
    assert world.explain(From="+13105550100", Overrides=added)["decision"]["deciding_stage"] == "explicit_from"
    rcs = {"add": [{"kind": "rcs", "address": "rcs:acme"}]}
    assert world.explain(FallbackFrom="+12065550100")["answers_now"]["code"] == 21667
    assert world.explain(FallbackFrom="+12065550100", Overrides=rcs)["decision"]["deciding_stage"] == "fallback_from"


@pytest.mark.parametrize(
    "overrides, words",
    [
        ("{", "Overrides"),
        ("[]", "Overrides"),
        ('{"sticky": true}', "'sticky' is not known"),
        ('{"busy": ["+19995550100"]}', "+19995550100 is no sender"),
        ('{"recipient": {"line_type": "satellite"}}', "'satellite'"),
    ],
)
def test_overrides_that_are_wrong_are_refused_by_name(world: World, overrides: str, words: str) -> None:
    pooled(world.service)
    answer = world.api.post(f"{world.root}/Explain", {"To": TO, "Body": "Hello", "Overrides": overrides})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert words in answer.json()["message"]


def test_why_not_names_the_rule_and_the_change_that_helps(world: World) -> None:
    seattle = pooled(world.service)
    pooled(world.service, "+14155550100")
    told = world.why_not(seattle.sid)
    fits(told, WHY_NOT)
    assert (told["stage"], told["reason"]) == ("area_code_exact", "area_code_mismatch")
    assert told["sentence"] == "its area code is 206, the recipient's is 415"
    change = told["smallest_change"]
    assert world.explain(Overrides=change["overrides"])["decision"]["sender"]["sid"] == seattle.sid
    assert world.explain(WhyNot=seattle.address)["why_not"] == {
        key: told[key] for key in ("sender", "stage", "reason", "sentence", "smallest_change")
    }


def test_why_not_of_a_pool_of_twelve(world: World) -> None:
    """Each of eleven others has a first rule, and a change that wins or a reason why none does."""
    mixed = [
        *(pooled(world.service, f"+1206555010{n}") for n in range(3)),
        pooled(world.service, "+16285550100"),
        pooled(world.service, "+14165550100"),
        pooled(world.service, "+447400111222"),
        pooled(world.service, "+18885550199"),
        pooled(world.service, "+12065550177", registration="unregistered"),
        factories.pooled(world.service, factories.short_code(world.account, "60012")).sender,
        factories.alpha(world.service).sender,
        factories.pooled(world.service, factories.channel_sender(world.account, "whatsapp:+447400111333")).sender,
        factories.pooled(world.service, factories.channel_sender(world.account, "rcs:acme")).sender,
    ]
    chosen = world.explain()["decision"]["sender"]["sid"]
    others: list[Sender] = [one for one in mixed if one.sid != chosen]
    assert len(others) == 11
    hopeless = {"+447400111222", "ACME", "whatsapp:+447400111333"}
    for one in others:
        told = world.why_not(one.sid)
        fits(told, WHY_NOT)
        change = told["smallest_change"]
        assert all((told["stage"], told["sentence"], change["sentence"]))
        assert (change["overrides"] is None) == (one.address in hopeless), told
        if change["overrides"] is not None:
            after = world.explain(Overrides=change["overrides"])
            assert (after["decision"]["outcome"], after["decision"]["sender"]["sid"]) == ("chosen", one.sid)


def test_why_not_of_a_request_that_is_refused(world: World) -> None:
    sender = pooled(world.service)
    told = world.why_not(sender.sid, To="12345")
    fits(told, WHY_NOT)
    assert (told["stage"], told["smallest_change"]["overrides"]) == ("request", None)
    assert world.ask("WhyNot", 400, To=TO, Body="x")["code"] == 20001
    assert world.ask("WhyNot", 400, To=TO, Body="x", WhyNot="+19995550100")["code"] == 20001


def test_replay_over_rest(world: World) -> None:
    pooled(world.service)
    sent = world.api.post(
        f"{world.api.root}/Messages.json", {"To": TO, "Body": "Hello", "MessagingServiceSid": world.service.sid}
    ).json()
    path = f"/msgconsole/v1/Messages/{sent['sid']}/Replay"
    assert world.api.post(path).json()["code"] == 20404  # nothing is decided yet
    queue.drain(until_idle=True)
    pooled(world.service, "+14155550100")
    told = world.api.post(path).json()
    fits(told, REPLAY)
    fits(told["then"], "/msgconsole/v1/Messages/{Sid}/Decision", "get")
    assert told["equal"]
    assert {"name": "sender", "then": "+12065550100", "now": "+14155550100"} in told["differences"]["outcome"]
    assert Api(factories.account()).post(path).status_code == 404


def test_none_of_it_changes_a_row(world: World) -> None:
    seattle = pooled(world.service)
    pooled(world.service, "+14155550100")
    sent = world.api.post(
        f"{world.api.root}/Messages.json", {"To": TO, "Body": "Hello", "MessagingServiceSid": world.service.sid}
    ).json()
    queue.drain(until_idle=True)
    before = rows()
    world.explain()
    world.explain(MediaUrl="https://example.com/cat.jpg", To="+447400123456")
    world.explain(Overrides={"recipient_is_new": True, "busy": [seattle.sid]}, WhyNot=seattle.sid)
    world.why_not(seattle.sid)
    world.api.post(f"/msgconsole/v1/Messages/{sent['sid']}/Replay")
    for name in ("Coverage", "Lint", "StickyMappings"):
        assert world.api.get(f"{world.root}/{name}").status_code == 200
    assert rows() == before


def test_the_own_document_holds_the_own_addresses_and_all_it_speaks_of(world: World) -> None:
    document = Api(None).get("/msgconsole/v1/openapi.json").json()
    tails = {path.rpartition("/")[2] for path in document["paths"]}
    assert {"Explain", "WhyNot", "Replay", "Decision", "Coverage", "Lint", "StickyMappings"} <= tails
    assert all(path.startswith("/msgconsole/v1/") for path in document["paths"])
    text = json.dumps(document["paths"])
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]
    for methods in document["paths"].values():
        for operation in methods.values():
            assert {"400", "401"} <= set(operation["responses"])
            assert "requestBody" not in operation or operation["requestBody"]["content"]
