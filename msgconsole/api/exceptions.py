"""Every exception becomes the one error body: ``code``, ``message``, ``more_info``, ``status``.

Two names are never added: a body with ``type`` and ``title`` makes the client library raise another exception.
"""

import logging
import re
from typing import Any

from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.authentication import AccountNotActive
from msgconsole.api.forms import pascal
from msgconsole.api.links import ROOTS, base_url, error_page
from msgconsole.error_codes import Refused

log = logging.getLogger(__name__)


def error_body(base: str, code: int, message: str, status: int) -> dict[str, Any]:
    return {"code": code, "message": message, "more_info": error_page(base, code), "status": status}


def not_found(path: str) -> Refused:
    """The 404 of a resource that does not exist, or not for this caller: the two look the same."""
    return Refused(20404, f"The requested resource {path} was not found")


def handle(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler. Anything unforeseen is logged and answered with 500/20500."""
    request: Request = context["request"]
    refused = _refusal(exc, request)
    headers = {}
    if isinstance(exc, drf.APIException):
        if header := getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = header
        if wait := getattr(exc, "wait", None):
            headers["Retry-After"] = f"{wait:.0f}"
    body = error_body(_base(request), refused.code, refused.message, refused.status)
    return Response(body, status=refused.status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is turned away before any view, such as a Host that is not served: the API's clients can read no page."""
    if not re.fullmatch(f"/{ROOTS}", request.path):
        return defaults.bad_request(request, exception)
    host = isinstance(exception, DisallowedHost)
    message = "The Host header names no host that is served here" if host else "The request cannot be read"
    return JsonResponse(error_body(_base(request), 20001, message, 400), status=400)


def _refusal(exc: Exception, request: Request) -> Refused:
    if isinstance(exc, Refused):
        return exc
    if isinstance(exc, AccountNotActive):
        return Refused(20005, str(exc.detail))
    if isinstance(exc, drf.NotAuthenticated | drf.AuthenticationFailed):
        return Refused(20003, "Authenticate")
    if isinstance(exc, drf.PermissionDenied | PermissionDenied):
        return Refused(20403)
    if isinstance(exc, drf.NotFound | Http404):
        return not_found(request.path)
    if isinstance(exc, drf.MethodNotAllowed):
        return Refused(20004, f"Method {request.method} is not supported by this resource")
    if isinstance(exc, drf.UnsupportedMediaType):
        return Refused(20415, "Unsupported media type: send application/x-www-form-urlencoded")
    if isinstance(exc, drf.Throttled):
        return Refused(20429, "Too Many Requests")
    if isinstance(exc, ValidationError):
        return _first_fault(exc)
    if isinstance(exc, RequestDataTooBig):
        return Refused(20413)
    if isinstance(exc, drf.ParseError | SuspiciousOperation):
        return Refused(20001, "The request cannot be read")
    log.error("%s %s failed", request.method, request.path, exc_info=exc)
    return Refused(20500, "Internal Server Error")


def _first_fault(exc: ValidationError) -> Refused:
    if hasattr(exc, "error_dict"):
        field, messages = next(iter(exc.message_dict.items()))
        if field != "__all__":
            return Refused(20001, f"Invalid {pascal(field)}: {messages[0]}", field=field)
        return Refused(20001, messages[0])
    return Refused(20001, exc.messages[0])


def _base(request: Request | HttpRequest) -> str:
    try:
        return base_url(request)
    except SuspiciousOperation:  # a Host header that is no host: there is nothing to build a link from
        return ""
