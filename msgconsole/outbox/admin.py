"""Record screen of the work that waits."""

from django.contrib import admin

from msgconsole.admin_base.record_admin import RecordAdmin
from msgconsole.outbox.models import OutboxEntry


@admin.register(OutboxEntry)
class OutboxEntryAdmin(RecordAdmin):
    about = "Work that waits, is being done, or is tried again. An entry goes when its work is done."
    account_path = ""
    list_display = ("reference", "kind", "queue", "available_at", "attempts", "last_error", "created_at")
    list_filter = ("queue", "kind")
    search_fields = ("reference__exact", "kind__exact")
    search_help_text = "Reference (such as a message SID) or kind"
    fields = (
        "kind",
        "reference",
        "queue",
        "available_at",
        "attempts",
        "claimed_at",
        "last_error",
        "created_at",
        "payload",
    )
