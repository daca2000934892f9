"""Writes to domains for short links, and to their association with Services."""

from typing import Any

from django.db import IntegrityError, transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid, new_sid
from services.linkshortening.models import LONGEST_URL, Domain, ServiceDomain
from services.models import MessagingService
from services.urls import is_web_url

URLS = ("fallback_url", "callback_url")
SWITCHES = ("continue_on_failure", "disable_https")


def set_config(*, account: Account, actor: Actor, domain_sid: str, **given: Any) -> tuple[Domain, bool]:
    """Set what is given of a domain's configuration; True when it had none before. ``""`` clears a URL."""
    if unknown := set(given) - {*URLS, *SWITCHES}:
        raise TypeError(f"not settings of a domain: {sorted(unknown)}")
    for name in URLS:
        url = given.get(name)
        if url and (len(url) > LONGEST_URL or not is_web_url(url)):
            wire = "".join(part.capitalize() for part in name.split("_"))
            raise Refused(11100, f"{wire} is not an absolute http or https URL: {url[:200]}", field=name)
    with transaction.atomic():
        domain = locked_domain(account, domain_sid)
        before = audit.snapshot(domain)
        made = not domain.config_sid
        if made:
            domain.config_sid = new_sid("ZK")
        for name, value in given.items():
            setattr(domain, name, value)
        after = audit.snapshot(domain)
        if audit.differences(before, after):
            domain.save()
            audit.record(
                account=account, actor=actor, action="domain.configured", obj=domain, before=before, after=after
            )
    return domain, made


def associate(*, service: MessagingService, actor: Actor, domain_sid: str) -> ServiceDomain:
    """Let a Service use a domain. A Service uses one; naming the same again changes nothing."""
    with transaction.atomic():
        current = MessagingService.objects.select_for_update(of=("self",), no_key=True).filter(pk=service.pk).first()
        if current is None:
            raise Refused(20404, f"Service {service.sid} is gone: someone deleted it meanwhile.")
        domain = locked_domain(service.account, domain_sid)
        known = ServiceDomain.objects.select_related("domain").filter(service=current).first()
        if known is not None:
            if known.domain_id != domain.pk:
                raise Refused(20409, f"Service {service.sid} uses {known.domain.sid} already. Dissociate that first.")
            return known
        made = ServiceDomain.objects.create(service=current, domain=domain)
        audit.record(
            account=service.account,
            actor=actor,
            action="domain.associated",
            obj=domain,
            after={"service": service.sid},
        )
    return made


def dissociate(*, association: ServiceDomain, actor: Actor) -> None:
    with transaction.atomic():
        domain, service = association.domain, association.service
        gone, _ = ServiceDomain.objects.filter(pk=association.pk).delete()
        if gone:
            audit.record(
                account=domain.account,
                actor=actor,
                action="domain.dissociated",
                obj=domain,
                before={"service": service.sid},
            )


def locked_domain(account: Account, sid: str) -> Domain:
    """The account's domain of that SID, locked; made if nobody has it. Another account's does not exist."""
    if not is_sid(sid, "DN"):
        raise Refused(20404, f"{sid} is no domain.")
    if not Domain.objects.filter(sid=sid).exists():
        try:
            with transaction.atomic():
                Domain.objects.create(sid=sid, account=account)
        except IntegrityError:
            pass  # someone else was quicker by a moment
    domain = Domain.objects.select_for_update(no_key=True).filter(sid=sid, account=account).first()
    if domain is None:
        raise Refused(20404, f"Domain {sid} was not found.")
    return domain
