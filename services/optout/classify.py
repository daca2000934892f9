"""Is this inbound text a keyword, and what does it bring about? Values in, values out.

The whole message must be the keyword: “STOP please” is a message like any other.
"""

import functools
from dataclasses import dataclass
from typing import Literal

from services.optout.keywords import (
    DEFAULTS,
    KINDS,
    REQUIRED,
    REQUIRED_KIND,
    TYPE_OF,
    KeywordConfig,
    KeywordSets,
    OptOutType,
    SetKind,
    normalise,
)

SenderKind = Literal["long_code", "toll_free", "short_code", "alpha", "whatsapp", "rcs", "messenger"]
MatchLayer = Literal["network", "country", "language", "standard", "default"]
Scope = Literal["service", "sender"]
Consent = Literal["opted_in", "opted_out"]

NETWORK_STOP = (
    'NETWORK MSG: You replied with the word "{word}" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)
"""What toll-free carriers of the US and Canada answer to STOP; nobody can change it.

Source: support.twilio.com/hc/en-us/articles/360058144374, like the next.
"""
NETWORK_START = 'NETWORK MSG: You have replied "{word}" and will begin receiving messages again from this number.'

_NETWORK_WORDS: dict[str, tuple[OptOutType, str]] = {
    "stop": ("STOP", NETWORK_STOP),
    "start": ("START", NETWORK_START),
    "unstop": ("START", NETWORK_START),
}
_ADVANCED_KINDS = frozenset({"long_code", "toll_free", "short_code", "whatsapp", "rcs"})
_DEFAULT_KINDS = frozenset({"long_code", "toll_free", "rcs"})
_UNHANDLED: dict[SenderKind, str] = {
    "short_code": "A short code has no keywords of its own: switch on Advanced Opt-Out, or let the application answer.",
    "whatsapp": "WhatsApp has no keywords of its own: switch on Advanced Opt-Out, or let the application answer.",
    "alpha": "An alpha sender cannot receive messages, so nobody can opt out by replying.",
    "messenger": "Keywords are not handled on Messenger.",
}
_PUNCTUATION = ".,;:!?¡¿…'\"“”‘’«»()[]*-–—_~`´"


@dataclass(frozen=True, slots=True)
class Classification:
    """What an inbound text is.

    ``kind`` None means an ordinary message, and then only ``detail`` says something: why. ``keyword`` is the word
    that matched, as it is configured. ``reply`` is the platform's answer, ``network_reply`` the carrier's, which
    comes first. ``scope`` is what a STOP or START is about: the whole Service, or this sender alone.
    """

    kind: OptOutType | None
    detail: str
    layer: MatchLayer | None = None
    language: str | None = None
    country: str | None = None
    keyword: str | None = None
    reply: str | None = None
    network_reply: str | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a classification.

    ``replies`` are sent in order, by the platform or the carrier, and are no Message resources.
    ``opt_out_type_param`` is the OptOutType of the webhook request, which goes out in any case (``webhook``).
    """

    consent_after: Consent
    replies: tuple[str, ...]
    opt_out_type_param: OptOutType | None
    webhook: bool
    detail: str


@dataclass(frozen=True, slots=True)
class _Match:
    layer: MatchLayer
    kind: SetKind
    language: str | None
    country: str | None
    keyword: str
    message: str


def classify(
    text: str,
    *,
    sender_kind: SenderKind,
    recipient_country: str,
    advanced: KeywordConfig | None,
    in_service: bool,
) -> Classification:
    """Judge an inbound ``text``.

    ``sender_kind`` is what received it, ``recipient_country`` (ISO) that of the person who wrote it. ``advanced``
    is the Service's configuration if Advanced Opt-Out is on, else None; outside a Service it does not count.
    """
    word = normalise(text)
    config = advanced if in_service else None
    scope: Scope = "service" if in_service else "sender"
    if sender_kind == "toll_free":
        if word in _NETWORK_WORDS:
            return _by_network(text.strip(), word, recipient_country, config, scope)
        if word == "yes":
            return Classification(None, "On toll-free, YES does not lift a block; only START and UNSTOP do.")
    if sender_kind not in (_DEFAULT_KINDS if config is None else _ADVANCED_KINDS):
        return Classification(None, _UNHANDLED[sender_kind])
    match = _find(word, sender_kind, recipient_country, config)
    if match is None:
        return Classification(None, _why_not(text, sender_kind, recipient_country, config))
    return Classification(
        kind=TYPE_OF[match.kind],
        detail=_describe(match),
        layer=match.layer,
        language=match.language,
        country=match.country,
        keyword=match.keyword,
        reply=match.message or None,
        scope=scope,
    )


def outcome(
    classification: Classification,
    *,
    consent_before: Consent,
    sender_kind: SenderKind,
    advanced: KeywordConfig | None,
    network_blocked: bool = False,
) -> Outcome:
    """What a classified text does to consent, and what is answered.

    ``network_blocked`` says that a toll-free carrier itself blocks this person (they once sent STOP to the number),
    which no keyword of ours can lift.
    """
    kind = classification.kind
    param = kind if advanced is not None else None

    def result(after: Consent, replies: tuple[str | None, ...], detail: str) -> Outcome:
        return Outcome(after, tuple(reply for reply in replies if reply), param, True, detail)

    answers = (classification.network_reply, classification.reply)
    blocked = consent_before == "opted_out"
    if kind == "STOP":
        if blocked:
            return result("opted_out", (), "Already opted out: the block stays, and nothing is answered twice.")
        return result("opted_out", answers, "Opted out, and told so.")
    if kind == "START":
        if sender_kind == "toll_free" and network_blocked and classification.layer != "network":
            return result("opted_out", (), "The carrier's own block stays: only START and UNSTOP lift it.")
        return result("opted_in", answers, "Opted in again." if blocked else "Was not opted out; told so anyway.")
    if kind == "HELP":
        if blocked:
            return result(consent_before, (), "Help is not sent to someone who has opted out.")
        return result(consent_before, answers, "Help sent.")
    return result(consent_before, (), "An ordinary message: consent stays as it was.")


def _by_network(sent: str, word: str, country: str, config: KeywordConfig | None, scope: Scope) -> Classification:
    """STOP, START and UNSTOP on toll-free: the carrier acts and answers first.

    To STOP the carrier's answer is the only one; to START a Service's own reply follows it.
    """
    kind, template = _NETWORK_WORDS[word]
    match = _find(word, "toll_free", country, config) if config is not None else None
    own = match.message if match and kind == "START" and TYPE_OF[match.kind] == kind else None
    return Classification(
        kind=kind,
        detail=f"The toll-free carrier itself acts on {word.upper()} and answers.",
        layer="network",
        language=match.language if match else None,
        country=match.country if match else None,
        keyword=word.upper(),
        reply=own or None,
        network_reply=template.format(word=sent),
        scope=scope,
    )


def _find(word: str, sender_kind: SenderKind, country: str, config: KeywordConfig | None) -> _Match | None:
    """The set that ``word`` (normalised) belongs to.

    With Advanced Opt-Out: the country's own words, or where it has none the languages' words; then the standard
    ones, also for a country with words of its own, since losing a STOP would be worse than hearing one too many.
    """
    if config is None:
        return (_toll_free_defaults() if sender_kind == "toll_free" else _defaults()).get(word)
    index = _index(config)
    override = index.countries.get(country)
    first = index.languages if override is None else override
    return first.get(word) or index.standard.get(word)


@dataclass(frozen=True, slots=True)
class _Index:
    standard: dict[str, _Match]
    languages: dict[str, _Match]
    countries: dict[str, dict[str, _Match]]


@functools.lru_cache(maxsize=256)
def _index(config: KeywordConfig) -> _Index:
    standard: dict[str, _Match] = {}
    _enter(standard, "standard", config.standard)
    for kind, words in REQUIRED.items():  # whatever the configuration says
        for word in words:
            message = config.standard.of(kind).message
            standard.setdefault(normalise(word), _Match("standard", kind, None, None, word, message))
    languages: dict[str, _Match] = {}
    for entry in config.languages:
        _enter(languages, "language", entry.sets, entry.language)
    countries: dict[str, dict[str, _Match]] = {}
    for country in config.countries:
        words_here = countries.setdefault(country.country, {})
        for entry in country.languages:
            _enter(words_here, "country", entry.sets, entry.language, country.country)
    return _Index(standard, languages, countries)


def _enter(
    into: dict[str, _Match],
    layer: MatchLayer,
    sets: KeywordSets,
    language: str | None = None,
    country: str | None = None,
) -> None:
    """Add the words of one place; the first to claim a word keeps it, and required words keep their meaning."""
    for kind in KINDS:
        keyword_set = sets.of(kind)
        for keyword in keyword_set.keywords:
            word = normalise(keyword)
            if word and REQUIRED_KIND.get(word, kind) == kind:
                into.setdefault(word, _Match(layer, kind, language, country, keyword, keyword_set.message))


@functools.cache
def _defaults() -> dict[str, _Match]:
    found: dict[str, _Match] = {}
    _enter(found, "default", DEFAULTS)
    return found


@functools.cache
def _toll_free_defaults() -> dict[str, _Match]:
    """On toll-free the platform itself answers help alone; the carrier does the rest."""
    return {word: match for word, match in _defaults().items() if match.kind == "help"}


def _describe(match: _Match) -> str:
    meaning = {"opt_out": "an opt-out", "opt_in": "an opt-in", "help": "a help"}[match.kind]
    where = {
        "default": "that every number understands",
        "standard": "of the standard list",
        "language": f"in {match.language}",
        "country": f"in {match.language} for {match.country}",
        "network": "",
    }[match.layer]
    return f"“{match.keyword}” is {meaning} keyword {where}."


def _why_not(text: str, sender_kind: SenderKind, country: str, config: KeywordConfig | None) -> str:
    """Why a text is no keyword, pointing at the one it nearly was."""
    words = normalise(text[:200]).split()
    bare = " ".join(words).strip(_PUNCTUATION)
    if bare and _find(bare, sender_kind, country, config):
        return f"“{bare}” would be a keyword without the characters around it: it must match exactly."
    for word in words:
        if _find(word.strip(_PUNCTUATION), sender_kind, country, config):
            return f"It contains “{word}”, but the whole message must be the keyword."
    return "No keyword matches the whole message."
