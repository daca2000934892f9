"""Who is in which pool. Each action is one transaction: validated, counted, audited, under a new configuration version.

Locks are always taken in this order: Services by id, then senders, then members. The Service's row is locked first, so
a pool has one writer at a time.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.error_codes import Refused
from msgconsole.numbering import countries, sender_rules
from msgconsole.outbox import queue
from senders import buckets, mappings, pool, standings
from senders.models import PoolEvent, PoolMember, Sender, StickyMapping
from senders.selection.summary import SHORT_CODE, WITH_COUNTRY
from services.actions import bump_version
from services.models import MessagingService

_COUNTRIES = frozenset(iso for iso, _ in countries.ALL)


def can_join(service: MessagingService, sender: Sender) -> Refused | None:
    """Why a sender may not be added to a Service; None if it may. Forms ask early, the action asks again."""
    if sender.account_id != service.account_id:
        return Refused(20404, f"{sender.address} is no sender of this account.", field="sender")
    member = PoolMember.objects.select_related("service").filter(sender_id=sender.pk).first()
    if member is not None and member.service_id == service.pk:
        return Refused(21710, f"{sender.address} is in this Service already.", field="sender")
    if member is not None:
        other = member.service
        return Refused(
            21712,
            f"{sender.address} is in another Service, {other.friendly_name} ({other.sid}). Remove it there first.",
            field="sender",
        )
    if not sender.sms and not sender.mms:
        return Refused(21715, f"{sender.address} has neither SMS nor MMS, so it cannot be in a pool.", field="sender")
    limit = settings.MSGCONSOLE_POOL_LIMIT
    if sender.kind in buckets.LIMITED and buckets.count_limited(service.pk) >= limit:
        return Refused(
            21714,
            f"The pool has {limit:,} phone numbers and short codes, the most it may have. Remove one first.",
            field="sender",
        )
    return None


def add_to_service(*, service: MessagingService, sender: Sender, actor: Actor) -> PoolMember:
    """Put a sender into a Service's pool. If it is the first of its country, that country's mappings move to it."""
    try:
        with transaction.atomic():
            (current,) = lock_services([service.pk])
            held = _locked_sender(sender)
            refused = can_join(current, held)
            if refused is not None:
                raise refused
            return _join(current, held, actor)
    except IntegrityError:
        # It was put into a pool by someone else at this very moment.
        refused = can_join(service, sender)
        if refused is None:
            raise
        raise refused from None


def remove_from_service(*, service: MessagingService, sender: Sender, actor: Actor) -> None:
    """Take a sender out of a Service's pool. Its mappings count as gone at once; an alpha sender goes altogether."""
    with transaction.atomic():
        (current,) = lock_services([service.pk])
        _leave(current, sender, actor)


def move_to_service(*, sender: Sender, service: MessagingService, actor: Actor) -> PoolMember:
    """Take a sender out of the pool it is in, if any, and put it into a Service's: both, or neither."""
    with transaction.atomic():
        origin = PoolMember.objects.filter(sender_id=sender.pk).values_list("service_id", flat=True).first()
        if origin == service.pk:
            raise Refused(21710, f"{sender.address} is in this Service already.", field="sender")
        if sender.kind == Sender.Kind.ALPHA:
            raise Refused(20001, "An alpha sender belongs to its Service. Add the same text there.", field="sender")
        held = lock_services([service.pk] if origin is None else [origin, service.pk])
        by_id = {one.pk: one for one in held}
        if origin is not None:
            _leave(by_id[origin], sender, actor)
        return add_to_service(service=by_id[service.pk], sender=sender, actor=actor)


def add_alpha_sender(
    *,
    service: MessagingService,
    actor: Actor,
    alpha_sender: str,
    destination: bool = False,
    iso_country_code: str | None = None,
    registered_countries: Iterable[str] = (),
) -> PoolMember:
    """Make an alpha sender in a Service: its one default, or one of the list of those for a destination country.

    In that list an empty country means any country; there is one sender per country, and one for any.
    """
    text = alpha_sender or ""
    country = (iso_country_code or "").upper()
    if not text.strip():
        raise Refused(21708, field="alpha_sender")
    if not sender_rules.valid_alpha(text):
        raise Refused(
            21709,
            f"“{text[:40]}” cannot be an alpha sender: use 1 to 11 of A-Z a-z 0-9 space - + _ &, not digits alone.",
            field="alpha_sender",
        )
    if country and (not destination or country not in _COUNTRIES):
        raise Refused(20001, f"{country!r} is not an ISO country code of two letters.", field="iso_country_code")
    with transaction.atomic():
        (current,) = lock_services([service.pk])
        if current.account.type == "Trial":
            raise Refused(
                21709, "A trial account may not use alpha senders. Upgrade the account.", field="alpha_sender"
            )
        _refuse_second_alpha(current, destination=destination, country=country)
        sender = Sender(
            account=current.account,
            kind=Sender.Kind.ALPHA,
            address=text,
            friendly_name=text,
            country=country,
            destination_alpha=destination,
            registered_countries=sorted({one.strip().upper() for one in registered_countries if one.strip()}),
        )
        sender.full_clean()
        sender.save(force_insert=True)
        return _join(current, sender, actor)


