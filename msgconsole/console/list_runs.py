"""Try a list: what up to 10,000 recipients of a Service would see, worked out by the worker in small chunks.

The run's row holds the lines and the outcomes compressed; a recipient has no row of its own. A chunk is written with
the count of lines that were done before it: a chunk that is run twice, after a crash, changes nothing.
"""

import json
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, User
from msgconsole.carriers import registry
from msgconsole.carriers.contract import RecipientFacts
from msgconsole.console.models import ListRun
from msgconsole.error_codes import Refused
from msgconsole.numbering import e164
from msgconsole.numbering.e164 import Destination, NumberingError
from msgconsole.outbox import queue
from msgconsole.outbox.handlers import Later
from msgconsole.outbox.models import OutboxEntry
from senders import pool
from senders.choosing import request_for
from senders.selection.decision import Decision
from senders.selection.types import Recipient, SelectionRequest
from senders.series import Series
from services.consent import list_of
from services.models import ConsentRecord, MessagingService

KIND: Final = "console.list_run"
MOST: Final = 10_000
LONGEST_LINE: Final = 200
CHUNK: Final = 200
SLICE: Final = 50
REST_SECONDS: Final = 0.01  # after a slice: where all is one process, requests that wait for their turn go first
MOST_WRONG: Final = 100  # wrong lines that are shown; all are counted, and all are in the download
OPTED_OUT: Final = 21610
TWICE: Final = "twice"
WRONG: Final = "wrong"


class Line(NamedTuple):
    """``number`` counts from 1, as an editor does."""

    number: int
    text: str


class Outcome(NamedTuple):
    """What one line came to. ``rule``: the deciding stage, ``wrong`` or ``twice``; ``sender`` an address or empty."""

    line: int
    recipient: str
    sender: str
    rule: str
    code: int | None


def read_lines(text: str) -> list[Line]:
    """The recipients of a pasted text: one a line, of a table its first column. A heading in line 1 is passed over."""
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        cell = raw.replace("\t", ",").replace(";", ",").split(",")[0].strip().strip("\"'").strip()
        heading = number == 1 and not any(map(str.isdigit, cell)) and ":" not in cell
        if cell and not heading:
            found.append(Line(number, cell[:LONGEST_LINE]))
    return found


def start(
    *, account: Account, service: MessagingService, text: str, media: bool, user: User | None, actor: Actor
) -> ListRun:
    """Begin a run; the worker does the rest."""
    lines = read_lines(text)
    if not lines:
        raise Refused(20001, "Paste at least one recipient, one a line.", field="recipients")
    if len(lines) > MOST:
        raise Refused(20001, f"{len(lines):,} recipients are too many: at most {MOST:,} at once.", field="recipients")
    if not pool.summary_of(service).total:
        raise Refused(21704, f"{service.friendly_name} has no senders. Add one to its pool first.", field="service")
    with transaction.atomic():
        run = ListRun(
            account=account, user=user, service=service, media=media, total=len(lines), recipients=_pack(lines)
        )
        run.full_clean(exclude=["recipients", "outcomes", "result"])
        run.save()
        audit.record(account=account, actor=actor, action="list_run.started", obj=run)
        queue.enqueue(KIND, run.sid)
    return run


def stop(*, run: ListRun, actor: Actor) -> None:
    """Stop a run that still goes on; what it found so far stays."""
    with transaction.atomic():
        going = ListRun.objects.filter(pk=run.pk, status=ListRun.Status.RUNNING)
        if going.update(status=ListRun.Status.STOPPED, finished_at=timezone.now()):
            audit.record(account=run.account, actor=actor, action="list_run.stopped", obj=run)


def work(entry: OutboxEntry) -> None:
    """Handler: the next chunk. It asks to be called again while there is more, so other work gets its turn."""
    run = ListRun.objects.select_related("service__account").filter(sid=entry.reference).first()
    if run is None or run.status != ListRun.Status.RUNNING:
        return
    lines = [Line(*line) for line in _unpack(run.recipients)][run.done : run.done + CHUNK]
    before = outcomes(run)
    taken = {int(number): (loads[0], loads[1]) for number, loads in run.result.get("taken", {}).items()}
    series = Series(run.service, taken=taken)
    senders: dict[str, Any] = dict(run.result.get("senders", {}))
    found = _try(run, series, lines, {outcome.recipient for outcome in before if outcome.rule != WRONG}, senders)
    everything = [*before, *found]
    done = run.done + len(lines)
    finished = done >= run.total
    ListRun.objects.filter(pk=run.pk, done=run.done, status=ListRun.Status.RUNNING).update(
        done=done,
        outcomes=_pack(everything),
        result={**count(everything), "senders": senders, "taken": {} if finished else series.taken},
        status=ListRun.Status.DONE if finished else ListRun.Status.RUNNING,
        finished_at=timezone.now() if finished else None,
    )
    if not finished:
        raise Later(timezone.now())


