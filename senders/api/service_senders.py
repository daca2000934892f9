"""The pool of a Service: ``/v1/Services/{MG}/PhoneNumbers`` and its four siblings."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet
from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid
from senders import actions
from senders.api.serializers import channel_json, pooled_json
from senders.models import PoolMember, Sender
from services.api.serializers import service_url
from services.api.views import find_service
from services.models import MessagingService


def _key_of(sid: str) -> int | None:
    return Sender.objects.filter(sid=sid).values_list("pk", flat=True).first()


# By the sender's key: it outlives the membership, so a page token still has its place when the sender has left.
PAGES = Keyset(key="sender_id", sid="sender__sid", anchors=_key_of)


class PoolSenders(AccountScopedViewSet):
    """One kind of a Service's senders. Adding names a sender of the account; removing leaves it there."""

    tail: str
    array: str
    kinds: tuple[str, ...]
    prefix: str
    parameter: str
    service: MessagingService

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.service = find_service(self.account, kwargs["service_sid"], request.path)

    def create(self, request: Request, service_sid: str) -> Response:
        return Response(self._show(self._add()), status=201)

    def list(self, request: Request, service_sid: str) -> Response:
        return Response(PAGES.page(request, self._rows()).v1(self.array, f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, service_sid: str, sid: str) -> Response:
        return Response(self._show(self._find(sid)))

    def destroy(self, request: Request, service_sid: str, sid: str) -> Response:
        actions.remove_from_service(service=self.service, sender=self._find(sid).sender, actor=self.actor)
        return Response(status=204)

    def _add(self) -> PoolMember:
        sid = self.form.required(self.parameter)
        if not is_sid(sid, self.prefix):
            raise Refused(
                21421, f"{sid[:40]!r} is not a SID: give {self.prefix} and 32 hex digits.", field=self.parameter
            )
        sender = Sender.objects.filter(account=self.account, kind__in=self.kinds, sid=sid).first()
        if sender is None:
            raise Refused(20404, f"{sid} was not found on this account", field=self.parameter)
        return actions.add_to_service(service=self.service, sender=sender, actor=self.actor)

    def _rows(self) -> QuerySet[PoolMember]:
        return PoolMember.objects.filter(service=self.service, sender__kind__in=self.kinds).select_related("sender")

    def _find(self, sid: str) -> PoolMember:
        member = self._rows().filter(sender__sid=sid).first()
        if member is None:
            raise self.not_found()
        return member

    def _show(self, member: PoolMember) -> dict[str, Any]:
        common = self._written_by(pooled_json, member)
        return {**common, **self._own_properties(member.sender)}

    def _written_by(self, write: Callable[..., dict[str, Any]], member: PoolMember) -> dict[str, Any]:
        url = f"{service_url(self.base, self.service.sid)}/{self.tail}/{member.sender.sid}"
        return write(member, account_sid=self.account.sid, service_sid=self.service.sid, url=url)

    def _own_properties(self, sender: Sender) -> dict[str, Any]:
        raise NotImplementedError


class PhoneNumbers(PoolSenders):
    tail = "PhoneNumbers"
    array = "phone_numbers"
    kinds = ("long_code", "toll_free")
    prefix = "PN"
    parameter = "phone_number_sid"

    def _own_properties(self, sender: Sender) -> dict[str, Any]:
        return {"phone_number": sender.address, "country_code": sender.country}


class ShortCodes(PoolSenders):
    tail = "ShortCodes"
    array = "short_codes"
    kinds = ("short_code",)
    prefix = "SC"
    parameter = "short_code_sid"

    def _own_properties(self, sender: Sender) -> dict[str, Any]:
        return {"short_code": sender.address, "country_code": sender.country}


class ChannelSenders(PoolSenders):
    tail = "ChannelSenders"
    array = "senders"
    kinds = ("whatsapp", "rcs", "messenger")
    prefix = "XE"
    parameter = "sid"

    def _show(self, member: PoolMember) -> dict[str, Any]:
        return self._written_by(channel_json, member)


class AlphaSenders(PoolSenders):
    """The plain alpha sender, for every country that takes one. It is made here, and ends when it is removed."""

    tail = "AlphaSenders"
    array = "alpha_senders"
    kinds = ("alpha",)
    destination = False

    def _add(self) -> PoolMember:
        return actions.add_alpha_sender(
            service=self.service, actor=self.actor, alpha_sender=self.form.text("alpha_sender") or ""
        )

    def _rows(self) -> QuerySet[PoolMember]:
        return super()._rows().filter(sender__destination_alpha=self.destination)

    def _own_properties(self, sender: Sender) -> dict[str, Any]:
        return {"alpha_sender": sender.address}


class DestinationAlphaSenders(AlphaSenders):
    """Alpha senders of one country each; without ``IsoCountryCode`` for any country."""

    tail = "DestinationAlphaSenders"
    destination = True

    def _add(self) -> PoolMember:
        return actions.add_alpha_sender(
            service=self.service,
            actor=self.actor,
            alpha_sender=self.form.text("alpha_sender") or "",
            destination=True,
            iso_country_code=(self.form.text("iso_country_code") or "").upper() or None,
        )

    def _rows(self) -> QuerySet[PoolMember]:
        rows = super()._rows()
        country = self.query.text("iso_country_code")
        return rows.filter(sender__country=country.upper()) if country else rows

    def _own_properties(self, sender: Sender) -> dict[str, Any]:
        return {"alpha_sender": sender.address, "iso_country_code": sender.country or None}