def _refuse_second_alpha(service: MessagingService, *, destination: bool, country: str) -> None:
    same = Sender.objects.filter(
        membership__service=service, kind=Sender.Kind.ALPHA, destination_alpha=destination, country=country
    ).first()
    if same is None:
        return
    if not destination:
        sentence = f"The Service has an alpha sender already, {same.address}. Remove it first."
    elif country:
        sentence = f"The Service has an alpha sender for {countries.name(country)} already, {same.address}."
    else:
        sentence = f"The Service has an alpha sender for any country already, {same.address}."
    raise Refused(21710, sentence, field="iso_country_code" if destination else "alpha_sender")


def reset_mapping(*, service: MessagingService, channel: str, recipient: str, actor: Actor) -> bool:
    """Forget which sender a recipient knows, so that the next message chooses anew. False if none was known."""
    with transaction.atomic():
        rows = StickyMapping.objects.filter(service=service, channel=channel, recipient=recipient)
        row = rows.select_for_update().first()
        if row is None:
            return False
        row.delete()
        mappings.uncount_later(row.member_id)
        known = PoolMember.objects.select_related("sender").filter(pk=row.member_id).first()
        audit.record(
            account=service.account,
            actor=actor,
            action="service.mapping_reset",
            obj=service,
            before={"sender": known.sender.address if known else None, "recipient": recipient},
        )
    return True


def empty_pool(service: MessagingService, actor: Actor) -> None:
    """Before a Service is deleted: numbers go back to the account, alpha senders and mappings go."""
    alphas = Sender.objects.filter(membership__service=service, kind=Sender.Kind.ALPHA)
    alpha_ids = list(alphas.values_list("pk", flat=True))
    pool.mark_changed(service.pk)
    PoolMember.objects.filter(service=service).delete()
    Sender.objects.filter(pk__in=alpha_ids).delete()
    StickyMapping.objects.filter(service=service).delete()


def lock_services(ids: Iterable[int]) -> list[MessagingService]:
    """Services, locked in the order of their ids, which is the same for everyone."""
    rows = MessagingService.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
    found = list(rows.filter(pk__in=list(ids)).order_by("pk"))
    if not found:
        raise Refused(20404, "The Service is no longer there.")
    return found


def _locked_sender(sender: Sender) -> Sender:
    found = Sender.objects.select_for_update(no_key=True).filter(pk=sender.pk).first()
    if found is None:
        raise Refused(20404, f"{sender.address} is no longer a sender of this account.", field="sender")
    return found


def _join(service: MessagingService, sender: Sender, actor: Actor) -> PoolMember:
    version = bump_version(service.pk)
    pool.mark_changed(service.pk)
    standings.take_on(service, sender)
    first = sender.kind in WITH_COUNTRY and not buckets.has_country(service.pk, sender.country)
    member = PoolMember.objects.create(
        service=service,
        sender=sender,
        bucket=buckets.put(service.pk, sender),
        area_code=buckets.area_code_of(sender),
    )
    if first:
        _moves_mappings(PoolEvent.Kind.COUNTRY, member, version)
    if sender.kind == SHORT_CODE:
        _moves_mappings(PoolEvent.Kind.SHORT_CODE, member, version)
    audit.record(
        account=service.account,
        actor=actor,
        action="service.sender_added",
        obj=service,
        after={"sender": sender.address, "kind": sender.kind},
    )
    return member


def _moves_mappings(kind: str, member: PoolMember, version: int) -> None:
    event = PoolEvent.objects.create(
        service_id=member.service_id,
        kind=kind,
        country=member.sender.country,
        config_version=version,
        member_id=member.pk,
    )
    if mappings.take_over(event, member):
        queue.enqueue(mappings.MOVE, str(event.pk))


def _leave(service: MessagingService, sender: Sender, actor: Actor) -> None:
    member = (
        PoolMember.objects.select_for_update(of=("self",))
        .select_related("sender")
        .filter(sender_id=sender.pk, service_id=service.pk)
        .first()
    )
    if member is None:
        raise Refused(20404, f"{sender.address} is not in the pool of {service.friendly_name}.", field="sender")
    version = bump_version(service.pk)
    pool.mark_changed(service.pk)
    number, held = member.pk, member.sender
    member.delete()
    buckets.take(member.bucket_id, member.area_code)
    standings.let_go(service, held)
    if StickyMapping.objects.filter(member_id=number).exists():
        PoolEvent.objects.create(service=service, kind=PoolEvent.Kind.REMOVED, config_version=version, member_id=number)
    mappings.purge_later(service.pk, number)
    audit.record(
        account=service.account,
        actor=actor,
        action="service.sender_removed",
        obj=service,
        before={"sender": held.address, "kind": held.kind},
    )
    if held.kind == Sender.Kind.ALPHA:
        held.delete()
