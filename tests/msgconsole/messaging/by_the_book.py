"""The documented procedure once more, in the plainest way: sender by sender, mapping by mapping, nothing remembered.

It knows neither the engine nor the tables, and is here to disagree with them. Senders are the entries of case files.
"""

from dataclasses import dataclass, field
from typing import Any

from msgconsole.numbering import nanp, sender_rules

# Country and area code of the recipients that the stories write to.
PLACES: dict[str, tuple[str, str]] = {
    "+14155550123": ("US", "415"),
    "+13605550123": ("US", "360"),
    "+14165550123": ("CA", "416"),
    "+447400123456": ("GB", ""),
    "+4915112345678": ("DE", ""),
    "+919812345678": ("IN", ""),
    "+64211234567": ("NZ", ""),
    "+18765550123": ("JM", ""),
    "whatsapp:+447400123456": ("GB", ""),
}
TELEPHONY = ("long_code", "toll_free")
OF_A_COUNTRY = ("long_code", "toll_free", "short_code")
FAILURES = {"unregistered": 30034, "pending": 30035, "suspended": 30033, "unverified": 30032}


@dataclass
class Held:
    """A sender in the pool, with its load."""

    entry: dict[str, Any]
    added: int
    mappings: int
    queued: int
    sent: int
    last: int = 0

    @property
    def kind(self) -> str:
        return str(self.entry["type"])

    @property
    def country(self) -> str:
        return str(self.entry.get("country") or self.entry.get("iso_country_code") or "")

    def can(self, what: str) -> bool:
        return what in self.entry["capabilities"]


@dataclass
class Answer:
    """What a case expects."""

    sender: str | None
    error_code: int | None
    stage: str
    warnings: list[int] = field(default_factory=list)
    rcs: str | None = None

    def expected(self) -> dict[str, Any]:
        return {
            "sender": self.sender,
            "error_code": self.error_code,
            "deciding_stage": self.stage,
            "warning_codes": self.warnings,
            "rcs": self.rcs,
        }


