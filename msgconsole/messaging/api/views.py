"""``…/Messages``, the messages of a Service, and the decision behind a message."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.accounts.spending import spent_by
from msgconsole.api.forms import Form
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet, ApiView
from msgconsole.error_codes import Refused
from msgconsole.messaging import actions
from msgconsole.messaging.api.requests import message_request
from msgconsole.messaging.api.serializers import CURRENCY, message_json, price_text, service_message_json
from msgconsole.messaging.filters import api_filter
from msgconsole.messaging.models import DecisionTrace, Message
from msgconsole.messaging.queries import message_for_sid, messages_of, messages_of_service
from msgconsole.messaging.repeats import submit_once
from services.api.views import find_service

PAGES = Keyset()


class Messages(AccountScopedViewSet):
    def create(self, request: Request, account_sid: str) -> Response:
        wanted, token = message_request(self.form), self._token()
        if token:
            message = submit_once(account=self.account, request=wanted, actor=self.actor, token=token)
        else:
            message = actions.submit_message(account=self.account, request=wanted, actor=self.actor)
        return Response(message_json(message), status=201)

    def _token(self) -> str:
        """What makes a retry safe. The first name is the original's of its own requests, the second the usual one."""
        headers = self.request.headers
        return headers.get("I-Twilio-Idempotency-Token") or headers.get("Idempotency-Key") or ""

    def list(self, request: Request, account_sid: str) -> Response:
        page = PAGES.page(request, narrowed(messages_of(self.account), self.query))
        return Response(page.v2010("messages", request.path, message_json))

    def retrieve(self, request: Request, account_sid: str, sid: str) -> Response:
        return Response(message_json(self._find(sid)))

    def update(self, request: Request, account_sid: str, sid: str) -> Response:
        """Two requests, never one: ``Status=canceled`` takes it back, an empty ``Body`` redacts it."""
        message, body, status = self._find(sid), self.form.text("body"), self.form.text("status")
        if body == "" and status is None:
            message = actions.redact_message(message=message, actor=self.actor)
        elif status == "canceled" and body is None:
            message = actions.cancel_message(message=message, actor=self.actor)
        else:
            field = "status" if status not in (None, "canceled") else "body"
            raise Refused(30400, "Send Body= to redact or Status=canceled to cancel, and not both.", field=field)
        return Response(message_json(message))

    def destroy(self, request: Request, account_sid: str, sid: str) -> Response:
        actions.delete_message(message=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _find(self, sid: str) -> Message:
        message = message_for_sid(self.account, sid)
        if message is None:
            raise self.not_found()
        return message


class ServiceMessages(ApiView):
    """``/v1/Services/{MG}/Messages``: the original links it without an operation; here it lists."""

    def get(self, request: Request, service_sid: str) -> Response:
        service = find_service(self.account, service_sid, request.path)
        page = PAGES.page(request, narrowed(messages_of_service(service), self.query))
        return Response(page.v1("messages", f"{self.base}{request.path}", self._show))

    def _show(self, message: Message) -> dict[str, Any]:
        return service_message_json(message, self.base)


class Decision(ApiView):
    """``/msgconsole/v1/Messages/{SM}/Decision``: which sender and why, exactly as it was stored with the choice."""

    def get(self, request: Request, sid: str) -> Response:
        trace = DecisionTrace.objects.filter(message__account=self.account, message__sid=sid).first()
        if trace is None:
            raise self.not_found()
        return Response(trace.data)


class Balance(ApiView):
    """What the account's messages came to. Nothing was ever paid in, so it is zero or below."""

    def get(self, request: Request, account_sid: str) -> Response:
        balance = price_text(-spent_by(self.account))
        return Response({"account_sid": self.account.sid, "balance": balance, "currency": CURRENCY})


def narrowed(rows: QuerySet[Message], query: Form) -> QuerySet[Message]:
    """The list filters, combined by and."""
    return api_filter(
        rows,
        to=query.text("to"),
        from_address=query.text("from"),
        sent_on=query.moment("date_sent"),
        sent_from=query.moment("date_sent>"),
        sent_until=query.moment("date_sent<"),
    )
