"""Record screens of Messaging Services, their keywords, and consent."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet

from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import AuditEntry
from msgconsole.admin_base.action_admin import ActionModelAdmin, Values
from msgconsole.admin_base.forms import RecordForm, WordsField
from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from services import actions
from services.models import ConsentRecord, MessagingService, OptOutKeywordSet


@admin.register(MessagingService)
class MessagingServiceAdmin(ActionModelAdmin):
    about = "A name, a pool of senders, and the settings that pick one of them for each message."
    list_display = ("friendly_name", "sid", "account", "usecase", "sticky_sender", "date_created")
    list_filter = (AccountFilter, "usecase", "advanced_opt_out")
    list_select_related = ("account",)
    search_fields = ("friendly_name__icontains", "sid__exact")
    search_help_text = "Name or SID"
    update_fields = (
        "friendly_name",
        "usecase",
        "sticky_sender",
        "area_code_geomatch",
        "smart_encoding",
        "mms_converter",
        "validity_period",
        "use_inbound_webhook_on_number",
        "inbound_request_url",
        "inbound_method",
        "fallback_url",
        "fallback_method",
        "status_callback",
        "fallback_to_long_code",
        "scan_message_content",
        "synchronous_validation",
    )
    create_fields = ("account", *update_fields)
    fields = (
        *update_fields,
        "sid",
        "account",
        "advanced_opt_out",
        "us_app_to_person_registered",
        "sending_windows",
        "config_version",
        "date_created",
        "date_updated",
    )

    def create_action(self, *, actor: Actor, values: Values) -> MessagingService:
        return actions.create_service(actor=actor, **values)

    def update_action(self, *, record: MessagingService, actor: Actor, values: Values) -> MessagingService:
        return actions.update_service(service=record, actor=actor, **values)

    def delete_action(self, *, record: MessagingService, actor: Actor) -> None:
        actions.delete_service(service=record, actor=actor)

    def consequences(self, record: MessagingService) -> list[str]:
        return [
            "Its numbers and short codes return to the account; its alpha senders are deleted.",
            "Its sticky mappings, keywords and opt-outs are deleted.",
            "Messages stay; scheduled ones of this Service will fail.",
        ]


class KeywordForm(RecordForm):
    keywords = WordsField(empty=[], label="Keywords", help_text="Separated by commas.")
    message = forms.CharField(
        label="Reply",
        required=False,
        max_length=320,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Empty: none.",
    )


@admin.register(OptOutKeywordSet)
class OptOutKeywordSetAdmin(ActionModelAdmin):
    about = "Opt-out, opt-in and help words with their replies: standard, of a language, or of a country."
    form = KeywordForm
    account_path = "service__account"
    list_display = ("kind", "layer", "country", "language", "keywords", "service")
    list_filter = (AccountFilter, "layer", "kind")
    list_select_related = ("service",)
    search_fields = ("service__sid__exact", "service__friendly_name__icontains", "language__iexact")
    search_help_text = "Service (SID or name) or language"
    create_fields = ("service", "layer", "country", "language", "kind", "keywords", "message")
    update_fields = ("keywords", "message")
    fields = ("keywords", "message", "service", "layer", "country", "language", "kind")

    def create_action(self, *, actor: Actor, values: Values) -> OptOutKeywordSet:
        return actions.set_keywords(actor=actor, **values)

    def update_action(self, *, record: OptOutKeywordSet, actor: Actor, values: Values) -> OptOutKeywordSet:
        return actions.set_keywords(
            service=record.service,
            actor=actor,
            layer=record.layer,
            country=record.country,
            language=record.language,
            kind=record.kind,
            keywords=values.get("keywords", record.keywords),
            message=values.get("message", record.message),
        )

    def delete_action(self, *, record: OptOutKeywordSet, actor: Actor) -> None:
        actions.remove_keyword_place(
            service=record.service, actor=actor, layer=record.layer, country=record.country, language=record.language
        )

    def consequences(self, record: OptOutKeywordSet) -> list[str]:
        return ["All sets of that country and language go with it: opt-out, opt-in and help."]

    def history_of(self, record: models.Model) -> QuerySet[AuditEntry]:
        words = OptOutKeywordSet.objects.select_related("service").get(pk=record.pk)
        return AuditEntry.objects.filter(
            object_sid=words.service.sid, action__startswith="keywords.", object_label__endswith=f": {words}"
        )


@admin.register(ConsentRecord)
class ConsentRecordAdmin(RecordAdmin):
    about = "Who opted out of what, or in again: one row for each recipient and Service, or single sender."
    list_display = ("recipient", "status", "service", "sender_address", "channel", "keyword", "at")
    list_filter = (AccountFilter, "status", "channel")
    list_select_related = ("service",)
    search_fields = ("recipient__exact", "service__sid__exact")
    search_help_text = "Recipient (+1…) or Service SID"
    fields = (
        "recipient",
        "status",
        "service",
        "sender_address",
        "channel",
        "keyword",
        "reason",
        "at",
        "account",
    )
