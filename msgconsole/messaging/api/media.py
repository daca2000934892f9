"""A message's ``Media`` and its ``Feedback``."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.pagination import Keyset
from msgconsole.api.serializers import rfc2822
from msgconsole.api.views import AccountScopedViewSet
from msgconsole.messaging import extras
from msgconsole.messaging.api.serializers import media_json, message_path
from msgconsole.messaging.filters import by_created
from msgconsole.messaging.models import Media, Message
from msgconsole.messaging.queries import message_for_sid

PAGES = Keyset()


class OfMessage(AccountScopedViewSet):
    """What hangs on one message of the account."""

    message: Message

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        message = message_for_sid(self.account, kwargs["message_sid"])
        if message is None:
            raise self.not_found()
        self.message = message


class MessageMedia(OfMessage):
    def list(self, request: Request, **kwargs: str) -> Response:
        rows = by_created(
            self._rows(),
            on=self.query.moment("date_created"),
            since=self.query.moment("date_created>"),
            until=self.query.moment("date_created<"),
        )
        return Response(PAGES.page(request, rows).v2010("media_list", request.path, self._show))

    def retrieve(self, request: Request, sid: str, **kwargs: str) -> Response:
        return Response(self._show(self._find(sid)))

    def content(self, request: Request, sid: str, **kwargs: str) -> HttpResponseBase:
        """Without ``.json``: the file itself, which stays where the sender put it."""
        return HttpResponseRedirect(self._find(sid).url)

    def destroy(self, request: Request, sid: str, **kwargs: str) -> Response:
        extras.delete_media(media=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _rows(self) -> QuerySet[Media]:
        return Media.objects.filter(message=self.message)

    def _find(self, sid: str) -> Media:
        media = self._rows().filter(sid=sid).first()
        if media is None:
            raise self.not_found()
        media.message = self.message  # read already, with its account
        return media

    def _show(self, media: Media) -> dict[str, Any]:
        return media_json(media, self.message)


class Feedback(OfMessage):
    def create(self, request: Request, **kwargs: str) -> Response:
        outcome = self.form.text("outcome") or "confirmed"
        event = extras.record_feedback(message=self.message, outcome=outcome, actor=self.actor)
        return Response(
            {
                "account_sid": self.account.sid,
                "message_sid": self.message.sid,
                "outcome": outcome,
                "date_created": rfc2822(event.at),
                "date_updated": rfc2822(event.at),
                "uri": f"{message_path(self.message)}/Feedback.json",
            }
        )
