"""A replayed decision in words: whether it comes out the same, and what is otherwise today."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgconsole.console.decisions import CHANNELS, rule_words
from msgconsole.console.templatetags.console import country_name, readable
from msgconsole.console.what_if_answer import told
from msgconsole.messaging.replay import Changed, Replay

LABELS = {
    "sticky_sender": "Sticky Sender",
    "area_code_geomatch": "Area code geomatch",
    "mms_converter": "MMS converter",
    "geo_permissions": "Countries allowed",
    "mms_countries": "Countries that take MMS",
    "trial": "Trial account",
    "carrier": "Recipient's carrier",
    "line_type": "Recipient's line",
    "rcs": "Recipient can do RCS",
    "opted_out": "Recipient opted out",
    "country": "Recipient's country",
    "senders": "Senders in the pool",
    "config_version": "Settings version",
    "rules_version": "Rules version",
    "sender": "Sender",
    "error_code": "Error",
    "deciding_stage": "Decided by",
    "warnings": "Warnings",
    "channel_used": "Goes out over",
}


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Shown:
    """``today`` is a sentence, empty when there is no today to compare with; ``rows`` what differs, outcome first."""

    equal: bool
    note: str
    today: str
    rows: tuple[Row, ...]


def show(replay: Replay) -> Shown:
    """Make a replay ready for the page."""
    today = told(replay.today) if replay.today is not None else ""
    return Shown(replay.equal, replay.note, today, tuple(_rows(replay)))


def _rows(replay: Replay) -> Iterator[Row]:
    found = replay.differences
    for changed in (*found.outcome, *found.settings, *found.facts, *found.pool):
        yield Row(
            LABELS.get(changed.name, changed.name),
            _words(changed.name, changed.then),
            _words(changed.name, changed.now),
        )
    if found.first_step is not None:
        yield Row("First step that differs", *_step(found.first_step))


def _step(changed: Changed) -> tuple[str, str]:
    question = next((step["question"] for step in (changed.now, changed.then) if step), changed.name)
    then, now = (_went(step) for step in (changed.then, changed.now))
    return f"{question} {then}", now


def _went(step: dict[str, Any] | None) -> str:
    if step is None:
        return "not reached"
    if step["verdict"] != "applied":
        return f"not asked ({step['note']})" if step["note"] else "not asked"
    reasons = "; ".join(gone["detail"] for gone in step["eliminated"])
    return f"{step['before']:,} → {step['after']:,}" + (f" ({reasons})" if reasons else "")


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value and name not in ("rcs", "opted_out", "trial") else {True: "yes", False: _no(name)}[value]
    if name == "geo_permissions":
        return "every country" if value is None else f"{len(value)} countries"
    if name == "country":
        return country_name(value)
    if name == "sender":
        return readable(value) if value else "none"
    if name == "deciding_stage":
        return rule_words(str(value))
    if name == "channel_used":
        return CHANNELS.get(value, str(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value in (None, "") else str(value)


def _no(name: str) -> str:
    return "no" if name in ("rcs", "opted_out", "trial") else "off"
