"""Opt-out, opt-in and help keywords: the words everyone has, and the shape of a Service's own.

A Service with Advanced Opt-Out has three sets (opt-out, opt-in, help), each with its keywords and one reply, at
three layers: *standard*, *language*, and *country* (with one or more languages each).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

SetKind = Literal["opt_out", "opt_in", "help"]
OptOutType = Literal["STOP", "START", "HELP"]
Layer = Literal["standard", "language", "country"]

KINDS: tuple[SetKind, ...] = ("opt_out", "opt_in", "help")
TYPE_OF: dict[SetKind, OptOutType] = {"opt_out": "STOP", "opt_in": "START", "help": "HELP"}
"""What a match of each set is called towards the application."""

MAX_KEYWORD = 30
"""Characters in one keyword. Our choice: the original publishes no limit."""
MAX_KEYWORDS = 20
"""Keywords in one set. Our choice."""
MAX_MESSAGE = 320
"""Characters in one reply. Our choice: two segments of GSM-7, roughly."""


@dataclass(frozen=True, slots=True)
class KeywordSet:
    """Words that mean the same, and the reply to any of them."""

    keywords: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class KeywordSets:
    """The three sets of one place: a layer, or one language in it."""

    opt_out: KeywordSet = field(default_factory=KeywordSet)
    opt_in: KeywordSet = field(default_factory=KeywordSet)
    help: KeywordSet = field(default_factory=KeywordSet)

    def of(self, kind: SetKind) -> KeywordSet:
        """The set of that kind."""
        found: KeywordSet = getattr(self, kind)
        return found


@dataclass(frozen=True, slots=True)
class LanguageKeywords:
    """The sets of one language, which is named in English."""

    language: str
    sets: KeywordSets


@dataclass(frozen=True, slots=True)
class CountryKeywords:
    """What one country (ISO code) has in place of the language layer."""

    country: str
    languages: tuple[LanguageKeywords, ...]


DEFAULTS = KeywordSets(
    opt_out=KeywordSet(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
        "You have successfully been unsubscribed. You will not receive any more messages from this number. "
        "Reply START to resubscribe.",
    ),
    opt_in=KeywordSet(
        ("START", "YES", "UNSTOP"),
        "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
        "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    ),
    help=KeywordSet(("HELP", "INFO"), "Reply STOP to unsubscribe. Msg&Data Rates May Apply."),
)
"""What a long code understands without Advanced Opt-Out, and what its standard layer starts with.

