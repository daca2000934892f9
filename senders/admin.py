"""Record screens of senders, one a kind, and of pools and sticky mappings."""

from django import forms
from django.contrib import admin

from msgconsole.accounts.audit import Actor
from msgconsole.admin_base.action_admin import ActionModelAdmin, Values
from msgconsole.admin_base.forms import RecordForm, WordsField
from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin, RecordInline
from senders import actions
from senders.models import (
    AlphaSender,
    ChannelSender,
    PhoneNumber,
    PoolAreaCode,
    PoolBucket,
    PoolEvent,
    PoolMember,
    PoolSnapshot,
    Sender,
    ShortCode,
    StickyMapping,
)
from senders.sender_settings import CALLBACKS
from services.models import MessagingService

METHODS = [("POST", "POST"), ("GET", "GET")]
FACTS = ("address", "sid", "account", "kind", "country", "service")
DATES = ("date_created", "date_updated")


class SenderForm(RecordForm):
    sms_method = forms.ChoiceField(label="Method of the SMS URL", choices=METHODS, required=False)
    sms_fallback_method = forms.ChoiceField(label="Method of the fallback URL", choices=METHODS, required=False)
    status_callback_method = forms.ChoiceField(label="Method of the status callback", choices=METHODS, required=False)
    unsupported_carriers = WordsField(empty=[], help_text="Carriers that this short code does not reach.")
    approved_regions = WordsField(empty=[], help_text="ISO codes of the countries in which the agent is approved.")


class OfPool:
    """Says whose pool a sender is in."""

    @admin.display(description="Service")
    def service(self, sender: Sender) -> MessagingService | None:
        member = getattr(sender, "membership", None)
        return member.service if member else None


class SenderAdmin(OfPool, ActionModelAdmin):
    """The four kinds of senders differ in what can be given; the rest is here."""

    form = SenderForm
    aliases = {"phone_number": "address", "short_code": "address"}
    list_select_related = ("account", "membership__service")
    search_fields = ("address__startswith", "sid__exact", "friendly_name__icontains")
    search_help_text = "Beginning of the address, SID or name"

    def update_action(self, *, record: Sender, actor: Actor, values: Values) -> Sender:
        return actions.update_sender(sender=record, actor=actor, **values)

    def delete_action(self, *, record: Sender, actor: Actor) -> None:
        actions.release_sender(sender=record, actor=actor)

    def consequences(self, record: Sender) -> list[str]:
        user = self.service(record)
        if user is None:
            return ["No Service uses it."]
        mapped = record.membership.mapping_count
        return [f"It leaves the pool of {user}.", f"Recipients who know it (sticky mappings): {mapped:,}."]


