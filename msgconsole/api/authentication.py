"""HTTP Basic: AccountSid and auth token, or API key SID and secret.

The row is read with every request, so a rotated token, a revoked key or a suspended account counts at once in every
process. What is remembered is the digest of a decrypted token, under the very bytes it was decrypted from.
"""

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from msgconsole.accounts import secrets
from msgconsole.accounts.actions import touch
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, ApiKey, AuditEntry
from msgconsole.sids import is_sid

if TYPE_CHECKING:  # at run time the view's module imports this one, through the settings
    from rest_framework.views import APIView

REALM = 'Basic realm="msgconsole"'
# Compared with when the user is unknown, so that an unknown SID takes as long as a wrong secret.
_NOBODY = secrets.digest(secrets.new_token())


class AccountNotActive(AuthenticationFailed):
    """The credentials are right, but the account is suspended or closed: error 20005."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request acts for; ``request.user`` of the API."""

    account: Account
    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True


class AccountAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _, encoded = header.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            username, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise AuthenticationFailed("Authenticate") from None
        return self._principal(username, secret), None

    def authenticate_header(self, request: Request) -> str:
        return REALM

    def _principal(self, username: str, secret: str) -> Principal:
        given = secrets.digest(secret)
        if is_sid(username, "SK"):
            key = ApiKey.objects.select_related("account").filter(sid=username, revoked_at=None).first()
            if secrets.same(given, key.secret_digest if key else _NOBODY) and key:
                _must_be_active(key.account)
                touch(key)
                actor = Actor("key", key.friendly_name or key.sid, AuditEntry.Source.API)
                return Principal(key.account, actor)
        elif is_sid(username, "AC"):
            account = Account.objects.filter(sid=username).first()
            expected = _digest_of_token(bytes(account.auth_token_encrypted)) if account else _NOBODY
            if secrets.same(given, expected) and account:
                _must_be_active(account)
                return Principal(account, Actor("token", account.sid, AuditEntry.Source.API))
        raise AuthenticationFailed("Authenticate")


class IsAccount(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return isinstance(request.user, Principal)


def _must_be_active(account: Account) -> None:
    if account.status != Account.Status.ACTIVE:
        raise AccountNotActive(f"Account {account.sid} is {account.status}")


@lru_cache(maxsize=4096)
def _digest_of_token(sealed: bytes) -> str:
    """Decrypting costs more than all the rest of a look-up; the sealed bytes change with every new token."""
    return secrets.digest(secrets.decrypt(sealed))
