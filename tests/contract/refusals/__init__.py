"""For each refusal that an operation declares as its own: how a caller comes by it.

``(operation, code)`` → a function of a World that makes what it takes and answers with the call's parameters, or makes
the call itself and answers with its answer.
"""

from tests.contract.refusals import messages, registrations, services
from tests.contract.refusals.registry import SCENARIOS

__all__ = ["SCENARIOS", "messages", "registrations", "services"]