def outcomes(run: ListRun) -> list[Outcome]:
    """What each line came to so far, in order."""
    return [Outcome(*row) for row in _unpack(run.outcomes)] if run.outcomes else []


def count(found: Iterable[Outcome]) -> dict[str, Any]:
    """Counts by sender, rule and code, and the wrong lines. Recipients that stand twice count once."""
    by_sender: Counter[str] = Counter()
    by_rule: Counter[str] = Counter()
    by_code: Counter[str] = Counter()
    wrong: list[list[Any]] = []
    twice = wrong_count = 0
    for one in found:
        if one.rule == TWICE:
            twice += 1
        elif one.rule == WRONG:
            wrong_count += 1
            if len(wrong) < MOST_WRONG:
                wrong.append([one.line, one.recipient, one.code])
        else:
            by_rule[one.rule] += 1
            if one.code is None:
                by_sender[one.sender] += 1
            else:
                by_code[str(one.code)] += 1
    return {
        "by_sender": dict(by_sender.most_common()),
        "by_rule": dict(by_rule.most_common()),
        "by_code": dict(by_code.most_common()),
        "wrong": wrong,
        "wrong_count": wrong_count,
        "twice": twice,
    }


def _try(run: ListRun, series: Series, lines: Sequence[Line], seen: set[str], senders: dict[str, Any]) -> list[Outcome]:
    read: list[Outcome | Destination] = []
    for line in lines:
        try:
            to = e164.parse_destination(line.text)
        except NumberingError as fault:
            read.append(Outcome(line.number, line.text, "", WRONG, fault.code))
            continue
        read.append(Outcome(line.number, _name(to), "", TWICE, None) if _name(to) in seen else to)
        seen.add(_name(to))
    blocked = _opted_out(run.service, [to for to in read if isinstance(to, Destination)])
    known = registry.recipients_facts([to.e164 for to in read if isinstance(to, Destination) and to.e164])
    asked = [_question(run, to, blocked, known) for to in read if isinstance(to, Destination)]
    decided = iter(_decided(series, asked))
    found = []
    for line, one in zip(lines, read, strict=True):
        found.append(one if isinstance(one, Outcome) else _outcome(line, one, next(decided), senders))
    return found


def _decided(series: Series, asked: Sequence[SelectionRequest]) -> Iterator[Decision]:
    for start in range(0, len(asked), SLICE):
        yield from series.decide(asked[start : start + SLICE])
        time.sleep(REST_SECONDS)


def _name(to: Destination) -> str:
    return to.address if to.channel == "sms" else f"{to.channel}:{to.address}"


def _question(
    run: ListRun, to: Destination, blocked: set[tuple[str, str]], known: Mapping[str, RecipientFacts]
) -> SelectionRequest:
    facts = known.get(to.e164) if to.e164 else None
    out = (list_of(to.channel), to.address) in blocked
    return request_for(
        run.service,
        to,
        media=run.media,
        recipient=Recipient(facts.carrier, facts.line_type, facts.rcs) if facts else Recipient(),
        opted_out=out,
        opt_out_detail="The recipient has opted out." if out else None,
    )


def _opted_out(service: MessagingService, recipients: Sequence[Destination]) -> set[tuple[str, str]]:
    """(list, address) of those who opted out: one statement for all."""
    rows = ConsentRecord.objects.filter(
        service=service,
        recipient__in={to.address for to in recipients},
        status=ConsentRecord.Status.OPTED_OUT,
    )
    return set(rows.values_list("channel", "recipient"))


def _outcome(line: Line, to: Destination, decision: Decision, senders: dict[str, Any]) -> Outcome:
    sender = decision.sender
    address = sender.address if sender is not None else ""
    if sender is not None and address not in senders:
        senders[address] = {"sid": sender.sid, "kind": sender.kind, "country": sender.country, "address": address}
    return Outcome(line.number, _name(to), address, decision.deciding_stage, decision.error_code)


def _pack(rows: Sequence[Sequence[Any]]) -> bytes:
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 1)


def _unpack(data: bytes | memoryview) -> list[list[Any]]:
    rows: list[list[Any]] = json.loads(zlib.decompress(bytes(data)))
    return rows
