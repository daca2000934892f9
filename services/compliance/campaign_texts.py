"""What a campaign is submitted with: the required answers, their lengths, and what stands for missing ones."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from msgconsole.error_codes import Refused
from services.compliance.models.campaign import LONGEST_URL
from services.compliance.records import no_words
from services.optout.keywords import DEFAULTS
from services.urls import is_web_url

REQUIRED: Final = (
    "brand_registration_sid",
    "description",
    "message_flow",
    "message_samples",
    "us_app_to_person_usecase",
    "has_embedded_links",
    "has_embedded_phone",
)
REQUIRED_ON_UPDATE: Final = (
    "has_embedded_links",
    "has_embedded_phone",
    "message_samples",
    "message_flow",
    "description",
    "age_gated",
    "direct_lending",
)
URLS: Final = ("privacy_policy_url", "terms_and_conditions_url")
SWITCHES: Final = ("has_embedded_links", "has_embedded_phone", "subscriber_opt_in", "age_gated", "direct_lending")
REPLIES: Final = ("opt_in_message", "opt_out_message", "help_message")
KEYWORDS: Final = ("opt_in_keywords", "opt_out_keywords", "help_keywords")
TEXTS: Final = ("description", "message_flow", "us_app_to_person_usecase", *REPLIES, *URLS)
LISTS: Final = ("message_samples", *KEYWORDS)
UPDATABLE: Final = (*REQUIRED_ON_UPDATE, *URLS)

LENGTHS: Final = {
    "description": (40, 4096),
    "message_flow": (40, 2048),
    "opt_in_message": (20, 320),
    "opt_out_message": (20, 320),
    "help_message": (20, 320),
}
SAMPLES: Final = (2, 5)
SAMPLE_LENGTH: Final = (20, 1024)
LONGEST_KEYWORDS: Final = 255
_KEYWORD: Final = re.compile(r"[^\W_]+")

# What the campaign says where nothing else was said. Newer words of the same meaning work, but are not told.
OPT_OUT_WORDS: Final = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT")
HELP_WORDS: Final = ("HELP", "INFO")
OPT_IN_WORDS: Final = ("START",)


def checked(given: Mapping[str, Any], *, update: bool = False) -> dict[str, Any]:
    """The answers as the model stores them, with the defaults of a new campaign; or a refusal with its code."""
    for name in REQUIRED_ON_UPDATE if update else REQUIRED:
        if no_words(given.get(name)):
            raise Refused(21727, f"Missing required parameter {wire(name)} in the post body", field=name)
    for fault in faults(given, update=update):
        raise fault.refusal
    asked = _asked(update)
    values = {name: _stored(name, given[name]) for name in asked if given.get(name) is not None}
    return values if update else {**values, **_defaults(values)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an answer. ``words`` go on from the parameter's name; ``plain`` is the same for people."""

    field: str
    code: int
    words: str
    plain: str

    @property
    def refusal(self) -> Refused:
        return Refused(self.code, f"{wire(self.field)}{self.words}", field=self.field)

    def __str__(self) -> str:
        return f"{self.plain} ({self.code})"


def faults(given: Mapping[str, Any], *, update: bool = False) -> Iterator[Fault]:
    """Everything that is wrong with the answers given; a refusal names the first alone."""
    for name in _asked(update):
        if given.get(name) is not None:
            yield from _faults_of(name, given[name])


def _asked(update: bool) -> tuple[str, ...]:
    return UPDATABLE if update else (*TEXTS, *LISTS, *SWITCHES)


def wire(name: str) -> str:
    """``message_flow`` → ``MessageFlow``."""
    return "".join(part.capitalize() for part in name.split("_"))


def _stored(name: str, value: Any) -> Any:
    return [text for text in value if text or name not in KEYWORDS] if name in LISTS else value


def _faults_of(name: str, value: Any) -> Iterator[Fault]:
    if name == "message_samples":
        yield from _faults_of_samples(name, list(value))
    elif name in KEYWORDS:
        yield from _faults_of_keywords(name, [word for word in value if word])
    elif name in URLS:
        if value and (len(value) > LONGEST_URL or not is_web_url(value)):
            words = f" is not an absolute http or https URL: {value[:200]}"
            yield Fault(name, 11100, words, "This is not an address that starts with http:// or https://.")
    elif name in LENGTHS and value != "":
        yield from _misfits(name, value, *LENGTHS[name])


def _faults_of_samples(name: str, samples: list[str]) -> Iterator[Fault]:
    least, most = SAMPLES
    if not least <= len(samples) <= most:
        words = f" are {len(samples)}: give {least} to {most}."
        yield Fault(name, 21728, words, f"Give {least} to {most} examples; now there is {len(samples) or 'none'}.")
    for place, sample in enumerate(samples, start=1):
        yield from _misfits(name, sample, *SAMPLE_LENGTH, called=f"Example {place}")


def _faults_of_keywords(name: str, found: list[str]) -> Iterator[Fault]:
    for word in found:
        if not _KEYWORD.fullmatch(word):
            words = f"{word[:40]!r} is not letters and digits alone."
            yield Fault(name, 20001, f": {words}", words)
    if len(",".join(found)) > LONGEST_KEYWORDS:
        words = f" have more than {LONGEST_KEYWORDS} characters in all."
        yield Fault(name, 21728, words, f"These words{words}")


def _misfits(name: str, text: str, least: int, most: int, called: str = "This answer") -> Iterator[Fault]:
    if not least <= len(text) <= most:
        words = f" has {len(text)} character{'' if len(text) == 1 else 's'}: give {least} to {most}."
        yield Fault(name, 21728, words, f"{called}{words}")


def _defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, default in (
        ("opt_out_keywords", list(OPT_OUT_WORDS)),
        ("help_keywords", list(HELP_WORDS)),
        ("opt_out_message", DEFAULTS.opt_out.message),
        ("help_message", DEFAULTS.help.message),
    ):
        if not values.get(name):
            found[name] = default
    if values.get("opt_in_message") and not values.get("opt_in_keywords"):
        found["opt_in_keywords"] = list(OPT_IN_WORDS)
    return found
