"""Where scenarios are kept: ``(operation, code)`` → a function of a World."""

from collections.abc import Callable
from typing import Any

from tests.contract.resources import World

Scenario = Callable[[World], Any]
SCENARIOS: dict[tuple[str, int], Scenario] = {}


def given(operation: str, code: int, **params: Any) -> None:
    """A refusal that the parameters alone bring about."""
    SCENARIOS[operation, code] = lambda world: params


def scenario(operation: str, code: int) -> Callable[[Scenario], Scenario]:
    def keep(make: Scenario) -> Scenario:
        SCENARIOS[operation, code] = make
        return make

    return keep
