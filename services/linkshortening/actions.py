"""Writes to domains for short links, in one place for whoever calls them: the API, the console and commands."""

from services.linkshortening.certificates import remove_certificate, request_certificate, set_dns, upload_certificate
from services.linkshortening.domains import associate, dissociate, set_config

__all__ = [
    "associate",
    "dissociate",
    "remove_certificate",
    "request_certificate",
    "set_config",
    "set_dns",
    "upload_certificate",
]
