"""The operations of the API: what each takes, answers and refuses.

One declaration an operation, in ``<app>/api/operations.py``; ``ApiConfig.ready`` loads them all. The OpenAPI document,
the try-it page and the error codes in both are made of them, and tests hold them against what the code does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from msgconsole.api.shapes import Listed, Schema, Shape, schema_of
from msgconsole.error_codes import CATALOGUE

Method = Literal["GET", "POST", "DELETE"]
Answer = Shape | Listed | None

# What any call may be told: a NUL or too many parameters; credentials; a suspended account; the rate limit.
ALWAYS = frozenset({20001, 20003, 20005, 20429})
WITH_BODY = frozenset({20413, 20415})
# What no declaration names, since any address may answer with it: no such thing, method or permission; our own fault.
EVERYWHERE = ALWAYS | WITH_BODY | {20004, 20403, 20404, 20500}
PAGING = {"PageSize": "int 1", "Page": "text", "PageToken": "token"}
OF_ACCOUNT = "/2010-04-01/Accounts/{AccountSid:AC}"  # where an account's own messages and numbers are


@dataclass(frozen=True, slots=True)
class Param:
    """``name`` as on the wire; ``word`` is its type, in the words of ``shapes``."""

    name: str
    word: str
    required: bool = False

    def schema(self) -> Schema:
        return schema_of(self.word)


def params(given: dict[str, str]) -> tuple[Param, ...]:
    """``{"FriendlyName!": "text 1-64"}``: an exclamation mark makes it required."""
    return tuple(Param(name.rstrip("!"), word, name.endswith("!")) for name, word in given.items())


@dataclass(frozen=True, slots=True)
class Operation:
    """``answers``: HTTP status → body. ``codes``: the refusals of its own, besides those of every operation."""

    id: str
    summary: str
    answers: dict[int, Answer]
    form: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    codes: frozenset[int] = frozenset()
    about: str = ""

    @property
    def is_list(self) -> bool:
        return any(isinstance(body, Listed) for body in self.answers.values())


@dataclass(frozen=True, slots=True)
class Declared:
    """An operation at its address. ``path``: ``/v1/Services/{Sid:MG}``, with the prefix of each SID."""

    method: Method
    path: str
    operation: Operation

    @property
    def template(self) -> str:
        """``/v1/Services/{Sid}``."""
        return re.sub(r":[^}]*", "", self.path)

    @property
    def path_params(self) -> dict[str, Schema]:
        found = re.findall(r"{(\w+):([^}]+)}", self.path)
        return {name: schema_of(f"sid {kind}") for name, kind in found}

    @property
    def codes(self) -> frozenset[int]:
        """Every code that the operation may answer with."""
        found = ALWAYS | self.operation.codes
        if "{" in self.path:
            found |= {20404}
        if self.method == "POST":
            found |= WITH_BODY
        if self.method != "GET" and "{AccountSid:" in self.path:
            found |= {20403}  # a subaccount that is suspended or closed can only be read
        return found

    @property
    def refusals(self) -> dict[int, list[int]]:
        """HTTP status → codes."""
        found: dict[int, list[int]] = {}
        for code in sorted(self.codes):
            found.setdefault(CATALOGUE[code].status, []).append(code)
        return dict(sorted(found.items()))

    @property
    def query(self) -> tuple[Param, ...]:
        return params({**(PAGING if self.operation.is_list else {}), **self.operation.query})


_declared: dict[tuple[str, str], Declared] = {}


def declare(
    path: str, *, get: Operation | None = None, post: Operation | None = None, delete: Operation | None = None
) -> None:
    """``declare("/v1/Services/{Sid:MG}", get=Operation(…), post=Operation(…))``."""
    given: dict[Method, Operation | None] = {"GET": get, "POST": post, "DELETE": delete}
    for method, operation in given.items():
        if operation is not None:
            _declared[method, shape_of(path)] = Declared(method, path, operation)


def shape_of(path: str) -> str:
    """An address with its variable parts as stars, however they are written."""
    return re.sub(r"<[^>]+>|{[^}]+}", "*", path.strip("^$").lstrip("/"))


def find(method: str, path: str) -> Declared | None:
    return _declared.get((method.upper(), shape_of(path)))


def all_declared() -> Iterator[Declared]:
    """In the order of their addresses."""
    yield from sorted(_declared.values(), key=lambda one: (one.path.startswith("/msgconsole"), one.path, one.method))
