"""The demo install: one account with two Services that differ, senders of every kind, and a few dozen messages.

Everything is made by the actions that the API and the console use, and every message's sender was chosen by the
real engine. Only the messages' times are moved back afterwards, so that the log looks like days and not like a second.
"""

import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from msgconsole.accounts import actions as accounts
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, Membership, User
from msgconsole.accounts.secrets import new_token
from msgconsole.messaging.actions import submit_message
from msgconsole.messaging.lifecycle import Status, is_final
from msgconsole.messaging.models import Message, MessageEvent
from msgconsole.messaging.requests import MessageRequest
from msgconsole.outbox import queue
from msgconsole.sids import is_sid, new_sid
from senders import actions as senders
from services import actions as services
from services import consent
from services.models import ConsentRecord, MessagingService

ACTOR = Actor.command("load_demo")
USERNAME = "demo"
OPTED_OUT = "+14155550177"
LONGEST_WAIT = 60  # seconds

REMINDERS = (
    ("+14155550123", "Hello Ana, your appointment is tomorrow at 10:00. Reply C to confirm."),
    ("+16285550142", "Hello Ben, your appointment is on Friday at 14:30."),
    ("+12125550134", "Hello Carla, please bring your insurance card on Monday."),
    ("+13125550188", "Hello Dev, your appointment was moved to 16:00."),
    ("+12065550119", "Hello Eve, your results are ready."),
    ("+14165550123", "Hello Finn, see you on Thursday at our Toronto practice."),
    ("+16045550155", "Hello Gia, your Vancouver appointment is confirmed."),
    ("+447400123456", "Hello Harry, your appointment in London is at 09:15."),
    ("+447400654321", "Hello Isla, please call us to find a new date."),
    ("+4915112345678", "Hallo Jonas, Ihr Termin ist am Dienstag um 11 Uhr."),
    ("+33612345678", "Bonjour Karine, votre rendez-vous est confirmé."),
    ("+14155550123", "Thank you, Ana. “See you tomorrow” – the practice team…"),
    ("+12125550134", "Carla, the doctor is running 15 minutes late. Sorry!"),
    ("+447400123456", "Harry, a reminder: London, 09:15 tomorrow."),
    (OPTED_OUT, "Hello Lou, your appointment is tomorrow."),
    # The simulated carrier fails these two by their last digits: unreachable, and filtered.
    ("+14155559903", "Hello Mia, please confirm your appointment."),
    ("+13125559907", "Hello Noah, please confirm your appointment."),
)
CAMPAIGN = (
    ("+14155550164", "Spring is here: 20% off all plants this week. 🌱"),
    ("+12125550198", "Spring is here: 20% off all plants this week. 🌱"),
    ("+17135550121", "Spring is here: 20% off all plants this week. 🌱"),
    ("+447400222333", "Spring is here: 20% off all plants this week."),
    ("+4915123456789", "Der Frühling ist da: 20 % auf alle Pflanzen."),
    ("+4915198765432", "Der Frühling ist da: 20 % auf alle Pflanzen."),
    ("+33611223344", "Le printemps est là : -20 % sur toutes les plantes."),
    ("+33655667788", "Le printemps est là : -20 % sur toutes les plantes."),
    ("+34612345678", "Ya es primavera: 20 % en todas las plantas."),
    ("+5511912345678", "A primavera chegou: 20% em todas as plantas."),
    ("whatsapp:+447400123456", "Your order 4711 is on its way."),
    ("whatsapp:+4915112345678", "Ihre Bestellung 4712 ist unterwegs."),
    ("+14165550171", "Spring is here: 20% off all plants this week."),
    (OPTED_OUT, "Spring is here: 20% off all plants this week."),
)


@dataclass(frozen=True)
class Credentials:
    account_sid: str
    auth_token: str
    password: str
    username: str = USERNAME


def credentials() -> Credentials:
    """The demo's credentials: from the environment where given, else made once per install and kept."""
    path = Path(settings.DATA_DIR) / "demo_credentials.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    account_sid = settings.MSGCONSOLE_DEMO_ACCOUNT_SID or kept.get("account_sid") or new_sid("AC")
    if not is_sid(account_sid, "AC"):
        raise SystemExit(f"MSGCONSOLE_DEMO_ACCOUNT_SID={account_sid!r} is not AC and 32 hex digits.")
    found = Credentials(
        account_sid=account_sid,
        auth_token=settings.MSGCONSOLE_DEMO_AUTH_TOKEN or kept.get("auth_token") or new_token(),
        password=settings.MSGCONSOLE_DEMO_PASSWORD or kept.get("password") or secrets.token_urlsafe(9),
    )
    if asdict(found) != kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def demo_account(known: Credentials) -> Account:
    """The demo account with its login, made or brought in line with the credentials. Nothing else is touched."""
    user = User.objects.filter(username=known.username).first()
    account = Account.objects.filter(sid=known.account_sid).first()
    if account is None and user is not None:
        # The SID was fixed by a script after the first start: it is still the same install.
        held = user.memberships.filter(role=Membership.Role.OWNER).order_by("id").first()
        if held is not None:
            account = held.account
            Account.objects.filter(pk=account.pk).update(sid=known.account_sid)
            account.refresh_from_db()
    if account is None:
        account = accounts.create_account(
            friendly_name="Demo", actor=ACTOR, sid=known.account_sid, auth_token=known.auth_token
        )
    elif account.auth_token != known.auth_token:
        accounts.rotate_auth_token(account=account, actor=ACTOR, auth_token=known.auth_token)
    if user is None:
        user = accounts.create_user(
            username=known.username, password=known.password, is_superuser=True, actor=ACTOR, any_password=True
        )
    elif not user.check_password(known.password):
        accounts.set_password(user=user, password=known.password, actor=ACTOR, any_password=True)
    if not account.memberships.filter(user=user, role=Membership.Role.OWNER).exists():
        accounts.set_role(account=account, user=user, role=Membership.Role.OWNER, actor=ACTOR)
    return account


