"""The only entrances to choosing a sender: ``preview`` asks, fetches and decides; ``choose`` also reserves.

Both use one engine and one way to fetch, so a preview is what a send would do; a preview writes nothing at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from msgconsole.numbering import sender_rules
from msgconsole.numbering.e164 import Destination
from senders import pool
from senders.fetch import fetch
from senders.lookup import named_sender
from senders.models import PoolMember, PoolSnapshot, Sender
from senders.reservation import reserve
from senders.selection.decision import RESERVE, Decision
from senders.selection.engine import select
from senders.selection.order import STICKY
from senders.selection.probes import ask
from senders.selection.stages.named import StalePool
from senders.selection.summary import PoolSummary
from senders.selection.types import Policy, Pool, Recipient, SelectionRequest
from services.models import MessagingService

SETTLED_AFTER: Final = timedelta(hours=1)  # no transaction that chooses lasts as long
ATTEMPTS: Final = 8  # a pool that changes under each of so many attempts is being emptied


@dataclass
class Choice:
    """A decision that has been carried out. ``member`` and ``sender`` are read when first looked at.

    ``snapshot_id``: the ``PoolSnapshot`` that the decision needs to be run again. Whoever stores the decision stores it
    too: what nobody refers to is cleared away.
    """

    decision: Decision
    snapshot_id: int

    @cached_property
    def member(self) -> PoolMember | None:
        chosen = self.decision.sender
        if chosen is None or chosen.member_id is None:
            return None
        return PoolMember.objects.select_related("sender").filter(pk=chosen.member_id).first()

    @cached_property
    def sender(self) -> Sender | None:
        """None also for an alpha sender that is in no inventory."""
        chosen = self.decision.sender
        if chosen is None or chosen.sender_id is None:
            return None
        return Sender.objects.filter(pk=chosen.sender_id).first()


def policy_for(service: MessagingService) -> Policy:
    """The switches under which a Service chooses. Reads the account's row unless it came with the Service."""
    geo = service.account.geo_permissions
    return Policy(
        service_sid=service.sid,
        config_version=service.config_version,
        sticky_sender=service.sticky_sender,
        area_code_geomatch=service.area_code_geomatch,
        mms_converter=service.mms_converter,
        geo_permissions=None if geo is None else frozenset(geo),
        mms_countries=mms_countries(),
        trial=service.account.type == "Trial",
    )


def mms_countries() -> frozenset[str]:
    """Countries that take MMS; a setting may say otherwise than the packaged table."""
    given = getattr(settings, "MSGCONSOLE_MMS_COUNTRIES", None)
    return frozenset(given) if given else sender_rules.MMS_COUNTRIES


def request_for(
    service: MessagingService,
    to: Destination,
    *,
    media: bool = False,
    from_address: str | None = None,
    fallback_from: str | None = None,
    force_delivery: bool = False,
    recipient: Recipient | None = None,
    opted_out: bool = False,
    opt_out_detail: str | None = None,
) -> SelectionRequest:
    """A question for the engine. Senders that the request names are looked up; what nobody knows stays None."""
    return SelectionRequest(
        to=to.raw,
        channel=to.channel,
        address=to.address,
        country=to.country,
        area_code=to.area_code,
        media=media,
        from_address=from_address,
        fallback_from=fallback_from,
        force_delivery=force_delivery,
        recipient=recipient or Recipient(line_type="landline" if to.is_landline else "mobile"),
        opted_out=opted_out,
        opt_out_detail=opt_out_detail,
        from_sender=named_sender(service, from_address, to.country) if from_address else None,
        fallback_sender=named_sender(service, fallback_from, to.country) if fallback_from else None,
    )


def preview(*, service: MessagingService, request: SelectionRequest, policy: Policy | None = None) -> Decision:
    """What a send would do now. ``policy`` may differ from the Service's own, to ask "what if"."""
    decision, _ = _decide(service, request, policy)
    return decision


