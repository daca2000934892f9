"""Many previews of one Service, each as if those before it had been sent: what a list of recipients would come to.

Mappings are looked up a batch at a time and the load of the pool's members is carried along in memory, so that a list
spreads over equals as a real run would. Nothing is written.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db.models import Q

from senders import fetch, pool
from senders.choosing import policy_for, reread
from senders.models import PoolMember, StickyMapping
from senders.selection.decision import Decision
from senders.selection.engine import select
from senders.selection.probes import Ask, ask
from senders.selection.stages.balance import Load, sort_key
from senders.selection.types import MOST_RANKED, Candidate, Policy, Pool, Probe, SelectionRequest, StoredMapping
from services.models import MessagingService

MOST_IN_GROUP: Final = 2_000  # members of one group that take part; the least busy ones of a larger group
_AT_ONCE: Final = 500  # keys in one statement
_ORDER: Final = {
    True: ("mapping_count", "queued_count", "sent_count", "last_used_at", "id"),
    False: ("queued_count", "sent_count", "last_used_at", "id"),
}

Key = tuple[Load, int]


class Series:
    """``taken``: member id → (conversations, messages) that the series gave it so far; pass it on to go on later."""

    def __init__(
        self,
        service: MessagingService,
        policy: Policy | None = None,
        *,
        taken: Mapping[int, tuple[int, int]] | None = None,
    ) -> None:
        self.service = service
        self.summary = pool.summary_of(service)
        if self.summary.config_version != service.config_version:
            reread(service)
        self.policy = policy or policy_for(service)
        self.taken: dict[int, tuple[int, int]] = dict(taken or {})
        self._members: dict[int, Candidate] = {}
        self._groups: dict[tuple[Probe, ...], list[tuple[Key, int]]] = {}

    def decide(self, requests: Sequence[SelectionRequest]) -> list[Decision]:
        """One decision a request, in order. Each recipient should come once: the second time they would know one."""
        asked = [ask(request, self.policy, self.summary) for request in requests]
        mappings = self._mappings(requests, asked)
        return [
            self._decide(request, question, mappings.get((request.channel, request.address)))
            for request, question in zip(requests, asked, strict=True)
        ]

    def _decide(self, request: SelectionRequest, asked: Ask, mapping: StoredMapping | None) -> Decision:
        ranked = self._ranked(asked.probes) if asked.probes else ()
        decision = select(request, self.policy, Pool(self.summary, ranked, mapping if asked.mapping else None))
        sender = decision.sender
        if decision.outcome == "chosen" and sender is not None and sender.member_id is not None:
            known = decision.mapping.action == "none"
            conversations, messages = self.taken.get(sender.member_id, (0, 0))
            self.taken[sender.member_id] = (conversations + (0 if known else 1), messages + 1)
            if sender.member_id in self._members:
                self._members[sender.member_id] = self._busier(self._members[sender.member_id], 0 if known else 1, 1)
        return decision

    @staticmethod
    def _busier(member: Candidate, conversations: int, messages: int) -> Candidate:
        return replace(
            member,
            mapping_count=member.mapping_count + conversations,
            sent_count=member.sent_count + messages,
        )

    def _ranked(self, probes: tuple[Probe, ...]) -> tuple[Candidate, ...]:
        """The best ten of a group under the load so far. Load only grows, so an old place is never too far back."""
        if probes not in self._groups:
            self._groups[probes] = self._load(probes)
        waiting = self._groups[probes]
        best: list[tuple[Key, int]] = []
        while waiting and len(best) < MOST_RANKED:
            key, number = heapq.heappop(waiting)
            now = self._key(number)
            if now != key:
                heapq.heappush(waiting, (now, number))
            else:
                best.append((key, number))
        for entry in best:
            heapq.heappush(waiting, entry)
        return tuple(self._members[number] for _, number in best)

    def _key(self, number: int) -> Key:
        return sort_key(self._members[number], sticky=self.policy.sticky_sender)

    def _load(self, probes: tuple[Probe, ...]) -> list[tuple[Key, int]]:
        wanted = Q()
        for probe in probes:
            part = Q(bucket_id=probe.bucket_id)
            wanted |= part if probe.area_code is None else part & Q(area_code=probe.area_code)
        rows = PoolMember.objects.filter(wanted).order_by(*_ORDER[self.policy.sticky_sender])
        numbers = list(rows.values_list("id", flat=True)[:MOST_IN_GROUP])
        self._read([number for number in numbers if number not in self._members])
        group = [(self._key(number), number) for number in numbers if number in self._members]
        heapq.heapify(group)
        return group

    def _read(self, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), _AT_ONCE):
            for number, member in fetch.candidates(list(numbers[start : start + _AT_ONCE])).items():
                self._members[number] = self._busier(member, *self.taken.get(number, (0, 0)))

    def _mappings(
        self, requests: Sequence[SelectionRequest], asked: Sequence[Ask]
    ) -> dict[tuple[str, str], StoredMapping]:
        by_channel: dict[str, list[str]] = {}
        moved_to: dict[tuple[str, str], tuple[int, ...]] = {}
        for request, question in zip(requests, asked, strict=True):
            if question.mapping:
                by_channel.setdefault(request.channel, []).append(request.address)
                moved_to[request.channel, request.address] = question.members
        rows: list[StickyMapping] = []
        for channel, addresses in by_channel.items():
            for start in range(0, len(addresses), _AT_ONCE):
                batch = addresses[start : start + _AT_ONCE]
                rows += StickyMapping.objects.filter(service=self.service, channel=channel, recipient__in=batch)
        needed = {row.member_id for row in rows} | {
            number for row in rows for number in moved_to[row.channel, row.recipient]
        }
        self._read([number for number in sorted(needed) if number not in self._members])
        return {
            (row.channel, row.recipient): StoredMapping(
                row.pk,
                row.member_id,
                row.sender_kind,
                row.sender_country,
                row.config_version,
                self._members.get(row.member_id),
                tuple(
                    self._members[number] for number in moved_to[row.channel, row.recipient] if number in self._members
                ),
            )
            for row in rows
        }
