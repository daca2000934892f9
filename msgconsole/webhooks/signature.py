"""Request signatures, as the official validators check them. Pure.

``X-Twilio-Signature`` is base64(HMAC-SHA1(auth token, text)). For a form POST the text is the full URL followed by
each parameter's name and value, names in sorted order, nothing between; for a GET it is the URL with its query alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

HEADER = "X-Twilio-Signature"


def signed_url(url: str) -> str:
    """The URL as it is signed: as configured, port kept, without fragment and credentials."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def sign(auth_token: str, url: str, params: Mapping[str, str | Sequence[str]] | None = None) -> str:
    """The signature of a request to ``url``. ``params`` are those of a form body; leave them out for a GET."""
    text = signed_url(url)
    for name in sorted(params or {}):
        value = (params or {})[name]
        values = [value] if isinstance(value, str) else sorted(set(value))
        text += "".join(name + one for one in values)
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
