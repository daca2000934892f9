"""What a developer needs first: where to call, with what, and which numbers make which things happen."""

from django.http import HttpResponse
from django.shortcuts import render

from msgconsole.api.links import base_url
from msgconsole.carriers.simulated import behaviour
from msgconsole.console import recipes, snippets
from msgconsole.console.permissions import ConsoleRequest, account_view
from senders.queries import services_that_can_send
from services.queries import services_of

NO_SERVICE = "MG" + "0" * 32


@account_view()
def page(request: ConsoleRequest) -> HttpResponse:
    base = base_url(request)
    able = services_that_can_send(request.account).first()
    service = able or services_of(request.account).first()
    sid = service.sid if service else NO_SERVICE
    context = {
        "base_url": base,
        "service": service,
        "has_senders": able is not None,
        "recipient": snippets.EXAMPLE_TO,
        "snippets": snippets.for_service(base=base, account=request.account.sid, service=sid),
        "recipes": recipes.for_service(base=base, service=sid),
        "with_key": recipes.WITH_KEY,
        "magic": behaviour.table(),
    }
    return render(request, "console/developers.html", context)
