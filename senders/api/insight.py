"""``/msgconsole/v1/Services/{MG}/``: sticky mappings, coverage and lint: what the original keeps to itself."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.pagination import Keyset
from msgconsole.api.serializers import iso
from msgconsole.api.views import AccountScopedViewSet, ApiView
from msgconsole.error_codes import Refused
from msgconsole.numbering.e164 import NumberingError, parse_destination
from msgconsole.sids import is_sid
from senders import actions, lint, queries
from senders.coverage import coverage
from senders.models import StickyMapping
from services.api.views import find_service
from services.models import MessagingService

PREFIX = "ST"


def sid_of(number: int) -> str:
    """The SID of a mapping: its key, since there may be millions that nobody ever asks for by name."""
    return f"{PREFIX}{number:032x}"


def key_of(sid: str) -> int | None:
    """The key in a mapping's SID; None for one that no mapping can have."""
    number = int(sid[2:], 16) if is_sid(sid, PREFIX) else 0
    return number if 0 < number < 2**63 else None


class _ByKey(Keyset):
    """Pages of rows whose SID is made of their key, which need not be looked for."""

    def _place(self, rows: QuerySet[Any], token: str, size: int) -> tuple[int, str | None]:
        number = key_of(token.removeprefix("PA")) if token.startswith("PA") else None
        if number is None:
            raise Refused(20001, "Invalid PageToken.", field="page_token")
        return number, self._before(rows, number, size)

    def _sid_of(self, row: Model) -> str:
        return sid_of(row.pk)

    def _name(self, selected: Any) -> str:
        return sid_of(selected)


PAGES = _ByKey(sid="id")


class _OfService(ApiView):
    """What is asked about one Service of the account."""

    service: MessagingService

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.service = find_service(self.account, kwargs["service_sid"], request.path)


class StickyMappings(_OfService, AccountScopedViewSet):
    """Which sender each recipient knows, newest first; ``Recipient`` and ``Channel`` narrow the list."""

    def list(self, request: Request, service_sid: str) -> Response:
        rows = queries.mappings_of(self.service)
        channel, recipient = self.query.text("channel"), self.query.text("recipient")
        if channel:
            rows = rows.filter(channel=channel)
        if recipient:
            rows = rows.filter(recipient=_recipient(recipient))
        page = PAGES.page(request, rows)
        shown = {one.mapping.pk: self._show(one) for one in queries.effective(self.service, page.rows)}
        return Response(page.v1("sticky_mappings", f"{self.base}{request.path}", lambda row: shown[row.pk]))

    def retrieve(self, request: Request, service_sid: str, sid: str) -> Response:
        (found,) = queries.effective(self.service, [self._find(sid)])
        return Response(self._show(found))

    def destroy(self, request: Request, service_sid: str, sid: str) -> Response:
        """The recipient's next message chooses anew."""
        row = self._find(sid)
        actions.reset_mapping(service=self.service, channel=row.channel, recipient=row.recipient, actor=self.actor)
        return Response(status=204)

    def _find(self, sid: str) -> StickyMapping:
        number = key_of(sid)
        row = None if number is None else queries.mappings_of(self.service).filter(pk=number).first()
        if row is None:
            raise self.not_found()
        return row

    def _show(self, found: queries.EffectiveMapping) -> dict[str, Any]:
        row, member = found.mapping, found.member
        sid = sid_of(row.pk)
        return {
            "sid": sid,
            "account_sid": self.account.sid,
            "service_sid": self.service.sid,
            "channel": row.channel,
            "recipient": row.recipient,
            "recipient_country": row.recipient_country or None,
            "sender_sid": member.sender.sid if member else None,
            "sender": member.sender.address if member else None,
            "sender_kind": member.sender.kind if member else row.sender_kind,
            "holds": member is not None,
            "moved": found.moved,
            "config_version": row.config_version,
            "date_created": iso(row.date_created),
            "date_updated": iso(row.date_updated),
            "url": f"{self.base}/msgconsole/v1/Services/{self.service.sid}/StickyMappings/{sid}",
        }


def _recipient(given: str) -> str:
    """A recipient as mappings name them: without formatting or prefix. What is no address is looked for as it is."""
    try:
        return parse_destination(given).address
    except NumberingError:
        return given


class Coverage(_OfService):
    """Every country, and US and Canadian area codes, with whence it would be reached."""

    def get(self, request: Request, service_sid: str) -> Response:
        found = coverage(self.service, media=bool(self.query.boolean("media")))
        return Response(
            {
                "account_sid": self.account.sid,
                "service_sid": self.service.sid,
                "countries": [place.to_dict() for place in found.countries],
                "area_codes": [place.to_dict() for place in found.area_codes],
            }
        )


class Lint(_OfService):
    """What looks wrong with the pool, the worst first."""

    def get(self, request: Request, service_sid: str) -> Response:
        return Response(
            {
                "account_sid": self.account.sid,
                "service_sid": self.service.sid,
                "findings": [finding.to_dict() for finding in lint.of_service(self.service)],
            }
        )
