"""Lists by keyset: a page starts after the last row of the page before, so new rows neither repeat nor hide old ones.

Rows are ordered newest first by a unique integer key. ``PageToken`` is ``PA`` and the SID of the last row of the page
before. If that row has gone meanwhile (a client that deletes what it lists), its place is found by SID: SIDs carry
their time of creation and, within a process, their order. ``Page`` is the client's own count and only echoed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet, Subquery
from django.db.models.functions import Substr
from rest_framework.request import Request

from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
_MARK = "PA"
_OWN = ("Page", "PageSize", "PageToken")

M = TypeVar("M", bound=Model)
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page, and the query strings of itself and its neighbours; None where there is none."""

    rows: list[M]
    number: int
    size: int
    first: str
    this: str
    previous: str | None
    next: str | None

    def v1(self, key: str, address: str, show: Callable[[M], dict[str, Any]]) -> dict[str, Any]:
        """The envelope of v1. ``address`` is absolute, and so are its links."""
        return {
            "meta": {
                "page": self.number,
                "page_size": self.size,
                "first_page_url": f"{address}?{self.first}",
                "previous_page_url": self.previous and f"{address}?{self.previous}",
                "next_page_url": self.next and f"{address}?{self.next}",
                "key": key,
                "url": f"{address}?{self.this}",
            },
            key: [show(row) for row in self.rows],
        }

    def v2010(self, key: str, path: str, show: Callable[[M], dict[str, Any]]) -> dict[str, Any]:
        """The envelope of 2010-04-01: flat, links relative, and no other key beside the one array."""
        start = self.number * self.size if self.rows else 0
        return {
            "first_page_uri": f"{path}?{self.first}",
            "end": start + len(self.rows) - 1 if self.rows else 0,
            "previous_page_uri": self.previous and f"{path}?{self.previous}",
            key: [show(row) for row in self.rows],
            "uri": f"{path}?{self.this}",
            "page_size": self.size,
            "start": start,
            "next_page_uri": self.next and f"{path}?{self.next}",
            "page": self.number,
        }


@dataclass(frozen=True, slots=True)
class Keyset:
    """What a list is ordered by: ``key``, an integer column, newest (highest) first; ``sid`` names a row of it.

    ``anchors`` finds the key of a SID that may have left the list: a sender stays when its pool membership goes.
    """

    key: str = "id"
    sid: str = "sid"
    anchors: Callable[[str], int | None] | None = None

    def page(self, request: Request, rows: QuerySet[M]) -> Page[M]:
        """The page that the request's query asks for: one query, and one more for the way back, however long the list.

        Where the row that the token names has gone, its place is looked for: two queries more.
        """
        params = request.query_params
        size = page_size(params.get("PageSize"))
        token = params.get("PageToken")
        number = _number(params.get("Page")) if token else 0
        bound = self._bound(rows, token) if token else None
        found = self._below(rows, bound, size)
        if token and not found and isinstance(bound, Subquery):  # the end of the list, or the row has gone
            bound = self._place_of(rows, _sid_in(token))
            found = self._below(rows, bound, size)
        shown = found[:size]
        filters = [(name, value) for name, values in params.lists() for value in values if name not in _OWN]
        common: Pairs = [*filters, ("PageSize", str(size))]

        def link(page: int, after: str | None = None) -> str:
            return urlencode([*common, ("Page", str(page)), *([("PageToken", _MARK + after)] if after else [])])

        following = link(number + 1, self._sid_of(shown[-1])) if len(found) > size else None
        previous = None
        if bound is not None:
            # All that is newer than this page; the row that the token names is the first of it.
            newest = getattr(shown[0], self.key) + 1 if shown else bound
            previous = link(max(number - 1, 0), self._end_of_page_before_last(rows, newest, size))
        own = link(number, token.removeprefix(_MARK) if token else None)
        return Page(shown, number, size, link(0), own, previous, following)

    def _bound(self, rows: QuerySet[M], token: str) -> int | Subquery:
        """The key that every row of the page is below; as a part of the page's own query where it must be looked up."""
        named = rows.order_by().filter(**{self.sid: _sid_in(token)})
        return Subquery(named.values(self.key)[:1])

    def _below(self, rows: QuerySet[M], bound: int | Subquery | None, size: int) -> list[M]:
        """A page's rows and one more, to know whether there is a next page."""
        newest_first = rows.order_by(f"-{self.key}")
        return list((newest_first if bound is None else newest_first.filter(**{f"{self.key}__lt": bound}))[: size + 1])

    def _place_of(self, rows: QuerySet[M], sid: str) -> int:
        """The key that every row of the page is below, of a row that may have left the list."""
        # Without an order: asked for the first by key, the planner may walk the list until it meets the SID.
        found = next(iter(rows.order_by().filter(**{self.sid: sid}).values_list(self.key, flat=True)[:1]), None)
        if found is None and self.anchors is not None:
            found = self.anchors(sid)
        if found is not None:
            return int(found)
        older = rows.annotate(_made=Substr(self.sid, 3)).filter(_made__lt=sid[2:]).order_by(f"-{self.key}")
        newest = older.values_list(self.key, flat=True).first()
        return int(newest) + 1 if newest is not None else 0

    def _end_of_page_before_last(self, rows: QuerySet[M], bound: int | Subquery, size: int) -> str | None:
        """The SID after which the page before begins; None if that is the first page."""
        newer = rows.filter(**{f"{self.key}__gte": bound}).order_by(self.key)
        # Read and not skipped: a page's worth of SIDs, whatever lies before and behind them.
        found = list(newer.values_list(self.sid, flat=True)[: size + 1])
        return str(found[-1]) if len(found) > size else None

    def _sid_of(self, row: Any) -> str:
        for part in self.sid.split("__"):
            row = getattr(row, part)
        return str(row)


def _sid_in(token: str) -> str:
    sid = token.removeprefix(_MARK)
    if not token.startswith(_MARK) or not is_sid(sid):
        raise Refused(20001, "Invalid PageToken.", field="page_token")
    return sid


def page_size(given: str | None) -> int:
    """Default 50. Above 1000 is 1000: the client libraries send their ``limit`` unclamped."""
    if given is None:
        return DEFAULT_SIZE
    if not (given.isascii() and given.isdigit()) or int(given[:18]) < 1:
        raise Refused(20001, "Invalid PageSize.", field="page_size")
    return min(int(given[:18]), LARGEST_SIZE)


def _number(given: str | None) -> int:
    """The client's own page count: echoed where it makes sense, 1 for a token that came without it."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else 1
