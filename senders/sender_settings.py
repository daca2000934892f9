"""The settings of a sender that can be given: what is taken, and what is refused with which code."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgconsole.error_codes import Refused
from msgconsole.numbering import countries
from senders.models import Sender
from services.urls import is_web_url

CALLBACKS: Final = (
    "sms_url",
    "sms_method",
    "sms_fallback_url",
    "sms_fallback_method",
    "status_callback",
    "status_callback_method",
)
CAPABILITIES: Final = ("sms", "mms", "voice", "fax")
SETTINGS: Final = (
    "friendly_name",
    *CALLBACKS,
    *CAPABILITIES,
    "registration",
    "unsupported_carriers",
    "approved_regions",
    "registered_countries",
    "settings",
)
"""What ``update_sender`` and the actions that make a sender take: names of the model's fields."""


LONGEST_NAME: Final = 64
_URLS: Final = ("sms_url", "sms_fallback_url", "status_callback")
_METHODS: Final = ("sms_method", "sms_fallback_method", "status_callback_method")
COUNTRIES: Final = frozenset(iso for iso, _ in countries.ALL)
_REGISTRATIONS: Final = {
    Sender.Kind.LONG_CODE: {"not_required", "registered", "unregistered", "pending", "suspended"},
    Sender.Kind.TOLL_FREE: {"not_required", "verified", "unverified"},
}


def apply(sender: Sender, given: Mapping[str, Any]) -> None:
    """Set what is given on a sender, or refuse; nothing is saved."""
    unknown = sorted(set(given) - set(SETTINGS))
    if unknown:
        raise Refused(20001, f"A sender has no setting {', '.join(unknown)}.", field=unknown[0])
    for name, value in given.items():
        if name in _URLS:
            value = _url(name, value)
        elif name in _METHODS:
            value = _method(name, value)
        elif name in CAPABILITIES:
            value = bool(value)
        elif name in {"unsupported_carriers", "approved_regions", "registered_countries"}:
            value = _listed(name, value)
        elif name == "friendly_name" and len(value or "") > LONGEST_NAME:
            raise Refused(20002, f"FriendlyName has {len(value)} characters: give at most {LONGEST_NAME}.", field=name)
        elif name == "friendly_name":
            value = value or ""
        setattr(sender, name, value)
    if "registration" in given and sender.registration not in _REGISTRATIONS.get(
        Sender.Kind(sender.kind), {"not_required"}
    ):
        known = ", ".join(sorted(_REGISTRATIONS.get(Sender.Kind(sender.kind), {"not_required"})))
        kind = sender.get_kind_display().lower()
        raise Refused(
            20001,
            f"The registration of a {kind} is one of {known}; {sender.registration!r} is not.",
            field="registration",
        )
    if sender.sms_fallback_url and not sender.sms_url and "sms_fallback_url" in given:
        raise Refused(21406, field="sms_fallback_url")
    if sender.sms_url and not sender.sms and not sender.mms and "sms_url" in given:
        raise Refused(21407, field="sms_url")


def _url(name: str, value: str | None) -> str:
    if not value:
        return ""
    if len(value) > 2048 or not is_web_url(value):
        raise Refused(21402, f"{value[:200]} is not an absolute http or https URL.", field=name)
    return value


def _method(name: str, value: str | None) -> str:
    method = (value or "POST").upper()
    if method not in {"GET", "POST"}:
        raise Refused(21403, f"{value} is not a method for a webhook: use GET or POST.", field=name)
    return method


def _listed(name: str, value: Iterable[str] | None) -> list[str]:
    if name == "unsupported_carriers":
        return sorted({carrier.strip().lower() for carrier in value or () if carrier.strip()})
    found = sorted({country.strip().upper() for country in value or () if country.strip()})
    for country in found:
        if country not in COUNTRIES:
            raise Refused(20001, f"{country!r} is not an ISO country code of two letters.", field=name)
    return found
