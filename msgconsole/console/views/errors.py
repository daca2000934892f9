"""The public page of each error code: where ``more_info`` in an API body leads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from msgconsole.console import registration_links
from msgconsole.error_codes import CATALOGUE


def error_code(request: HttpRequest, code: int) -> HttpResponse:
    entry = CATALOGUE.get(code)
    if entry is None:
        raise Http404(f"There is no error code {code} in the catalogue.")
    step = registration_links.next_step(registration_links.STANDING_BY_CODE.get(code, ""), "")
    return render(request, "console/error_code.html", {"entry": entry, "step": step})


def error_codes(request: HttpRequest) -> HttpResponse:
    return render(request, "console/error_codes.html", {"entries": sorted(CATALOGUE.values(), key=lambda e: e.code)})
