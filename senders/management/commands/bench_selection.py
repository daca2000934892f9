"""Measure what a choice costs, for pools and sticky tables of several sizes, in scratch databases that it drops."""

import os
import random
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from msgconsole.accounts import actions as account_actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.numbering import nanp
from msgconsole.numbering.e164 import parse_destination
from senders import choosing, pool
from senders.models import PoolAreaCode, PoolBucket, PoolMember, Sender, StickyMapping
from senders.reservation import INSERT_AND_COUNT
from senders.selection.plan import forget_plans
from senders.selection.types import SelectionRequest
from senders.statements import rows
from services import actions as service_actions
from services.models import MessagingService

ACTOR: Final = Actor.command("bench_selection")
POOLS: Final = (10, 400, 10_000, 100_000)
TABLES: Final = (1_000, 1_000_000)
FLAT: Final = 1.2  # how much more a larger pool or table may cost
FLAT_BEYOND: Final = (100_000, 1.35)  # from this size on: one level more of every index
KNOWN: Final = 400  # recipients who were written to before; among them every class of request
GOAL, GATE = 4.0, 8.0  # round trips that a choice may cost
# Of every ten senders so many; the US ones spread over all area codes. Even in the smallest pool several compete.
MIX: Final = ("US", "US", "US", "US", "US", "US", "US", "US", "CA", "GB")
PREFIX: Final = {"GB": "+447"}
_CODES: Final = {country: sorted(nanp.area_codes(country)) for country in ("US", "CA")}


@dataclass
class Series:
    """Times of one kind of work, in seconds."""

    times: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def shown(self) -> str:
        tenth = statistics.quantiles(self.times, n=10)
        return f"{self.median * 1e6:8.0f} µs  (fastest tenth {tenth[0] * 1e6:.0f}, slowest {tenth[-1] * 1e6:.0f})"


