"""The worked examples, through the pure engine and a pool in memory."""

import json
from pathlib import Path
from typing import Any

import pytest

from senders.selection.plan import forget_plans
from tests.senders.selection.harness import Outcome, run_case

CASES = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("memo", [False, True], ids=["fresh", "remembered"])
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_it_chooses_as_the_example_says(case: dict[str, Any], memo: bool) -> None:
    forget_plans()
    expected = case["expected"]
    assert run_case(case, memo=memo) == Outcome(
        expected["sender"],
        expected["error_code"],
        expected["deciding_stage"],
        expected["warning_codes"],
        expected["rcs"],
    ), case["why"]
