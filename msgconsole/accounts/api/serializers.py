"""Accounts and keys as 2010-04-01 shows them."""

from typing import Any

from msgconsole.accounts.models import Account, ApiKey
from msgconsole.api.links import account_path
from msgconsole.api.serializers import rfc2822

SUBRESOURCES = {
    "balance": "Balance",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "keys": "Keys",
    "messages": "Messages",
    "short_codes": "SMS/ShortCodes",
    "signing_keys": "SigningKeys",
}


def account_json(account: Account, *, owner_sid: str, show_token: bool) -> dict[str, Any]:
    """``owner_sid`` is the parent's SID, of a parent its own. The token is null for callers that may not see it."""
    path = account_path(account.sid)
    return {
        "auth_token": account.auth_token if show_token else None,
        "date_created": rfc2822(account.date_created),
        "date_updated": rfc2822(account.date_updated),
        "friendly_name": account.friendly_name,
        "owner_account_sid": owner_sid,
        "sid": account.sid,
        "status": account.status,
        "subresource_uris": {name: f"{path}/{tail}.json" for name, tail in SUBRESOURCES.items()},
        "type": account.type,
        "uri": f"{path}.json",
    }


def key_json(key: ApiKey, secret: str | None = None) -> dict[str, Any]:
    """``secret`` only in the answer to the create: it is not kept."""
    body: dict[str, Any] = {
        "sid": key.sid,
        "friendly_name": key.friendly_name,
        "date_created": rfc2822(key.date_created),
        "date_updated": rfc2822(key.date_updated),
    }
    return body if secret is None else {**body, "secret": secret}
