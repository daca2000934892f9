"""A Service's pool in one sentence: who would be the sender, for whom. Three queries for any number of Services."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Min

from msgconsole.console.templatetags.console import counted, readable
from senders.models import PoolBucket, PoolMember, Sender
from services.models import MessagingService

NUMBERS = (Sender.Kind.LONG_CODE, Sender.Kind.TOLL_FREE)
NAMED = (Sender.Kind.ALPHA, Sender.Kind.SHORT_CODE, Sender.Kind.WHATSAPP, Sender.Kind.RCS, Sender.Kind.MESSENGER)
MOST_NAMED = 3
EMPTY = "No senders yet: messages to this Service are refused."


@dataclass(slots=True)
class PoolSummary:
    """``sentence`` for people; ``by_kind`` counts members: kind → number; ``countries`` of its numbers."""

    by_kind: dict[str, int] = field(default_factory=dict)
    countries: list[str] = field(default_factory=list)
    sentence: str = EMPTY

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


def of_pools(services: Iterable[MessagingService]) -> dict[int, PoolSummary]:
    """The summary of each Service's pool, by the Service's key. Services without senders are there too."""
    keys = [service.pk for service in services]
    buckets: dict[int, list[PoolBucket]] = defaultdict(list)
    for bucket in PoolBucket.objects.filter(service__in=keys, member_count__gt=0).order_by("id"):
        buckets[bucket.service_id].append(bucket)
    few = [
        pk for pk in keys if sum(b.member_count for b in buckets[pk] if b.kind in NAMED) > 0
    ]  # short codes and names are few; numbers may be thousands and are not read
    named: dict[int, list[Sender]] = defaultdict(list)
    members = PoolMember.objects.filter(service__in=few, sender__kind__in=NAMED).select_related("sender").order_by("id")
    for member in members if few else ():
        named[member.service_id].append(member.sender)
    first = dict(
        PoolMember.objects.filter(service__in=keys, sender__kind__in=NUMBERS)
        .order_by()
        .values_list("service_id")
        .annotate(first=Min("pk"))
    )
    first_number = {
        member.service_id: member.sender.address
        for member in PoolMember.objects.filter(pk__in=first.values()).select_related("sender")
    }
    return {pk: _summary(buckets[pk], named[pk], first_number.get(pk)) for pk in keys}


def _summary(buckets: Sequence[PoolBucket], named: Sequence[Sender], first_number: str | None) -> PoolSummary:
    if not buckets:
        return PoolSummary()
    by_kind: dict[str, int] = defaultdict(int)
    countries: dict[str, None] = {}
    for bucket in buckets:
        by_kind[bucket.kind] += bucket.member_count
        if bucket.kind in NUMBERS and bucket.country:
            countries[bucket.country] = None
    numbers = sum(by_kind[kind] for kind in NUMBERS)
    parts = [*_rcs(named), *_short_codes(named), *_alphas(named)]
    parts += _numbers(numbers, first_number, list(countries), others=bool(parts))
    parts += _channels(named)
    sentence = ", ".join(parts)
    return PoolSummary(
        {kind: number for kind, number in by_kind.items() if number},
        list(countries),
        f"{sentence[:1].upper()}{sentence[1:]}.",
    )


def _of(named: Sequence[Sender], kind: str) -> list[Sender]:
    return [sender for sender in named if sender.kind == kind]


def _rcs(named: Sequence[Sender]) -> list[str]:
    return ["RCS where the phone can"] if _of(named, Sender.Kind.RCS) else []


def _short_codes(named: Sequence[Sender]) -> list[str]:
    by_country: dict[str, list[str]] = defaultdict(list)
    for sender in _of(named, Sender.Kind.SHORT_CODE):
        by_country[sender.country].append(sender.address)
    return [
        f"{f'short code {codes[0]}' if len(codes) == 1 else counted(len(codes), 'short code')} for {country} recipients"
        for country, codes in by_country.items()
    ]


def _alphas(named: Sequence[Sender]) -> list[str]:
    parts = []
    by_name: dict[str, list[str]] = defaultdict(list)
    for sender in _of(named, Sender.Kind.ALPHA):
        if sender.country:
            by_name[sender.address].append(sender.country)
    for name, countries in by_name.items():
        parts.append(f"{name} for {_listed(countries)}")
    anywhere = [sender.address for sender in _of(named, Sender.Kind.ALPHA) if not sender.country]
    if anywhere:
        parts.append(f"{anywhere[0]} where alpha senders work")
    return parts


def _numbers(count: int, first: str | None, countries: list[str], *, others: bool) -> list[str]:
    if not count:
        return []
    if count == 1 and first:
        return [f"{readable(first)} for {'the rest' if others else 'everyone it can reach'}"]
    where = f" in {_listed(countries)}" if countries else ""
    return [f"{counted(count, 'number')}{where} for {'the rest' if others else 'everyone they can reach'}"]


def _channels(named: Sequence[Sender]) -> list[str]:
    parts = []
    if _of(named, Sender.Kind.WHATSAPP):
        parts.append("WhatsApp for WhatsApp recipients")
    if _of(named, Sender.Kind.MESSENGER):
        parts.append("Messenger for Messenger recipients")
    return parts


def _listed(items: list[str]) -> str:
    """``US``; ``US and CA``; ``US, CA and GB``; beyond a few, ``US, CA, GB and 4 more``."""
    if len(items) > MOST_NAMED + 1:
        return f"{', '.join(items[:MOST_NAMED])} and {len(items) - MOST_NAMED} more"
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} and {items[-1]}"
