"""One record of every kind in an account, for tests that walk all record screens."""

from decimal import Decimal

from django.contrib import admin
from django.db import models
from django.utils import timezone

from msgconsole.accounts.models import Account, AuditEntry, Membership
from msgconsole.accounts.spending import charge
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission
from msgconsole.console.models import ListRun, SavedCase
from msgconsole.messaging.models import CarrierReceipt, DecisionTrace, IdempotentRequest, MessageEvent
from msgconsole.outbox.models import OutboxEntry
from msgconsole.sids import new_sid
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery
from senders.models import PoolAreaCode, PoolEvent, PoolSnapshot, StickyMapping
from services.compliance.models import BrandRegistration, BrandVetting, Campaign, TollfreeVerification
from services.linkshortening.models import Certificate, Domain, ServiceDomain
from services.models import ConsentRecord, MessagingService
from tests import factories


def fill(account: Account) -> None:
    """Give the account a record of every kind; what belongs to the install is made too, if it is not there."""
    service = factories.service(account)
    number = factories.pooled(service, factories.number(account))
    factories.pooled(service, factories.short_code(account))
    factories.pooled(service, factories.channel_sender(account))
    factories.alpha(service)
    factories.key(account, friendly_name="billing")
    if not Membership.objects.filter(account=account).exists():
        raise AssertionError("give the account its people first")
    message = factories.message(account, service=service, sender=number.sender, status_callback="https://example.com/s")
    factories.media(message)
    MessageEvent.objects.create(message=message, at=timezone.now(), status="accepted", cause="accepted")
    DecisionTrace.objects.create(message=message, data={"outcome": "chosen", "steps": []}, rules_version="1")
    CarrierReceipt.objects.create(message=message, carrier="simulated", carrier_message_id=f"c-{message.sid}")
    IdempotentRequest.objects.create(
        account=account, token=message.sid, digest="0" * 64, message_sid=message.sid, date_created=timezone.now()
    )
    delivery = WebhookDelivery.objects.create(
        account=account,
        subject_sid=message.sid,
        event="status.delivered",
        url="https://example.com/s",
        idempotency_token="t",
        params={"MessageStatus": "delivered"},
    )
    WebhookAttempt.objects.create(delivery=delivery, number=1, duration_ms=12, response_status=200)
    OutboxEntry.objects.create(queue="dispatch", kind="message.dispatch", reference=message.sid)
    ConsentRecord.objects.create(
        account=account, service=service, recipient="+14155550177", status="opted_out", at=timezone.now()
    )
    StickyMapping.objects.create(
        service=service, channel="sms", recipient="+14155550123", member_id=number.pk, config_version=1
    )
    PoolEvent.objects.create(service=service, kind="country", country="US", config_version=1, member_id=number.pk)
    charge(account.pk, Decimal("0.0075"))
    _fill_registrations(account, service)
    SavedCase.objects.create(account=account, service=service, name=f"case of {service.sid}", question={}, expected={})
    ListRun.objects.create(account=account, service=service, recipients=b"", total=0)
    PoolSnapshot.objects.create(service_sid=service.sid, config_version=1, data={"members": []})
    assert PoolAreaCode.objects.filter(bucket__service=service).exists()
    PhoneBookEntry.objects.get_or_create(number="+12125550142", defaults={"carrier": "Example Mobile"})
    SimulatedSubmission.objects.get_or_create(
        idempotency_key="m1", defaults={"carrier_message_id": "c1", "sender": "+1", "recipient": "+2"}
    )
    assert AuditEntry.objects.filter(account=account).exists()


def _fill_registrations(account: Account, service: MessagingService) -> None:
    profile = "BU" + "0" * 32
    brand = BrandRegistration.objects.create(
        account=account, business_name="Acme", customer_profile_bundle_sid=profile, a2p_profile_bundle_sid=profile
    )
    BrandVetting.objects.create(brand=brand, provider="aegis")
    Campaign.objects.create(account=account, service=service, brand=brand, us_app_to_person_usecase="MARKETING")
    TollfreeVerification.objects.create(
        account=account, tollfree_phone_number_sid="PN" + "0" * 32, tollfree_phone_number="+18885550199"
    )
    domain = Domain.objects.create(account=account, sid=new_sid("DN"))
    ServiceDomain.objects.create(service=service, domain=domain)
    Certificate.objects.create(domain=domain, host="go.example.com")


def screens() -> dict[str, admin.ModelAdmin]:
    """Every record screen by the beginning of its URL names, such as ``services_messagingservice``."""
    return {
        f"{model._meta.app_label}_{model._meta.model_name}": screen
        for model, screen in sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
    }


def record_of(screen: admin.ModelAdmin, account: Account | None = None) -> models.Model:
    """A record of the screen's kind; of the account, where such records belong to one."""
    path = getattr(screen, "account_path", "")
    records = screen.model._default_manager.order_by("-pk")
    found = (records.filter(**{path: account.pk}) if path and account else records).first()
    assert found is not None, f"there is no {screen.model._meta.label}: make one in fill()"
    return found
