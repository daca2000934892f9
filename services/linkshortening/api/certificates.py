"""``/v1/LinkShortening/Domains/{sid}``: its certificate, a managed one on request, and where its DNS points."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.serializers import iso
from services.linkshortening import actions, certificates
from services.linkshortening.api.views import ROOT, OfDomains
from services.linkshortening.certificates import Held
from services.linkshortening.models import Domain


class OfOneDomain(OfDomains):
    def domain_of(self, sid: str) -> Domain:
        """The account's domain of that SID, or 404."""
        found = Domain.objects.select_related("account").filter(sid=sid, account=self.account).first()
        if found is None:
            raise self.not_found()
        return found

    def url_of(self, domain: Domain, tail: str) -> str:
        return f"{self.base}/{ROOT}/Domains/{domain.sid}/{tail}"

    def show(self, domain: Domain, held: Held, tail: str) -> dict[str, Any]:
        """What both kinds of a certificate's body have: of the one in use, else of the one on its way."""
        current = held.current
        if current is None:
            raise self.not_found()
        return {
            "domain_sid": domain.sid,
            "certificate_sid": current.sid,
            "domain_name": f"https://{current.host}",
            "date_created": iso(domain.date_created),
            "date_updated": iso(max(domain.date_updated, current.date_updated)),
            "date_expires": iso(current.date_expires),
            "url": self.url_of(domain, tail),
        }


class DomainCertificate(OfOneDomain):
    http_method_names = ["get", "post", "delete", "head", "options"]

    def get(self, request: Request, domain_sid: str) -> Response:
        return Response(self._body(self.domain_of(domain_sid)))

    def post(self, request: Request, domain_sid: str) -> Response:
        self.check_domain(domain_sid)
        domain, first = actions.upload_certificate(
            account=self.account, actor=self.actor, domain_sid=domain_sid, tls_cert=self.form.required("tls_cert")
        )
        return Response(self._body(domain), status=201 if first else 200)

    def delete(self, request: Request, domain_sid: str) -> Response:
        actions.remove_certificate(domain=self.domain_of(domain_sid), actor=self.actor)
        return Response(status=204)

    def _body(self, domain: Domain) -> dict[str, Any]:
        held = Held.by(domain)
        coming, validating = held.to_come, None
        if coming is not None and not coming.managed:
            validating = {
                "certificate_sid": coming.sid,
                "status": "validating",
                "date_uploaded": iso(coming.date_created),
                "date_expires": iso(coming.date_expires),
            }
        return {**self.show(domain, held, "Certificate"), "cert_in_validation": validating}


class ManagedCertificate(OfOneDomain):
    http_method_names = ["post", "options"]

    def post(self, request: Request, domain_sid: str) -> Response:
        self.check_domain(domain_sid)
        domain = actions.request_certificate(account=self.account, actor=self.actor, domain_sid=domain_sid)
        held = Held.by(domain)
        body = self.show(domain, held, "RequestManagedCert")
        managed = held.current is not None and held.current.managed
        return Response({**body, "managed": managed, "requesting": held.to_come is not None and held.to_come.managed})


class DnsValidation(OfOneDomain):
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, domain_sid: str) -> Response:
        domain = self.domain_of(domain_sid)
        fault = certificates.dns_fault(domain.dns, certificates.host_of(domain, Held.by(domain)))
        url = self.url_of(domain, "ValidateDns")
        return Response({"domain_sid": domain.sid, "is_valid": fault is None, "reason": fault, "url": url})