@dataclass
class Book:
    """A Service as the documentation describes it."""

    switches: dict[str, Any]
    pool: dict[str, Held] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)  # sticky mappings: To, with its channel, to the sender's name
    clock: int = 0

    def add(self, entry: dict[str, Any]) -> None:
        self.clock += 1
        new = Held(
            entry, self.clock, entry.get("other_mappings", 0), entry.get("queued", 0), entry.get("sent", 0), last=0
        )
        countries = {one.country for one in self.pool.values() if one.kind in OF_A_COUNTRY}
        self.pool[entry["id"]] = new
        if new.kind not in OF_A_COUNTRY:
            return
        for to, name in list(self.known.items()):
            held = self.pool[name]
            if to.startswith("whatsapp:") or PLACES[to][0] != new.country:
                continue
            first = new.country not in countries and held.kind in OF_A_COUNTRY and held.country != new.country
            outranks = new.kind == "short_code" and held.kind == "alpha"
            if first or outranks:
                self._point(to, entry["id"])

    def remove(self, name: str) -> None:
        del self.pool[name]
        self.known = {to: sender for to, sender in self.known.items() if sender != name}

    def change(self, name: str, values: dict[str, Any]) -> None:
        held = self.pool[name]
        held.entry = {**held.entry, **values}
        held.sent = values.get("sent", held.sent)

    def _point(self, to: str, name: str | None) -> None:
        if to in self.known:
            self.pool[self.known.pop(to)].mappings -= 1
        if name is not None:
            self.known[to] = name
            self.pool[name].mappings += 1

    # --- one message -------------------------------------------------------------------------------------------------

    def send(self, message: dict[str, Any]) -> Answer:
        answer, mapping = self.answer(message)
        if mapping == "drop":
            self._point(message["to"], None)
        if answer.sender is not None and answer.error_code is None:
            if mapping in ("drop", "store"):
                self._point(message["to"], answer.sender)
            self.clock += 1
            held = self.pool[answer.sender]
            held.sent, held.last = held.sent + 1, self.clock
        return answer

    def answer(self, message: dict[str, Any]) -> tuple[Answer, str]:
        """The answer, and what becomes of the mapping: ``leave``, ``store`` (there is none), ``drop`` (it is bad)."""
        to, about = message["to"], message.get("recipient") or {}
        (country, area), whatsapp = PLACES[to], to.startswith("whatsapp:")
        permitted = self.switches["geo_permissions"]
        if not self.pool:
            return Answer(None, 21704, "pool_empty"), "leave"
        if permitted is not None and country not in permitted:
            return Answer(None, 21408, "destination"), "leave"
        if about.get("line_type") == "landline" and not whatsapp and country not in ("US", "CA", "GB"):
            return Answer(None, 21635, "destination"), "leave"
        if about.get("opted_out"):
            return Answer(None, 21610, "opt_out"), "leave"
        if whatsapp:
            return self._over_whatsapp(to, country)
        return self._over_rcs_or_sms(message, about, country, area)

    def _over_whatsapp(self, to: str, country: str) -> tuple[Answer, str]:
        there = [one for one in self.pool.values() if one.kind == "whatsapp"]
        if not there:
            return Answer(None, 21703, "no_sender"), "leave"
        if self.switches["sticky_sender"] and to in self.known:
            return Answer(self.known[to], None, "sticky"), "leave"
        near = [one for one in there if one.country == country]
        return self._spread(near or there, "country_match" if near else "any_fallback"), self._stores()

    def _over_rcs_or_sms(
        self, message: dict[str, Any], about: dict[str, Any], country: str, area: str
    ) -> tuple[Answer, str]:
        there = [one for one in self.pool.values() if one.kind != "whatsapp"]
        agents = [one for one in there if one.kind == "rcs"]
        if agents and about.get("rcs"):
            near = [one for one in agents if country in one.entry["approved_regions"]]
            answer = self._spread(near or agents, "rcs")
            answer.rcs = "delivered"
            return answer, "leave"
        others = [one for one in there if one.kind != "rcs"]
        if agents and not others:
            return Answer(None, 63036, "rcs", rcs="not_capable"), "leave"
        answer, mapping = self._over_sms(message["to"], bool(message.get("media")), about, others, country, area)
        answer.rcs = "not_capable" if agents else None
        return answer, mapping

    def _over_sms(
        self, to: str, media: bool, about: dict[str, Any], there: list[Held], country: str, area: str
    ) -> tuple[Answer, str]:
        pictures = media and country in ("US", "CA")
        if media and not pictures and not self.switches["mms_converter"]:
            return Answer(None, 30011, "capability") if there else Answer(None, 21703, "no_sender"), "leave"
        capable = [one for one in there if one.can("MMS" if pictures else "SMS")]
        reach = [one for one in capable if reaches(one, country, about.get("carrier"))]
        ready = [one for one in reach if is_ready(one, country)]
        mapping = self._stores()
        if self.switches["sticky_sender"] and to in self.known:
            usual = self.pool[self.known[to]]
            if usual in ready:
                return self._with_warning(Answer(self.known[to], None, "sticky"), country), "leave"
            mapping = "drop" if usual in capable else "leave"
        if not reach:
            return Answer(None, 21703, "no_sender"), mapping if mapping == "drop" else "leave"
        group, stage = self._preferred(ready or reach, country, area)
        answer = self._spread(group, stage)
        assert answer.sender is not None
        if not ready:
            answer.error_code = FAILURES[self.pool[answer.sender].entry["registration"]]
            answer.stage = "compliance"
        return self._with_warning(answer, country), mapping

    def _preferred(self, left: list[Held], country: str, area: str) -> tuple[list[Held], str]:
        numbers = [one for one in left if one.kind in TELEPHONY]
        own = [one for one in numbers if one.country == country]
        local = [one for one in own if one.kind == "long_code"]
        asked = self.switches["area_code_geomatch"] and country in ("US", "CA")
        overlays = nanp.overlays(area) if area else frozenset()
        in_nanp = country in ("US", "CA")
        groups = (
            ("short_code", [one for one in left if one.kind == "short_code"]),
            ("alpha_destination", [one for one in left if one.kind == "alpha" and one.country]),
            ("alpha_default", [one for one in left if one.kind == "alpha"]),
            ("toll_free_priority", [one for one in numbers if one.kind == "toll_free" and country == "CA"]),
            ("area_code_exact", [one for one in local if asked and one.entry["address"][2:5] == area]),
            ("area_code_overlay", [one for one in local if asked and one.entry["address"][2:5] in overlays]),
            ("country_match", own),
            ("nanp_fallback", [one for one in numbers if in_nanp and one.country in ("US", "CA")]),
            ("us_fallback", [one for one in numbers if one.country == "US"]),
            ("any_fallback", numbers),
        )
        return next((group, stage) for stage, group in groups if group)

    def _spread(self, group: list[Held], stage: str) -> Answer:
        """The least loaded; of several equal ones the first added."""

        def load(one: Held) -> tuple[int, ...]:
            rest = (one.queued, one.sent, one.last)
            return (one.mappings, *rest) if self.switches["sticky_sender"] else rest

        least = min(load(one) for one in group)
        level = [one for one in group if load(one) == least]
        chosen = min(level, key=lambda one: one.added)
        if len(group) > 1:
            stage = "scaler" if len(level) == 1 else "tie_break"
        return Answer(chosen.entry["id"], None, stage)

    def _stores(self) -> str:
        return "store" if self.switches["sticky_sender"] else "leave"

    def _with_warning(self, answer: Answer, country: str) -> Answer:
        held = self.pool[answer.sender or ""]
        registered = held.entry.get("registered_countries") or ()
        if held.kind == "alpha" and sender_rules.alpha_class(country) == "pre_registration":
            answer.warnings = [] if country in registered else [30018]
        return answer


def reaches(one: Held, country: str, carrier: str | None) -> bool:
    if one.kind == "short_code":
        return one.country == country and carrier not in (one.entry.get("unsupported_carriers") or ())
    if one.kind == "alpha":
        return (
            country not in ("US", "CA") and sender_rules.alpha_class(country) != "none" and one.country in ("", country)
        )
    return country not in ("US", "CA") or one.country in ("US", "CA")


def is_ready(one: Held, country: str) -> bool:
    standing = one.entry.get("registration")
    if one.kind == "long_code" and country == "US":
        return standing == "registered"
    if one.kind == "toll_free" and country in ("US", "CA"):
        return standing == "verified"
    return True
