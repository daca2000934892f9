"""Things to test with, made by plain functions. Where an action makes the thing in the product, it does here."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgconsole.accounts import actions as account_actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, ApiKey, User
from msgconsole.accounts.spending import charge
from msgconsole.messaging.models import Media, Message
from msgconsole.sids import new_sid
from senders import actions as sender_actions
from senders.models import PoolMember, Sender
from services import actions as service_actions
from services import consent
from services.compliance import actions as compliance_actions
from services.compliance.models import BrandRegistration, Campaign, TollfreeVerification
from services.models import ConsentRecord, MessagingService

ACTOR = Actor.command("tests")
WHEN = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
_count = itertools.count(1)


def account(friendly_name: str = "Acme", **given: Any) -> Account:
    return account_actions.create_account(friendly_name=friendly_name, actor=ACTOR, **given)


def user(username: str = "", **given: Any) -> User:
    name = username or f"user{next(_count)}"
    return account_actions.create_user(username=name, password="correct horse battery staple", actor=ACTOR, **given)


def key(account: Account, **given: Any) -> tuple[ApiKey, str]:
    return account_actions.create_key(account=account, actor=ACTOR, **given)


def service(account: Account, friendly_name: str = "Reminders", **given: Any) -> MessagingService:
    return service_actions.create_service(account=account, friendly_name=friendly_name, actor=ACTOR, **given)


def number(account: Account, phone_number: str = "", **given: Any) -> Sender:
    """A number of the account; of San Francisco unless named."""
    return sender_actions.acquire_number(
        account=account, actor=ACTOR, phone_number=phone_number or f"+1415{7_000_000 + next(_count)}", **given
    )


def short_code(account: Account, code: str = "", country: str = "US", **given: Any) -> Sender:
    return sender_actions.add_short_code(
        account=account, actor=ACTOR, short_code=code or str(60_000 + next(_count)), country=country, **given
    )


def channel_sender(account: Account, address: str = "", **given: Any) -> Sender:
    return sender_actions.add_channel_sender(
        account=account, actor=ACTOR, address=address or f"whatsapp:+447400{100_000 + next(_count)}", **given
    )


def pooled(service: MessagingService, sender: Sender) -> PoolMember:
    return sender_actions.add_to_service(service=service, sender=sender, actor=ACTOR)


def alpha(service: MessagingService, text: str = "ACME", **given: Any) -> PoolMember:
    return sender_actions.add_alpha_sender(service=service, actor=ACTOR, alpha_sender=text, **given)


def opted_out(service: MessagingService, recipient: str) -> ConsentRecord:
    """The recipient has texted STOP to the Service."""
    return consent.record(
        account=service.account,
        service=service,
        sender_address="",
        channel="sms",
        recipient=recipient,
        status="opted_out",
        keyword="STOP",
        actor=ACTOR,
    )


TEXT = "We remind patients of the appointments that they made with us."
CAMPAIGN: dict[str, Any] = {
    "description": TEXT,
    "message_flow": f"{TEXT} They agree on the form in which they ask for the appointment.",
    "message_samples": ["Acme: your appointment is tomorrow at 10.", "Acme: please bring your insurance card."],
    "us_app_to_person_usecase": "ACCOUNT_NOTIFICATION",
    "has_embedded_links": False,
    "has_embedded_phone": False,
}
"""What a campaign is submitted with, but for its brand."""

TOLLFREE: dict[str, Any] = {
    "business_name": "Acme",
    "business_website": "https://www.example.com",
    "notification_email": "it@example.com",
    "use_case_categories": ["ACCOUNT_NOTIFICATIONS", "CUSTOMER_CARE"],
    "use_case_summary": TEXT,
    "production_message_sample": "Acme: your appointment is tomorrow at 10.",
    "opt_in_image_urls": ["https://www.example.com/form.png"],
    "opt_in_type": "WEB_FORM",
    "message_volume": "1,000",
}
"""The required answers of a toll-free verification, but for its number."""


def brand(account: Account, *, decided: bool = True, **given: Any) -> BrandRegistration:
    """A brand, approved by hand unless ``decided`` is false."""
    made = compliance_actions.create_brand(
        account=account,
        actor=ACTOR,
        customer_profile_bundle_sid=new_sid("BU"),
        a2p_profile_bundle_sid=given.pop("a2p_profile_bundle_sid", new_sid("BU")),
        **given,
    )
    return compliance_actions.approve_brand(brand=made, actor=ACTOR) if decided else made


def campaign(service: MessagingService, brand_of: BrandRegistration | None = None, **given: Any) -> Campaign:
    """A campaign as it was submitted; the reviewer has not seen it."""
    sid = (brand_of or brand(service.account)).sid
    return compliance_actions.create_campaign(
        service=service, actor=ACTOR, **{**CAMPAIGN, "brand_registration_sid": sid, **given}
    )


def verification(account: Account, number_of: Sender | None = None, **given: Any) -> TollfreeVerification:
    """A toll-free verification as it was submitted, of an unverified number of its own unless one is given."""
    sender = number_of or number(account, f"+1888{7_000_000 + next(_count)}", registration="unverified")
    return compliance_actions.create_verification(
        account=account, actor=ACTOR, **{**TOLLFREE, "tollfree_phone_number_sid": sender.sid, **given}
    )


def message(account: Account, **given: Any) -> Message:
    """A message's row as it is after delivery, made without sending it. ``status`` and the rest can be given."""
    row: dict[str, Any] = {
        "direction": Message.Direction.OUTBOUND_API,
        "status": "delivered",
        "to": "+14155550123",
        "from_address": "+14155550100",
        "body": "Hello",
        "encoding": "GSM-7",
        "num_segments": 1,
        "price": Decimal("-0.00750"),
        "date_created": WHEN,
        "date_sent": WHEN,
    }
    made = Message(account=account, **{**row, **given})
    if made.service is not None:
        made.messaging_service_sid = made.service.sid
    made.save()
    if made.price is not None:
        charge(account.pk, -made.price)
    return made


def media(message: Message, url: str = "https://example.com/cat.jpg") -> Media:
    return Media.objects.create(message=message, url=url, content_type="image/jpeg")
