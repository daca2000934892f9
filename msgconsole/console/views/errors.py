"""The public page of each error code: where ``more_info`` in an API body leads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from msgconsole.api.operations import EVERYWHERE, all_declared
from msgconsole.carriers.simulated import behaviour
from msgconsole.console import registration_links
from msgconsole.error_causes import CAUSES
from msgconsole.error_codes import CATALOGUE


def error_code(request: HttpRequest, code: int) -> HttpResponse:
    entry = CATALOGUE.get(code)
    if entry is None:
        raise Http404(f"There is no error code {code} in the catalogue.")
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
    return render(request, "console/error_codes.html", {"entries": sorted(CATALOGUE.values(), key=lambda e: e.code)})
