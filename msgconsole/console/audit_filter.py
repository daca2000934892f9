"""The filters of the audit log, and its entries in words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from msgconsole.accounts.models import AuditEntry
from msgconsole.console import audit_words, links
from msgconsole.console.links import page_url
from msgconsole.sids import is_sid

# The part of an action's name before the dot → what it is about.
SUBJECTS = {
    "account": "Account",
    "subaccount": "Subaccount",
    "key": "API key",
    "user": "User",
    "role": "Role",
    "service": "Service",
    "keywords": "Opt-out keywords",
    "consent": "Opt-out or opt-in",
    "pool": "Sender pool",
    "sender": "Sender",
    "message": "Message",
    "brand": "Brand",
    "campaign": "Campaign",
    "tollfree": "Toll-free verification",
    "domain": "Short link domain",
    "phone_book": "Phone book",
}


class AuditFilter(django_filters.FilterSet):
    """Dates are whole days in UTC, both included. ``object`` is a SID, or a part of a name."""

    who = django_filters.CharFilter(label="Who", field_name="actor_label", lookup_expr="icontains")
    source = django_filters.ChoiceFilter(label="From", choices=AuditEntry.Source.choices, empty_label="Anywhere")
    about = django_filters.ChoiceFilter(
        label="About", method="by_subject", choices=sorted(SUBJECTS.items(), key=lambda s: s[1]), empty_label="Anything"
    )
    action = django_filters.CharFilter(label="Action", field_name="action", lookup_expr="iexact")
    object = django_filters.CharFilter(label="Object (SID or name)", method="by_object")
    since = django_filters.DateFilter(
        label="From day", method="by_since", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(label="To day", method="by_until", widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_subject(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return rows.filter(action__startswith=f"{value}.")

    def by_object(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        if is_sid(value):
            return rows.filter(object_sid=value)
        return rows.filter(Q(object_label__icontains=value) | Q(object_sid__startswith=value))

    def by_since(self, rows: QuerySet[AuditEntry], name: str, value: date) -> QuerySet[AuditEntry]:
        return rows.filter(at__gte=_start_of(value))

    def by_until(self, rows: QuerySet[AuditEntry], name: str, value: date) -> QuerySet[AuditEntry]:
        return rows.filter(at__lt=_start_of(value + timedelta(days=1)))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one entry; a value that was not there before, or is not there any more, is an empty text."""

    field: str
    before: str
    after: str
    changed: bool = True  # not merely given when the thing was made


def changes_of(entry: AuditEntry) -> list[Change]:
    """Field by field, in the order they were recorded; without keys, and what was left empty when it was made."""
    made = all(before is None for before, _ in entry.changes.values())
    found = [
        Change(field, before, after, changed=not made) for field, before, after in audit_words.changes_in_words(entry)
    ]
    return [change for change in found if change.after or change.changed]


def action_words(action: str) -> str:
    """``service.us_app_to_person_registered`` → ``Service: us app to person registered``."""
    subject, _, verb = action.partition(".")
    return f"{SUBJECTS.get(subject, subject.replace('_', ' ').capitalize())}: {verb.replace('_', ' ')}"


def object_url(entry: AuditEntry) -> str:
    """The page of the thing that was changed; an empty text where it has none, or is gone."""
    if entry.action.endswith((".deleted", ".released")):
        return ""
    by_type = {"user": "console:users", "apikey": "console:keys", "account": "console:account"}
    if entry.object_type in by_type:
        return page_url(by_type[entry.object_type])
    return links.sid_url(entry.object_sid) if entry.object_sid else ""
