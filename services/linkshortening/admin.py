"""Record screens of domains for short links."""

from django.contrib import admin

from msgconsole.accounts.audit import Actor
from msgconsole.admin_base.action_admin import ActionModelAdmin, Values
from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from services.linkshortening import actions
from services.linkshortening.models import Certificate, Domain, ServiceDomain


@admin.register(Domain)
class DomainAdmin(ActionModelAdmin):
    about = "Domains for short links, as they were set through the API. What a check of their DNS finds is set here."
    list_display = ("sid", "account", "dns", "fallback_url", "callback_url", "date_created")
    list_filter = (AccountFilter,)
    list_select_related = ("account",)
    search_fields = ("sid__exact",)
    search_help_text = "SID"
    fields = (
        "sid",
        "account",
        "config_sid",
        "fallback_url",
        "callback_url",
        "continue_on_failure",
        "disable_https",
        "dns",
        "date_created",
        "date_updated",
    )
    update_fields = ("dns",)

    def update_action(self, *, record: Domain, actor: Actor, values: Values) -> Domain:
        return actions.set_dns(domain=record, actor=actor, **values)


@admin.register(Certificate)
class CertificateAdmin(RecordAdmin):
    about = "What domains for short links prove their names with: uploaded, or issued on request. Simulated."
    account_path = "domain__account"
    list_display = ("sid", "domain", "host", "managed", "in_use", "date_expires", "date_created")
    list_filter = (AccountFilter, "managed", "in_use")
    list_select_related = ("domain",)
    search_fields = ("sid__exact", "domain__sid__exact", "host__exact")
    search_help_text = "SID of the certificate or the domain, or host name"
    fields = (
        "sid",
        "domain",
        "host",
        "managed",
        "in_use",
        "fingerprint",
        "date_expires",
        "date_created",
        "date_updated",
    )


@admin.register(ServiceDomain)
class ServiceDomainAdmin(RecordAdmin):
    about = "Which Service uses which domain for its short links."
    account_path = "service__account"
    list_display = ("service", "domain", "date_created")
    list_filter = (AccountFilter,)
    list_select_related = ("service", "domain")
    search_fields = ("service__sid__exact", "domain__sid__exact")
    search_help_text = "SID of the Service or the domain"
    fields = ("service", "domain", "date_created")
