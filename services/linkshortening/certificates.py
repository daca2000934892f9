"""Writes to the certificates of domains for short links, and the simulated authority that validates and issues them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from msgconsole.outbox.models import OutboxEntry
from services.linkshortening import pem
from services.linkshortening.domains import locked_domain
from services.linkshortening.models import Certificate, Domain

KIND: Final = "linkshortening.certificate"
"""Work for the authority; the reference is the SID of a certificate that is not in use yet."""

AUTHORITY: Final = Actor.system("certificate authority")
ISSUED_FOR: Final = timedelta(days=90)
RENEWED_BEFORE: Final = timedelta(days=30)
"""A managed certificate is renewed when one is requested this long before it expires, or later."""


@dataclass(frozen=True, slots=True)
class Held:
    """A domain's certificates: the one in use, and the one on its way."""

    in_use: Certificate | None
    to_come: Certificate | None

    @classmethod
    def by(cls, domain: Domain) -> "Held":
        rows = {row.in_use: row for row in domain.certificates.all()}
        return cls(rows.get(True), rows.get(False))

    @property
    def current(self) -> Certificate | None:
        """The one that stands for the domain."""
        return self.in_use or self.to_come


def host_of(domain: Domain, held: Held) -> str:
    return held.current.host if held.current else domain.stand_in


def dns_fault(dns: str, host: str) -> str | None:
    """What a check of a domain's DNS has against it. Names under ``.invalid`` never have a record (RFC 6761)."""
    if dns == Domain.Dns.MISSING or host.endswith(".invalid"):
        return f"{host} has no DNS record. Add an A record for a root domain, or a CNAME record for a subdomain."
    if dns == Domain.Dns.ELSEWHERE:
        return f"{host} points to another server. Correct its A or CNAME record."
    return None


def upload_certificate(*, account: Account, actor: Actor, domain_sid: str, tls_cert: str) -> tuple[Domain, bool]:
    """Take a certificate and its key in PEM; True when the domain had none. It is used once it is validated."""
    found = pem.read(tls_cert, now=timezone.now())
    with transaction.atomic():
        domain = locked_domain(account, domain_sid)
        held = Held.by(domain)
        known = host_of(domain, held)
        host = known if known != domain.stand_in else found.host
        if host is None:
            raise pem.refusal("names wildcards alone. Give one that names the domain's host as well.")
        if not found.covers(host):
            raise pem.refusal(f"is not for {host}, the name of this domain. Delete its certificate to change the name.")
        row = Certificate(domain=domain, host=host, date_expires=found.date_expires, fingerprint=found.fingerprint)
        _bring(row, held, actor, "domain.certificate_uploaded")
    return domain, held.current is None


def request_certificate(*, account: Account, actor: Actor, domain_sid: str) -> Domain:
    """Have a certificate issued for a domain's name, once its DNS points here. Asking twice changes nothing."""
    with transaction.atomic():
        domain = locked_domain(account, domain_sid)
        held = Held.by(domain)
        if not (held.to_come and held.to_come.managed) and not (held.in_use and _lasts(held.in_use)):
            row = Certificate(domain=domain, host=host_of(domain, held), managed=True)
            _bring(row, held, actor, "domain.certificate_requested")
    return domain


def remove_certificate(*, domain: Domain, actor: Actor) -> None:
    """Remove a domain's certificates, and with them its name."""
    with transaction.atomic():
        current = locked_domain(domain.account, domain.sid)
        held = Held.by(current)
        if held.current is None:
            raise Refused(20404, f"Domain {domain.sid} has no certificate.")
        before = {"certificate": held.current.sid, "host": held.current.host}
        current.certificates.all().delete()
        audit.record(
            account=domain.account, actor=actor, action="domain.certificate_removed", obj=current, before=before
        )


def set_dns(*, domain: Domain, actor: Actor, dns: str) -> Domain:
    """Say what a check of the domain's DNS is to find. A managed certificate that waits for it goes on."""
    if dns not in Domain.Dns.values:
        raise Refused(20001, f"Invalid Dns: {dns[:40]!r}. Use {', '.join(Domain.Dns.values)}.", field="dns")
    with transaction.atomic():
        current = locked_domain(domain.account, domain.sid)
        before = audit.snapshot(current)
        current.dns = dns
        after = audit.snapshot(current)
        if audit.differences(before, after):
            current.save(update_fields=["dns", "date_updated"])
            audit.record(
                account=domain.account, actor=actor, action="domain.dns_set", obj=current, before=before, after=after
            )
            waiting = Held.by(current).to_come
            if waiting is not None and waiting.managed:
                _send_to_authority(waiting)
    return current


def run(entry: OutboxEntry) -> None:
    """The authority's step: put a certificate to use. Safe to repeat: one that is in use, or gone, is left alone."""
    waiting = Certificate.objects.select_related("domain__account").filter(sid=entry.reference).first()
    if waiting is None:
        return
    with transaction.atomic():
        domain = locked_domain(waiting.domain.account, waiting.domain.sid)
        held = Held.by(domain)
        certificate = held.to_come
        if certificate is None or certificate.sid != entry.reference:
            return
        if certificate.managed and dns_fault(domain.dns, certificate.host):
            return  # it stays requested: a change of the DNS sends it here again
        if held.in_use:
            held.in_use.delete()
        certificate.in_use = True
        if certificate.managed:
            certificate.date_expires = timezone.now() + ISSUED_FOR
        certificate.save()
        _told(certificate, AUTHORITY, "domain.certificate_used")


def _lasts(certificate: Certificate) -> bool:
    """Is it a managed one with no need to be renewed?"""
    expires = certificate.date_expires
    return certificate.managed and expires is not None and expires - timezone.now() > RENEWED_BEFORE


def _bring(certificate: Certificate, held: Held, actor: Actor, action: str) -> None:
    """Store a certificate in place of another on its way, and let the authority look at it."""
    if held.to_come:
        held.to_come.delete()
    certificate.save()
    _told(certificate, actor, action)
    _send_to_authority(certificate)


def _send_to_authority(certificate: Certificate) -> None:
    delay = timedelta(milliseconds=settings.MSGCONSOLE_REVIEW_DELAY_MS)
    queue.enqueue(KIND, certificate.sid, available_at=timezone.now() + delay)


def _told(certificate: Certificate, actor: Actor, action: str) -> None:
    domain = certificate.domain
    shown = ("sid", "host", "managed", "in_use", "fingerprint", "date_expires")
    audit.record(
        account=domain.account, actor=actor, action=action, obj=domain, after=audit.snapshot(certificate, shown)
    )
