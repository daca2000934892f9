"""The console's parts as template tags: ``{% load console %}``, then ``{% sid x %} {% status_badge s %}`` and so on.

Each part has one template, ``templates/console/_<part>.html``, and one block in ``parts.css``.
"""

import re
from datetime import UTC, datetime
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from msgconsole.console import links
from msgconsole.messaging.lifecycle import Status
from msgconsole.numbering import countries, e164

register = template.Library()

_NUMBER = re.compile(r"\+[1-9]\d{6,14}\b")
TONES = ("good", "warn", "bad", "quiet")
TONE_ICONS = {"good": "check", "warn": "warn", "bad": "cross", "quiet": "dot"}
STATUSES = {status.value: status for status in Status}
KIND_LABELS = {
    "long_code": "Long code",
    "toll_free": "Toll-free",
    "short_code": "Short code",
    "alpha": "Alpha sender",
    "whatsapp": "WhatsApp",
    "rcs": "RCS",
    "messenger": "Messenger",
}
KIND_NOUNS = {
    "long_code": "long code",
    "toll_free": "toll-free number",
    "short_code": "short code",
    "alpha": "alpha sender",
    "whatsapp": "WhatsApp sender",
    "rcs": "RCS sender",
    "messenger": "Messenger sender",
}
REGISTRATION_TONES = {
    "registered": "good",
    "verified": "good",
    "pending": "warn",
    "unregistered": "warn",
    "unverified": "warn",
    "suspended": "bad",
    "not_required": "quiet",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of ``icons.svg``. Never alone: a word stands beside it, or the control has a label."""
    return format_html(
        '<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("console/icons.svg"),
        name,
    )


@register.inclusion_tag("console/_badge.html")
def badge(tone: str, word: str, title: str = "") -> dict[str, Any]:
    """A tone, a word and an icon: never colour alone. Tones: good, warn, bad, quiet."""
    tone = tone if tone in TONES else "quiet"
    return {"tone": tone, "word": word, "icon": TONE_ICONS[tone], "title": title}


@register.inclusion_tag("console/_badge.html")
def status_badge(status: str) -> dict[str, Any]:
    """A message's status in words, as ``messaging.lifecycle`` declares it."""
    known = STATUSES.get(status)
    return badge(known.tone, known.label, known.meaning) if known else badge("quiet", status)


@register.inclusion_tag("console/_badge.html")
def registration_badge(sender: Any) -> dict[str, Any]:
    """A sender's standing with the carriers."""
    return badge(REGISTRATION_TONES.get(sender.registration, "quiet"), sender.get_registration_display())


@register.inclusion_tag("console/_sid.html")
def sid(value: str | None, link: bool = False) -> dict[str, Any]:
    """A SID shortened in the middle, whole in ``title``, with a copy button; ``link`` leads to its page."""
    value = value or ""
    return {
        "value": value,
        "short": f"{value[:6]}…{value[-4:]}" if len(value) > 14 else value,
        "url": links.sid_url(value) if link and value else "",
    }


@register.inclusion_tag("console/_phone.html")
def phone(address: str | None, country: str = "", kind: str = "") -> dict[str, Any]:
    """An address as people read it: international format, country chip, kind of line."""
    address = address or ""
    return {
        "address": address,
        "shown": readable(address),
        "country": "" if country in {"001", ""} else country,
        "country_name": country_name(country),
        "kind": KIND_LABELS.get(kind, kind),
    }


@register.inclusion_tag("console/_sender.html")
def sender_chip(sender: Any, link: bool = True) -> dict[str, Any]:
    """A sender as a chip: icon of its kind, address, country. Takes a ``Sender``, a candidate, or a dict of one."""
    read = sender.get if isinstance(sender, dict) else lambda name, default="": getattr(sender, name, default)
    kind, country, its_sid = read("kind", ""), read("country", "") or "", read("sid", "") or ""
    return {
        "kind": kind,
        "kind_label": KIND_LABELS.get(kind, kind),
        "shown": readable(read("address", "") or ""),
        "address": read("address", ""),
        "country": "" if country == "001" else country,
        "country_name": country_name(country),
        "url": links.sid_url(its_sid) if link and its_sid else "",
    }


@register.filter
def readable(address: str | None) -> str:
    """``+14155550100`` → ``+1 415-555-0100``; anything that is no number stays as it is. Channel prefixes stay."""
    if not address:
        return ""
    prefix, colon, rest = address.rpartition(":")
    number = e164.format_international(rest) if rest.startswith("+") else rest
    return f"{prefix}{colon}{number}"


@register.filter
def numbers(sentence: str) -> str:
    """A sentence of the engine's with the numbers in it as people read them."""
    return _NUMBER.sub(lambda found: readable(found[0]), sentence)


@register.filter
def own_name(sender: Any) -> str:
    """The name a person gave a sender; an empty text where it only repeats the address."""
    name, address = sender.friendly_name or "", sender.address.rpartition(":")[2]
    digits = "".join(filter(str.isdigit, name))
    repeats = name == address or (digits and not any(map(str.isalpha, name)) and address.endswith(digits.lstrip("0")))
    return "" if repeats else name


@register.filter
def country_name(iso: str | None) -> str:
    """The English short name of an ISO country; an empty text for none."""
    if not iso or iso == "001":
        return ""
    try:
        return countries.name(iso)
    except KeyError:
        return iso


@register.simple_tag
def when(moment: datetime | None, none: str = "never") -> SafeString:
    """A moment relative to now, with the exact UTC time in ``title``."""
    if moment is None or moment.year < 1971:  # the load columns start at the epoch: indexes want a value
        return format_html('<span class="quiet">{}</span>', none)
    moment = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(timespec="seconds"),
        exact(moment),
        relative(moment, timezone.now()),
    )


