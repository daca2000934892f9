"""The worked examples again, through actions, tables and reservations."""

import json
from pathlib import Path
from typing import Any

import pytest

from msgconsole.numbering.e164 import NumberingError
from tests.senders.selection.harness import Outcome
from tests.senders.world import World

CASES = json.loads((Path(__file__).parent / "selection" / "examples.json").read_text(encoding="utf-8"))["cases"]

pytestmark = pytest.mark.django_db


def run(case: dict[str, Any]) -> Outcome:
    world = World()
    world.configure(case["service"])
    for sender in case["pool"]:
        world.add(sender)
    for event in case["history"]:
        match event["op"]:
            case "send":
                decision = world.send(world.request(event))
                if "expect_sender" in event:
                    assert world.name(decision) == event["expect_sender"]
            case "update_service":
                world.configure(event["service"])
            case "remove_sender":
                world.remove(event["sender"])
            case "add_sender":
                world.add(event["sender"])
            case "update_sender":
                world.change(event["sender"], event["set"])
    try:
        request = world.request(case["request"])
    except NumberingError as error:
        return Outcome(None, error.code, "destination", [], None)
    preview = world.decide(request)
    sent = world.send(request)
    if preview.outcome == "chosen":
        assert (sent.sender, sent.steps[: len(preview.steps)]) == (preview.sender, preview.steps)
    return Outcome(world.name(sent), sent.error_code, sent.deciding_stage, list(sent.warnings), sent.rcs)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_it_chooses_as_the_example_says(case: dict[str, Any]) -> None:
    expected = case["expected"]
    assert run(case) == Outcome(
        expected["sender"],
        expected["error_code"],
        expected["deciding_stage"],
        expected["warning_codes"],
        expected["rcs"],
    ), case["why"]
