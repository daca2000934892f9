"""A request id for every request: in the answer's header and in each log line."""

import contextvars
import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from msgconsole.sids import new_sid

_current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = new_sid("RQ")
        request.request_id = request_id  # type: ignore[attr-defined] # RequestIdFilter reads it
        token = _current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-Id"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a refused request after the answer has left this middleware: it hands the request along.
        given = getattr(getattr(record, "request", None), "request_id", "-")
        record.request_id = given if given != "-" else _current.get()
        return True