@register.filter
def exact(moment: datetime) -> str:
    """``3 May 2026, 14:05:09 UTC``."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M:%S} UTC"


def relative(moment: datetime, now: datetime) -> str:
    """``just now``, ``12 seconds ago``, ``in 3 hours``, ``5 days ago``; beyond a month, the date."""
    seconds = int((now - moment).total_seconds())
    distance = abs(seconds)
    if distance < 5:
        return "just now"
    if distance >= 30 * 86_400:
        return f"{moment.day} {moment:%b %Y}"
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if distance >= size:
            text = counted(distance // size, unit)
            return f"{text} ago" if seconds > 0 else f"in {text}"
    return "just now"


@register.filter
def counted(number: int | None, noun: str) -> str:
    """``1 segment``, ``2 segments``, ``1,200 entries`` (give ``entry,entries`` where an s is not enough)."""
    one, _, many = noun.partition(",")
    number = number or 0
    return f"{intcomma(number)} {one if number == 1 else many or one + 's'}"


@register.filter
def duration(seconds: int | None) -> str:
    """``36000`` → ``10 hours``; ``90`` → ``1 minute 30 seconds``."""
    left, parts = int(seconds or 0), []
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if left >= size:
            parts.append(counted(left // size, unit))
            left %= size
    return " ".join(parts) or "0 seconds"


@register.simple_tag
def page_url(name: str, *args: str) -> str:
    """Like ``{% url %}``, but an empty text where this install has no such page."""
    return links.page_url(name, *args)


@register.filter
def kind_label(kind: str) -> str:
    return KIND_LABELS.get(kind, kind)


@register.filter
def of_kind(number: int, kind: str) -> str:
    """``6 long codes``, ``1 RCS sender``."""
    return counted(number, KIND_NOUNS.get(kind, "sender"))


@register.filter
def widget_kind(bound_field: Any) -> str:
    """How ``_field.html`` lays a field out: ``switch``, ``choice`` (radios, tick boxes), ``hidden`` or ``line``."""
    name = type(bound_field.field.widget).__name__
    if bound_field.is_hidden:
        return "hidden"
    return {"CheckboxInput": "switch", "RadioSelect": "choice", "CheckboxSelectMultiple": "choice"}.get(name, "line")
