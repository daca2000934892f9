"""A stored decision made ready for drawing: words for its rules, links to its settings, bars to scale.

Nothing is derived anew: what is drawn is what the engine said when it decided (``senders.selection.decision``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgconsole.console import registration_links
from msgconsole.console.links import page_url
from msgconsole.error_codes import CATALOGUE

BAR_UNITS = 120  # length of a full bar, in units of its viewBox

# Rule → a few words for lists and filters. Covers every stage of the engine and the rules that end it.
RULES: dict[str, str] = {
    "destination": "Destination",
    "opt_out": "Opt-out",
    "pool_empty": "Empty pool",
    "explicit_from": "From was given",
    "fallback_usable": "FallbackFrom unusable",
    "channel": "Channel",
    "rcs": "RCS first",
    "fallback_from": "FallbackFrom",
    "capability": "SMS or MMS",
    "reachability": "Reachability",
    "registration": "Registration",
    "sticky": "Sticky sender",
    "short_code": "Short code",
    "alpha_destination": "Alpha sender for the country",
    "alpha_default": "Alpha sender",
    "toll_free_priority": "Toll-free in Canada",
    "country_match": "Same country",
    "area_code_exact": "Same area code",
    "area_code_overlay": "Overlay area code",
    "nanp_fallback": "Neighbour country",
    "us_fallback": "US number",
    "any_fallback": "Any sender",
    "scaler": "Least load",
    "tie_break": "Added first",
    "compliance": "Registration missing",
    "no_sender": "No sender fits",
    "reserve": "Free sender",
}


@dataclass(frozen=True, slots=True)
class SettingLink:
    """``step``: the label is something to do, not the name of a setting."""

    label: str
    url: str
    step: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Senders that went for one reason. ``more`` are those beyond the examples."""

    detail: str
    count: int
    examples: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Line:
    """One step. ``bar_in`` and ``bar_out`` are lengths out of ``BAR_UNITS``."""

    number: int
    stage: str
    question: str
    applied: bool
    changed: bool
    before: int
    after: int
    gone: int
    bar_in: float
    bar_out: float
    decided: bool
    note: str
    setting: SettingLink | None
    groups: tuple[Group, ...]
    kept: tuple[str, ...]
    kept_more: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A code with its words: what it means and the way out."""

    code: int
    title: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What ``_decision.html`` draws. ``tone`` is that of the answer: empty, warn or bad."""

    tone: str
    sender: Mapping[str, Any] | None
    because: str
    detail: str
    error: Notice | None
    way_out: SettingLink | None
    warnings: tuple[Notice, ...]
    rule: str
    lines: tuple[Line, ...]
    start: int
    facts: tuple[tuple[str, str], ...]
    ranked: tuple[Mapping[str, Any], ...]
    ranked_more: int
    json: str


def rule_words(rule: str) -> str:
    """The rule in words; one from another version is shown as it is named."""
    return RULES.get(rule, rule.replace("_", " "))


def notice(code: int) -> Notice:
    entry = CATALOGUE.get(code)
    return Notice(code, entry.title, entry.remedy) if entry else Notice(code, f"Error {code}", "")


def draw(data: Mapping[str, Any]) -> Drawing:
    """Make a ``Decision.to_dict()`` ready for the partial."""
    service_sid = data["inputs"]["policy"]["service_sid"]
    steps = data["steps"]
    start = max((step["before"] for step in steps), default=0)
    lines = tuple(_line(number, step, start, service_sid) for number, step in enumerate(steps, 1))
    error = notice(data["error_code"]) if data["error_code"] else None
    tone = {"chosen": "", "chosen_but_fails": "warn"}.get(data["outcome"], "bad")
    ranked = data["ranked"]
    return Drawing(
        tone=tone,
        sender=data["sender"],
        because=data["because"] if data["sender"] else "",
        detail=data["error_detail"],
        error=error,
        way_out=_way_out(data, service_sid),
        warnings=tuple(notice(code) for code in data["warnings"]),
        rule=rule_words(data["deciding_stage"]),
        lines=lines,
        start=start,
        facts=tuple(_facts(data)),
        ranked=tuple(ranked) if len(ranked) > 1 else (),
        ranked_more=max(0, data["group_size"] - len(ranked)) if len(ranked) > 1 else 0,
        json=json.dumps(data, indent=2, ensure_ascii=False),
    )


