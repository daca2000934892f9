"""The public page of each error code: where ``more_info`` in an API body leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from msgconsole.api.operations import EVERYWHERE, all_declared
from msgconsole.carriers.simulated import behaviour
from msgconsole.console import registration_links
from msgconsole.error_causes import CAUSES
from msgconsole.error_codes import CATALOGUE, ErrorCode


def error_code(request: HttpRequest, code: int) -> HttpResponse:
    entry = CATALOGUE.get(code)
    if entry is None:
        return _list(request, list(CATALOGUE.values()), status=404, missing=code)
    operations = [one for one in all_declared() if code in one.operation.codes]
    context = {
        "entry": entry,
        "causes": CAUSES[code],
        "operations": operations,
        "refuses": bool(operations) or code in EVERYWHERE,
        "on_purpose": behaviour.on_purpose(code) if entry.ends_messages else None,
        "step": registration_links.next_step(registration_links.STANDING_BY_CODE.get(code, ""), ""),
    }
    return render(request, "console/error_code.html", context)


def error_codes(request: HttpRequest) -> HttpResponse:
    """All of them, or those whose code starts with what is asked for, or whose words hold it."""
    asked = request.GET.get("q", "").strip()
    found = [
        one
        for one in CATALOGUE.values()
        if str(one.code).startswith(asked) or asked.lower() in f"{one.title} {one.remedy}".lower()
    ]
    return _list(request, found, q=asked)


def _list(request: HttpRequest, found: list[ErrorCode], *, status: int = 200, **said: object) -> HttpResponse:
    """A code that only ends messages has no HTTP status: no call is refused with it."""
    refused = {code for one in all_declared() for code in one.operation.codes} | set(EVERYWHERE)
    rows = [(one, one.status if one.code in refused else "") for one in sorted(found, key=lambda one: one.code)]
    return render(request, "console/error_codes.html", {"rows": rows, **said}, status=status)
