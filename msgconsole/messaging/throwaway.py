"""An account for one case: made by actions, sent from through the pipeline, and gone when its transaction is undone.

Nothing of the install is touched: only this account's own work is run, addresses that others hold are set aside for
as long as the transaction lasts, and nobody is told of anything (no webhook is set, and wake-ups follow commits).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from msgconsole.accounts import actions as account_actions
from msgconsole.accounts.audit import Actor
from msgconsole.carriers.simulated import actions as phone_book
from msgconsole.carriers.simulated.models import PhoneBookEntry
from msgconsole.messaging import actions, dispatch
from msgconsole.messaging.case_shapes import LOAD
from msgconsole.messaging.lifecycle import Status
from msgconsole.messaging.models import Message
from msgconsole.messaging.requests import MessageRequest
from msgconsole.numbering.e164 import NumberingError, parse_destination
from msgconsole.outbox import handlers, queue
from msgconsole.outbox.models import OutboxEntry
from senders import actions as sender_actions
from senders import mappings
from senders.models import PoolEvent, PoolMember, Sender, StickyMapping
from services import actions as service_actions
from services import consent
from services.models import MessagingService

ACTOR: Final = Actor.command("check_cases")
_IN_A_ROW: Final = 10_000  # segments; the column holds no more than 32,767
_OTHERS: Final = "other"  # the channel of mappings to people whom no case writes to
_PICTURE: Final = "https://demo.example.com/pic.png"
_PREFIXES: Final = ("", "whatsapp:", "messenger:", "rcs:")
_LISTS: Final = ("unsupported_carriers", "approved_regions", "registered_countries")


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back at its end, whatever happens in it."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


class Throwaway:
    """A Service with a pool whose senders have the names that a case gives them. Use it within ``undone``."""

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        self.account = account_actions.create_account(actor=ACTOR, friendly_name="A case")
        self.service: MessagingService = service_actions.create_service(
            account=self.account, actor=ACTOR, friendly_name="A case"
        )
        self.senders: dict[str, Sender] = {}
        self._members: set[str] = set()
        self._messages: list[str] = []
        self.configure(settings or {})

    # --- the pool ------------------------------------------------------------------------------------------------

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change the Service's switches; ``geo_permissions`` are the account's."""
        values = dict(settings)
        if "geo_permissions" in values:
            self.account = account_actions.update_account(
                account=self.account, actor=ACTOR, geo_permissions=values.pop("geo_permissions")
            )
        if values:
            self.service = service_actions.update_service(service=self.service, actor=ACTOR, **values)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Acquire a sender and put it into the pool, with its load. A name that left before comes back as it was."""
        name = str(entry["id"])
        known = Sender.objects.filter(pk=self.senders[name].pk).first() if name in self.senders else None
        if known is not None:
            sender_actions.update_sender(sender=known, actor=ACTOR, **_settings(entry))
            member = sender_actions.add_to_service(service=self.service, sender=known, actor=ACTOR)
        else:
            member = self._acquired(entry)
        self.senders[name] = member.sender
        self._members.add(str(member.pk))
        self._load(member, entry)

    def _acquired(self, entry: Mapping[str, Any]) -> PoolMember:
        kind, address = entry["type"], str(entry["address"])
        if kind != "alpha":
            self._set_aside(address)
        settings = _settings(entry)
        country = entry.get("country") or None
        match kind:
            case "long_code" | "toll_free":
                made = sender_actions.acquire_number(
                    account=self.account, actor=ACTOR, phone_number=address, country=country, **settings
                )
            case "short_code":
                made = sender_actions.add_short_code(
                    account=self.account, actor=ACTOR, short_code=address, country=country or "", **settings
                )
            case "alpha":
                return self._alpha(entry)
            case "whatsapp" | "messenger" | "rcs":
                prefixed = address if ":" in address else f"{kind}:{address}"
                made = sender_actions.add_channel_sender(
                    account=self.account, actor=ACTOR, address=prefixed, country=country, **settings
                )
            case _:
                raise ValueError(f"{entry['id']}: there is no type of sender {kind!r}")
        if made.kind != kind:
            raise ValueError(f"{entry['id']}: {address} is a {made.kind}, not a {kind}")
        return sender_actions.add_to_service(service=self.service, sender=made, actor=ACTOR)

    def _set_aside(self, address: str) -> None:
        """Free an address that another account holds. Undone with all the rest."""
        theirs = Sender.objects.exclude(account=self.account).exclude(kind=Sender.Kind.ALPHA)
        for sender in theirs.filter(address__in=[prefix + address for prefix in _PREFIXES]):
            Sender.objects.filter(pk=sender.pk).update(address=f"set aside {sender.pk}")

    def _alpha(self, entry: Mapping[str, Any]) -> PoolMember:
        country = entry.get("iso_country_code") or None
        plain_one_is_there = Sender.objects.filter(
            membership__service=self.service, kind=Sender.Kind.ALPHA, destination_alpha=False
        ).exists()
        return sender_actions.add_alpha_sender(
            service=self.service,
            actor=ACTOR,
            alpha_sender=str(entry["address"]),
            destination=bool(country) or plain_one_is_there,
            iso_country_code=country,
            registered_countries=entry.get("registered_countries") or (),
        )

    def remove(self, name: str) -> None:
        sender_actions.remove_from_service(service=self.service, sender=self.senders[name], actor=ACTOR)

    def change(self, name: str, values: Mapping[str, Any]) -> None:
        """Change a sender's settings, or its load."""
        settings = _settings(values)
        if settings:
            self.senders[name] = sender_actions.update_sender(sender=self.senders[name], actor=ACTOR, **settings)
        if any(key in values for key in LOAD):
            self._load(PoolMember.objects.get(sender=self.senders[name]), values)

    def _load(self, member: PoolMember, entry: Mapping[str, Any]) -> None:
        """Conversations with other people, messages that wait, messages sent: as rows where rows are what counts."""
        if "other_mappings" in entry:
            others = StickyMapping.objects.filter(service=self.service, channel=_OTHERS, member_id=member.pk)
            gone, _ = others.delete()
            StickyMapping.objects.bulk_create(
                (self._other(member, number) for number in range(entry["other_mappings"])), batch_size=500
            )
            now = F("mapping_count") - gone + entry["other_mappings"]
            PoolMember.objects.filter(pk=member.pk).update(mapping_count=now)
        if "queued" in entry:
            waiting = Message.objects.filter(account=self.account, sender=member.sender, status=Status.QUEUED)
            waiting.delete()
            Message.objects.bulk_create(self._waiting(member, entry["queued"]))
            PoolMember.objects.filter(pk=member.pk).update(queued_count=entry["queued"])
        if "sent" in entry:
            PoolMember.objects.filter(pk=member.pk).update(sent_count=entry["sent"])

    def _other(self, member: PoolMember, number: int) -> StickyMapping:
        return StickyMapping(
            service=self.service,
            channel=_OTHERS,
            recipient=f"{member.pk}-{number}",
            member_id=member.pk,
            sender_kind=member.sender.kind,
            sender_country=member.sender.country,
            config_version=self.service.config_version,
        )

    def _waiting(self, member: PoolMember, messages: int) -> Iterator[Message]:
        """What waits, of one segment each. Told in few rows: of these rows, their segments alone are ever counted."""
        for start in range(0, messages, _IN_A_ROW):
            yield Message(
                sid=f"SM{member.pk:016x}{start:016x}",
                account=self.account,
                service=self.service,
                messaging_service_sid=self.service.sid,
                sender=member.sender,
                status=Status.QUEUED.value,
                to="+15555550100",
                from_address=member.sender.address,
                num_segments=min(_IN_A_ROW, messages - start),
                date_created=timezone.now(),
            )

    # --- recipients and messages ---------------------------------------------------------------------------------

    def know(self, to: str, facts: Mapping[str, Any] | None) -> None:
        """What the carrier side knows of a recipient, and whether they opted out. None: nothing is known."""
        try:
            destination = parse_destination(to.strip())
        except NumberingError:
            return
        if destination.e164:
            for entry in PhoneBookEntry.objects.filter(number=destination.e164):
                phone_book.delete_entry(entry=entry, actor=ACTOR)
        if facts is None:
            return
        if destination.e164:
            phone_book.set_entry(
                number=destination.e164,
                actor=ACTOR,
                carrier=facts.get("carrier") or "",
                line_type=facts.get("line_type") or PhoneBookEntry.LineType.MOBILE,
                rcs=bool(facts.get("rcs")),
            )
        opted_out = bool(facts.get("opted_out"))
        scope: dict[str, Any] = {"account": self.account, "service": self.service, "sender_address": ""}
        known = consent.is_opted_out(**scope, channel=destination.channel, recipient=destination.address)
        if opted_out != (known is not None):
            consent.record(
                **scope,
                channel=destination.channel,
                recipient=destination.address,
                status="opted_out" if opted_out else "opted_in",
                actor=ACTOR,
            )

    def request(self, data: Mapping[str, Any]) -> MessageRequest:
        """A case's request, or a send of its history, as the API would have made it."""
        return MessageRequest(
            to=str(data["to"]),
            body=data["body"] if data.get("body") is not None else "Hello",
            media_urls=(_PICTURE,) if data.get("media") is True else tuple(data.get("media") or ()),
            from_=data.get("from") or None,
            fallback_from=data.get("fallback_from") or None,
            force_delivery=data.get("force_delivery"),
            messaging_service_sid=self.service.sid,
        )

    def send(self, request: MessageRequest) -> Message:
        """Accept a message and do the worker's step on it, up to the carrier's answer. Raises ``Refused``."""
        self.work()
        message = actions.submit_message(account=self.account, request=request, actor=ACTOR)
        self._messages.append(message.sid)
        self.work()
        return Message.objects.select_related("sender").get(pk=message.pk)

    def work(self) -> None:
        """Do this account's waiting work, and nobody else's. Delivery reports, which come later, are left waiting."""
        while due := list(self._due()):
            for entry in due:
                try:
                    handlers.get(entry.kind)(entry)
                except handlers.Later as later:
                    queue.postpone(entry, later.at, payload=later.payload)
                else:
                    queue.complete(entry)

    def _due(self) -> Iterator[OutboxEntry]:
        events = PoolEvent.objects.filter(service=self.service).values_list("pk", flat=True)
        own = (
            Q(kind=dispatch.KIND, reference__in=self._messages)
            | Q(kind__in=(mappings.UNCOUNT, mappings.PURGE), reference__in=self._members)
            | Q(kind=mappings.MOVE, reference__in=[str(event) for event in events])
        )
        return OutboxEntry.objects.filter(own, available_at__lte=timezone.now()).order_by("id").iterator()

    def name_of(self, message: Message) -> str | None:
        """Which sender of the case a message was given; its address if it is none of them."""
        return self.named(message.sender_id, message.from_address)

    def named(self, sender_id: int | None, address: str) -> str | None:
        for name, sender in self.senders.items():
            if sender.pk == sender_id or (sender_id is None and sender.address == address):
                return name
        return address or None


def _settings(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a pool entry that a sender has as settings."""
    found: dict[str, Any] = {}
    if "capabilities" in entry:
        capabilities = {str(one).upper() for one in entry["capabilities"]}
        found |= {"sms": "SMS" in capabilities, "mms": "MMS" in capabilities}
    if entry.get("registration"):
        found["registration"] = entry["registration"]
    return found | {name: list(entry[name] or ()) for name in _LISTS if name in entry}
