"""The answer: which sender, why, and why not each other; or why none. Checks itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from msgconsole.explain import SCHEMA, BrokenExplanation, Step, check_chain
from senders.selection.stages.sticky import MappingChange
from senders.selection.types import (
    Candidate,
    Policy,
    Probe,
    SelectionRequest,
    StoredMapping,
    maybe_candidate,
)

Outcome = Literal["chosen", "chosen_but_fails", "refused"]
Rcs = Literal["delivered", "not_capable"]
RESERVE: Final = "reserve"


@dataclass(frozen=True, slots=True)
class Decision:
    """One choice, as it is stored with the message and shown on every screen.

    ``chosen_but_fails``: a sender is named, and the message fails with ``error_code`` (a registration is missing).
    ``deciding_stage`` is the last rule that was needed to be left with one sender, or the rule that ended it.
    ``because`` completes "…, because …". ``ranked`` are at most 20 members of the last group with their load, the best
    first. ``rcs``: whether the RCS sender was used, or could not be; None when RCS played no part. ``media_as_link``:
    media go as a link at the end of the text. ``request``, ``policy`` and ``found`` (the mapping as it was) are the
    inputs: with the pool's summary of ``config_version`` they give this decision again.
    """

    outcome: Outcome
    sender: Candidate | None
    error_code: int | None
    error_detail: str
    warnings: tuple[int, ...]
    deciding_stage: str
    because: str
    steps: tuple[Step, ...]
    ranked: tuple[Candidate, ...]
    probes: tuple[Probe, ...]
    group_size: int
    rcs: Rcs | None
    channel_used: str
    media_as_link: bool
    mapping: MappingChange
    request: SelectionRequest
    policy: Policy
    found: StoredMapping | None
    rules_version: str
    config_version: int

    def __post_init__(self) -> None:
        check_chain(self.steps)
        if (self.sender is None) != (self.outcome == "refused") or (self.error_code is None) != (
            self.outcome == "chosen"
        ):
            raise BrokenExplanation(f"{self.outcome} with sender {self.sender} and error {self.error_code}")
        if self.sender is not None:
            last = next(step for step in reversed(self.steps) if step.verdict == "applied" and step.kept)
            if self.sender.address not in last.kept:
                raise BrokenExplanation(f"{self.sender.address} is chosen, but {last.stage} kept {last.kept}")

    @property
    def facts(self) -> dict[str, Any]:
        """What the decision was taken on, for people."""
        return {
            "to": self.request.to,
            "country": self.request.country,
            "area_code": self.request.area_code,
            "channel": self.request.channel,
            "channel_used": self.channel_used,
            "media": self.request.media,
            "media_as_link": self.media_as_link,
            "from": self.request.from_address,
            "fallback_from": self.request.fallback_from,
            "carrier": self.request.recipient.carrier,
            "line_type": self.request.recipient.line_type,
            "sticky_sender": self.policy.sticky_sender,
            "area_code_geomatch": self.policy.area_code_geomatch,
            "mms_converter": self.policy.mms_converter,
            "config_version": self.config_version,
            "rules_version": self.rules_version,
        }

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        if self.sender is None:
            return self.error_detail
        told = f"{self.sender.address}, because {self.because}."
        return f"{told} {self.error_detail}" if self.error_detail else told

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "outcome": self.outcome,
            "sentence": self.sentence,
            "sender": self.sender.to_dict() if self.sender else None,
            "error_code": self.error_code,
            "error_detail": self.error_detail,
            "warnings": list(self.warnings),
            "deciding_stage": self.deciding_stage,
            "because": self.because,
            "steps": [step.to_dict() for step in self.steps],
            "ranked": [candidate.to_dict() for candidate in self.ranked],
            "probes": [probe.to_dict() for probe in self.probes],
            "group_size": self.group_size,
            "rcs": self.rcs,
            "channel_used": self.channel_used,
            "media_as_link": self.media_as_link,
            "mapping": {
                "action": self.mapping.action,
                "mapping_id": self.mapping.mapping_id,
                "old_member_id": self.mapping.old_member_id,
            },
            "facts": self.facts,
            "inputs": {
                "request": self.request.to_dict(),
                "policy": self.policy.to_dict(),
                "found": self.found.to_dict() if self.found else None,
            },
            "rules_version": self.rules_version,
            "config_version": self.config_version,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Decision":
        if data["schema"] != SCHEMA:
            raise ValueError(f"This decision has schema {data['schema']}; this version reads schema {SCHEMA}.")
        inputs = data["inputs"]
        return cls(
            outcome=data["outcome"],
            sender=maybe_candidate(data["sender"]),
            error_code=data["error_code"],
            error_detail=data["error_detail"],
            warnings=tuple(data["warnings"]),
            deciding_stage=data["deciding_stage"],
            because=data["because"],
            steps=tuple(Step.from_dict(step) for step in data["steps"]),
            ranked=tuple(Candidate.from_dict(candidate) for candidate in data["ranked"]),
            probes=tuple(Probe.from_dict(probe) for probe in data["probes"]),
            group_size=data["group_size"],
            rcs=data["rcs"],
            channel_used=data["channel_used"],
            media_as_link=data["media_as_link"],
            mapping=MappingChange(**data["mapping"]),
            request=SelectionRequest.from_dict(inputs["request"]),
            policy=Policy.from_dict(inputs["policy"]),
            found=None if inputs["found"] is None else StoredMapping.from_dict(inputs["found"]),
            rules_version=data["rules_version"],
            config_version=data["config_version"],
        )

    def reserved(self, taken: Candidate, note: str) -> "Decision":
        """The same decision, with what happened when its sender was reserved among other workers' sends."""
        step = Step(
            RESERVE,
            "Which of the ranked senders was free?",
            "applied",
            self.steps[-1].after,
            self.steps[-1].after,
            (taken.address,),
            note=note,
        )
        return replace(self, sender=taken, steps=(*self.steps, step))
