"""A Service's pool in the database, told as the same histories as the one in memory."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from msgconsole.numbering.e164 import parse_destination
from msgconsole.outbox import queue
from senders import actions, choosing, load, whatif
from senders.models import PoolMember, Sender
from senders.selection.decision import Decision
from senders.selection.overrides import parse
from senders.selection.types import Recipient, SelectionRequest
from services import actions as service_actions
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR, WHEN
from tests.senders.selection.harness import candidate_from


class World:
    """``id`` of a pool entry → its sender. Upkeep that waits in the outbox is done before each decision."""

    def __init__(self, **switches: Any) -> None:
        self.account = factories.account()
        self.service: MessagingService = factories.service(self.account, **switches)
        self.senders: dict[str, Sender] = {}
        self.entries: dict[str, dict[str, Any]] = {}

    # --- changes -------------------------------------------------------------------------------------------------

    def add(self, sender: Mapping[str, Any]) -> PoolMember:
        entry = dict(sender)
        facts = candidate_from(entry, 0)
        settings: dict[str, Any] = {"sms": facts.sms, "mms": facts.mms}
        if facts.kind in {"long_code", "toll_free"}:
            made = actions.acquire_number(
                account=self.account,
                actor=ACTOR,
                phone_number=facts.address,
                registration=facts.registration,
                **settings,
            )
        elif facts.kind == "short_code":
            made = actions.add_short_code(
                account=self.account,
                actor=ACTOR,
                short_code=facts.address,
                country=facts.country,
                unsupported_carriers=entry.get("unsupported_carriers", ()),
                **settings,
            )
        elif facts.kind == "alpha":
            member = actions.add_alpha_sender(
                service=self.service,
                actor=ACTOR,
                alpha_sender=facts.address,
                destination=bool(facts.country),
                iso_country_code=facts.country or None,
                registered_countries=entry.get("registered_countries", ()),
            )
            return self._loaded(entry, member)
        else:
            made = actions.add_channel_sender(
                account=self.account,
                actor=ACTOR,
                address=facts.address,
                country=facts.country or None,
                approved_regions=entry.get("approved_regions"),
            )
        member = actions.add_to_service(service=self.service, sender=made, actor=ACTOR)
        return self._loaded(entry, member)

    def _loaded(self, entry: dict[str, Any], member: PoolMember) -> PoolMember:
        self.senders[entry["id"]], self.entries[entry["id"]] = member.sender, entry
        columns = {"other_mappings": "mapping_count", "queued": "queued_count", "sent": "sent_count"}
        load_ = {column: entry[key] for key, column in columns.items() if key in entry}
        if load_:
            PoolMember.objects.filter(pk=member.pk).update(**load_)
        return member

    def remove(self, name: str) -> None:
        actions.remove_from_service(service=self.service, sender=self.senders.pop(name), actor=ACTOR)

    def change(self, name: str, values: Mapping[str, Any]) -> None:
        changed = dict(values)
        member = PoolMember.objects.filter(sender=self.senders[name])
        if "other_mappings" in changed:
            before = self.entries[name].get("other_mappings", 0)
            held = member.get()
            member.update(mapping_count=held.mapping_count + changed.pop("other_mappings") - before)
        actions.update_sender(sender=self.senders[name], actor=ACTOR, **changed)

    def configure(self, values: Mapping[str, Any]) -> None:
        changed = dict(values)
        if "geo_permissions" in changed:
            self.account.geo_permissions = changed.pop("geo_permissions")
            self.account.save()
        if changed:
            self.service = service_actions.update_service(service=self.service, actor=ACTOR, **changed)

    # --- questions -----------------------------------------------------------------------------------------------

    def request(self, data: Mapping[str, Any]) -> SelectionRequest:
        about = data.get("recipient", {})
        return choosing.request_for(
            self.fresh(),
            parse_destination(data["to"]),
            media=bool(data.get("media")),
            from_address=data.get("from"),
            fallback_from=data.get("fallback_from"),
            force_delivery=data.get("force_delivery", False),
            recipient=Recipient(about.get("carrier"), about.get("line_type", "mobile"), about.get("rcs", False)),
            opted_out=about.get("opted_out", False),
        )

    def fresh(self) -> MessagingService:
        return MessagingService.objects.select_related("account").get(pk=self.service.pk)

    def decide(self, request: SelectionRequest) -> Decision:
        queue.drain(until_idle=True)
        return choosing.preview(service=self.fresh(), request=request)

    def send(self, request: SelectionRequest) -> Decision:
        queue.drain(until_idle=True)
        with transaction.atomic():
            decision = choosing.choose(service=self.fresh(), request=request).decision
        sender = decision.sender
        if sender is not None and sender.member_id is not None and decision.outcome == "chosen":
            load.sent(sender.member_id, WHEN, was_queued=False)
        return decision

    def name(self, decision: Decision) -> str | None:
        """Which entry was chosen."""
        if decision.sender is None:
            return None
        return next(name for name, sender in self.senders.items() if sender.pk == decision.sender.sender_id)


def ask(world: World, to: str, **request: Any) -> Decision:
    return world.decide(world.request({"to": to, **request}))


def under(world: World, to: str, overrides: dict[str, Any], **request: Any) -> Decision:
    """What would be decided if things were as the overrides have them."""
    asked = world.request({"to": to, **request})
    return whatif.preview(service=world.fresh(), request=asked, overrides=parse(overrides)).decision


def send(world: World, to: str, **request: Any) -> str | None:
    return world.name(world.send(world.request({"to": to, **request})))


def world_of(*senders: Mapping[str, Any], **switches: Any) -> World:
    made = World(**switches)
    for sender in senders:
        made.add(sender)
    return made
