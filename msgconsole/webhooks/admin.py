"""Record screen of outgoing webhooks, with every attempt."""

from django.contrib import admin

from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin, RecordInline
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery


class AttemptInline(RecordInline):
    model = WebhookAttempt
    verbose_name_plural = "attempts"
    fields = ("number", "at", "duration_ms", "response_status", "error_code", "error", "response_excerpt", "signature")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(RecordAdmin):
    about = "What was to be told to which address, and every attempt at it."
    list_display = ("event", "subject_sid", "url", "status", "account", "date_created")
    list_filter = (AccountFilter, "status")
    list_select_related = ("account",)
    search_fields = ("subject_sid__exact",)
    search_help_text = "Message SID"
    fields = (
        "event",
        "subject_sid",
        "status",
        "method",
        "url",
        "params",
        "idempotency_token",
        "account",
        "date_created",
    )
    inlines = [AttemptInline]
