"""Who would be reached from what: for every country, and for US and Canadian area codes. Decided on buckets alone.

Asked is a text to a new recipient on an ordinary mobile without RCS. No member is visited and no mapping read, so the
answer costs the same for any size of pool.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from msgconsole.numbering import countries, nanp
from senders import choosing, pool
from senders.selection.plan import Plan, make_plan
from senders.selection.reasons import unready
from senders.selection.summary import Bucket, BucketKey, PoolSummary
from senders.selection.types import Policy, SelectionRequest
from services.models import MessagingService

NANP_COUNTRIES: Final = ("US", "CA")


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or an area code of it, and whence it would be reached.

    ``kinds`` and ``senders`` are those of the group that the last rule, ``rule``, leaves; the least busy of them sends.
    ``example`` is the address of one, ``example_sid`` its SID. ``error_code``: the message fails, and why.
    """

    country: str
    name: str
    area_code: str | None
    kinds: tuple[str, ...]
    senders: int
    example: str | None
    example_sid: str | None
    rule: str
    because: str
    error_code: int | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "country": self.country,
            "name": self.name,
            "area_code": self.area_code,
            "kind": self.kinds[0] if self.kinds else None,
            "kinds": list(self.kinds),
            "senders": self.senders,
            "example": self.example,
            "example_sid": self.example_sid,
            "rule": self.rule,
            "because": self.because,
            "error_code": self.error_code,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every country by name, and every area code of the US and Canada."""

    countries: tuple[Place, ...]
    area_codes: tuple[Place, ...]


def coverage(service: MessagingService, *, media: bool = False) -> Coverage:
    """Where a Service's messages would come from. ``media``: messages with a picture."""
    summary, policy = pool.summary_of(service), choosing.policy_for(service)
    return Coverage(
        tuple(_country(iso, name, policy, summary, media=media) for iso, name in countries.ALL),
        tuple(_area_codes(policy, summary, media=media)),
    )


def _country(iso: str, name: str, policy: Policy, summary: PoolSummary, *, media: bool) -> Place:
    return _place(_ask(iso, None, policy, summary, media=media), iso, name, None)


def _area_codes(policy: Policy, summary: PoolSummary, *, media: bool) -> Iterator[Place]:
    """An area code without a number of it or of an overlay in the pool is reached as its country is."""
    near = _near(summary)
    for iso in NANP_COUNTRIES:
        as_country = _ask(iso, None, policy, summary, media=media)
        for code in sorted(nanp.area_codes(iso)):
            plan = _ask(iso, code, policy, summary, media=media) if code in near else as_country
            area = nanp.region(code)
            yield _place(plan, iso, (area.region_name if area else None) or "", code)


def _near(summary: PoolSummary) -> frozenset[str]:
    held = {code for bucket in summary.buckets for code, _ in bucket.area_codes}
    return frozenset(held.union(*(nanp.overlays(code) for code in held)))


def _ask(iso: str, area_code: str | None, policy: Policy, summary: PoolSummary, *, media: bool) -> Plan:
    # Not remembered as a plan: hundreds at once would drive out those of real messages.
    request = SelectionRequest(to="", channel="sms", address="", country=iso, area_code=area_code, media=media)
    return make_plan(request, policy, summary)


def _place(plan: Plan, iso: str, name: str, area_code: str | None) -> Place:
    if plan.error is not None:
        code, detail = plan.error
        return Place(iso, name, area_code, (), 0, None, None, plan.rule, detail, code)
    buckets = {bucket.id: bucket for bucket in plan.context.summary.buckets}
    found = [(buckets[probe.bucket_id], probe.area_code) for probe in plan.probes]
    kinds = tuple(dict.fromkeys(bucket.key.kind for bucket, _ in found))
    example = next(_examples(found), None)
    failure = _failure(bucket.key for bucket, _ in found) if plan.unready else None
    address, sid = (example.address, example.sid) if example else (None, None)
    return Place(iso, name, area_code, kinds, plan.size, address, sid, plan.rule, plan.because, failure)


def _examples(found: Iterable[tuple[Bucket, str | None]]) -> Iterator[Any]:
    for bucket, area_code in found:
        yield from (one for one in bucket.examples if area_code in (None, one.area_code))


def _failure(keys: Iterable[BucketKey]) -> int:
    """What the first of an unready group fails with."""
    key = next(iter(keys))
    return unready(key.kind, key.registration)[0]