def is_filled(account: Account) -> bool:
    return account.services.exists() or account.senders.exists() or account.messages.exists()


def clear(account: Account) -> None:
    """Take everything of the account away but its name and credentials."""
    with transaction.atomic():
        for service in account.services.all():
            services.delete_service(service=service, actor=ACTOR)
        account.messages.all().delete()
        account.consents.all().delete()
        for sender in account.senders.all():
            senders.release_sender(sender=sender, actor=ACTOR)


def fill(account: Account) -> None:
    reminders, campaign = _services(account)
    _senders(account, reminders, campaign)
    for service in (reminders, campaign):
        consent.record(
            account=account,
            service=service,
            sender_address="",
            channel="sms",
            recipient=OPTED_OUT,
            status=ConsentRecord.Status.OPTED_OUT,
            keyword="STOP",
            reason="Texted STOP",
            actor=ACTOR,
        )
    _messages(account, reminders, campaign)


def _services(account: Account) -> tuple[MessagingService, MessagingService]:
    reminders = services.create_service(
        account=account, actor=ACTOR, friendly_name="Appointment reminders", usecase="notifications"
    )
    campaign = services.create_service(
        account=account,
        actor=ACTOR,
        friendly_name="Spring campaign",
        usecase="marketing",
        sticky_sender=False,
        validity_period=14_400,
    )
    services.set_keywords(
        service=campaign,
        actor=ACTOR,
        layer="language",
        language="Spanish",
        country="",
        kind="help",
        keywords=["ayuda"],
        message="Responde STOP para dejar de recibir mensajes.",
    )
    return reminders, campaign


def _senders(account: Account, reminders: MessagingService, campaign: MessagingService) -> None:
    def number(phone_number: str, name: str = "") -> object:
        return senders.acquire_number(account=account, actor=ACTOR, phone_number=phone_number, friendly_name=name)

    for phone_number, registration in (
        ("+14155550100", "registered"),
        ("+12125550100", "registered"),
        ("+12065550100", "registered"),
        ("+13125550100", "unregistered"),
        ("+18885550199", "verified"),
        ("+14165550100", "not_required"),
        ("+447400111222", "not_required"),
    ):
        sender = senders.acquire_number(account=account, actor=ACTOR, phone_number=phone_number)
        senders.update_sender(sender=sender, actor=ACTOR, registration=registration)
        senders.add_to_service(service=reminders, sender=sender, actor=ACTOR)
    regions = ["US", "DE"]
    pool = [
        senders.add_short_code(account=account, actor=ACTOR, short_code="60012", country="US"),
        senders.acquire_number(account=account, actor=ACTOR, phone_number="+4915199999999"),
        senders.add_channel_sender(account=account, actor=ACTOR, address="whatsapp:+447400111999", country="GB"),
        senders.add_channel_sender(account=account, actor=ACTOR, address="rcs:acme_agent", approved_regions=regions),
    ]
    for sender in pool:
        senders.add_to_service(service=campaign, sender=sender, actor=ACTOR)
    senders.add_alpha_sender(service=campaign, actor=ACTOR, alpha_sender="ACME")
    senders.add_alpha_sender(
        service=campaign, actor=ACTOR, alpha_sender="ACME FR", destination=True, iso_country_code="FR"
    )
    # Two that no Service uses yet: something to add on the first visit.
    number("+14085550100", "Spare, San Jose")
    number("+442079460123", "Spare, London")


def _messages(account: Account, reminders: MessagingService, campaign: MessagingService) -> None:
    plan = [(reminders, *row) for row in REMINDERS] + [(campaign, *row) for row in CAMPAIGN]
    plan += [(reminders, to, body) for to, body in REMINDERS[:8]]
    sent: list[Message] = []
    for service, to, body in plan:
        request = MessageRequest(to=to, body=body, messaging_service_sid=service.sid)
        sent.append(submit_message(account=account, request=request, actor=ACTOR, origin="demo"))
    _wait_until_final(account)
    _spread_over_days(sent)


def _wait_until_final(account: Account) -> None:
    """Work the outbox until every receipt of the simulated carrier has come, a second or two after the last send."""
    give_up = time.monotonic() + LONGEST_WAIT
    final = [status for status in Status if is_final(status)]
    while True:
        queue.drain(until_idle=True)
        waiting = account.messages.exclude(status__in=final).count()
        if not waiting:
            return
        if time.monotonic() > give_up:
            raise RuntimeError(
                f"{waiting} demo messages are not final after {LONGEST_WAIT} s. Is a worker holding them?"
            )
        time.sleep(0.05)


def _spread_over_days(sent: list[Message]) -> None:
    """Move each message and its events back together, the first one furthest, evenly over three days."""
    step = timedelta(days=3) / len(sent)
    for place, message in enumerate(sent):
        back = step * (len(sent) - place)
        Message.objects.filter(pk=message.pk).update(
            date_created=F("date_created") - back, date_sent=F("date_sent") - back
        )
        MessageEvent.objects.filter(message=message).update(at=F("at") - back)
