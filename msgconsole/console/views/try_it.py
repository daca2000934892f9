"""``/developers/api``: every operation of the API with a form, made from the document; it shows curl and the answer.

The page asks with the AccountSid and a token that the person types. The token stays in the page: it is neither stored
nor sent anywhere but to the API of this very host.
"""

from itertools import groupby
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render

from msgconsole.api.links import base_url
from msgconsole.api.operations import Declared, all_declared
from msgconsole.api.schema import tag_of
from msgconsole.api.shapes import Schema, schema_of
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.error_codes import CATALOGUE

FIRST = "ListMessage"


class Field(NamedTuple):
    """An input of the form. ``place``: path, query, header or form; ``kind``: choice, list or text."""

    id: str
    name: str
    place: str
    required: bool
    kind: str
    choices: list[str]
    value: str
    hint: str


@account_view()
def page(request: ConsoleRequest) -> HttpResponse:
    operations = {one.operation.id: one for one in all_declared()}
    chosen = operations.get(request.GET.get("operation", FIRST))
    if chosen is None:
        raise Http404("There is no such operation.")
    by_tag = sorted(operations.values(), key=lambda one: tag_of(one.path))
    context = {
        "groups": [(tag, list(group)) for tag, group in groupby(by_tag, key=lambda one: tag_of(one.path))],
        "chosen": chosen,
        "chosen_tag": tag_of(chosen.path),
        "fields": fields_of(chosen, request.account.sid),
        "refusals": [(status, [CATALOGUE[code] for code in codes]) for status, codes in chosen.refusals.items()],
        "base_url": base_url(request),
    }
    return render(request, "console/try_it.html", context)


def fields_of(declared: Declared, account_sid: str) -> list[Field]:
    """The operation's inputs: its address first, then what is required, then the rest."""
    found = [
        _field(name, schema, "path", True, account_sid if name == "AccountSid" else "")
        for name, schema in declared.path_params.items()
    ]
    form = [(name.rstrip("!"), name.endswith("!"), word) for name, word in declared.operation.form.items()]
    rest = [
        *(_field(one.name, one.schema(), "query", one.required) for one in declared.query),
        *(_field(name, schema_of(word), "header", False) for name, word in declared.operation.headers.items()),
        *(_field(name, schema_of(word), "form", required) for name, required, word in form),
    ]
    return [*found, *sorted(rest, key=lambda one: not one.required)]


def _field(name: str, schema: Schema, place: str, required: bool, value: str = "") -> Field:
    choices = ["true", "false"] if schema.get("type") == "boolean" else [str(one) for one in schema.get("enum", [])]
    kind = "choice" if choices else ("list" if schema.get("type") == "array" else "text")
    id = f"{place}-{name}".replace("<", "-until").replace(">", "-from")
    return Field(id, name, place, required, kind, [one for one in choices if one], value, _hint(schema))


def _hint(schema: Schema) -> str:
    """What may be typed, in a few words."""
    if schema.get("type") == "array":
        return "one a line"
    least, most = schema.get("minLength"), schema.get("maxLength")
    if most == 0:
        return "empty"
    if most:
        return f"{least or 0} to {most} characters"
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None:
        return f"{least} to {most}" if most is not None else f"{least} or more"
    pattern = str(schema.get("pattern", ""))
    if pattern.startswith("^("):
        return f"{' or '.join(pattern[2 : pattern.index(')')].split('|'))} and 32 hex digits"
    if "https?" in pattern:
        return "an http or https URL"
    if "[12][0-9]{3}" in pattern:
        return "YYYY-MM-DD" + (", or with THH:MM:SSZ" if "T(" in pattern else "")
    return ""
