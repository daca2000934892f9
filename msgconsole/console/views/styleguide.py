"""Every part of the console on one page, for whoever builds the next page. With DEBUG alone."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from msgconsole.console.help import Help
from msgconsole.console.paging import Page
from msgconsole.console.service_forms import CreateServiceForm, IntegrationForm
from msgconsole.console.service_frame import Tab
from msgconsole.messaging.lifecycle import Status
from senders.models import Sender


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404("The style guide is for developers.")
    faulty = CreateServiceForm({"friendly_name": "", "usecase": "poll", "sticky_sender": "on"})
    faulty.is_valid()
    now = timezone.now()
    senders = [
        Sender(kind=kind, address=address, country=country, sid="", registration=standing)
        for kind, address, country, standing in (
            ("long_code", "+14155550100", "US", "registered"),
            ("toll_free", "+18005550199", "US", "unverified"),
            ("short_code", "12345", "US", "not_required"),
            ("alpha", "ACME", "", "not_required"),
            ("whatsapp", "whatsapp:+447400111222", "GB", "not_required"),
            ("rcs", "rcs:acme_agent", "", "not_required"),
            ("messenger", "messenger:1234567", "", "suspended"),
        )
    ]
    context = {
        "statuses": list(Status),
        "senders": senders,
        "sid_example": "MG018f2a7c9d10aabbccddeeff00112233",
        "tabs": [
            Tab("Overview", "#tabs", True, count=12),
            Tab("Senders", "#tabs", False, wrong=True),
            Tab("Code", "#tabs", False),
        ],
        "moments": [now, now - timedelta(seconds=40), now - timedelta(hours=3), now + timedelta(days=2), None],
        "faulty": faulty,
        "inbound": IntegrationForm(initial={"inbound": "defer"})["inbound"],
        "page": Page((), "older=1", "newer=9"),
        "example_help": Help(("First line.", "Second line.", "Third line."), ("Segment", "Scaler")),
        "bars": [(4821, 9), (9, 3), (3, 1)],
    }
    return render(request, "console/styleguide.html", context)
