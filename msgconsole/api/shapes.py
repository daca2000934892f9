"""Words for types, and the JSON Schema (as OpenAPI 3.0 writes it) that each stands for.

``text``, ``text 1-64`` (lengths), ``int``, ``int 1-10`` (bounds), ``bool``, ``object``, ``any``, ``digits`` (a number
written as a string), ``price``, ``iso`` and ``rfc2822`` (the two forms of a date in bodies), ``moment`` (a time or a
day as a parameter), ``day``, ``token`` (of a page), ``token ST`` (of a page whose rows are named by that and their
key), ``method``, ``url``, ``path``, ``weburl`` (an http or https URL as a parameter; empty clears it), ``sid`` with
its prefixes, ``one`` with its choices. ``[word]`` is a list of them. A question mark allows null.
"""

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

_HEX = "[0-9a-fA-F]{32}"
_KEY = "0{16}(?!0{16})[0-7][0-9a-fA-F]{15}"  # of a row: 1 to 2^63 - 1
_CLOCK = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
_DAY = "[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_FIXED: dict[str, Schema] = {
    "any": {},
    "bool": {"type": "boolean"},
    "object": {"type": "object"},
    "digits": {"type": "string", "pattern": "^[0-9]+$"},
    "price": {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{5}$"},
    "iso": {"type": "string", "format": "date-time", "pattern": rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_CLOCK}$"},
    "rfc2822": {
        "type": "string",
        "pattern": r"^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} \+0000$",
        "example": "Thu, 30 Jul 2015 20:12:31 +0000",
    },
    "moment": {"type": "string", "pattern": f"^$|^{_DAY}({_CLOCK})?$"},
    "token": {"type": "string", "pattern": f"^$|^PA[A-Z]{{2}}{_HEX}$"},
    "day": {"type": "string", "pattern": f"^{_DAY}$", "example": "2026-11-01"},
    "method": {"type": "string", "enum": ["GET", "POST"]},
    "url": {"type": "string", "format": "uri", "pattern": "^https?://"},
    "path": {"type": "string", "pattern": "^/2010-04-01/"},
    "weburl": {"type": "string", "pattern": r"^$|^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(/[!-~]*)?$"},
}


def schema_of(word: str) -> Schema:
    """``schema_of("[text 1-20]?")``: a new dict each time."""
    if word.endswith("?"):
        schema = schema_of(word[:-1])
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        return {**schema, "nullable": True} if schema else schema
    if word.startswith("["):
        return {"type": "array", "items": schema_of(word[1:-1])}
    name, *rest = word.split(" ", 1)
    given = rest[0] if rest else ""
    if name == "sid":
        return {"type": "string", "pattern": f"^({'|'.join(given.split())}){_HEX}$"}
    if name == "one":
        return {"type": "string", "enum": given.split("|")}
    if name == "token" and given:
        return {"type": "string", "pattern": f"^$|^PA{given}{_KEY}$"}
    if name in ("text", "int"):
        return _bounded(name, given)
    return dict(_FIXED[name])


def _bounded(name: str, given: str) -> Schema:
    kind, least, most = ("string", "minLength", "maxLength") if name == "text" else ("integer", "minimum", "maximum")
    schema: Schema = {"type": kind}
    low, _, high = given.partition("-")
    if low:
        schema[least] = int(low)
    if high:
        schema[most] = int(high)
    return schema


@dataclass(frozen=True, slots=True)
class Shape:
    """A body: every property is always there, but for names with a question mark, which come when asked for.

    ``name`` is its name among the document's components. Without properties it is any object.
    """

    name: str
    properties: dict[str, str]

    def schema(self) -> Schema:
        if not self.properties:
            return {"type": "object"}
        return {
            "type": "object",
            "properties": {name.rstrip("?"): schema_of(word) for name, word in self.properties.items()},
            "required": [name for name in self.properties if not name.endswith("?")],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: its envelope and the array of ``rows`` under ``key``. ``v1`` or 2010-04-01."""

    key: str
    rows: Shape
    v1: bool

    @property
    def name(self) -> str:
        return f"{self.rows.name}List"

    def schema(self) -> Schema:
        array = {self.key: {"type": "array", "items": {"$ref": reference(self.rows.name)}}}
        if self.v1:
            meta = Shape("", V1_META).schema()
            meta["properties"]["key"]["enum"] = [self.key]
            found = {"meta": meta, **array}
        else:
            found = {**{name: schema_of(word) for name, word in V2010_ENVELOPE.items()}, **array}
        return {"type": "object", "properties": found, "required": list(found), "additionalProperties": False}


def reference(name: str) -> str:
    return f"#/components/schemas/{name}"


V1_META = {
    "page": "int",
    "page_size": "int",
    "first_page_url": "url",
    "previous_page_url": "url?",
    "next_page_url": "url?",
    "key": "text",
    "url": "url",
}
V2010_ENVELOPE = {
    "page": "int",
    "page_size": "int",
    "start": "int",
    "end": "int",
    "first_page_uri": "path",
    "previous_page_uri": "path?",
    "next_page_uri": "path?",
    "uri": "path",
}
ERROR = Shape("Error", {"code": "int", "message": "text", "more_info": "text", "status": "int"})
