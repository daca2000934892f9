"""What a page of a long list costs: the first one against one deep in a million messages, in SQL and over HTTP.

``DATABASE_URL`` names a PostgreSQL server; a scratch database is made there and dropped at the end.
"""

import base64
import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import RequestFactory
from rest_framework.request import Request
from waitress import wasyncore
from waitress.server import create_server

from msgconsole.accounts.actions import create_account
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.api.pagination import Keyset
from msgconsole.messaging.api.serializers import message_json
from msgconsole.messaging.models import Message
from msgconsole.messaging.queries import messages_of

# A deep page may cost so many times the first one.
SQL_GATE, HTTP_GATE = 1.5, 1.15
PAGES = Keyset()

FILL = """
INSERT INTO messaging_message (
    sid, account_id, messaging_service_sid, direction, status, channel, "to", from_address, body, encoding,
    num_segments, num_media, status_callback, validity_period, price, options, decided_by, warning_codes, origin,
    attempts, date_created, date_sent, date_updated)
SELECT 'SM' || lpad(to_hex(n), 32, '0'), %s, NULL, 'outbound-api', 'delivered', 'sms',
    '+1415' || lpad((n %% 10000000)::text, 7, '0'), '+14155550100', 'Your appointment is tomorrow at 10.', 'GSM-7',
    1, 0, '', 36000, -0.0075, '{}', 'country', '[]', 'api',
    1, made, made, made
FROM (SELECT n, timestamptz '2026-01-01 00:00+00' + n * interval '20 seconds' AS made
      FROM generate_series(1, %s) AS n) AS numbered
"""


class Command(BaseCommand):
    help = "Measure the first and a deep page of a million messages. Needs DATABASE_URL to a PostgreSQL server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--messages", type=int, default=1_000_000)
        parser.add_argument("--rounds", type=int, default=300, help="How often each page is asked for.")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("DATABASE_URL names no PostgreSQL, e.g. postgres://postgres@127.0.0.1:5432/postgres")
        rounds = options["rounds"]
        with scratch_database():
            account = self.fill(options["messages"])
            deep = f"?PageToken=PA{sid_of(options['messages'] // 10)}&Page=9"
            with served() as ask:
                account_path = f"/2010-04-01/Accounts/{account.sid}/Messages.json"
                sql = compare(lambda query: max(sql_of(account, account_path + query)), "", deep, rounds)
                whole = compare(lambda query: sum(sql_of(account, account_path + query)), "", deep, rounds)
                over_http = compare(lambda query: timed(lambda: ask(account, account_path + query)), "", deep, rounds)
        kept = self.report("SQL", sql, SQL_GATE) & self.report("HTTP", over_http, HTTP_GATE)
        self.stdout.write(
            f"      with the look-ups of a page's token and of the page before: {whole[0] * 1000:.2f} ms and"
            f" {whole[1] * 1000:.2f} ms"
        )
        if not kept:
            raise CommandError("A deep page costs more than it may.")

    def fill(self, messages: int) -> Account:
        call_command("migrate", verbosity=0)
        account = create_account(friendly_name="Bench", actor=Actor.command("bench_lists"))
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(FILL, [account.pk, messages])
            cursor.execute("VACUUM ANALYZE messaging_message")
        self.stdout.write(f"{messages:,} messages in {time.perf_counter() - began:.0f} s")
        return account

    def report(self, what: str, found: tuple[float, float], gate: float) -> bool:
        first, deep = found
        kept = deep <= first * gate
        self.stdout.write(
            f"{what:<5} first page {first * 1000:.2f} ms, deep page {deep * 1000:.2f} ms: {deep / first:.2f}x"
            f" (at most {gate}x: {'kept' if kept else 'NOT KEPT'})"
        )
        return kept


def sid_of(number: int) -> str:
    return f"SM{number:032x}"


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own, gone afterwards whatever happens."""
    home = connection.settings_dict["NAME"]
    name = f"msgconsole_bench_{os.getpid()}"
    _administer(home, f'CREATE DATABASE "{name}"')
    try:
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = home
        _administer(home, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(home: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@contextmanager
def served() -> Iterator[Callable[[Account, str], None]]:
    """The application behind a real socket, and a function that asks it over one connection kept open."""
    sockets: dict[int, Any] = {}
    server = create_server(get_wsgi_application(), map=sockets, host="127.0.0.1", port=0, threads=2)
    closing = threading.Event()

    def serve() -> None:
        """The thread that waits for the sockets closes them: in another's hands they would fail under it."""
        while not closing.is_set():
            wasyncore.loop(timeout=0.5, use_poll=True, map=sockets, count=1)
        wasyncore.close_all(sockets)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    line = http.client.HTTPConnection("127.0.0.1", server.effective_port)

    def ask(account: Account, path: str) -> None:
        credentials = base64.b64encode(f"{account.sid}:{account.auth_token}".encode()).decode()
        line.request("GET", path, headers={"Authorization": f"Basic {credentials}"})
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise CommandError(f"{path} answered {answer.status}: {body[:200]!r}")

    try:
        yield ask
    finally:
        line.close()
        server.task_dispatcher.shutdown()
        closing.set()
        thread.join()


def compare(measure: Callable[[str], float], first: str, deep: str, rounds: int) -> tuple[float, float]:
    """Both pages in seconds: what a tenth of the rounds kept below, for whatever else the machine does only adds.

    They are taken in turns, so that it adds to both alike. A deep page waits for the database twice and so gives other
    processes twice the chance: on a busy machine only the undisturbed rounds tell what the page itself costs.
    """
    found: dict[str, list[float]] = {first: [], deep: []}
    for query in (first, deep) * 20:
        measure(query)  # warm up
    for _ in range(rounds):
        for query, taken in found.items():
            taken.append(measure(query))
    return undisturbed(found[first]), undisturbed(found[deep])


def undisturbed(values: list[float]) -> float:
    return statistics.quantiles(values, n=10)[0]


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def sql_of(account: Account, address: str) -> list[float]:
    """Seconds that each statement of one page took, with the way to the database and back.

    The slowest is the one that reads the rows; a deep page also looks up its token and where the page before begins.
    """
    taken: list[float] = []

    def clock(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append(time.perf_counter() - began)

    path, _, query = address.partition("?")
    request = Request(RequestFactory().get(path, QUERY_STRING=query))
    with connection.execute_wrapper(clock):
        page = PAGES.page(request, messages_of(account))
    if not page.rows or not message_json(page.rows[0]) or not isinstance(page.rows[0], Message):
        raise CommandError(f"{address} has no rows")
    return taken
