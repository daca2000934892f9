"""Record screens of messages and what happened to them. To look at: the pipeline alone writes them."""

from django.contrib import admin

from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from msgconsole.messaging.models import (
    CarrierReceipt,
    DecisionTrace,
    IdempotentRequest,
    Media,
    Message,
    MessageEvent,
)


@admin.register(Message)
class MessageAdmin(RecordAdmin):
    about = "Every message, in and out. The Messages page tells its story; here is its row."
    list_display = ("sid", "date_created", "status", "error_code", "to", "from_address", "service", "account")
    list_filter = (AccountFilter, "status", "direction", "channel")
    list_select_related = ("service", "account")
    list_defer = ("body", "options", "tags")
    search_fields = ("sid__exact", "to__exact", "from_address__exact", "messaging_service_sid__exact")
    search_help_text = "SID, whole number (+1…) or Service SID"
    fields = (
        "sid",
        "account",
        "status",
        "error_code",
        "direction",
        "channel",
        "to",
        "from_address",
        "sender",
        "service",
        "messaging_service_sid",
        "body",
        "encoding",
        "num_segments",
        "num_media",
        "decided_by",
        "warning_codes",
        "price",
        "tags",
        "options",
        "status_callback",
        "validity_period",
        "send_at",
        "origin",
        "attempts",
        "date_created",
        "date_sent",
        "date_updated",
    )


class OfMessage(RecordAdmin):
    """Records that hang on a message."""

    account_path = "message__account"
    list_select_related = ("message",)
    list_defer: tuple[str, ...] = ("message__body", "message__options")


@admin.register(Media)
class MediaAdmin(OfMessage):
    about = "Pictures and other files of messages: their addresses, not their contents."
    list_display = ("sid", "message", "content_type", "url", "date_created")
    list_filter = (AccountFilter,)
    search_fields = ("sid__exact", "message__sid__exact")
    search_help_text = "SID of the media or the message"
    fields = ("sid", "message", "content_type", "url", "link_token", "date_created", "date_updated")


@admin.register(MessageEvent)
class MessageEventAdmin(OfMessage):
    about = "The lines of the messages' timelines."
    list_display = ("cause", "message", "status", "error_code", "detail", "at")
    list_filter = (AccountFilter, "status")
    search_fields = ("message__sid__exact", "cause__exact")
    search_help_text = "Message SID or cause"
    fields = ("message", "at", "status", "cause", "detail", "error_code")


@admin.register(DecisionTrace)
class DecisionTraceAdmin(OfMessage):
    about = "The stored decisions: which sender, why, and why not each other."
    list_defer = ("data", "message__body", "message__options")
    list_display = ("message", "decided_by", "rules_version", "date_created")
    list_filter = (AccountFilter, "rules_version")
    search_fields = ("message__sid__exact",)
    search_help_text = "Message SID"
    fields = ("message", "decided_by", "rules_version", "date_created", "data")

    @admin.display(description="decided by")
    def decided_by(self, trace: DecisionTrace) -> str:
        return trace.message.decided_by


@admin.register(CarrierReceipt)
class CarrierReceiptAdmin(OfMessage):
    about = "The carriers' ids for messages: how a delivery report finds its message."
    list_display = ("carrier_message_id", "carrier", "message", "status", "date_created")
    list_filter = (AccountFilter, "carrier")
    search_fields = ("carrier_message_id__exact", "message__sid__exact")
    search_help_text = "Carrier's id or message SID"
    fields = ("carrier_message_id", "carrier", "message", "status", "date_created")


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(RecordAdmin):
    about = "Sends that came with an idempotency token: a retry within 24 hours finds its message here."
    list_display = ("token", "message_sid", "account", "date_created")
    list_filter = (AccountFilter,)
    list_select_related = ("account",)
    search_fields = ("token__exact", "message_sid__exact")
    search_help_text = "Token or message SID"
    fields = ("token", "account", "message_sid", "digest", "date_created")
