"""The OpenAPI document of the API, made of the declarations in ``operations``; drf-spectacular finds the addresses."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from msgconsole.api.operations import Declared, Operation, Param, all_declared, find
from msgconsole.api.shapes import ERROR, Listed, Shape, reference
from msgconsole.error_codes import CATALOGUE

FORM = "application/x-www-form-urlencoded"
AUTH = "accountSid"


class DeclaredSchema(AutoSchema):
    """An operation that is declared is written as declared; any other as drf-spectacular sees it."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> dict[str, Any] | None:
        declared = find(method, path)
        if declared is None:
            found: dict[str, Any] | None = super().get_operation(path, path_regex, path_prefix, method, registry)
            return found
        return operation_object(declared)


def operation_object(declared: Declared) -> dict[str, Any]:
    operation = declared.operation
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [tag_of(declared.path)],
        "parameters": _parameters(declared),
        "security": [{AUTH: []}],
        "responses": {
            **{str(status): _answer(operation, status) for status in operation.answers},
            **{str(status): _refusal(codes) for status, codes in declared.refusals.items()},
        },
        "x-error-codes": sorted(declared.codes),
    }
    if operation.about:
        found["description"] = operation.about
    if declared.method == "POST":
        found["requestBody"] = _body(operation)
    return found


def tag_of(path: str) -> str:
    """``/v1/Services/{Sid}/PhoneNumbers`` → ``Services``; the first words that name a resource."""
    words = [word.removesuffix(".json") for word in path.split("/") if word and "{" not in word]
    rest = [word for word in words if word not in ("v1", "2010-04-01", "msgconsole", "a2p", "SMS", "Accounts")]
    return rest[0] if rest else "Accounts"


def _parameters(declared: Declared) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in declared.path_params.items()
    ]
    for place, given in (("query", declared.query), ("header", _headers(declared.operation))):
        for param in given:
            found.append({"name": param.name, "in": place, "required": param.required, "schema": param.schema()})
    return found


def _headers(operation: Operation) -> tuple[Param, ...]:
    return tuple(Param(name, word) for name, word in operation.headers.items())


def _body(operation: Operation) -> dict[str, Any]:
    given = [Param(name.rstrip("!"), word, name.endswith("!")) for name, word in operation.form.items()]
    schema: dict[str, Any] = {"type": "object", "properties": {param.name: param.schema() for param in given}}
    required = [param.name for param in given if param.required]
    if required:
        schema["required"] = required
    # A list is a repeated key, not one value with commas.
    lists = [param.name for param in given if param.schema().get("type") == "array"]
    encoding = {name: {"style": "form", "explode": True} for name in lists}
    content: dict[str, Any] = {"schema": schema, **({"encoding": encoding} if encoding else {})}
    return {"content": {FORM: content}, "required": bool(required)}


def _answer(operation: Operation, status: int) -> dict[str, Any]:
    body = operation.answers[status]
    if body is None:
        return {"description": "Done." if status == 204 else "Elsewhere: see the Location header."}
    return {
        "description": operation.summary,
        "content": {"application/json": {"schema": {"$ref": reference(body.name)}}},
    }


def _refusal(codes: list[int]) -> dict[str, Any]:
    said = "\n".join(f"- {code}: {CATALOGUE[code].title}" for code in codes)
    return {
        "description": said,
        "content": {"application/json": {"schema": {"$ref": reference(ERROR.name)}}},
        "x-error-codes": codes,
    }


def bodies() -> dict[str, Shape | Listed]:
    """Every body of the document by its name."""
    found: dict[str, Shape | Listed] = {ERROR.name: ERROR}
    for declared in all_declared():
        for body in declared.operation.answers.values():
            if body is None:
                continue
            if found.setdefault(body.name, body) != body:
                raise ValueError(f"two different bodies are named {body.name}")
            if isinstance(body, Listed):
                found.setdefault(body.rows.name, body.rows)
    return dict(sorted(found.items()))


def complete(result: dict[str, Any], generator: SchemaGenerator, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: names in addresses as the original writes them, the bodies, and how to log in."""
    templates = {
        path: declared.template
        for path, methods in result["paths"].items()
        for method in methods
        if (declared := find(method, path))
    }
    result["paths"] = {templates.get(path, path): methods for path, methods in result["paths"].items()}
    components = result.setdefault("components", {})
    schemas = {name: body.schema() for name, body in bodies().items()}
    components["schemas"] = {**components.get("schemas", {}), **schemas}
    components["securitySchemes"] = {
        AUTH: {
            "type": "http",
            "scheme": "basic",
            "description": "AccountSid and auth token, or the SID and secret of an API key.",
        }
    }
    return result


@cache
def document() -> dict[str, Any]:
    """The whole document. It says nothing of this install: the same for every caller."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@cache
def document_under(root: str) -> dict[str, Any]:
    """The part of the document whose addresses begin with ``root``, with the bodies that it speaks of."""
    whole = document()
    paths = {path: methods for path, methods in whole["paths"].items() if path.startswith(root)}
    schemas, needed, found = whole["components"]["schemas"], _references(paths), dict[str, Any]()
    while needed:
        name = needed.pop()
        if name not in found:
            found[name] = schemas[name]
            needed |= _references(schemas[name])
    components = {**whole["components"], "schemas": dict(sorted(found.items()))}
    return {**whole, "paths": paths, "components": components}


def _references(part: Any) -> set[str]:
    """Names of the components that a part of the document points to."""
    if isinstance(part, list):
        return {name for one in part for name in _references(one)}
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].rpartition("/")[2]} if isinstance(part.get("$ref"), str) else set()
    return own | {name for one in part.values() for name in _references(one)}