class Command(BaseCommand):
    help = (
        "Print medians of a whole choice (ask, fetch, decide, reserve; the commit left out) for pools of 10 to 100,000 "
        "senders and sticky tables of a thousand and a million rows, and of one round trip. Needs a PostgreSQL in "
        "DATABASE_URL; works in scratch databases there and drops them. Exit status 1 when a bound is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=2000, help="Choices of each kind that are measured.")
        parser.add_argument("--quick", action="store_true", help="Smaller pools and tables: to try it out.")

    def handle(self, *args: Any, rounds: int, quick: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Set DATABASE_URL, e.g. postgres://postgres@127.0.0.1:5432/postgres")
        pools, tables = (POOLS[:3], (1_000, 20_000)) if quick else (POOLS, TABLES)
        with scratch("pools"):
            self.stdout.write("Filling pools of " + ", ".join(f"{size:,}" for size in pools))
            services = {size: filled(size) for size in pools}
            settle()
            found = self.pools(services, rounds)
        ratio = self.tables(tables, rounds)
        self.judge(found, ratio, pools)

    # --- pools ---------------------------------------------------------------------------------------------------

    def pools(self, services: dict[int, MessagingService], rounds: int) -> dict[str, Series]:
        """Every size takes its turn in each round, so that a slow moment slows all alike."""
        found: dict[str, Series] = {}
        people = recipients()
        known = {size: [next(people) for _ in range(KNOWN)] for size in services}
        for size, service in services.items():
            for request in known[size]:
                measured(partial(choose, service, request))
        settle()
        for kind in ("known", "new"):
            for number in range(-20, rounds):
                for name, work in self._works(kind, services, people, known, number):
                    took = measured(work)
                    if number >= 0:
                        found.setdefault(name, Series()).times.append(took)
        for size, service in services.items():
            first = found.setdefault(f"first of its class, pool of {size:,}", Series())
            for request in known[size][: max(rounds // 4, 10)]:
                forget_plans()
                first.times.append(measured(partial(choose, service, request)))
        for name, series in found.items():
            self.stdout.write(f"{name:38}{series.shown}")
        return found

    def _works(
        self,
        kind: str,
        services: dict[int, MessagingService],
        people: Iterator[SelectionRequest],
        known: dict[int, list[SelectionRequest]],
        number: int,
    ) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield f"SELECT 1, beside {kind}", round_trip
        if kind == "new":
            service = services[max(services)]
            yield "bare writes, beside new", bare_writes(service, next(people))
        for size, service in services.items():
            request = next(people) if kind == "new" else known[size][number % KNOWN]
            yield f"{kind} recipient, pool of {size:,}", partial(choose, service, request)

    # --- sticky tables -------------------------------------------------------------------------------------------

    def tables(self, sizes: tuple[int, ...], rounds: int) -> float:
        """Two databases by turns, a block each, for the size of a table is that of all its rows."""
        found = {size: Series() for size in sizes}
        with several(sizes) as services:
            for _ in range(10):
                for size in sizes:
                    use(f"table_{size}")
                    settled = known_recipients(services[size])
                    for number, request in enumerate(settled[: rounds // 10 + 10]):
                        took = measured(partial(choose, services[size], request))
                        if number >= 10:
                            found[size].times.append(took)
        for size, series in found.items():
            self.stdout.write(f"{f'{size:,} sticky mappings: known':38}{series.shown}")
        return found[sizes[-1]].median / found[sizes[0]].median

    # --- bounds --------------------------------------------------------------------------------------------------

    def judge(self, found: dict[str, Series], ratio: float, pools: tuple[int, ...]) -> None:
        """Of what a new recipient costs, two rows and their twelve index entries are told apart."""
        broken = False
        for kind in ("known", "new"):
            base = found[f"{kind} recipient, pool of {pools[0]:,}"].median
            for size in pools[1:]:
                times = found[f"{kind} recipient, pool of {size:,}"].median / base
                most = FLAT_BEYOND[1] if size >= FLAT_BEYOND[0] else FLAT
                broken |= self.told(f"{kind}: pool of {size:,} against {pools[0]:,}", times, most)
        broken |= self.told("known: largest sticky table against smallest", ratio, FLAT)
        known, new = (found[f"{kind} recipient, pool of {pools[-1]:,}"].median for kind in ("known", "new"))
        trip = found["SELECT 1, beside known"].median
        broken |= self.told(f"known: round trips a choice (goal {GOAL:g})", known / trip, GATE)
        trip, bare = found["SELECT 1, beside new"].median, found["bare writes, beside new"].median
        broken |= self.told("new: round trips a choice, writes and all", new / trip, GATE)
        self.stdout.write(f"{'new: of these, its bare writes':52}{bare / trip:6.2f} ×")
        if broken:
            raise SystemExit(1)

    def told(self, name: str, times: float, most: float) -> bool:
        verdict = "ok" if times <= most else "TOO MUCH"
        self.stdout.write(f"{name:52}{times:6.2f} ×  (at most {most:g})  {verdict}")
        return times > most


# --- what is measured ---------------------------------------------------------------------------------------------


def measured(work: Callable[[], Any]) -> float:
    """Seconds that a work takes inside a transaction; beginning and committing it are left out."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")  # BEGIN goes out with the first statement
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def round_trip() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def bare_writes(service: MessagingService, request: SelectionRequest) -> Callable[[], Any]:
    """What a new recipient costs at least: one statement that writes the mapping and counts it at a known member."""
    summary = pool.summary_of(service)
    member = next(example.member_id for bucket in summary.buckets for example in bucket.examples)
    now = timezone.now()
    row = (service.pk, "sms", f"{request.address}0", member, "long_code", "US", "US", service.config_version, now, now)
    return partial(rows, INSERT_AND_COUNT, [*row, member])


def choose(service: MessagingService, request: SelectionRequest) -> None:
    choosing.choose(service=service, request=request, now=timezone.now())


def recipients() -> Iterator[SelectionRequest]:
    """New people without end: of 31 US area codes, of Germany, of Sweden."""
    dice = random.Random(7)  # noqa: S311 - the same people every time
    number = 1_000_000
    while True:
        number += 1
        code = dice.choice(_CODES["US"][::12])
        for to in (f"+1{code}{number}", f"+4915{number:09}", f"+4670{number:07}"):
            to_ = parse_destination(to)
            yield SelectionRequest(to_.raw, to_.channel, to_.address, to_.country, to_.area_code)


def known_recipients(service: MessagingService) -> list[SelectionRequest]:
    rows = StickyMapping.objects.filter(service=service).order_by("recipient").values_list("recipient", flat=True)
    asked = (parse_destination(recipient) for recipient in rows[:600])
    return [SelectionRequest(to.raw, to.channel, to.address, to.country, to.area_code) for to in asked]


# --- data ---------------------------------------------------------------------------------------------------------


def filled(size: int) -> MessagingService:
    """A Service with so many senders, written at once: as the actions would have, one by one."""
    account = account_actions.create_account(actor=ACTOR, friendly_name=f"Pool of {size}")
    service = service_actions.create_service(account=account, actor=ACTOR, friendly_name=f"Pool of {size}")
    senders = Sender.objects.bulk_create((_sender(account, size, place) for place in range(size)), batch_size=5_000)
    buckets: dict[tuple[str, bool, str], PoolBucket] = {}
    codes: dict[tuple[int, str], PoolAreaCode] = {}
    for sender in senders:
        key = (sender.country, sender.mms, sender.registration)
        if key not in buckets:
            buckets[key] = PoolBucket.objects.create(
                service=service, kind=sender.kind, country=key[0], sms=True, mms=key[1], registration=key[2]
            )
        bucket = buckets[key]
        bucket.member_count += 1
        if sender.area_code:
            area = codes.setdefault(
                (bucket.pk, sender.area_code), PoolAreaCode(bucket=bucket, area_code=sender.area_code)
            )
            area.member_count += 1
    PoolBucket.objects.bulk_update(buckets.values(), ["member_count"])
    PoolAreaCode.objects.bulk_create(codes.values())
    PoolMember.objects.bulk_create(
        (
            PoolMember(
                service=service,
                sender=sender,
                bucket=buckets[sender.country, sender.mms, sender.registration],
                area_code=sender.area_code,
            )
            for sender in senders
        ),
        batch_size=5_000,
    )
    return MessagingService.objects.select_related("account").get(pk=service.pk)


def _sender(account: Account, size: int, place: int) -> Sender:
    country = MIX[place % len(MIX)]
    in_nanp = country in _CODES
    code = _CODES[country][place % len(_CODES[country])] if in_nanp else ""
    number = size * 10 + place
    address = f"+1{code}{number:07}" if in_nanp else f"{PREFIX[country]}{number:09}"
    return Sender(
        sid=f"PN{size:016x}{place:016x}",
        account=account,
        kind=Sender.Kind.LONG_CODE,
        address=address,
        country=country,
        area_code=code,
        mms=in_nanp,
        registration="registered" if in_nanp else "not_required",
    )


_MANY_MAPPINGS = """
INSERT INTO senders_stickymapping (service_id, channel, recipient, member_id, sender_kind, sender_country,
    recipient_country, config_version, date_created, date_updated)
SELECT %s, 'sms', '+1415' || (1000000 + n), %s, 'long_code', 'US', 'US', %s, now(), now()
FROM generate_series(1, %s) n
"""


def mapped(rows: int) -> MessagingService:
    """A Service of 400 senders with so many mappings, all to one of them."""
    service = filled(400)
    member = PoolMember.objects.filter(service=service, bucket__country="US").earliest("id")
    with connection.cursor() as cursor:
        cursor.execute(_MANY_MAPPINGS, [service.pk, member.pk, service.config_version, rows])
    PoolMember.objects.filter(pk=member.pk).update(mapping_count=rows)
    settle()
    return service


def settle() -> None:
    """Statistics as autovacuum would have made them by and by."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SET synchronous_commit = off")  # the commit is left out, and so is waiting for the disk


# --- scratch databases --------------------------------------------------------------------------------------------

_PREFIX: Final = f"msgconsole_bench_{os.getpid()}_"


def use(name: str) -> None:
    """Talk to a scratch database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = _PREFIX + name
    pool.forget_summaries()
    forget_plans()


@contextmanager
def scratch(name: str) -> Iterator[None]:
    """A new database with all tables, dropped at the end."""
    own = connection.settings_dict["NAME"]
    quoted = connection.ops.quote_name(_PREFIX + name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted}")
    try:
        use(name)
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")


@contextmanager
def several(sizes: tuple[int, ...]) -> Iterator[dict[int, MessagingService]]:
    """A scratch database for each size of the sticky table."""
    if not sizes:
        yield {}
        return
    with scratch(f"table_{sizes[0]}"):
        service = mapped(sizes[0])
        with several(sizes[1:]) as others:
            yield {sizes[0]: service, **others}
