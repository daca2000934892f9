"""``/msgconsole/v1/``: what a message would do and why, what if, why not, and a stored decision run again."""

from dataclasses import replace
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.views import ApiView
from msgconsole.messaging.api.requests import message_request
from msgconsole.messaging.explain import explain, why_not
from msgconsole.messaging.models import DecisionTrace
from msgconsole.messaging.replay import replay
from msgconsole.messaging.requests import MessageRequest
from senders.selection.overrides import Overrides, parse
from services.api.views import find_service
from services.models import MessagingService


class _OfService(ApiView):
    """A question to a Service: the parameters of creating a message, with ``Overrides`` as a JSON object."""

    service: MessagingService

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.service = find_service(self.account, kwargs["service_sid"], request.path)

    def asked(self) -> MessageRequest:
        return replace(message_request(self.form), messaging_service_sid=self.service.sid)

    def overrides(self) -> Overrides | None:
        given = self.form.json_object("overrides")
        return None if given is None else parse(given)

    def why_not(self, name: str, overrides: Overrides | None) -> dict[str, Any]:
        return why_not(self.account, self.service, self.asked(), name, overrides).to_dict()


class Explain(_OfService):
    def post(self, request: Request, service_sid: str) -> Response:
        overrides = self.overrides()
        told = explain(self.account, self.asked(), overrides)
        name = self.form.text("why_not")
        return Response(
            {
                "account_sid": self.account.sid,
                "service_sid": self.service.sid,
                "overrides": overrides.to_dict() if overrides else {},
                **told.to_dict(),
                "why_not": self.why_not(name, overrides) if name else None,
            }
        )


class WhyNot(_OfService):
    """One sender's fate, and the smallest change that would make it win."""

    def post(self, request: Request, service_sid: str) -> Response:
        overrides, name = self.overrides(), self.form.required("why_not")
        return Response(
            {
                "account_sid": self.account.sid,
                "service_sid": self.service.sid,
                "overrides": overrides.to_dict() if overrides else {},
                **self.why_not(name, overrides),
            }
        )


class Replay(ApiView):
    """A message's stored decision on its own inputs, and under what holds today."""

    def post(self, request: Request, sid: str) -> Response:
        trace = (
            DecisionTrace.objects.select_related("message__account", "message__service")
            .filter(message__account=self.account, message__sid=sid)
            .first()
        )
        if trace is None:
            raise self.not_found()
        return Response({"account_sid": self.account.sid, "message_sid": sid, **replay(trace).to_dict()})
