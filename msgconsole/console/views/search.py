"""Search over everything an account has: SIDs, Services by name, senders by number or name, messages by recipient."""

import re

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from msgconsole.console.links import sid_url
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.messaging.models import Message
from msgconsole.sids import is_sid
from senders.models import Sender
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification
from services.models import MessagingService

MOST = 20
LONGEST = 100


@account_view()
def search(request: ConsoleRequest) -> HttpResponse:
    """A whole SID leads straight to its page; anything else lists what fits, each kind apart."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    account = request.account
    if is_sid(text) and _exists(request, text):
        return redirect(sid_url(text))
    context: dict[str, object] = {"search_for": text, "most": MOST}
    if text:
        digits = re.sub(r"[\s().\-]", "", text)
        is_number = bool(re.fullmatch(r"\+?\d{3,}", digits))
        by_name = Q(friendly_name__icontains=text)
        context["services"] = list(
            MessagingService.objects.filter(account=account).filter(by_name | Q(sid=text))[:MOST]
        )
        by_address = Q(address__contains=digits) if is_number else Q(address__icontains=text)
        context["senders"] = list(
            Sender.objects.filter(account=account)
            .filter(by_name | by_address)
            .select_related("membership__service")[:MOST]
        )
        context["found_messages"] = _messages(request, digits) if is_number else []
    return render(request, "console/search.html", context)


def _messages(request: ConsoleRequest, digits: str) -> list[Message]:
    """Messages to or from numbers that begin so.

    The range is what an index answers at any size, in any collation (letters follow digits); the prefix is exact.
    """
    number = digits if digits.startswith("+") else f"+{digits}"
    after = f"{number}z"
    found = Message.objects.filter(account=request.account).select_related("sender", "service").order_by("-id")
    to = found.filter(to__gte=number, to__lt=after, to__startswith=number)[:MOST]
    from_ = found.filter(from_address__gte=number, from_address__lt=after, from_address__startswith=number)[:MOST]
    both = {message.pk: message for message in (*to, *from_)}
    return [both[pk] for pk in sorted(both, reverse=True)[:MOST]]


def _exists(request: ConsoleRequest, sid: str) -> bool:
    if not sid_url(sid):
        return False
    models = {"MG": MessagingService, "SM": Message, "MM": Message}
    models |= {"BN": BrandRegistration, "QE": Campaign, "HH": TollfreeVerification}
    model = models.get(sid[:2], Sender)
    return model._default_manager.filter(account=request.account, sid=sid).exists()
