"""How every decision accounts for itself: an ordered list of steps, each with who was eliminated and why. Pure.

Selection, consent and encoding all speak in these two shapes, so that one page can tell the whole story of a message.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

SCHEMA: Final = 1  # of the dictionaries below; grows when a reader of old ones would be misled
MOST_KEPT: Final = 20
MOST_EXAMPLES: Final = 5

Verdict = Literal["applied", "not_applicable", "disabled"]
VERDICTS: Final[frozenset[str]] = frozenset({"applied", "not_applicable", "disabled"})


class BrokenExplanation(AssertionError):
    """An explanation contradicts itself. Never expected: it means that an engine miscounted."""


@dataclass(frozen=True, slots=True)
class Elimination:
    """Why some candidates went, at one step.

    ``reason`` is an enumerated value, ``detail`` a sentence with the values side by side, ``count`` how many went for
    it, ``examples`` the labels of at most five of them.
    """

    reason: str
    detail: str
    count: int
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1 or len(self.examples) > min(MOST_EXAMPLES, self.count):
            raise BrokenExplanation(f"{self.reason}: {self.count} eliminated, examples {self.examples}")

    def to_dict(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "detail": self.detail,
            "count": self.count,
            "examples": list(self.examples),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Elimination":
        return cls(data["reason"], data["detail"], data["count"], tuple(data["examples"]))


@dataclass(frozen=True, slots=True)
class Step:
    """One question put to the candidates that were left.

    ``before`` and ``after`` are true numbers; ``kept`` names at most twenty of those left. ``note`` says in few words
    why a step did not apply, or what it came to. ``setting`` is the key of the setting that rules the step.
    """

    stage: str
    question: str
    verdict: Verdict
    before: int
    after: int
    kept: tuple[str, ...] = ()
    eliminated: tuple[Elimination, ...] = ()
    note: str = ""
    decided: bool = False
    setting: str | None = None

    def __post_init__(self) -> None:
        if self.before != self.after + sum(gone.count for gone in self.eliminated):
            raise BrokenExplanation(f"{self.stage}: {self.before} in, {self.after} out, {self.eliminated}")
        if len(self.kept) > min(MOST_KEPT, self.after) or self.verdict not in VERDICTS:
            raise BrokenExplanation(f"{self.stage}: {self.verdict}, {len(self.kept)} named of {self.after} kept")

    def to_dict(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "question": self.question,
            "verdict": self.verdict,
            "before": self.before,
            "after": self.after,
            "kept": list(self.kept),
            "eliminated": [gone.to_dict() for gone in self.eliminated],
            "note": self.note,
            "decided": self.decided,
            "setting": self.setting,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Step":
        return cls(
            data["stage"],
            data["question"],
            data["verdict"],
            data["before"],
            data["after"],
            tuple(data["kept"]),
            tuple(Elimination.from_dict(gone) for gone in data["eliminated"]),
            data["note"],
            data["decided"],
            data["setting"],
        )


def check_chain(steps: Iterable[Step]) -> None:
    """Each step starts with those whom the last one left."""
    last: Step | None = None
    for step in steps:
        if last is not None and step.before != last.after:
            raise BrokenExplanation(f"{last.stage} left {last.after}, {step.stage} starts with {step.before}")
        last = step


def mark_decided(steps: Iterable[Step], stage: str) -> tuple[Step, ...]:
    """The same steps, with the one of that stage marked as the one that decided."""
    return tuple(replace(step, decided=True) if step.stage == stage else step for step in steps)
