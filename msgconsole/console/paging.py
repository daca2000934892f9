"""Keyset paging for lists: older and newer, never page numbers, at the same cost on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Page:
    """``rows`` in the list's order. ``older`` and ``newer`` are query strings, or None at an end."""

    rows: Sequence[Any]
    older: str | None
    newer: str | None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def paginate(queryset: QuerySet[Any], request: HttpRequest, *, size: int = 50, ascending: bool = False) -> Page:
    """A page of ``queryset`` by primary key, newest first unless ``ascending``.

    ``?older=<pk>`` and ``?newer=<pk>`` ask for the rows beyond one; anything else in them is taken as absent.
    One query a page, whatever the length of the list.
    """
    older, newer = _key(request.GET.get("older")), _key(request.GET.get("newer"))
    forward, backward = ("pk__gt", "pk__lt") if ascending else ("pk__lt", "pk__gt")
    order, reverse_order = ("pk", "-pk") if ascending else ("-pk", "pk")
    if newer is not None:
        found = list(queryset.filter(**{backward: newer}).order_by(reverse_order)[: size + 1])
        rows = found[:size][::-1]
        has_newer, has_older = len(found) > size, True
    else:
        beyond = queryset if older is None else queryset.filter(**{forward: older})
        found = list(beyond.order_by(order)[: size + 1])
        rows = found[:size]
        has_newer, has_older = older is not None, len(found) > size
    return Page(
        rows,
        _query(request, "older", rows[-1].pk) if rows and has_older else None,
        _query(request, "newer", rows[0].pk) if rows and has_newer else None,
    )


def _key(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def _query(request: HttpRequest, name: str, value: int) -> str:
    query = request.GET.copy()
    for key in ("older", "newer"):
        query.pop(key, None)
    query[name] = str(value)
    return query.urlencode()
