"""Every reason for which a sender is passed over, and its wording: sentences a support person can read aloud. Pure."""

from enum import StrEnum
from typing import Final

from msgconsole.numbering import countries


class Reason(StrEnum):
    # The message as a whole
    GEO_NOT_PERMITTED = "geo_not_permitted"
    LANDLINE = "landline"
    NOT_A_NUMBER = "not_a_number"
    OPTED_OUT = "opted_out"
    POOL_EMPTY = "pool_empty"
    # A sender was named
    NOT_NAMED = "not_named"
    UNKNOWN_SENDER = "unknown_sender"
    OTHER_ACCOUNT = "other_account"
    NAMED_TWICE = "named_twice"
    NO_RCS_SENDER = "no_rcs_sender"
    # Filters
    OTHER_CHANNEL = "other_channel"
    RCS_NOT_CAPABLE = "rcs_not_capable"
    RCS_FIRST = "rcs_first"
    RCS_OTHER_REGION = "rcs_other_region"
    NO_SMS = "no_sms"
    NO_MMS = "no_mms"
    MMS_NOT_SUPPORTED = "mms_not_supported"
    CANNOT_REACH_COUNTRY = "cannot_reach_country"
    SHORT_CODE_COUNTRY = "short_code_country"
    SHORT_CODE_CARRIER = "short_code_carrier"
    ALPHA_NOT_SUPPORTED = "alpha_not_supported"
    ALPHA_OTHER_COUNTRY = "alpha_other_country"
    ALPHA_ON_TRIAL = "alpha_on_trial"
    UNREGISTERED = "unregistered"
    PENDING = "pending"
    SUSPENDED = "suspended"
    UNVERIFIED = "unverified"
    # Preferences
    NOT_THE_USUAL = "not_the_usual"
    SHORT_CODE_FIRST = "short_code_first"
    ALPHA_FIRST = "alpha_first"
    TOLL_FREE_FIRST = "toll_free_first"
    COUNTRY_MISMATCH = "country_mismatch"
    AREA_CODE_MISMATCH = "area_code_mismatch"
    NOT_A_US_NUMBER = "not_a_us_number"
    MORE_LOAD = "more_load"
    RANKED_BEHIND = "ranked_behind"
    ADDED_LATER = "added_later"


KIND_WORDS: Final = {
    "long_code": "long code",
    "toll_free": "toll-free number",
    "short_code": "short code",
    "alpha": "alpha sender",
    "whatsapp": "WhatsApp sender",
    "rcs": "RCS sender",
    "messenger": "Messenger sender",
}
READY_WORDS: Final = "registered and verified senders first"
CHANNEL_WORDS: Final = {"sms": "SMS", "rcs": "RCS", "whatsapp": "WhatsApp", "messenger": "Messenger"}

# What a registration that is not ready means: the code with which the message fails, the reason, the words.
UNREADY: Final[dict[tuple[str, str], tuple[int, Reason, str]]] = {
    ("long_code", "unregistered"): (30034, Reason.UNREGISTERED, "is not registered for 10DLC"),
    ("long_code", "pending"): (30035, Reason.PENDING, "is still being configured for its 10DLC campaign"),
    ("long_code", "suspended"): (30033, Reason.SUSPENDED, "belongs to a suspended 10DLC campaign"),
    ("toll_free", "unverified"): (30032, Reason.UNVERIFIED, "is a toll-free number that is not verified"),
}


def unready(kind: str, registration: str) -> tuple[int, Reason, str]:
    """The failure of an unready sender. Words that belong to the other kind mean plainly: not registered."""
    plain = ("toll_free", "unverified") if kind == "toll_free" else ("long_code", "unregistered")
    return UNREADY.get((kind, registration), UNREADY[plain])


# When one stage eliminates senders with many different values, the rarer ones are told together.
_AND_MORE: Final[dict[Reason, str]] = {
    Reason.COUNTRY_MISMATCH: "senders of {n} other countries",
    Reason.CANNOT_REACH_COUNTRY: "numbers of {n} other countries, which cannot reach this one",
    Reason.AREA_CODE_MISMATCH: "numbers with {n} other area codes",
    Reason.SHORT_CODE_COUNTRY: "short codes of {n} other countries",
    Reason.ALPHA_OTHER_COUNTRY: "alpha senders for {n} other countries",
}


def and_more(reason: Reason, kinds: int) -> str:
    return _AND_MORE.get(reason, "{n} other groups, for the same reason").format(n=kinds)


def country_name(country: str) -> str:
    """ "United Kingdom (GB)"; a country without a name, such as 001, by its code alone."""
    if country == "001":
        return "no country (an international number)"
    name = countries.name(country)
    return f"{name} ({country})" if name and name != country else country


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 sender", "4,812 senders"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
