"""Record screens of the simulated carrier."""

from django.contrib import admin

from msgconsole.accounts.audit import Actor
from msgconsole.admin_base.action_admin import ActionModelAdmin, Values
from msgconsole.admin_base.record_admin import RecordAdmin
from msgconsole.carriers.simulated import actions
from msgconsole.carriers.simulated.models import PhoneBookEntry, SimulatedSubmission


@admin.register(PhoneBookEntry)
class PhoneBookEntryAdmin(ActionModelAdmin):
    about = "What the carrier side knows of a recipient. Others are mobiles of an unnamed carrier, without RCS."
    account_path = ""
    list_display = ("number", "line_type", "carrier", "rcs")
    list_filter = ("line_type", "rcs")
    search_fields = ("number__startswith", "carrier__icontains")
    search_help_text = "Number (+1…) or carrier"
    create_fields = ("number", "line_type", "carrier", "rcs")
    update_fields = ("line_type", "carrier", "rcs")
    fields = (*update_fields, "number")

    def create_action(self, *, actor: Actor, values: Values) -> PhoneBookEntry:
        return actions.set_entry(actor=actor, **values)

    def update_action(self, *, record: PhoneBookEntry, actor: Actor, values: Values) -> PhoneBookEntry:
        kept = {name: getattr(record, name) for name in self.update_fields}
        return actions.set_entry(number=record.number, actor=actor, **kept | values)

    def delete_action(self, *, record: PhoneBookEntry, actor: Actor) -> None:
        actions.delete_entry(entry=record, actor=actor)

    def consequences(self, record: PhoneBookEntry) -> list[str]:
        return ["The number counts as a mobile of an unnamed carrier, without RCS."]


@admin.register(SimulatedSubmission)
class SimulatedSubmissionAdmin(RecordAdmin):
    about = "What the simulated carrier was handed: one row a message, however often it was handed over."
    account_path = ""
    list_display = ("carrier_message_id", "sender", "recipient", "segments", "handed_over", "received_at")
    search_fields = ("carrier_message_id__exact", "idempotency_key__exact", "recipient__exact")
    search_help_text = "Carrier's id, message SID or recipient"
    fields = (
        "carrier_message_id",
        "idempotency_key",
        "sender",
        "recipient",
        "segments",
        "outcome",
        "handed_over",
        "received_at",
    )
