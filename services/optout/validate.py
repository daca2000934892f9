"""What is wrong with a Service's keywords, said so that the person who typed them can put it right."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from msgconsole.numbering import countries
from services.optout.keywords import (
    MAX_KEYWORD,
    MAX_KEYWORDS,
    MAX_MESSAGE,
    REQUIRED,
    REQUIRED_KIND,
    KeywordConfig,
    Layer,
    Row,
    SetKind,
    normalise,
)

_NAMES: dict[SetKind, str] = {"opt_out": "opt-out", "opt_in": "opt-in", "help": "help"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, and where it stands.

    ``field`` is ``keywords``, ``message``, ``language`` or ``country``; ``value`` is what is wrong, ``message``
    says why and ``remedy`` what to do. ``layer``, ``country``, ``language`` and ``kind`` find the set.
    """

    field: str
    value: str
    message: str
    remedy: str
    layer: Layer
    country: str
    language: str
    kind: SetKind

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


def validate(config: KeywordConfig) -> list[Problem]:
    """Every fault of ``config``, in the order in which the sets stand; an empty list when it may be stored."""
    rows = list(config.rows())
    found = [problem for row in rows for problem in _faults_of_one(row)]
    for _, layer in groupby(rows, key=lambda row: (row.layer, row.country)):
        found.extend(_conflicts(list(layer)))
    found.extend(_repeated_places(rows))
    return found


def _problem(row: Row, field: str, value: str, message: str, remedy: str) -> Problem:
    return Problem(field, value, message, remedy, row.layer, row.country, row.language, row.kind)


def _faults_of_one(row: Row) -> Iterator[Problem]:
    name = _NAMES[row.kind]
    if row.layer == "country" and row.country not in _KNOWN_COUNTRIES:
        yield _problem(row, "country", row.country, f"“{row.country}” is no country code.", "Use two letters, like GB.")
    if row.layer != "standard" and not row.language.strip():
        yield _problem(row, "language", row.language, "The language is missing.", "Choose one.")
    yield from _missing_words(row)
    for keyword in row.keywords:
        yield from _faults_of_keyword(row, keyword)
    if len(row.keywords) > MAX_KEYWORDS:
        yield _problem(
            row,
            "keywords",
            str(len(row.keywords)),
            f"{len(row.keywords)} {name} keywords are too many.",
            f"Keep at most {MAX_KEYWORDS}.",
        )
    if row.keywords and not row.message.strip():
        yield _problem(
            row, "message", row.message, f"The {name} keywords have no reply.", "Write what to answer to them."
        )
    if len(row.message) > MAX_MESSAGE:
        yield _problem(
            row,
            "message",
            row.message,
            f"The {name} reply has {len(row.message)} characters.",
            f"Shorten it to {MAX_MESSAGE}.",
        )


def _missing_words(row: Row) -> Iterator[Problem]:
    """The standard layer alone must have them: the other layers fall back to it."""
    if row.layer != "standard":
        return
    present = set(map(normalise, row.keywords))
    for word in REQUIRED[row.kind]:
        if normalise(word) not in present:
            yield _problem(
                row,
                "keywords",
                word,
                f"{word} cannot be removed from the {_NAMES[row.kind]} keywords.",
                "Put it back; further words are up to you.",
            )


def _faults_of_keyword(row: Row, keyword: str) -> Iterator[Problem]:
    if not keyword.strip():
        yield _problem(row, "keywords", keyword, "An empty keyword matches nothing.", "Remove it.")
        return
    if len(keyword.strip()) > MAX_KEYWORD:
        yield _problem(
            row,
            "keywords",
            keyword,
            f"“{keyword}” has {len(keyword.strip())} characters.",
            f"Use at most {MAX_KEYWORD}.",
        )
    belongs_to = REQUIRED_KIND.get(normalise(keyword), row.kind)
    if belongs_to != row.kind:
        yield _problem(
            row,
            "keywords",
            keyword,
            f"“{keyword}” always belongs to the {_NAMES[belongs_to]} keywords.",
            f"Remove it from the {_NAMES[row.kind]} keywords.",
        )


def _conflicts(rows: list[Row]) -> Iterator[Problem]:
    """A keyword that stands twice within one layer and country: only one of its replies could be given."""
    owners: dict[str, Row] = {}
    for row in rows:
        for keyword in row.keywords:
            word = normalise(keyword)
            owner = owners.get(word)
            if owner is None:
                owners[word] = row
            elif word:
                where = "twice here" if owner is row else f"also among the {_place(owner)} keywords"
                yield _problem(row, "keywords", keyword, f"“{keyword}” stands {where}.", "Keep it in one place.")


def _place(row: Row) -> str:
    return f"{row.language} {_NAMES[row.kind]}".strip()


def _repeated_places(rows: list[Row]) -> Iterator[Problem]:
    """Two entries for one language of one place, which only a file can bring about."""
    seen: set[tuple[str, str, str, str]] = set()
    for row in rows:
        place = (row.layer, row.country, row.language, row.kind)
        if place in seen:
            message = f"{row.language} has its {_NAMES[row.kind]} keywords in two entries."
            yield _problem(row, "language", row.language, message, "Merge them.")
        seen.add(place)


_KNOWN_COUNTRIES = frozenset(iso for iso, _ in countries.ALL)
