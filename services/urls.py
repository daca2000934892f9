"""What counts as a webhook address.

Wider than Django's URLValidator, which refuses single-label hosts: ``http://app:8080/sms`` is how containers
name each other.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?\Z", re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def is_web_url(text: str) -> bool:
    """An absolute http or https URL with a host. Underscores in the host are refused, as in the original."""
    if _ILLEGAL.search(text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        if not host.isascii():
            host = host.encode("idna").decode()
        port = parts.port
    except ValueError:  # a broken IPv6 literal, a port that is no number, a name that no registry could hold
        return False
    if parts.scheme.lower() not in ("http", "https") or port == 0:
        return False
    return ":" in host or bool(_HOST.match(host))


def validate_web_url(text: str) -> None:
    if not is_web_url(text):
        raise ValidationError("Give an absolute http or https URL.", code="invalid")
