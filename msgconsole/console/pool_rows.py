"""Rows of senders for tables: a Service's pool, and what could join it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from msgconsole.accounts.models import Account
from senders.models import PoolMember, Sender
from services.models import MessagingService

Kind = Sender.Kind
# What the console calls a kind of sender in an address → the kinds it stands for.
GROUPS: dict[str, tuple[str, ...]] = {
    "numbers": (Kind.LONG_CODE, Kind.TOLL_FREE),
    "short_codes": (Kind.SHORT_CODE,),
    "channels": (Kind.WHATSAPP, Kind.RCS, Kind.MESSENGER),
    "alpha": (Kind.ALPHA,),
}
GROUP_LABELS = {
    "numbers": "Numbers",
    "short_codes": "Short codes",
    "channels": "WhatsApp, RCS, Messenger",
    "alpha": "Alpha senders",
}


def matching(text: str) -> Q:
    """Senders whose address or name contains the text; blanks and brackets in numbers do not matter."""
    digits = "".join(character for character in text if character not in " ().-")
    return Q(address__icontains=digits) | Q(address__icontains=text) | Q(friendly_name__icontains=text)


def members(service: MessagingService, *, group: str = "", text: str = "") -> QuerySet[PoolMember]:
    found = PoolMember.objects.filter(service=service).select_related("sender")
    if group in GROUPS:
        found = found.filter(sender__kind__in=GROUPS[group])
    if text:
        fitting = Sender.objects.filter(matching(text), account_id=service.account_id)
        found = found.filter(sender__in=fitting.values("pk"))
    return found


def candidates(account: Account, service: MessagingService, group: str, text: str = "") -> QuerySet[Sender]:
    """Senders of the account that are not in this pool; those in another one are marked by their membership."""
    found = Sender.objects.filter(account=account, kind__in=GROUPS[group]).exclude(membership__service=service)
    if text:
        found = found.filter(matching(text))
    return found.select_related("membership__service").order_by("-id")


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes when senders leave a pool."""

    returning: int
    alpha: int
    mappings: int


def loss(members: Iterable[PoolMember]) -> Loss:
    keys = [member.pk for member in members]
    found = PoolMember.objects.filter(pk__in=keys)
    alpha = found.filter(sender__kind=Kind.ALPHA).count()
    mappings = found.aggregate(all=Sum("mapping_count"))["all"] or 0
    return Loss(len(keys) - alpha, alpha, mappings)