Source: www.twilio.com/docs/messaging/tutorials/advanced-opt-out (words) and the vendor's help pages on the
default replies, read on 2026-11-21.
"""

REQUIRED: dict[SetKind, tuple[str, ...]] = {
    "opt_out": ("STOP",),
    "opt_in": ("START", "UNSTOP"),
    "help": ("HELP",),
}
"""Words that the standard layer cannot lose, so that nobody is ever without a way out, back in, or to help."""

# fmt: off
LANGUAGES: tuple[str, ...] = (
    "Afrikaans", "Arabic", "Bengali", "Chinese", "Croatian", "Czech", "Danish", "Dutch", "English",
    "Estonian", "Finnish", "French", "German", "Greek", "Hebrew", "Hindi", "Hungarian", "Italian", "Japanese",
    "Korean", "Latvian", "Lithuanian", "Malay", "Malaysian", "Norwegian", "Polish", "Portuguese", "Russian",
    "Slovak", "Slovene", "Spanish", "Southern Ndebele", "Southern Sotho", "Swati", "Swedish", "Tamil",
    "Tswana", "Tsonga", "Venda", "Xhosa", "Zulu",
)
# fmt: on
"""Languages that the console offers, by their English names."""


class Row(NamedTuple):
    """One set with its place, as it is stored."""

    layer: Layer
    country: str
    language: str
    kind: SetKind
    keywords: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class KeywordConfig:
    """All keywords of one Service. Hashable, so that what is derived from it can be cached by it."""

    standard: KeywordSets = DEFAULTS
    languages: tuple[LanguageKeywords, ...] = ()
    countries: tuple[CountryKeywords, ...] = ()

    @classmethod
    def from_rows(cls, rows: Iterable[Row]) -> "KeywordConfig":
        """Put stored sets together. A kind that the standard layer lacks is empty, not defaulted."""
        standard = KeywordSets()
        languages: dict[str, KeywordSets] = {}
        countries: dict[str, dict[str, KeywordSets]] = {}
        for row in rows:
            change: dict[str, Any] = {row.kind: KeywordSet(tuple(row.keywords), row.message)}
            if row.layer == "standard":
                standard = replace(standard, **change)
                continue
            place = languages if row.layer == "language" else countries.setdefault(row.country, {})
            place[row.language] = replace(place.get(row.language, KeywordSets()), **change)
        return cls(
            standard,
            _by_language(languages),
            tuple(CountryKeywords(iso, _by_language(place)) for iso, place in countries.items()),
        )

    def rows(self) -> Iterator[Row]:
        """The sets as they are stored: all of the standard layer, elsewhere those with anything in them."""
        for kind in KINDS:
            yield Row("standard", "", "", kind, *_contents(self.standard.of(kind)))
        for layer, country, entry in self._overrides():
            for kind in KINDS:
                keyword_set = entry.sets.of(kind)
                if keyword_set != KeywordSet():
                    yield Row(layer, country, entry.language, kind, *_contents(keyword_set))

    def _overrides(self) -> Iterator[tuple[Layer, str, LanguageKeywords]]:
        for entry in self.languages:
            yield "language", "", entry
        for country in self.countries:
            for entry in country.languages:
                yield "country", country.country, entry

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "KeywordConfig":
        """Read the nested form of files: ``standard``, ``languages`` and ``countries``, all optional."""
        return cls(
            _sets_from(data["standard"]) if data.get("standard") else DEFAULTS,
            _languages_from(data.get("languages")),
            tuple(
                CountryKeywords(entry["country"], _languages_from(entry.get("languages")))
                for entry in data.get("countries") or ()
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """The nested form of files; ``from_dict`` reads it back."""
        return {
            "standard": _sets_to(self.standard),
            "languages": _languages_to(self.languages),
            "countries": [
                {"country": entry.country, "languages": _languages_to(entry.languages)} for entry in self.countries
            ],
        }


def normalise(text: str) -> str:
    """The form in which keywords are compared: outer white space gone, case ignored, nothing else forgiven.

    Composed and decomposed accents look the same to whoever types them, so they are the same here.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


REQUIRED_KIND: dict[str, SetKind] = {normalise(word): kind for kind, words in REQUIRED.items() for word in words}
"""The required words, normalised, and the only kind of set that each may stand in."""


def is_removable(kind: SetKind, keyword: str) -> bool:
    """May ``keyword`` be taken out of the standard layer's set of that kind?"""
    return REQUIRED_KIND.get(normalise(keyword)) != kind


def _contents(keyword_set: KeywordSet) -> tuple[tuple[str, ...], str]:
    return keyword_set.keywords, keyword_set.message


def _by_language(place: Mapping[str, KeywordSets]) -> tuple[LanguageKeywords, ...]:
    return tuple(LanguageKeywords(language, sets) for language, sets in place.items())


def _sets_from(data: Mapping[str, Any]) -> KeywordSets:
    def one(kind: SetKind) -> KeywordSet:
        found = data.get(kind) or {}
        return KeywordSet(tuple(found.get("keywords") or ()), found.get("message") or "")

    return KeywordSets(*map(one, KINDS))


def _sets_to(sets: KeywordSets) -> dict[str, Any]:
    return {kind: {"keywords": list(sets.of(kind).keywords), "message": sets.of(kind).message} for kind in KINDS}


def _languages_from(data: Iterable[Mapping[str, Any]] | None) -> tuple[LanguageKeywords, ...]:
    return tuple(LanguageKeywords(entry["language"], _sets_from(entry)) for entry in data or ())


def _languages_to(languages: Iterable[LanguageKeywords]) -> list[dict[str, Any]]:
    return [{"language": entry.language, **_sets_to(entry.sets)} for entry in languages]
