"""Reads of registrations, newest first, ready to page."""

from collections.abc import Iterable

from django.db.models import QuerySet

from msgconsole.accounts.models import Account
from msgconsole.accounts.queries import reachable_from
from services.compliance.models import BrandRegistration, BrandVetting, Campaign, TollfreeVerification
from services.models import MessagingService


def brands_of(account: Account) -> QuerySet[BrandRegistration]:
    return BrandRegistration.objects.filter(account=account).order_by("-id")


def vettings_of(brand: BrandRegistration, provider: str | None = None) -> QuerySet[BrandVetting]:
    rows = BrandVetting.objects.filter(brand=brand).order_by("-id")
    return rows.filter(provider=provider) if provider else rows


def campaigns_of(account: Account) -> QuerySet[Campaign]:
    return Campaign.objects.filter(account=account).select_related("brand", "service").order_by("-id")


def campaigns_of_service(service: MessagingService) -> QuerySet[Campaign]:
    """One at most; as a list, because the API shows a list."""
    return Campaign.objects.filter(service=service).select_related("brand").order_by("-id")


def campaign_of(service: MessagingService) -> Campaign | None:
    return campaigns_of_service(service).first()


def verifications_of(
    account: Account,
    *,
    phone_number_sid: str | None = None,
    status: str | None = None,
    external_reference_id: str | None = None,
    trust_product_sids: Iterable[str] = (),
    include_sub_accounts: bool = False,
) -> QuerySet[TollfreeVerification]:
    """The account's toll-free verifications, with their accounts; on request those of its subaccounts too."""
    rows = TollfreeVerification.objects.select_related("account").order_by("-id")
    rows = rows.filter(account__in=reachable_from(account)) if include_sub_accounts else rows.filter(account=account)
    if phone_number_sid:
        rows = rows.filter(tollfree_phone_number_sid=phone_number_sid)
    if status:
        rows = rows.filter(status=status)
    if external_reference_id:
        rows = rows.filter(external_reference_id=external_reference_id)
    if wanted := [sid for sid in trust_product_sids if sid]:
        rows = rows.filter(trust_product_sid__in=wanted)
    return rows
