"""The addresses that stand in bodies. Never a host that is not ours: clients follow them with their credentials."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

API_VERSION = "2010-04-01"
# What the API answers, in JSON, whether or not it is there. Versions that are not served too: a client library that
# asks for one can read no page of the console.
ROOTS = r"(?:v\d+|\d{4}-\d\d-\d\d|msgconsole/v\d+)(?:/[\s\S]*)?"


def base_url(request: Request | HttpRequest) -> str:
    """What absolute links start with: the configured public URL, else the host this request was sent to."""
    return settings.MSGCONSOLE_PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def account_path(account_sid: str) -> str:
    """``/2010-04-01/Accounts/AC…``: links of that API are relative."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def error_page(base: str, code: int) -> str:
    return f"{base}/docs/errors/{code}"
