"""``/v1/LinkShortening``: the configuration of a domain, and which Service uses it."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.serializers import iso
from msgconsole.api.views import ApiView
from msgconsole.sids import is_sid
from services.api.views import find_service
from services.linkshortening import actions
from services.linkshortening.domains import SWITCHES, URLS
from services.linkshortening.models import Domain, ServiceDomain

ROOT = "v1/LinkShortening"


class OfDomains(ApiView):
    def check_domain(self, sid: str) -> None:
        """404 for what is no domain SID, and for another account's domain."""
        if not is_sid(sid, "DN") or Domain.objects.filter(sid=sid).exclude(account=self.account).exists():
            raise self.not_found()

    def association_of(self, service_sid: str) -> ServiceDomain:
        rows = ServiceDomain.objects.select_related("domain__account", "service")
        found = rows.filter(service__sid=service_sid, service__account=self.account).first()
        if found is None:
            raise self.not_found()
        return found


class DomainConfig(OfDomains):
    http_method_names = ["get", "post", "head", "options"]

    def get(self, request: Request, domain_sid: str) -> Response:
        domain = Domain.objects.filter(sid=domain_sid, account=self.account).exclude(config_sid="").first()
        if domain is None:
            raise self.not_found()
        return Response(self._show(domain))

    def post(self, request: Request, domain_sid: str) -> Response:
        self.check_domain(domain_sid)
        given: dict[str, Any] = {name: self.form.text(name) for name in URLS if name in self.form}
        given |= {name: self.form.boolean(name) for name in SWITCHES if self.form.text(name)}
        domain, made = actions.set_config(account=self.account, actor=self.actor, domain_sid=domain_sid, **given)
        return Response(self._show(domain), status=201 if made else 200)

    def _show(self, domain: Domain) -> dict[str, Any]:
        body = config_json(domain, url=f"{self.base}/{ROOT}/Domains/{domain.sid}/Config")
        return {**body, "disable_https": domain.disable_https}


class Association(OfDomains):
    """A Service and a domain; what is created and removed is that the one uses the other."""

    http_method_names = ["post", "delete", "options"]

    def post(self, request: Request, domain_sid: str, service_sid: str) -> Response:
        self.check_domain(domain_sid)
        service = find_service(self.account, service_sid, request.path)
        actions.associate(service=service, actor=self.actor, domain_sid=domain_sid)
        url = f"{self.base}/{ROOT}/Domains/{domain_sid}/MessagingServices/{service_sid}"
        return Response({"domain_sid": domain_sid, "messaging_service_sid": service_sid, "url": url}, status=201)

    def delete(self, request: Request, domain_sid: str, service_sid: str) -> Response:
        association = self.association_of(service_sid)
        if association.domain.sid != domain_sid:
            raise self.not_found()
        actions.dissociate(association=association, actor=self.actor)
        return Response(status=204)


class DomainOfService(OfDomains):
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, service_sid: str) -> Response:
        domain = self.association_of(service_sid).domain
        url = f"{self.base}/{ROOT}/MessagingServices/{service_sid}/Domain"
        return Response({"domain_sid": domain.sid, "messaging_service_sid": service_sid, "url": url})


class ConfigOfService(OfDomains):
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, service_sid: str) -> Response:
        domain = self.association_of(service_sid).domain
        if not domain.config_sid:
            raise self.not_found()
        url = f"{self.base}/{ROOT}/MessagingService/{service_sid}/DomainConfig"
        return Response({**config_json(domain, url=url), "messaging_service_sid": service_sid})


def config_json(domain: Domain, *, url: str) -> dict[str, Any]:
    return {
        "domain_sid": domain.sid,
        "config_sid": domain.config_sid,
        "fallback_url": domain.fallback_url or None,
        "callback_url": domain.callback_url or None,
        "continue_on_failure": domain.continue_on_failure,
        "date_created": iso(domain.date_created),
        "date_updated": iso(domain.date_updated),
        "url": url,
    }
