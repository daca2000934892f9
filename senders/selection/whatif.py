"""What if: the inputs of a choice, changed as overrides say, before the one engine decides. Pure.

Senders that a what-if names or adds are *lifted* out of their buckets into buckets of their own, which are held here
instead of in the tables; all other members stay where they are. So a what-if costs what a choice costs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from senders.selection.overrides import Overrides, check_registration, made_ready, new_candidate
from senders.selection.probes import Ask, ask
from senders.selection.stages.balance import sort_key
from senders.selection.summary import (
    SHORT_CODE,
    WITH_COUNTRY,
    Bucket,
    BucketKey,
    Example,
    PoolEvent,
    PoolSummary,
)
from senders.selection.types import MOST_RANKED, Candidate, Policy, Pool, Recipient, SelectionRequest, StoredMapping

_FIRST_OWN: Final = -2  # ids of buckets that are held here; -1 is taken by senders outside the pool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A question under overrides, ready to be fetched and decided.

    ``lifted`` maps the members that were named to what they are now, None for those removed; ``own`` are the members of
    the buckets held here, by bucket id.
    """

    request: SelectionRequest
    policy: Policy
    summary: PoolSummary
    overrides: Overrides
    lifted: Mapping[int, Candidate | None] = field(default_factory=dict)
    own: Mapping[int, tuple[Candidate, ...]] = field(default_factory=dict)

    @property
    def without(self) -> tuple[int, ...]:
        """Members that the tables must not rank: they are held here, or gone."""
        return tuple(number for number in self.lifted if number > 0)

    @property
    def new_addresses(self) -> frozenset[str]:
        """Addresses of the senders that the what-if adds."""
        return frozenset(one.address for number, one in self.lifted.items() if one is not None and number < 0)

    def as_it_is(self, member: Candidate) -> Candidate | None:
        """A member of the pool, as the what-if has it; None when it is taken out."""
        number = _number(member)
        return self.lifted[number] if number in self.lifted else _ready(self.overrides, member)

    def asked(self) -> Ask:
        """What the engine needs."""
        return ask(self.request, self.policy, self.summary)

    def fetchable(self, asked: Ask) -> Ask:
        """The part of it that is in the tables."""
        return Ask(
            tuple(probe for probe in asked.probes if probe.bucket_id not in self.own),
            asked.mapping and not self.overrides.recipient_is_new,
            tuple(number for number in asked.members if number > 0 and number not in self.lifted),
        )

    def pool(self, asked: Ask, ranked: Iterable[Candidate], mapping: StoredMapping | None) -> Pool:
        """What was fetched, with what is held here."""
        mine = (
            one
            for probe in asked.probes
            for one in self.own.get(probe.bucket_id, ())
            if probe.area_code in (None, one.area_code)
        )
        best = sorted((*ranked, *mine), key=lambda one: sort_key(one, sticky=self.policy.sticky_sender))
        return Pool(self.summary, tuple(best[:MOST_RANKED]), self._mapping(asked, mapping))

    def _mapping(self, asked: Ask, mapping: StoredMapping | None) -> StoredMapping | None:
        if mapping is None or self.overrides.recipient_is_new:
            return None
        member = self.lifted.get(mapping.member_id, mapping.member)
        held = tuple(one for number in asked.members if (one := self.lifted.get(number)) is not None)
        return replace(mapping, member=member, moved_to=(*mapping.moved_to, *held))


def apply(
    overrides: Overrides,
    request: SelectionRequest,
    policy: Policy,
    summary: PoolSummary,
    named: Mapping[str, Candidate],
) -> WhatIf:
    """Change the inputs. ``named`` holds the pool members that the overrides name, under the names they use."""
    lifted: dict[int, Candidate | None] = {}
    originals: dict[int, Candidate] = {}
    for name in overrides.named:
        candidate = named[name]
        number = _number(candidate)
        originals[number] = candidate
        held = lifted.get(number, _ready(overrides, candidate))
        if held is None or name in overrides.remove:
            lifted[number] = None
            continue
        if name in overrides.registrations:
            check_registration(held.kind, held.address, overrides.registrations[name])
            held = replace(held, registration=overrides.registrations[name])
        lifted[number] = replace(held, busy=held.busy or name in overrides.busy)
    added = tuple(new_candidate(spec, -number) for number, spec in enumerate(overrides.add, 1))
    lifted |= {_number(one): one for one in added}
    changed, own = _summary(overrides, summary, originals, lifted, added)
    return WhatIf(_request(overrides, request, lifted), _policy(overrides, policy), changed, overrides, lifted, own)


def _ready(overrides: Overrides, candidate: Candidate) -> Candidate:
    """A sender that no override names, as it is when everybody is registered."""
    if not overrides.all_registered:
        return candidate
    return replace(candidate, registration=made_ready(candidate.kind, candidate.registration))


def _number(candidate: Candidate) -> int:
    if candidate.member_id is None:
        raise ValueError(f"{candidate.address} is in no pool")
    return candidate.member_id


