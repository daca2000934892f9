"""Record screens of what the console keeps for people."""

from django.contrib import admin

from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from msgconsole.console.models import ListRun, SavedCase


@admin.register(SavedCase)
class SavedCaseAdmin(RecordAdmin):
    about = "Questions to a Service with the answer they should keep getting."
    list_display = ("name", "service", "run_at", "date_created")
    list_filter = (AccountFilter,)
    list_select_related = ("service",)
    list_defer = ("question", "expected", "result")
    search_fields = ("name__icontains", "service__sid__exact")
    search_help_text = "Name or Service SID"
    fields = ("sid", "name", "account", "service", "question", "expected", "result", "run_at", "date_created")


@admin.register(ListRun)
class ListRunAdmin(RecordAdmin):
    about = "Lists of recipients that were tried out on a Service."
    list_display = ("sid", "service", "user", "status", "done", "total", "date_created")
    list_filter = (AccountFilter, "status")
    list_select_related = ("service", "user")
    list_defer = ("recipients", "outcomes", "result")
    search_fields = ("sid__exact", "service__sid__exact")
    search_help_text = "SID of the list or the Service"
    fields = (
        "sid",
        "account",
        "service",
        "user",
        "status",
        "media",
        "done",
        "total",
        "result",
        "date_created",
        "finished_at",
    )
