"""What an audit entry recorded, in the words that the pages use: choices, reasons and answers are no codes there."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from msgconsole.accounts.models import AuditEntry
from msgconsole.console.templatetags.console import exact
from msgconsole.console.tollfree_form import answer_words, label_of
from services.compliance.tollfree_answers import QUESTIONS
from services.compliance.usecases import BY_CODE

LONGEST = 300
# The object itself is named, numbers of other rows say nothing, and rounds are bookkeeping.
LEFT_OUT = {"sid", "account", "owner", "service", "bucket", "brand", "review_round"}
LABELS = {
    "a2p_profile_bundle_sid": "messaging profile",
    "campaign_id": "id in the registry",
    "cnp_migration": "moved from elsewhere",
    "codes_sent": "codes texted",
    "customer_profile_bundle_sid": "customer profile",
    "errors": "reasons",
    "identity_status": "identity",
    "mock": "for tests only",
    "rate_limits": "speed",
    "rejections": "reasons",
    "skip_automatic_sec_vet": "skip secondary vetting",
    "tcr_id": "id in the registry",
    "tollfree_phone_number": "number",
    "tollfree_phone_number_sid": "SID of the number",
    "us_app_to_person_usecase": "use case",
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*\+00:00$")


def changes_in_words(entry: AuditEntry) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) in the order they were recorded; what is nothing is an empty text."""
    for name, (before, after) in entry.changes.items():
        if name == "answers":  # those of a toll-free number are one column, and many questions
            yield from _answers(before or {}, after or {})
        elif name not in LEFT_OUT:
            kind = entry.object_type
            yield LABELS.get(name, name.replace("_", " ")), _value(kind, name, before), _value(kind, name, after)


def _answers(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for question in QUESTIONS:
        was, became = before.get(question.name), after.get(question.name)
        if was != became:
            yield label_of(question), _shown(answer_words(question, was)), _shown(answer_words(question, became))


def _value(kind: str, name: str, value: Any) -> str:
    if isinstance(value, str) and value:
        if name == "us_app_to_person_usecase" and value in BY_CODE:
            return BY_CODE[value].name
        return _choices(kind, name).get(value) or _shown(value)
    if name == "rate_limits" and value:
        return speed(value)
    if name in ("errors", "rejections") and value:
        return _shown(" ".join(_reason(one) for one in value))
    return _shown(value)


def speed(limits: dict[str, Any]) -> str:
    """A campaign's speed: each carrier limits it in a way of its own."""
    tier = limits["tmobile"]["brand_tier"].lower().replace("_", " ")
    return f"{limits['att']['mps']:g} messages a second at AT&T, {tier} tier at T-Mobile"


def _reason(told: dict[str, Any]) -> str:
    """A brand and a campaign are told errors, a toll-free number reasons."""
    return f"{told.get('description') or told.get('reason')} ({told.get('error_code') or told.get('code')})"


@cache
def _choices(kind: str, name: str) -> dict[str, str]:
    """The labels of a model's field, by their values; empty for one that takes any."""
    for model in apps.get_models():
        if model._meta.model_name == kind:
            try:
                labelled = getattr(model._meta.get_field(name), "flatchoices", ())
            except FieldDoesNotExist:  # a column that is gone since
                return {}
            return {str(value): str(label) for value, label in labelled}
    return {}


def _shown(value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str) and _MOMENT.match(value):
        return exact(datetime.fromisoformat(value))
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        text = ", ".join(value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
