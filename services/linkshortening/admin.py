"""Record screens of domains for short links."""

from django.contrib import admin

from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from services.linkshortening.models import Domain, ServiceDomain


@admin.register(Domain)
class DomainAdmin(RecordAdmin):
    about = "Domains for short links, as they were set through the API."
    list_display = ("sid", "account", "fallback_url", "callback_url", "date_created")
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
