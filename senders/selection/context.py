"""What a stage sees, and what it answers. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from msgconsole.explain import MOST_EXAMPLES, Elimination, Verdict
from senders.selection.reasons import Reason, and_more
from senders.selection.summary import WITH_COUNTRY, Cell, PoolSummary, labels, size
from senders.selection.types import Candidate, Policy, SelectionRequest

Cells = tuple[Cell, ...]
Out = tuple[Cell, Reason, str]  # who goes, why, and the values side by side
ANY: Final[frozenset[str]] = frozenset({"sms", "rcs", "whatsapp", "messenger"})
SMS: Final[frozenset[str]] = frozenset({"sms"})
SMS_AND_RCS: Final[frozenset[str]] = frozenset({"sms", "rcs"})
US_AND_CANADA: Final[frozenset[str]] = frozenset({"US", "CA"})
MOST_ELIMINATIONS: Final = 8  # per reason and step; the rarer values of a large pool are told together


@dataclass(frozen=True, slots=True)
class Context:
    """The question, with what follows from it at once.

    ``country`` is the country to match senders against: that of the recipient, but the US for a recipient in a US
    territory when the pool has no capable sender of that territory. ``needs_mms``: only an MMS-capable sender will
    do. ``as_link``: media go as a link at the end of the text. ``settled`` is the rule that has named a group so far.
    ``fates``: somebody asks for the reason of each single sender, so nobody may be told of together with others.
    """

    request: SelectionRequest
    policy: Policy
    summary: PoolSummary
    country: str
    needs_mms: bool
    as_link: bool
    settled: str | None = None
    fates: bool = False


@dataclass(frozen=True, slots=True)
class StageResult:
    """``settles``: the stage named the group the sender comes from. ``error``: code and sentence, the end of it.

    ``told``: who went, where the stage has grouped them itself. ``deciding`` names the rule where it differs from the
    stage. ``named`` is a sender the request named.
    """

    kept: Cells
    out: tuple[Out, ...] = ()
    verdict: Verdict = "applied"
    note: str = ""
    settles: bool = False
    because: str = ""
    error: tuple[int, str] | None = None
    deciding: str | None = None
    named: Candidate | None = None
    unready: bool = False
    told: tuple[Elimination, ...] | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """``when``: asked while one of these rules (None: no rule yet) has settled the group; ``channels``: for these."""

    name: str
    question: str
    run: Callable[[Context, Cells], StageResult]
    when: tuple[str | None, ...] = (None,)
    channels: frozenset[str] = ANY
    setting: str | None = None


def passes(cells: Cells, note: str = "") -> StageResult:
    """The question was asked, and nobody had to go."""
    return StageResult(cells, note=note)


def skips(cells: Cells, note: str) -> StageResult:
    return StageResult(cells, verdict="not_applicable", note=note)


def disabled(cells: Cells, note: str) -> StageResult:
    return StageResult(cells, verdict="disabled", note=note)


def refuses(cells: Cells, reason: Reason, code: int, detail: str, *, deciding: str | None = None) -> StageResult:
    """The message as a whole cannot go: nobody is left."""
    out = tuple((cell, reason, detail) for cell in cells)
    return StageResult((), out, error=(code, detail), deciding=deciding, note=detail)


def filters(cells: Cells, judge: Callable[[Cell], tuple[Reason, str] | None], note: str = "") -> StageResult:
    """Remove whoever ``judge`` has something against."""
    kept: list[Cell] = []
    out: list[Out] = []
    for cell in cells:
        fault = judge(cell)
        if fault is None:
            kept.append(cell)
        else:
            out.append((cell, *fault))
    return StageResult(tuple(kept), tuple(out), note=note)


def prefers(
    cells: Cells,
    matches: Callable[[Cell], bool],
    against: Callable[[Cell], tuple[Reason, str]],
    *,
    because: str,
    otherwise: str,
) -> StageResult:
    """Narrow to those who match and so name the group; or pass everyone on and say so (``otherwise``)."""
    kept = tuple(cell for cell in cells if matches(cell))
    if not kept:
        return passes(cells, otherwise)
    out = tuple((cell, *against(cell)) for cell in cells if not matches(cell))
    return StageResult(kept, out, settles=True, because=because)


def eliminations(out: Iterable[Out]) -> tuple[Elimination, ...]:
    """Who went, grouped by reason and values, the largest group first; a reason with many values is cut short."""
    by_reason: dict[Reason, dict[str, list[Cell]]] = {}
    for cell, reason, detail in out:
        by_reason.setdefault(reason, {}).setdefault(detail, []).append(cell)
    told: list[Elimination] = []
    for reason, groups in by_reason.items():
        told += grouped(reason, groups, str)
    return in_order(told)


def in_order(told: Iterable[Elimination]) -> tuple[Elimination, ...]:
    """The largest group first, and of equal ones by their words: the order of adding makes no difference."""
    return tuple(sorted(told, key=lambda gone: (-gone.count, gone.reason, gone.detail)))


def grouped(reason: Reason, groups: Mapping[str, list[Cell]], detail: Callable[[str], str]) -> list[Elimination]:
    """Those who went for one reason, by its values, the largest group first; the rarer values are told together."""
    values = [(size(cells), value, cells) for value, cells in groups.items()]
    values.sort(key=lambda group: (-group[0], group[1]))
    least: list[tuple[int, str, list[Cell]]] = []
    if len(values) > MOST_ELIMINATIONS:
        values, least = values[: MOST_ELIMINATIONS - 1], values[MOST_ELIMINATIONS - 1 :]
    told = [Elimination(reason, detail(value), number, labels(cells, MOST_EXAMPLES)) for number, value, cells in values]
    if least:
        together = [cell for _, _, cells in least for cell in cells]
        number = sum(group[0] for group in least)
        told.append(Elimination(reason, and_more(reason, len(least)), number, labels(together, MOST_EXAMPLES)))
    return told


def has_country(summary: PoolSummary, country: str, *, needs_mms: bool) -> bool:
    """Whether the pool has a number or short code of a country that can carry the message."""
    return any(
        bucket.key.country == country
        and bucket.key.kind in WITH_COUNTRY
        and (bucket.key.mms if needs_mms else bucket.key.sms)
        for bucket in summary.buckets
    )
