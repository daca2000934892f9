"""The few statements that every choice runs: planned once per connection instead of with every execution.

Django binds parameters on the client's side, which makes every execution a new text to parse and plan; for these
statements planning costs several times what running them does. ``MSGCONSOLE_PREPARED_STATEMENTS`` turns this off, for
poolers between here and the server that hand out another session with each transaction.

A plan fits the tables as they were when it was made. So a statement is planned anew whenever it has run twice as often
as before: what was best for an almost empty table does not outlive its growth.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

Row = tuple[Any, ...]
MOST_DOUBLINGS: Final = 20

_runs: "WeakKeyDictionary[Any, Counter[str]]" = WeakKeyDictionary()


@cache
def on_postgresql() -> bool:
    """Which of the two databases this install runs on: it stays the same for the life of a process."""
    return connections[DEFAULT_DB_ALIAS].vendor == "postgresql"


def rows(sql: str, params: Sequence[Any]) -> list[Row]:
    """Run a statement that returns rows, and fetch them all. Lists among the parameters are of numbers."""
    connection = connections[DEFAULT_DB_ALIAS]
    if on_postgresql() and settings.MSGCONSOLE_PREPARED_STATEMENTS and not connection.queries_logged:
        return _prepared(connection, sql, params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[Row] = cursor.fetchall()
    return found


def _prepared(connection: Any, sql: str, params: Sequence[Any]) -> list[Row]:
    from psycopg import Cursor  # only where there is a PostgreSQL

    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    session = connection.connection
    runs = _runs.get(session)
    if runs is None:
        runs = _runs[session] = Counter()
    runs[sql] += 1
    text = _numbered(sql, min(runs[sql].bit_length(), MOST_DOUBLINGS))
    plain = [_plain(value) for value in params]
    with connection.wrap_database_errors:
        threshold, session.prepare_threshold = session.prepare_threshold, 0
        try:
            found: list[Row] = Cursor(session).execute(text, plain, prepare=True, binary=True).fetchall()
        finally:
            session.prepare_threshold = threshold
    return found


def _plain(value: Any) -> Any:
    """Numbers as text whose type the server infers: otherwise each size of number made another statement of it."""
    kind = type(value)
    if kind is int:
        return str(value)
    return f"{{{','.join(map(str, value))}}}" if kind is list else value


@lru_cache(maxsize=1024)
def _numbered(sql: str, doublings: int) -> str:
    """The same statement as another text."""
    return f"{sql} -- {doublings}"
