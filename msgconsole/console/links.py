"""Addresses of console pages by name, for things known by their SID."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

# What a SID's letters stand for → the page that shows it.
PAGE_BY_PREFIX = {
    "MG": "console:service",
    "PN": "console:sender",
    "SC": "console:sender",
    "AI": "console:sender",
    "XE": "console:sender",
    "SM": "console:message",
    "MM": "console:message",
    "BN": "console:registration",
    "QE": "console:registration",
    "HH": "console:registration",
}


@lru_cache(maxsize=512)
def page_url(name: str, *args: str) -> str:
    """The address of a page, or an empty text where this install has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def sid_url(sid: str) -> str:
    """The page of the thing with this SID, or an empty text."""
    page = PAGE_BY_PREFIX.get(sid[:2])
    return page_url(page, sid) if page else ""
