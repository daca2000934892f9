"""JSON, whatever the caller says it accepts: there is nothing else to choose from."""

from collections.abc import Iterable

from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request


class JsonRenderer(JSONRenderer):
    """``application/json`` on every body, errors too; an empty body has no content type."""

    charset = "utf-8"


class OnlyJson(BaseContentNegotiation):
    """Parsers by content type, the one renderer always."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        found: BaseParser | None = DefaultContentNegotiation().select_parser(request, parsers)
        return found

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type or ""
