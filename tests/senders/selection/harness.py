"""A Service's pool in memory: the engine's rules without a database, told as a history of changes and sends."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from msgconsole.numbering.e164 import NumberingError, parse_destination
from senders.selection import limits
from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.probes import ask
from senders.selection.stages.balance import sort_key
from senders.selection.summary import (
    WITH_COUNTRY,
    Bucket,
    BucketKey,
    Example,
    PoolEvent,
    PoolSummary,
)
from senders.selection.types import (
    MOST_RANKED,
    Candidate,
    Policy,
    Pool,
    Recipient,
    SelectionRequest,
    StoredMapping,
)

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Mapping:
    id: int
    member_id: int
    kind: str
    country: str
    version: int


def candidate_from(sender: dict[str, Any], member_id: int) -> Candidate:
    """A pool entry of a case file as the engine sees it."""
    kind, country = sender["type"], sender.get("country") or sender.get("iso_country_code") or ""
    in_nanp = kind == "long_code" and country in {"US", "CA"}
    default = "verified" if kind == "toll_free" else "registered" if in_nanp else "not_required"
    capabilities = sender["capabilities"]
    return Candidate(
        member_id=member_id,
        sender_id=member_id,
        sid=sender["id"],
        kind=kind,
        address=sender["address"],
        country=country,
        area_code=sender["address"][2:5] if in_nanp else "",
        sms="SMS" in capabilities,
        mms="MMS" in capabilities,
        registration=sender.get("registration") or default,
        limits=limits.canonical(
            kind,
            unsupported_carriers=sender.get("unsupported_carriers", ()),
            approved_regions=sender.get("approved_regions", ()),
            registered_countries=sender.get("registered_countries", ()),
        ),
        mapping_count=sender.get("other_mappings", 0),
        queued_count=sender.get("queued", 0),
        sent_count=sender.get("sent", 0),
        added_order=member_id,
    )


@dataclass
class MemoryService:
    policy: Policy
    members: dict[int, Candidate] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    mappings: dict[tuple[str, str], Mapping] = field(default_factory=dict)
    events: list[PoolEvent] = field(default_factory=list)
    version: int = 1
    last_id: int = 0
    clock: datetime = START
    memo: bool = False
    number: int = field(default_factory=itertools.count(1).__next__)  # an id() may come again

    # --- changes -------------------------------------------------------------------------------------------------

    def add(self, sender: dict[str, Any]) -> Candidate:
        self.last_id += 1
        self.version += 1
        new = candidate_from(sender, self.last_id)
        if new.kind in WITH_COUNTRY:
            known = {one.country for one in self.members.values() if one.kind in WITH_COUNTRY}
            if new.country not in known:
                self.events.append(PoolEvent("country", new.country, self.version, new.member_id))
            if new.kind == "short_code":
                self.events.append(PoolEvent("short_code", new.country, self.version, new.member_id))
        self.members[self.last_id] = new
        self.entries[sender["id"]] = sender
        return new

    def remove(self, name: str) -> None:
        self.version += 1
        gone = self.named(name).member_id
        assert gone is not None
        del self.members[gone]
        self.events = [
            event._replace(member_id=None) if event.member_id == gone and event.kind != "removed" else event
            for event in self.events
        ]
        self.events.append(PoolEvent("removed", "", self.version, gone))

    def change(self, name: str, values: dict[str, Any]) -> None:
        self.version += 1
        old = self.named(name)
        assert old.member_id is not None
        entry = {**self.entries[name], **values}
        base = self.entries[name].get("other_mappings", 0)
        new = candidate_from(entry, old.member_id)
        self.entries[name] = entry
        self.members[old.member_id] = replace(
            new,
            mapping_count=old.mapping_count + entry.get("other_mappings", 0) - base,
            queued_count=values.get("queued", old.queued_count),
            sent_count=values.get("sent", old.sent_count),
            last_used_at=old.last_used_at,
        )

    def configure(self, values: dict[str, Any]) -> None:
        self.version += 1
        values = dict(values)
        if "geo_permissions" in values:
            geo = values["geo_permissions"]
            values["geo_permissions"] = None if geo is None else frozenset(geo)
        self.policy = replace(self.policy, **values)

    def named(self, name: str) -> Candidate:
        return next(one for one in self.members.values() if one.sid == name)

    # --- ask, fetch, decide --------------------------------------------------------------------------------------

    def summary(self) -> PoolSummary:
        buckets: dict[BucketKey, list[Candidate]] = {}
        for one in self.members.values():
            buckets.setdefault(one.bucket_key, []).append(one)
        return PoolSummary(
            self.policy.service_sid,
            self.version,
            tuple(
                Bucket(
                    key,
                    number,
                    len(members),
                    tuple(
                        (code, sum(one.area_code == code for one in members))
                        for code in sorted({one.area_code for one in members} - {""})
                    ),
                    tuple(Example(one.member_id or 0, one.sid, one.address, one.area_code) for one in members[:20]),
                )
                for number, (key, members) in enumerate(buckets.items(), 1)
            ),
            tuple(self.events),
            f"{self.number}:{self.version}" if self.memo else "",
        )

    def request(self, data: dict[str, Any]) -> SelectionRequest:
        to = parse_destination(data["to"])
        about = data.get("recipient", {})
        return SelectionRequest(
            to=data["to"],
            channel=to.channel,
            address=to.address,
            country=to.country,
            area_code=to.area_code,
            media=bool(data.get("media")),
            from_address=data.get("from"),
            fallback_from=data.get("fallback_from"),
            force_delivery=data.get("force_delivery", False),
            recipient=Recipient(about.get("carrier"), about.get("line_type", "mobile"), about.get("rcs", False)),
            opted_out=about.get("opted_out", False),
            from_sender=self.at(data.get("from")),
            fallback_sender=self.at(data.get("fallback_from")),
        )

    def at(self, address: str | None) -> Candidate | None:
        return next((one for one in self.members.values() if one.address == address), None)

    def fetch(self, request: SelectionRequest, summary: PoolSummary) -> Pool:
        asked = ask(request, self.policy, summary)
        found = [
            one
            for one in self.members.values()
            for probe in asked.probes
            if one.bucket_key == probe.key and probe.area_code in {None, one.area_code}
        ]
        found.sort(key=lambda one: sort_key(one, sticky=self.policy.sticky_sender))
        stored = self.mappings.get((request.channel, request.address)) if asked.mapping else None
        mapping = stored and StoredMapping(
            stored.id,
            stored.member_id,
            stored.kind,
            stored.country,
            stored.version,
            self.members.get(stored.member_id),
            tuple(self.members[member] for member in asked.members if member in self.members),
        )
        return Pool(summary, tuple(found[:MOST_RANKED]), mapping)

    def decide(self, request: SelectionRequest) -> Decision:
        self.policy = replace(self.policy, config_version=self.version)
        return select(request, self.policy, self.fetch(request, self.summary()))

    # --- carry out -----------------------------------------------------------------------------------------------

    def send(self, request: SelectionRequest) -> Decision:
        decision = self.decide(request)
        self.reserve(request, decision)
        return decision

    def reserve(self, request: SelectionRequest, decision: Decision) -> None:
        key, change = (request.channel, request.address), decision.mapping
        if change.action in {"delete", "move", "replace"}:
            self._count(self.mappings.pop(key).member_id, -1)
        sender = decision.sender
        if sender is None or decision.outcome != "chosen" or sender.member_id is None:
            return
        if change.action in {"create", "move", "replace"}:
            number = len(self.mappings) + 1
            self.mappings[key] = Mapping(number, sender.member_id, sender.kind, sender.country, self.version)
            self._count(sender.member_id, 1)
        self.clock += timedelta(seconds=1)
        busy = self.members[sender.member_id]
        self.members[sender.member_id] = replace(busy, sent_count=busy.sent_count + 1, last_used_at=self.clock)

    def _count(self, member_id: int, change: int) -> None:
        if member_id in self.members:
            one = self.members[member_id]
            self.members[member_id] = replace(one, mapping_count=one.mapping_count + change)


def service(**switches: Any) -> MemoryService:
    return MemoryService(Policy("MG" + "0" * 32, 1, **switches))


def from_case(case: dict[str, Any]) -> MemoryService:
    made = service()
    made.configure(case["service"])
    for sender in case["pool"]:
        made.add(sender)
    return made


def play(made: MemoryService, event: dict[str, Any]) -> None:
    """One event of a case's history, with its own assertion where it has one."""
    match event["op"]:
        case "send":
            decision = made.send(made.request(event))
            if "expect_sender" in event:
                assert decision.sender is not None
                assert decision.sender.sid == event["expect_sender"]
        case "update_service":
            made.configure(event["service"])
        case "remove_sender":
            made.remove(event["sender"])
        case "add_sender":
            made.add(event["sender"])
        case "update_sender":
            made.change(event["sender"], event["set"])
        case unknown:
            raise AssertionError(f"unknown event {unknown}")


