"""Tags of the message pages: rules and codes in words, a decision drawn in place."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from msgconsole.console import decisions
from msgconsole.console.links import page_url
from msgconsole.error_codes import message_for

register = template.Library()


@register.filter
def rule_words(rule: str) -> str:
    return decisions.rule_words(rule)


@register.filter
def error_title(code: int | None) -> str:
    return message_for(code) or ""


@register.simple_tag
def error_code(code: int | None) -> SafeString:
    """A code as a link to its page. Never alone: the sentence comes first."""
    url = page_url("console:error_code", str(code))
    return (
        format_html('<a href="{}" title="{}">{}</a>', url, error_title(code), code) if url else format_html("{}", code)
    )


@register.inclusion_tag("console/_decision.html")
def decision(data: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a stored decision: ``{% decision trace.data %}``."""
    return {"drawing": decisions.draw(data)}