def _line(number: int, step: Mapping[str, Any], start: int, service_sid: str) -> Line:
    before, after = step["before"], step["after"]
    return Line(
        number=number,
        stage=step["stage"],
        question=step["question"],
        applied=step["verdict"] == "applied",
        changed=before != after,
        before=before,
        after=after,
        gone=before - after,
        bar_in=_bar(before, start),
        bar_out=_bar(after, start),
        decided=step["decided"],
        note=step["note"],
        setting=setting_link(step["setting"], service_sid),
        groups=tuple(
            Group(gone["detail"], gone["count"], tuple(gone["examples"]), gone["count"] - len(gone["examples"]))
            for gone in step["eliminated"]
        ),
        kept=tuple(step["kept"]),
        kept_more=max(0, after - len(step["kept"])),
    )


def _bar(count: int, start: int) -> float:
    """To scale, but never so short that "one" looks like "none"."""
    if not count or not start:
        return 0
    return max(2.0, round(count / start * BAR_UNITS, 1))


# Setting → its label, the page that holds it (URL name; the first that exists) and the place on that page.
_SETTINGS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "geo_permissions": ("Geo permissions", ("console:account",), ""),
    "mms_converter": ("MMS converter", ("console:service_content", "console:service"), "id_mms_converter"),
    "registration": ("Registration of senders", ("console:service_compliance", "console:registrations"), ""),
    "alpha_senders": ("Alpha senders", ("console:service_senders", "console:service"), ""),
    "sticky_sender": ("Sticky Sender", ("console:service_senders", "console:service"), "id_sticky_sender"),
    "area_code_geomatch": (
        "Area code geomatch",
        ("console:service_senders", "console:service"),
        "id_area_code_geomatch",
    ),
}


def setting_link(setting: str | None, service_sid: str) -> SettingLink | None:
    """Where a step's setting is; None for a step that no setting rules."""
    if setting not in _SETTINGS:
        return None
    label, pages, place = _SETTINGS[setting]
    for page in pages:
        of_service = page.startswith("console:service")
        if of_service and not service_sid:
            continue
        url = page_url(page, service_sid) if of_service else page_url(page)
        if url:
            return SettingLink(label, f"{url}#{place}" if place else url)
    return SettingLink(label, "")


def _way_out(data: Mapping[str, Any], service_sid: str) -> SettingLink | None:
    """The setting of the step that said no."""
    if data["outcome"] == "chosen":
        return None
    decided = next((step for step in reversed(data["steps"]) if step["decided"]), None)
    setting = decided["setting"] if decided else None
    if data["outcome"] == "chosen_but_fails":
        standing = registration_links.STANDING_BY_CODE.get(data["error_code"], "")
        label, url = registration_links.next_step(standing, service_sid, (data["sender"] or {}).get("sid") or "")
        return SettingLink(label, url, step=True) if url else setting_link("registration", service_sid)
    if data["deciding_stage"] == "opt_out" and service_sid:
        page = page_url("console:opt_outs") or page_url("console:service_opt_out", service_sid)
        return SettingLink("Opt-outs", page)
    if data["deciding_stage"] in {"no_sender", "pool_empty"}:
        page = page_url("console:service_senders", service_sid) or page_url("console:service", service_sid)
        return SettingLink("Senders of this Service", page) if service_sid else None
    return setting_link(setting, service_sid)


CHANNELS = {"sms": "SMS", "mms": "MMS", "rcs": "RCS", "whatsapp": "WhatsApp", "messenger": "Messenger"}


def _facts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the decision was taken on, label beside value."""
    facts = data["facts"]
    on = {True: "on", False: "off"}
    told = [
        ("Recipient", _recipient(facts)),
        ("Carrier and line", " · ".join(filter(None, (facts["carrier"] or "carrier unknown", facts["line_type"])))),
        ("Goes out over", CHANNELS.get(facts["channel_used"], facts["channel_used"]) + _as_link(facts)),
    ]
    if facts["from"]:
        told.append(("From given", facts["from"]))
    if facts["fallback_from"]:
        told.append(("FallbackFrom given", facts["fallback_from"]))
    if data["inputs"]["policy"]["service_sid"]:
        told.append(
            (
                "Switches then",
                f"Sticky Sender {on[facts['sticky_sender']]}, area code geomatch {on[facts['area_code_geomatch']]}, "
                f"MMS converter {on[facts['mms_converter']]}",
            )
        )
    told.append(("Decided under", f"settings version {facts['config_version']}, rules {facts['rules_version']}"))
    return told


def _recipient(facts: Mapping[str, Any]) -> str:
    area = f", area code {facts['area_code']}" if facts["area_code"] else ""
    return f"{facts['to']} ({facts['country']}{area})" if facts["country"] else str(facts["to"])


def _as_link(facts: Mapping[str, Any]) -> str:
    return ", with the media as a link in the text" if facts["media_as_link"] else ""