@dataclass(frozen=True)
class Outcome:
    sender: str | None
    error_code: int | None
    deciding_stage: str
    warning_codes: list[int]
    rcs: str | None


def run_case(case: dict[str, Any], *, memo: bool = False) -> Outcome:
    made = from_case(case)
    made.memo = memo
    for event in case["history"]:
        play(made, event)
    try:
        request = made.request(case["request"])
    except NumberingError as error:
        return Outcome(None, error.code, "destination", [], None)
    decision = made.decide(request)
    return Outcome(
        decision.sender.sid if decision.sender else None,
        decision.error_code,
        decision.deciding_stage,
        list(decision.warnings),
        decision.rcs,
    )


def sender(name: str, kind: str, address: str, country: str | None = None, **more: Any) -> dict[str, Any]:
    """A pool entry that states only what matters: capabilities are those usual for its kind and country."""
    with_mms = kind in {"toll_free", "whatsapp", "rcs"} or (kind == "long_code" and country in {"US", "CA"})
    capabilities = ["SMS", "MMS"] if with_mms else ["SMS"]
    made = {"id": name, "type": kind, "address": address, "country": country, "capabilities": capabilities}
    return made | more


US = sender("us", "long_code", "+12065550100", "US")
US_415 = sender("us415", "long_code", "+14155550100", "US")
UNREADY = sender("un", "long_code", "+12065550177", "US", registration="unregistered")
CA = sender("ca", "long_code", "+14165550100", "CA")
GB = sender("gb", "long_code", "+447400111222", "GB")
DE = sender("de", "long_code", "+4915199999999", "DE")
TOLL_FREE = sender("tf", "toll_free", "+18885550199", "US")
CODE = sender("sc", "short_code", "60012", "US")
ALPHA = sender("al", "alpha", "ACME")
RCS = sender("r", "rcs", "rcs:acme_agent", approved_regions=["US"])


def pool(*senders: dict[str, Any], **switches: Any) -> MemoryService:
    made = service(**switches)
    for one in senders:
        made.add(one)
    return made


def decide(made: MemoryService, to: str, **request: Any) -> Decision:
    return made.decide(made.request({"to": to, **request}))


def send(made: MemoryService, to: str, **request: Any) -> str | None:
    """Send, and answer with the name of the sender."""
    decision = made.send(made.request({"to": to, **request}))
    return decision.sender.sid if decision.sender else None


def chosen(made: MemoryService, to: str, **request: Any) -> tuple[str | None, int | None, str]:
    """Sender, error, deciding stage: what most tests are about."""
    decision = decide(made, to, **request)
    return decision.sender.sid if decision.sender else None, decision.error_code, decision.deciding_stage
