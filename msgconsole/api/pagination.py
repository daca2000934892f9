"""Lists by keyset: a page starts after the last row of the page before, so new rows neither repeat nor hide old ones.

Rows are ordered newest first by a unique integer key. ``PageToken`` is ``PA`` and the SID of the last row of the page
before. If that row has gone meanwhile (a client that deletes what it lists), its place is found by SID: SIDs carry
their time of creation and, within a process, their order. ``Page`` is the client's own count and only echoed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Substr
from rest_framework.request import Request

from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
_MARK = "PA"
_OWN = ("Page", "PageSize", "PageToken")

# Of the rows whose key and SID are selected as ``page_key`` and ``page_sid``: a page before from its last row upwards,
# and the row after which it begins. Read and not skipped, whatever lies before and behind. Where the last row is named
# by its SID, it comes first and tells its key: the page's own query then has a number for its bound, and costs no more
# to plan and to run than that of the first page.
_BEFORE = "SELECT page_key, page_sid FROM ({rows}) AS listed WHERE page_key >= {last} ORDER BY page_key LIMIT %s"
_NAMED = "(SELECT page_key FROM ({rows}) AS named WHERE page_sid = %s)"

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
        """The page that the request's query asks for: one query, and one more for its place, however long the list.

        Where the row that the token names has gone, its place is looked for: two queries more.
        """
        params = request.query_params
        size = page_size(params.get("PageSize"))
        token = params.get("PageToken")
        number = _number(params.get("Page")) if token else 0
        bound, before = self._place(rows, token, size) if token else (None, None)
        newest_first = rows.order_by(f"-{self.key}")
        below = newest_first if bound is None else newest_first.filter(**{f"{self.key}__lt": bound})
        found = list(below[: size + 1])  # one more than is shown, to know whether there is a next page
        shown = found[:size]
        filters = [(name, value) for name, values in params.lists() for value in values if name not in _OWN]
        common: Pairs = [*filters, ("PageSize", str(size))]

        def link(page: int, after: str | None = None) -> str:
            return urlencode([*common, ("Page", str(page)), *([("PageToken", _MARK + after)] if after else [])])

        following = link(number + 1, self._sid_of(shown[-1])) if len(found) > size else None
        previous = link(max(number - 1, 0), before) if token else None
        own = link(number, token.removeprefix(_MARK) if token else None)
        return Page(shown, number, size, link(0), own, previous, following)

    def _place(self, rows: QuerySet[M], token: str, size: int) -> tuple[int, str | None]:
        """The key that every row of the page is below, and the SID after which the page before begins."""
        sid = _sid_in(token)
        newer = self._from(rows, _NAMED, sid, size)
        if newer:
            return newer[0][0], self._start(newer, size)
        bound = self._place_of(rows, sid)
        return bound, self._before(rows, bound, size)

    def _before(self, rows: QuerySet[M], last: int, size: int) -> str | None:
        """The SID after which the page before begins, whose last key it is; None if that is the first page."""
        return self._start(self._from(rows, "%s", last, size), size)

    def _start(self, newer: list[tuple[int, Any]], size: int) -> str | None:
        return self._name(newer[-1][1]) if len(newer) > size else None

    def _from(self, rows: QuerySet[M], last: str, given: str | int, size: int) -> list[tuple[int, Any]]:
        """Keys and SIDs of a page and one row more, upwards from the row that ``last`` says with what is given."""
        narrow = rows.order_by().values(page_key=F(self.key), page_sid=F(self.sid))
        try:
            listed, params = narrow.query.get_compiler(rows.db).as_sql()
        except EmptyResultSet:  # a filter that no row can pass
            return []
        named = (*params, given) if last == _NAMED else (given,)
        with connections[rows.db].cursor() as cursor:
            cursor.execute(_BEFORE.format(rows=listed, last=last.format(rows=listed)), (*params, *named, size + 1))
            found: list[tuple[int, Any]] = cursor.fetchall()
        return found

    def _place_of(self, rows: QuerySet[M], sid: str) -> int:
        """The key that every row of the page is below, of a row that has left the list."""
        found = self.anchors(sid) if self.anchors is not None else None
        if found is not None:
            return int(found)
        older = rows.annotate(_made=Substr(self.sid, 3)).filter(_made__lt=sid[2:]).order_by(f"-{self.key}")
        newest = older.values_list(self.key, flat=True).first()
        return int(newest) + 1 if newest is not None else 0

    def _name(self, selected: Any) -> str:
        """The SID in what was selected as ``page_sid``."""
        return str(selected)

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