def choose(*, service: MessagingService, request: SelectionRequest, now: datetime | None = None) -> Choice:
    """Choose and reserve, inside the caller's transaction; one message a transaction.

    The row locks taken here last until it ends, so it should end soon. The decision is taken under the configuration
    that is committed at this moment, which may be newer than the given row.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("choose() needs the caller's transaction.")
    for _ in range(ATTEMPTS):
        decision, summary = _decide(service, request, None)
        snapshot_id = _keep_snapshot(summary)
        try:
            return Choice(reserve(service.pk, decision, summary, now=now or timezone.now()), snapshot_id)
        except StalePool:
            reread(service)
    raise StalePool(f"The pool of {service.sid} changed {ATTEMPTS} times while a sender was being chosen.")


def _decide(
    service: MessagingService, request: SelectionRequest, policy: Policy | None
) -> tuple[Decision, PoolSummary]:
    # Most recipients are known, and then nobody has to be ranked.
    unless_mapped = True
    for _ in range(ATTEMPTS):
        summary = pool.summary_of(service)
        if summary.config_version != service.config_version:
            reread(service)
        rules = policy or policy_for(service)
        asked = ask(request, rules, summary)
        if asked.nothing:
            return select(request, rules, Pool(summary)), summary
        mapping = None
        try:
            ranked, mapping, version = fetch(
                service.pk,
                request.channel,
                request.address,
                asked,
                keys=summary.keys,
                sticky=rules.sticky_sender,
                unless_mapped=unless_mapped,
            )
            if version == summary.config_version:
                return select(request, rules, Pool(summary, ranked, mapping)), summary
        except StalePool:
            if unless_mapped and mapping is not None:
                unless_mapped = False  # its mapping does not hold: the same again, with the ranked
                continue
        reread(service)
    raise StalePool(f"The pool of {service.sid} changed {ATTEMPTS} times while a sender was being chosen.")


def reread(service: MessagingService) -> None:
    """Take the configuration as it is now. The row given by the caller is brought up to date in place."""
    service.refresh_from_db(fields=["config_version", "sticky_sender", "area_code_geomatch", "mms_converter"])


# Snapshots known to be committed and their ids, so that their row is not tried again with every message.
_kept: dict[tuple[str, int], int] = {}


def _keep_snapshot(summary: PoolSummary) -> int:
    """Store what the pool is made of, once per version, so that decisions taken under it can be run again. Its id."""
    key = (summary.service_sid, summary.config_version)
    known = _kept.get(key)
    if known is not None:
        return known
    rows = PoolSnapshot.objects.filter(service_sid=key[0], config_version=key[1]).values_list("pk", flat=True)
    found = rows.first()
    if found is None:
        row = PoolSnapshot(service_sid=key[0], config_version=key[1], data=summary.to_dict())
        PoolSnapshot.objects.bulk_create([row], ignore_conflicts=True)
        found = rows.get()  # another worker's, if it was quicker

    def remember(number: int = found) -> None:
        if len(_kept) > 10_000:
            _kept.clear()
        _kept[key] = number

    transaction.on_commit(remember)
    return found


def clear_snapshots(numbers: Iterable[int]) -> int:
    """Remove snapshots that no decision needs. The caller has made sure that none will: see ``may_go``."""
    gone, _ = PoolSnapshot.objects.filter(pk__in=list(numbers)).delete()
    return gone


def may_go(now: datetime) -> QuerySet[PoolSnapshot]:
    """Snapshots under which nothing is decided any more: oldest first.

    A version is decided under until the next is seen, and what was decided may still wait for its commit. An hour after
    the first message of a newer version, or with its Service gone, nobody is left who could refer to it anew.
    """
    newer = PoolSnapshot.objects.filter(
        service_sid=OuterRef("service_sid"),
        config_version__gt=OuterRef("config_version"),
        date_created__lt=now - SETTLED_AFTER,
    )
    service = MessagingService.objects.filter(sid=OuterRef("service_sid"))
    rows = PoolSnapshot.objects.filter(Exists(newer) | (~Exists(service) & Q(date_created__lt=now - SETTLED_AFTER)))
    return rows.order_by("pk")


def summary_at(service_sid: str, config_version: int) -> PoolSummary | None:
    """What the pool was made of when messages were decided under a version; None if none was."""
    row = PoolSnapshot.objects.filter(service_sid=service_sid, config_version=config_version).first()
    return None if row is None else PoolSummary.from_dict(row.data)


def as_decided(decision: Decision) -> Decision:
    """A stored decision as the engine left it: without the ``reserve`` step, which tells of other workers."""
    if not decision.steps or decision.steps[-1].stage != RESERVE:
        return decision
    return replace(decision, sender=decision.ranked[0], steps=decision.steps[:-1])


def replay(stored: Mapping[str, Any]) -> Decision | None:
    """Run a stored decision again on its own inputs. None when the pool of that time was not kept.

    The answer equals the stored one ``as_decided``.
    """
    decision = Decision.from_dict(stored)
    summary = summary_at(decision.policy.service_sid, decision.config_version)
    if summary is None:
        return None
    ranked = () if decision.deciding_stage == STICKY else decision.ranked
    return select(decision.request, decision.policy, Pool(summary, ranked, decision.found))
