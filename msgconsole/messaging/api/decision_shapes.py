"""The schemas of decisions, explanations and replays for the API's document, objects within objects."""

from dataclasses import dataclass, field
from typing import Any

from msgconsole.api.shapes import Schema, Shape, reference, schema_of

Property = str | Schema


def shaped(properties: dict[str, Property]) -> Schema:
    """An object with all of these; a question mark after a name: not always there. Words are those of ``shapes``."""
    return {
        "type": "object",
        "properties": {
            name.rstrip("?"): schema_of(word) if isinstance(word, str) else word for name, word in properties.items()
        },
        "required": [name for name in properties if not name.endswith("?")],
        "additionalProperties": False,
    }


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def or_null(schema: Schema) -> Schema:
    return {**schema, "nullable": True}


@dataclass(frozen=True, slots=True)
class Nested(Shape):
    """A body whose properties may be schemas of their own."""

    written: dict[str, Any] = field(default_factory=dict)

    def schema(self) -> Schema:
        return shaped(self.written)


def nested(name: str, properties: dict[str, Property]) -> Nested:
    return Nested(name, {}, properties)


_KIND = "one long_code|toll_free|short_code|alpha|whatsapp|rcs|messenger"
_SWITCHES = {
    "sticky_sender": "bool",
    "area_code_geomatch": "bool",
    "mms_converter": "bool",
}
ELIMINATION = shaped({"reason": "text", "detail": "text", "count": "int 1", "examples": "[text]"})
STEP = shaped(
    {
        "stage": "text",
        "question": "text",
        "verdict": "one applied|not_applicable|disabled",
        "before": "int 0",
        "after": "int 0",
        "kept": "[text]",
        "eliminated": listed(ELIMINATION),
        "note": "text",
        "decided": "bool",
        "setting": "text?",
    }
)
CANDIDATE = shaped(
    {
        "member_id": "int?",
        "sender_id": "int?",
        "sid": "text",
        "kind": _KIND,
        "address": "text",
        "country": "text",
        "area_code": "text",
        "sms": "bool",
        "mms": "bool",
        "registration": "text",
        "limits": "text",
        "mapping_count": "int 0",
        "queued_count": "int 0",
        "sent_count": "int 0",
        "last_used_at": "text?",
        "added_order": "int",
        "owned": "bool",
        "busy?": "bool",
    }
)
MAPPING = shaped(
    {
        "id": "int",
        "member_id": "int",
        "kind": _KIND,
        "country": "text",
        "config_version": "int",
        "member": or_null(CANDIDATE),
        "moved_to": listed(CANDIDATE),
    }
)
INPUTS = shaped(
    {
        "request": shaped(
            {
                "to": "text",
                "channel": "one sms|rcs|whatsapp|messenger",
                "address": "text",
                "country": "text",
                "area_code": "text?",
                "media": "bool",
                "from_address": "text?",
                "fallback_from": "text?",
                "force_delivery": "bool",
                "carrier": "text?",
                "line_type": "one mobile|landline|voip|unknown",
                "rcs": "bool",
                "opted_out": "bool",
                "opt_out_detail": "text?",
                "from_sender": or_null(CANDIDATE),
                "fallback_sender": or_null(CANDIDATE),
            }
        ),
        "policy": shaped(
            {
                "service_sid": "text",
                "config_version": "int",
                **_SWITCHES,
                "geo_permissions": "[text]?",
                "mms_countries": "[text]",
                "trial": "bool",
            }
        ),
        "found": or_null(MAPPING),
    }
)
FACTS = shaped(
    {
        "to": "text",
        "country": "text",
        "area_code": "text?",
        "channel": "text",
        "channel_used": "text",
        "media": "bool",
        "media_as_link": "bool",
        "from": "text?",
        "fallback_from": "text?",
        "carrier": "text?",
        "line_type": "text",
        **_SWITCHES,
        "config_version": "int",
        "rules_version": "text",
    }
)
_DECISION: dict[str, Property] = {
    "schema": "int",
    "outcome": "one chosen|chosen_but_fails|refused",
    "sentence": "text",
    "sender": or_null(CANDIDATE),
    "error_code": "int?",
    "error_detail": "text",
    "warnings": "[int]",
    "deciding_stage": "text",
    "because": "text",
    "steps": listed(STEP),
    "ranked": listed(CANDIDATE),
    "probes": listed(shaped({"bucket_id": "int", "key": "[any]", "area_code": "text?"})),
    "group_size": "int 0",
    "rcs": "one delivered|not_capable?",
    "channel_used": "text",
    "media_as_link": "bool",
    "mapping": shaped(
        {
            "action": "one none|create|move|replace|delete",
            "mapping_id": "int?",
            "old_member_id": "int?",
        }
    ),
    "facts": FACTS,
    "inputs": INPUTS,
    "rules_version": "text",
    "config_version": "int",
}
DECISION = nested("Decision", _DECISION)
_A_DECISION: Schema = {"$ref": reference(DECISION.name)}
_MAYBE_A_DECISION: Schema = {"allOf": [_A_DECISION], "nullable": True}

OVERRIDES: Schema = {"type": "object", "description": "As given in Overrides; empty without."}
SMALLEST_CHANGE = shaped({"overrides": "object?", "sentence": "text"})
_WHY_NOT: dict[str, Property] = {
    "sender": shaped({"sid": "text?", "address": "text"}),
    "stage": "text",
    "reason": "text",
    "sentence": "text",
    "smallest_change": SMALLEST_CHANGE,
}
_HEAD: dict[str, Property] = {"account_sid": "sid AC", "service_sid": "sid MG", "overrides": OVERRIDES}
EXPLANATION = nested(
    "Explanation",
    {
        **_HEAD,
        "decision": _MAYBE_A_DECISION,
        "content": or_null(shaped({"text": "text", "segments": "int 1", "media_links": "int 0"})),
        "encoding": or_null(
            shaped(
                {
                    "encoding": "one GSM-7|UCS-2",
                    "units": "int 0",
                    "segments": "int 1",
                    "units_per_segment": "int 1",
                    "smart_encoded_text": "text",
                    "replaced": "bool",
                    "forcing_ucs2": "[text]",
                }
            )
        ),
        "opt_out": or_null(shaped({"opted_out": "bool", "detail": "text?"})),
        "answers_now": shaped(
            {"status_code": "int", "status": "text?", "code": "int?", "message": "text?", "field": "text?"}
        ),
        "happens_later": "[text]",
        "error_code": "int?",
        "error_message": "text?",
        "why_not": or_null(shaped(_WHY_NOT)),
    },
)
WHY_NOT = nested("WhyNot", {**_HEAD, **_WHY_NOT})
_CHANGED = shaped({"name": "text", "then": "any", "now": "any"})
REPLAY = nested(
    "Replay",
    {
        "account_sid": "sid AC",
        "message_sid": "sid SM MM",
        "equal": "bool",
        "note": "text",
        "then": _A_DECISION,
        "again": _MAYBE_A_DECISION,
        "today": _MAYBE_A_DECISION,
        "differences": shaped(
            {
                "settings": listed(_CHANGED),
                "facts": listed(_CHANGED),
                "pool": listed(_CHANGED),
                "outcome": listed(_CHANGED),
                "first_step": or_null(_CHANGED),
            }
        ),
    },
)