def _given(values: Values) -> Values:
    """What was filled in: an empty field means the default of the action."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}


@admin.register(PhoneNumber)
class PhoneNumberAdmin(SenderAdmin):
    about = "Long codes and toll-free numbers of the accounts, whether in a pool or free."
    list_display = ("address", "sid", "kind", "country", "service", "registration", "account", "date_created")
    list_filter = (AccountFilter, "kind", "registration", "sms", "mms")
    create_fields = ("account", "address", "friendly_name", *CALLBACKS)
    update_fields = ("friendly_name", "registration", "sms", "mms", "voice", "fax", *CALLBACKS)
    fields = (*update_fields, *FACTS, "area_code", "line_type", "settings", *DATES)

    def create_action(self, *, actor: Actor, values: Values) -> Sender:
        return actions.acquire_number(actor=actor, phone_number=values.pop("address"), **_given(values))


@admin.register(ShortCode)
class ShortCodeAdmin(SenderAdmin):
    about = "Short codes of the accounts: each reaches its own country alone."
    list_display = ("address", "sid", "country", "service", "mms", "account", "date_created")
    list_filter = (AccountFilter, "mms")
    create_fields = ("account", "address", "country", "friendly_name", "mms", "unsupported_carriers", *CALLBACKS)
    update_fields = ("friendly_name", "sms", "mms", "unsupported_carriers", *CALLBACKS)
    fields = (*update_fields, *FACTS, *DATES)

    def create_action(self, *, actor: Actor, values: Values) -> Sender:
        country = values.pop("country").upper()
        return actions.add_short_code(actor=actor, short_code=values.pop("address"), country=country, **_given(values))


@admin.register(ChannelSender)
class ChannelSenderAdmin(SenderAdmin):
    about = "WhatsApp, Messenger and RCS senders, named with their channel, such as whatsapp:+447400111999."
    list_display = ("address", "sid", "kind", "country", "service", "account", "date_created")
    list_filter = (AccountFilter, "kind")
    create_fields = ("account", "address", "country", "friendly_name", "approved_regions", *CALLBACKS)
    update_fields = ("friendly_name", "approved_regions", *CALLBACKS)
    fields = (*update_fields, *FACTS, *DATES)

    def create_action(self, *, actor: Actor, values: Values) -> Sender:
        country = values.pop("country").upper() or None
        return actions.add_channel_sender(actor=actor, address=values.pop("address"), country=country, **_given(values))


@admin.register(AlphaSender)
class AlphaSenderAdmin(OfPool, ActionModelAdmin):
    about = "Names instead of numbers. Each belongs to one Service and is made there, on its Senders tab."
    list_display = ("address", "sid", "service", "country", "destination_alpha", "account", "date_created")
    list_filter = (AccountFilter, "destination_alpha")
    list_select_related = ("account", "membership__service")
    search_fields = ("address__istartswith", "sid__exact")
    search_help_text = "Beginning of the name, or SID"
    fields = (*FACTS, "destination_alpha", "registered_countries", *DATES)

    def delete_action(self, *, record: Sender, actor: Actor) -> None:
        actions.release_sender(sender=record, actor=actor)

    def consequences(self, record: Sender) -> list[str]:
        return [f"It leaves the pool of {self.service(record)}, and ends with that."]


@admin.register(PoolMember)
class PoolMemberAdmin(RecordAdmin):
    about = "Which sender is in which Service's pool, with its load."
    account_path = "service__account"
    list_display = ("sender", "service", "area_code", "mapping_count", "queued_count", "sent_count", "last_used_at")
    list_filter = (AccountFilter,)
    list_select_related = ("sender", "service")
    search_fields = ("sender__sid__exact", "sender__address__exact", "service__sid__exact")
    search_help_text = "Sender (SID or address) or Service SID"
    fields = (
        "sender",
        "service",
        "bucket",
        "area_code",
        "mapping_count",
        "queued_count",
        "sent_count",
        "last_used_at",
        "date_created",
    )


class AreaCodeInline(RecordInline):
    model = PoolAreaCode
    verbose_name_plural = "area codes"
    fields = ("area_code", "member_count")


@admin.register(PoolBucket)
class PoolBucketAdmin(RecordAdmin):
    about = "Members of a pool that every rule treats alike, and how many they are."
    account_path = "service__account"
    list_display = ("kind", "country", "service", "sms", "mms", "registration", "member_count")
    list_filter = (AccountFilter, "kind")
    list_select_related = ("service",)
    search_fields = ("service__sid__exact", "country__exact")
    search_help_text = "Service SID or country"
    fields = ("service", "kind", "country", "sms", "mms", "registration", "limits", "member_count")
    inlines = [AreaCodeInline]


@admin.register(PoolEvent)
class PoolEventAdmin(RecordAdmin):
    about = "When a pool got its first sender of a country: older sticky mappings move to it."
    account_path = "service__account"
    list_display = ("kind", "country", "service", "config_version", "member_id")
    list_filter = (AccountFilter, "kind")
    list_select_related = ("service",)
    search_fields = ("service__sid__exact", "country__exact")
    search_help_text = "Service SID or country"
    fields = ("service", "kind", "country", "config_version", "member_id")


@admin.register(StickyMapping)
class StickyMappingAdmin(RecordAdmin):
    about = "Which sender a recipient knows, for each Service and channel."
    account_path = "service__account"
    list_display = ("recipient", "service", "channel", "member_id", "config_version", "date_updated")
    list_filter = (AccountFilter, "channel")
    list_select_related = ("service",)
    search_fields = ("recipient__exact", "service__sid__exact")
    search_help_text = "Recipient (+1…) or Service SID"
    fields = ("recipient", "service", "channel", "member_id", "config_version", "date_created", "date_updated")


@admin.register(PoolSnapshot)
class PoolSnapshotAdmin(RecordAdmin):
    about = "What a pool was made of under a configuration version, so that a stored decision can be run again."
    account_path = ""  # it outlives its Service, and names no account
    list_defer = ("data",)
    list_display = ("service_sid", "config_version", "date_created")
    search_fields = ("service_sid__exact",)
    search_help_text = "Service SID"
    fields = ("service_sid", "config_version", "date_created", "data")
