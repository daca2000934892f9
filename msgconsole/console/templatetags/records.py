"""How the record screens show any record: each value by its kind, the same way in lists and on a record's own page."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from msgconsole.accounts.models import AuditEntry
from msgconsole.admin_base.forms import proper
from msgconsole.console import audit_filter, links
from msgconsole.console.audit_filter import Change
from msgconsole.console.templatetags import console
from msgconsole.sids import is_sid

register = template.Library()
NOTHING = format_html('<span class="quiet" title="{}">–</span>', "Nothing")
LONGEST_IN_LIST = 80


class Cell(NamedTuple):
    content: SafeString
    url: str  # of the record, in the cell that names it


@register.filter
def headings(cl: Any) -> list[str]:
    """The column headings of a record list."""
    return [_label(name, cl.model_admin) for name in cl.list_display if name != "action_checkbox"]


@register.simple_tag
def cells(cl: Any, record: models.Model) -> list[Cell]:
    """A record's row: its first column leads to its page."""
    names = [name for name in cl.list_display if name != "action_checkbox"]
    first, *others = (_value(name, record, cl.model_admin) for name in names)
    return [Cell(_plain(first), record_url(record)), *(Cell(_shown(value), "") for value in others)]


class Fact(NamedTuple):
    label: str
    content: SafeString
    help_text: str


@register.filter
def facts(adminform: Any) -> Iterator[Fact]:
    """The fields of a record's page that are not for editing."""
    for fieldset in adminform:
        for line in fieldset:
            for field in line:
                if getattr(field, "is_readonly", False):
                    yield fact(field)


@register.filter
def fact(field: Any) -> Fact:
    """A read-only field of Django's admin."""
    value = _value(field.field["field"], field.form.instance, field.model_admin)
    return Fact(proper(field.field["label"]), _shown(value, whole=True), str(field.field["help_text"]))


@register.filter(name="proper")
def properly(label: str) -> str:
    return proper(label)


@register.filter
def record_url(record: models.Model) -> str:
    """The record screen of a record, else its page in the console; an empty text where it has neither."""
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return links.sid_url(getattr(record, "sid", ""))


@register.filter
def about(record: models.Model) -> str:
    """What records like this one are, in a line. A template that names a model class gets an empty record of it."""
    return str(getattr(admin.site._registry.get(type(record)), "about", ""))


@register.filter
def audit_changes(entry: AuditEntry) -> list[Change]:
    return audit_filter.changes_of(entry)


@register.filter
def audit_words(entry: AuditEntry) -> str:
    return audit_filter.action_words(entry.action)


def _label(name: Any, model_admin: Any) -> str:
    return proper(str(label_for_field(name, model_admin.model, model_admin)))


def _value(name: Any, record: models.Model, model_admin: Any) -> Any:
    """A column's value: of a field with choices its label, of a relation the record."""
    try:
        field, _, value = lookup_field(name, record, model_admin)
    except ObjectDoesNotExist:
        return None
    if field is not None and getattr(field, "choices", None):
        return getattr(record, f"get_{field.name}_display")()
    return value


def _plain(value: Any) -> SafeString:
    """A value as the text of a link."""
    if isinstance(value, str) and is_sid(value):
        return format_html('<span class="mono nowrap" title="{}">{}…{}</span>', value, value[:6], value[-4:])
    if isinstance(value, datetime):
        return console.when(value)
    text = "" if value is None else str(value)
    return format_html("{}", _cut(text) or "(empty)")


def _shown(value: Any, *, whole: bool = False) -> SafeString:
    """A value by its kind. ``whole``: on its own page, where there is room."""
    if isinstance(value, SafeString):
        return value
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if isinstance(value, bool):
        return format_html("{}", "Yes" if value else "No")
    if isinstance(value, datetime):
        told = console.when(value)
        return format_html('{} <span class="quiet small">{}</span>', told, console.exact(value)) if whole else told
    if isinstance(value, models.Model):
        url, words = record_url(value), _plain(str(value))
        return format_html('<a href="{}">{}</a>', url, words) if url else words
    if isinstance(value, str) and is_sid(value):
        return SafeString(render_to_string("console/_sid.html", console.sid(value)))
    if isinstance(value, dict | list):
        return _structure(value, whole)
    return format_html("{}", str(value) if whole else _cut(str(value)))


def _structure(value: dict[str, Any] | list[Any], whole: bool) -> SafeString:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        text = ", ".join(value)
        return format_html("{}", text if whole else _cut(text))
    if not whole:
        return format_html("{}", _cut(json.dumps(value, ensure_ascii=False)))
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return format_html('<pre class="json" tabindex="0" role="region" aria-label="JSON">{}</pre>', text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_IN_LIST else f"{text[:LONGEST_IN_LIST]}…"
