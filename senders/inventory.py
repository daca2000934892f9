"""The account's senders: acquire, change, release. Where they are used is in ``membership.py``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.numbering import countries, sender_rules
from msgconsole.numbering.demo import demo_numbers
from msgconsole.numbering.e164 import (
    Number,
    NumberingError,
    format_national,
    parse_number,
    parse_sender_address,
)
from senders import buckets, membership, pool
from senders.lookup import stored_address
from senders.models import PoolMember, Sender
from senders.sender_settings import COUNTRIES, LONGEST_NAME, apply
from services.actions import bump_version

Line = Literal["local", "mobile", "toll_free"]

TAKEN: Final = 21422


def acquire_number(
    *, account: Account, actor: Actor, phone_number: str, country: str | None = None, **settings: Any
) -> Sender:
    """Take a phone number into the account's inventory. A number exists once in the whole installation.

    ``country`` is where it is in use, if its digits say otherwise (countries share calling codes). A US or Canadian
    number starts as registered (toll-free: verified), so that a demo sends at once; give ``registration`` to start
    with something else.
    """
    try:
        number = parse_number(phone_number or "")
    except NumberingError as error:
        raise Refused(21421, error.message, field="phone_number") from None
    if country and country != number.country:
        if country not in COUNTRIES:
            raise Refused(20001, f"{country!r} is not an ISO country code of two letters.", field="country")
        number = replace(number, country=country)
    toll_free = number.line_type == "toll_free"
    sender = Sender(
        account=account,
        kind=Sender.Kind.TOLL_FREE if toll_free else Sender.Kind.LONG_CODE,
        address=number.e164,
        friendly_name=format_national(number.e164),
        country=number.country,
        area_code=number.area_code or "",
        line_type="local" if number.line_type == "unknown" else number.line_type,
        sms=True,
        mms=number.country in sender_rules.MMS_COUNTRIES,
        voice=True,
        registration=_first_registration(number, toll_free=toll_free),
    )
    return _add(sender, actor, settings, field="phone_number")


def _first_registration(number: Number, *, toll_free: bool) -> str:
    if toll_free and countries.is_nanp(number.country):
        return Sender.Registration.VERIFIED
    return (
        Sender.Registration.REGISTERED if number.country in buckets.US_AND_CANADA else Sender.Registration.NOT_REQUIRED
    )


def acquire_demo_number(
    *,
    account: Account,
    actor: Actor,
    country: str,
    area_code: str | None = None,
    line: Line = "local",
    **settings: Any,
) -> Sender:
    """Take the first plausible number of a country (and area code) that nobody here has yet."""
    for batch in batched(demo_numbers(country, area_code, line), 100):
        taken = set(Sender.objects.filter(address__in=batch).values_list("address", flat=True))
        for number in batch:
            if number in taken:
                continue
            try:
                return acquire_number(account=account, actor=actor, phone_number=number, **settings)
            except Refused as refused:
                if refused.code != TAKEN:  # else someone else was quicker by a moment
                    raise
    where = f"area code {area_code[:40]}" if area_code else countries.name(country)
    field = "area_code" if area_code else "country"
    raise Refused(21452, f"No {line.replace('_', '-')} number is free in {where}. Choose another.", field=field)


def batched(numbers: Iterator[str], size: int) -> Iterator[list[str]]:
    while batch := list(islice(numbers, size)):
        yield batch


def add_short_code(*, account: Account, actor: Actor, short_code: str, country: str, **settings: Any) -> Sender:
    """Take a short code into the inventory; the same digits may exist once in each country."""
    if country not in COUNTRIES:
        raise Refused(20001, f"{country!r} is not an ISO country code of two letters.", field="country")
    if not sender_rules.valid_short_code(short_code, country):
        least, most = sender_rules.short_code_digits(country)
        digits = f"{least} to {most}" if least != most else str(least)
        raise Refused(
            21421,
            f"{short_code!r} is not a short code of {countries.name(country)}: those have {digits} digits.",
            field="short_code",
        )
    sender = Sender(
        account=account,
        kind=Sender.Kind.SHORT_CODE,
        address=short_code,
        friendly_name=short_code,
        country=country,
        sms=True,
        mms=False,
    )
    return _add(sender, actor, settings, field="short_code")


def add_channel_sender(
    *,
    account: Account,
    actor: Actor,
    address: str,
    country: str | None = None,
    approved_regions: Iterable[str] | None = None,
    **settings: Any,
) -> Sender:
    """Take a WhatsApp, Messenger or RCS sender into the inventory. ``address`` has its prefix (``whatsapp:+44…``)."""
    try:
        read = parse_sender_address(address or "")
    except NumberingError as error:
        raise Refused(21212, error.message, field="address") from None
    if read.kind_hint not in {"whatsapp", "messenger", "rcs"}:
        raise Refused(21212, f"{address} has no channel. Start it with whatsapp:, messenger: or rcs:.", field="address")
    place = country if country is not None else (read.country or "")
    if place and place not in COUNTRIES and place != countries.NON_GEOGRAPHIC:
        raise Refused(20001, f"{place!r} is not an ISO country code of two letters.", field="country")
    sender = Sender(
        account=account,
        kind=read.kind_hint,
        address=stored_address(read),
        friendly_name=read.address[:LONGEST_NAME],
        country="" if read.kind_hint == "rcs" else place,
        sms=True,
        mms=True,
    )
    if approved_regions is not None:
        settings["approved_regions"] = list(approved_regions)
    return _add(sender, actor, settings, field="address")


def _add(sender: Sender, actor: Actor, settings: Mapping[str, Any], *, field: str) -> Sender:
    apply(sender, settings)
    try:
        with transaction.atomic():
            _refuse_taken(sender, field)
            _full_clean(sender)
            sender.save(force_insert=True)
            audit.record(
                account=sender.account,
                actor=actor,
                action="sender.acquired",
                obj=sender,
                after=audit.snapshot(sender),
            )
    except IntegrityError:
        # Someone else was quicker by a moment.
        raise _taken(sender, field) from None
    return sender


def _refuse_taken(sender: Sender, field: str) -> None:
    same = Sender.objects.filter(address=sender.address).exclude(kind=Sender.Kind.ALPHA)
    if sender.kind == Sender.Kind.SHORT_CODE:
        same = same.filter(country=sender.country)
    if same.exists():
        raise _taken(sender, field)


def _taken(sender: Sender, field: str) -> Refused:
    return Refused(TAKEN, f"{sender.address} is not available: it is taken already. Choose another.", field=field)


def update_sender(*, sender: Sender, actor: Actor, **fields: Any) -> Sender:
    """Change the settings given (see ``SETTINGS``); what is not named stays.

    A change of capabilities, registration or exceptions moves it to another bucket of its pool, under a new
    configuration version of the Service.
    """
    with transaction.atomic():
        service_id = PoolMember.objects.filter(sender_id=sender.pk).values_list("service_id", flat=True).first()
        if service_id is not None:
            membership.lock_services([service_id])
        current = _locked(sender)
        before = audit.snapshot(current)
        apply(current, fields)
        after = audit.snapshot(current)
        if not audit.differences(before, after):
            return current
        _full_clean(current)
        member = PoolMember.objects.select_related("bucket").filter(sender_id=sender.pk).first()
        if member is not None and not current.sms and not current.mms:
            raise Refused(
                21715,
                f"{current.address} is in a pool and must keep SMS or MMS. Take it out of the pool first.",
                field="sms",
            )
        current.save()
        if member is not None and not buckets.is_in_place(member, current):
            bump_version(member.service_id)
            pool.mark_changed(member.service_id)
            buckets.move(member, current)
        audit.record(
            account=current.account,
            actor=actor,
            action="sender.updated",
            obj=current,
            before=before,
            after=after,
        )
    return current


def move_to_account(*, sender: Sender, account: Account, actor: Actor, **fields: Any) -> Sender:
    """Hand a sender to another account, with the settings given (see ``SETTINGS``).

    It leaves its pool, and its mappings go with it; what it is registered for stays with it. Messages that it sent
    stay where they were sent from.
    """
    with transaction.atomic():
        member = PoolMember.objects.select_related("service").filter(sender_id=sender.pk).first()
        if member is not None and member.service.account_id != account.pk:
            membership.remove_from_service(service=member.service, sender=sender, actor=actor)
        current = _locked(sender)
        origin = current.account
        if origin.pk != account.pk:
            current.account = account
            current.save(update_fields=["account", "date_updated"])
            for held_by in (origin, account):  # both logs tell of it
                audit.record(
                    account=held_by,
                    actor=actor,
                    action="sender.moved",
                    obj=current,
                    before={"account": origin.sid},
                    after={"account": account.sid},
                )
        return update_sender(sender=current, actor=actor, **fields) if fields else current


def release_sender(*, sender: Sender, actor: Actor) -> None:
    """Give a sender up. It leaves its pool, and its mappings go with it; messages it sent stay."""
    with transaction.atomic():
        member = PoolMember.objects.select_related("service").filter(sender_id=sender.pk).first()
        if member is not None:
            membership.remove_from_service(service=member.service, sender=sender, actor=actor)
        current = Sender.objects.filter(pk=sender.pk).first()
        if current is None:
            return  # an alpha sender goes with its pool entry
        audit.record(
            account=current.account,
            actor=actor,
            action="sender.released",
            obj=current,
            before=audit.snapshot(current),
        )
        current.delete()


def _locked(sender: Sender) -> Sender:
    found = Sender.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
    current = found.filter(pk=sender.pk).first()
    if current is None:
        raise Refused(20404, f"{sender.address} is no longer a sender of this account.")
    return current


def _full_clean(sender: Sender) -> None:
    try:
        sender.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as invalid:
        field, messages = next(iter(invalid.message_dict.items()))
        raise Refused(20001, f"{field}: {messages[0]}", field=field) from invalid
