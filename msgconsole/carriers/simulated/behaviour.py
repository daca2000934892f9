"""What the simulated carrier does with a message: decided by the recipient's last four digits or words in the body.

Ordinary messages are delivered. Numbers that end in 99NN, and bodies with a word in brackets, make the things happen
that real carriers do: ``99`` and the last two digits of a 300NN error give that error. A word beats a number. Pure.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from msgconsole.error_codes import message_for

Outcome = Literal["accepted", "retry", "refused"]
ReportStatus = Literal["delivered", "undelivered", "read"]

LANDLINE_FAULT: Final = 30006
CONGESTED: Final = 30017  # given up after all tries
BUSY_ROUNDS: Final = 2  # submissions that a busy carrier turns away before it takes the message
SLOW_STEPS: Final = 25.0
# The faults that mean the message never left: refused when handed over. All others are reported after acceptance.
REFUSED_AT_ONCE: Final = frozenset({30001, 30002, 30010, 30019, 30020, 30021, 30036, 30037, 30410, 30500})
_SUFFIX: Final = re.compile(r"99(\d\d)$")
_WORD: Final = re.compile(r"\[(fail (3\d{4})|retry|congested|no report|slow|twice|read)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """A receipt that the carrier will send, ``steps`` units of delay after it took the message."""

    steps: float
    status: ReportStatus
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to one message. ``busy_rounds``: so many submissions are turned away first; None: every one is."""

    outcome: Outcome = "accepted"
    error_code: int | None = None
    busy_rounds: int | None = 0
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Magic:
    """A line of the table that pages show: the suffix of a number, the word in a body, what happens."""

    suffix: str
    word: str
    effect: str


DELIVERED: Final = Plan(reports=(Report(1.0, "delivered"),))
_SPECIAL: Final[dict[str, Plan]] = {
    "no report": Plan(),
    "retry": Plan("retry", busy_rounds=BUSY_ROUNDS, reports=DELIVERED.reports),
    "slow": Plan(reports=(Report(SLOW_STEPS, "delivered"),)),
    "twice": Plan(reports=(Report(1.0, "delivered"), Report(1.5, "delivered"))),
    "congested": Plan("retry", CONGESTED, busy_rounds=None),
    "read": Plan(reports=(Report(1.0, "delivered"), Report(3.0, "read"))),
}
_SUFFIX_WORDS: Final = {"00": "no report", "01": "retry", "02": "slow", "09": "twice", "17": "congested"}
_SUFFIX_FAULTS: Final = {
    f"{code % 100:02d}": code
    for code in (
        30003,
        30004,
        30005,
        30006,
        30007,
        30008,
        30011,
        30019,
        30022,
        30023,
        30024,
        30027,
        30040,
        30041,
        30042,
    )
} | {"10": 30410}

_EFFECTS: Final = {
    "no report": "Stays sent: the carrier never reports.",
    "retry": "The carrier is busy twice, then delivers.",
    "slow": "Delivered late: about 20 seconds after it was sent.",
    "twice": "The report of delivery comes twice.",
    "congested": "The carrier is busy every time: failed 30017 after all tries.",
    "read": "Delivered, then read, where the channel has read receipts.",
}


def behave(recipient: str, body: str, *, landline: bool = False, read_receipts: bool = False) -> Plan:
    """What the carrier does with a message to ``recipient``. ``landline`` is what the phone book says of it."""
    plan = _by_word(body) or _by_suffix(recipient)
    if plan is None:
        plan = _failing(LANDLINE_FAULT) if landline else DELIVERED
    if read_receipts:
        return plan
    kept = tuple(report for report in plan.reports if report.status != "read")
    return Plan(plan.outcome, plan.error_code, plan.busy_rounds, kept)


def table() -> tuple[Magic, ...]:
    """Every magic number and word, in the order of the suffixes."""
    rows = [Magic(f"99{suffix}", f"[{word}]", _EFFECTS[word]) for suffix, word in _SUFFIX_WORDS.items()]
    rows += [
        Magic(f"99{suffix}", f"[fail {code}]", f"{_ending(code).capitalize()} with {code}: {message_for(code)}.")
        for suffix, code in _SUFFIX_FAULTS.items()
    ]
    rows.sort(key=lambda row: row.suffix)
    rows.append(Magic("", "[fail 3NNNN]", "Ends with any error code from 30000 to 39999."))
    rows.append(Magic("", "[read]", _EFFECTS["read"]))
    return tuple(rows)


def on_purpose(code: int) -> Magic | None:
    """The number and the word that end a message with a code; None for one that no carrier gives."""
    word = f"[fail {code}]"
    if not _WORD.search(word):
        return None
    suffixes = {fault: suffix for suffix, fault in {**_SUFFIX_FAULTS, "17": CONGESTED}.items()}
    suffix = f"99{suffixes[code]}" if code in suffixes else ""
    return Magic(suffix, word, f"{_ending(code).capitalize()} with {code}.")


def _by_word(body: str) -> Plan | None:
    found = _WORD.search(body)
    if found is None:
        return None
    return _failing(int(found[2])) if found[2] else _SPECIAL[found[1].lower()]


def _by_suffix(recipient: str) -> Plan | None:
    found = _SUFFIX.search(recipient)
    if found is None:
        return None
    if found[1] in _SUFFIX_WORDS:
        return _SPECIAL[_SUFFIX_WORDS[found[1]]]
    return _failing(_SUFFIX_FAULTS[found[1]]) if found[1] in _SUFFIX_FAULTS else None


def _failing(code: int) -> Plan:
    if code == CONGESTED:
        return _SPECIAL["congested"]
    if code in REFUSED_AT_ONCE:
        return Plan("refused", code)
    return Plan(reports=(Report(1.0, "undelivered", code),))


def _ending(code: int) -> str:
    return "failed" if code in REFUSED_AT_ONCE | {CONGESTED} else "undelivered"
