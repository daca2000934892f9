"""What a campaign is submitted with: the required answers, their lengths, and what stands for missing ones."""

import re
from collections.abc import Iterable, Mapping
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
    values: dict[str, Any] = {}
    for name in UPDATABLE if update else (*TEXTS, *LISTS, *SWITCHES):
        if given.get(name) is not None:
            values[name] = _clean(name, given[name])
    return values if update else {**values, **_defaults(values)}


def wire(name: str) -> str:
    """``message_flow`` → ``MessageFlow``."""
    return "".join(part.capitalize() for part in name.split("_"))


def _clean(name: str, value: Any) -> Any:
    if name == "message_samples":
        return _samples(list(value))
    if name in KEYWORDS:
        return _keywords(name, value)
    if name in URLS:
        return _url(name, value)
    if name in LENGTHS and value != "":
        _fits(name, value, *LENGTHS[name])
    return value


def _samples(samples: list[str]) -> list[str]:
    least, most = SAMPLES
    if not least <= len(samples) <= most:
        raise Refused(21728, f"MessageSamples are {len(samples)}: give {least} to {most}.", field="message_samples")
    for sample in samples:
        _fits("message_samples", sample, *SAMPLE_LENGTH)
    return samples


def _fits(name: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise Refused(21728, f"{wire(name)} has {len(text)} characters: give {least} to {most}.", field=name)


def _keywords(name: str, words: Iterable[str]) -> list[str]:
    found = [word for word in words if word]
    for word in found:
        if not _KEYWORD.fullmatch(word):
            raise Refused(20001, f"{wire(name)}: {word[:40]!r} is not letters and digits alone.", field=name)
    if len(",".join(found)) > LONGEST_KEYWORDS:
        raise Refused(21728, f"{wire(name)} have more than {LONGEST_KEYWORDS} characters in all.", field=name)
    return found


def _url(name: str, value: str) -> str:
    if value and (len(value) > LONGEST_URL or not is_web_url(value)):
        raise Refused(11100, f"{wire(name)} is not an absolute http or https URL: {value[:200]}", field=name)
    return value


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
