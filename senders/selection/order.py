"""The policy, top to bottom: every stage with its question, in the order in which they are asked. Pure.

Names of stages that can decide are those of the documentation. Change the policy by moving a line; the version of the
rules changes with it, and is stored with every decision.
"""

from hashlib import sha1
from typing import Final

from msgconsole.explain import Step
from senders.selection.context import SMS, SMS_AND_RCS, Stage
from senders.selection.stages import eligibility, geography, kinds, named

BEFORE_STICKY: Final = (
    Stage("destination", "May this recipient be messaged?", eligibility.destination, setting="geo_permissions"),
    Stage("opt_out", "Has the recipient opted out?", eligibility.opt_out),
    Stage("pool_empty", "Does the Service have senders?", eligibility.pool_empty),
    Stage("explicit_from", "Does the request name its sender?", named.explicit_from),
    Stage("fallback_usable", "Is the FallbackFrom usable?", named.fallback_usable, channels=SMS),
    Stage("channel", "Which senders speak the recipient's channel?", eligibility.channel),
    Stage("rcs", "Can it go over RCS?", kinds.rcs, channels=SMS_AND_RCS),
    Stage("fallback_from", "Does the request name a sender for this case?", named.fallback_from, channels=SMS),
    Stage(
        "capability",
        "Which senders can carry this content?",
        eligibility.capability,
        channels=SMS,
        setting="mms_converter",
    ),
    Stage("reachability", "Which senders reach the recipient?", eligibility.reachability, channels=SMS),
    Stage(
        "registration",
        "Which senders are registered for it?",
        eligibility.registration,
        channels=SMS,
        setting="registration",
    ),
)
STICKY: Final = "sticky"
STICKY_QUESTION: Final = "Does the recipient know a sender already?"
AFTER_STICKY: Final = (
    Stage("short_code", "Is there a short code of the recipient's country?", kinds.short_code, channels=SMS),
    Stage(
        "alpha_destination",
        "Is there an alpha sender for this country?",
        kinds.alpha_destination,
        channels=SMS,
        setting="alpha_senders",
    ),
    Stage(
        "alpha_default",
        "Is there a default alpha sender?",
        kinds.alpha_default,
        channels=SMS,
        setting="alpha_senders",
    ),
    Stage("toll_free_priority", "Canada: is there a toll-free number?", kinds.toll_free_priority, channels=SMS),
    Stage(
        "country_match",
        "Which senders are of the recipient's country?",
        geography.country_match,
        channels=frozenset({"sms", "whatsapp"}),
    ),
    Stage(
        "area_code_exact",
        "Which numbers share the recipient's area code?",
        geography.area_code_exact,
        when=("country_match",),
        channels=SMS,
        setting="area_code_geomatch",
    ),
    Stage(
        "area_code_overlay",
        "Which numbers have an overlay of it?",
        geography.area_code_overlay,
        when=("country_match",),
        channels=SMS,
        setting="area_code_geomatch",
    ),
    Stage("nanp_fallback", "Does a number of the neighbour country do?", geography.nanp_fallback, channels=SMS),
    Stage("us_fallback", "Is there a US number to fall back on?", geography.us_fallback, channels=SMS),
    Stage("any_fallback", "Is there any other sender?", geography.any_fallback),
)
SCALER: Final = "scaler"
SCALER_QUESTION: Final = "Which of them has the least load?"
TIE_BREAK: Final = "tie_break"
TIE_BREAK_QUESTION: Final = "Which of them was added first?"

STAGES: Final = (
    *(stage.name for stage in BEFORE_STICKY),
    STICKY,
    *(stage.name for stage in AFTER_STICKY),
    SCALER,
    TIE_BREAK,
)
RULES_VERSION: Final = "1-" + sha1(" ".join(STAGES).encode(), usedforsecurity=False).hexdigest()[:8]

# Why a stage was not asked, once a rule has settled where the sender comes from. In four words or so.
SETTLED_BY: Final = {
    "explicit_from": "From was given",
    "rcs": "RCS goes first",
    "fallback_from": "FallbackFrom was given",
    STICKY: "the usual sender goes first",
    "short_code": "a short code goes first",
    "alpha_destination": "an alpha sender goes first",
    "alpha_default": "an alpha sender goes first",
    "toll_free_priority": "toll-free goes first",
    "country_match": "senders of the country found",
    "area_code_exact": "same area code found",
    "area_code_overlay": "an overlay found",
    "nanp_fallback": "a neighbour's number found",
    "us_fallback": "a US number found",
}
WITHOUT_MAPPING: Final = frozenset({"explicit_from", "fallback_from", "rcs"})
SKIPPED_AFTER_STICKY: Final = tuple(
    Step(name, question, "not_applicable", 1, 1, note=SETTLED_BY[STICKY], setting=setting)
    for name, question, setting in (
        *((stage.name, stage.question, stage.setting) for stage in AFTER_STICKY),
        (SCALER, SCALER_QUESTION, None),
        (TIE_BREAK, TIE_BREAK_QUESTION, None),
    )
)