def _policy(overrides: Overrides, policy: Policy) -> Policy:
    names = ("sticky_sender", "area_code_geomatch", "mms_converter", "geo_permissions")
    changes = {name: getattr(overrides, name) for name in names if name in overrides.given}
    return replace(policy, **changes)


def _request(
    overrides: Overrides, request: SelectionRequest, lifted: Mapping[int, Candidate | None]
) -> SelectionRequest:
    facts = overrides.recipient
    old = request.recipient
    request = replace(
        request,
        recipient=Recipient(
            facts.get("carrier", old.carrier), facts.get("line_type", old.line_type), facts.get("rcs", old.rcs)
        ),
        from_sender=_named_now(overrides, request.from_address, request.from_sender, lifted),
        fallback_sender=_named_now(overrides, request.fallback_from, request.fallback_sender, lifted),
    )
    if "opted_out" not in facts:
        return request
    detail = "The recipient is taken as opted out." if facts["opted_out"] else None
    return replace(request, opted_out=facts["opted_out"], opt_out_detail=detail)


def _named_now(
    overrides: Overrides, address: str | None, known: Candidate | None, lifted: Mapping[int, Candidate | None]
) -> Candidate | None:
    """A sender that the request names, as the what-if has it: changed, out of the pool, or new."""
    if known is None:
        return next((one for one in lifted.values() if one is not None and one.address == address), None)
    if known.member_id is None or known.member_id not in lifted:
        return _ready(overrides, known)
    return lifted[known.member_id] or replace(_ready(overrides, known), member_id=None, added_order=0)


def _summary(
    overrides: Overrides,
    summary: PoolSummary,
    originals: Mapping[int, Candidate],
    lifted: Mapping[int, Candidate | None],
    added: tuple[Candidate, ...],
) -> tuple[PoolSummary, dict[int, tuple[Candidate, ...]]]:
    rest = [_with_all_ready(overrides, _lessened(bucket, originals)) for bucket in summary.buckets]
    if not lifted:
        return replace(summary, buckets=tuple(rest), memo_key=""), {}
    groups: dict[BucketKey, list[Candidate]] = {}
    for one in lifted.values():
        if one is not None:
            groups.setdefault(one.bucket_key, []).append(one)
    own = {_FIRST_OWN - place: tuple(members) for place, members in enumerate(groups.values())}
    # Those held here first: a sender that the request names is looked for among them before its old bucket.
    buckets = (*(_bucket(number, members) for number, members in own.items()), *rest)
    removed = [number for number, one in lifted.items() if one is None]
    events = (*summary.events, *_events(summary, rest, lifted, removed, added))
    return replace(summary, buckets=tuple(b for b in buckets if b.count), events=events, memo_key=""), own


def _lessened(bucket: Bucket, originals: Mapping[int, Candidate]) -> Bucket:
    """A bucket without those lifted out of it."""
    gone = [one for one in originals.values() if one.bucket_key == bucket.key]
    if not gone:
        return bucket
    codes = dict(bucket.area_codes)
    for one in gone:
        if one.area_code:
            codes[one.area_code] -= 1
    return replace(
        bucket,
        count=bucket.count - len(gone),
        area_codes=tuple((code, number) for code, number in codes.items() if number),
        examples=tuple(example for example in bucket.examples if example.member_id not in originals),
    )


def _with_all_ready(overrides: Overrides, bucket: Bucket) -> Bucket:
    """A bucket whose members are registered, all of them, however many the summary names."""
    if not overrides.all_registered:
        return bucket
    key = bucket.key
    return replace(bucket, key=key._replace(registration=made_ready(key.kind, key.registration)))


def _bucket(number: int, members: tuple[Candidate, ...]) -> Bucket:
    codes: dict[str, int] = {}
    for one in members:
        if one.area_code:
            codes[one.area_code] = codes.get(one.area_code, 0) + 1
    return Bucket(
        members[0].bucket_key,
        number,
        len(members),
        tuple(sorted(codes.items())),
        tuple(Example(_number(one), one.sid, one.address, one.area_code) for one in members[:MOST_RANKED]),
    )


def _events(
    summary: PoolSummary,
    rest: list[Bucket],
    lifted: Mapping[int, Candidate | None],
    removed: list[int],
    added: tuple[Candidate, ...],
) -> list[PoolEvent]:
    """What the pool's history would have on top: first those who leave, then those who come, one by one."""
    version = summary.config_version
    found: list[PoolEvent] = []
    for number in removed:
        version += 1
        found.append(PoolEvent("removed", "", version, number))
    stay = [one for one in lifted.values() if one is not None and one not in added]
    known = {bucket.key.country for bucket in rest if bucket.count and bucket.key.kind in WITH_COUNTRY}
    known |= {one.country for one in stay if one.kind in WITH_COUNTRY}
    for one in added:
        version += 1
        if one.kind in WITH_COUNTRY and one.country not in known:
            known.add(one.country)
            found.append(PoolEvent("country", one.country, version, one.member_id))
        if one.kind == SHORT_CODE:
            found.append(PoolEvent("short_code", one.country, version, one.member_id))
    return found
