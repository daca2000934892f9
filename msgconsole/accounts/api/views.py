"""``/2010-04-01/Accounts``, and an account's ``Keys`` and ``SigningKeys``.

An API key may read here, but neither see the auth token nor change accounts or keys: a key that could make keys would
outlive its own revocation.
"""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.accounts import actions
from msgconsole.accounts.api.serializers import account_json, key_json
from msgconsole.accounts.models import Account, ApiKey
from msgconsole.accounts.queries import keys_of, reachable_from
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import READS, AccountScopedViewSet
from msgconsole.error_codes import Refused

PAGES = Keyset()
ACTIVE_BY_NUMBER = "1"
"""An older word for the status active, in the original's examples; no other number is published."""


class TokenToWrite(AccountScopedViewSet):
    """Reads for every credential, writes for the auth token alone."""

    @property
    def by_token(self) -> bool:
        return self.actor.kind == "token"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in READS and not self.by_token:
            raise Refused(20403, "An API key may not change accounts or keys: use the account's auth token.")


class Accounts(TokenToWrite):
    methods_if_inactive = (*READS, "POST")  # a POST makes it active again

    def create(self, request: Request) -> Response:
        account = actions.create_account(
            owner=self.own_account, actor=self.actor, friendly_name=self.form.text("friendly_name") or ""
        )
        return Response(self._show(account), status=201)

    def list(self, request: Request) -> Response:
        rows = reachable_from(self.own_account)
        status = self.query.text("status")
        if status and status not in Account.Status.values:
            known = ", ".join(Account.Status.values)
            raise Refused(20001, f"Invalid Status: {status[:40]!r}. Use one of {known}.", field="status")
        for name in ("friendly_name", "status"):
            if value := self.query.text(name):
                rows = rows.filter(**{name: value})
        return Response(PAGES.page(request, rows).v2010("accounts", request.path, self._show))

    def retrieve(self, request: Request, account_sid: str) -> Response:
        return Response(self._show(self.account))

    def update(self, request: Request, account_sid: str) -> Response:
        changes = {name: self.form.text(name) for name in ("friendly_name", "status") if name in self.form}
        if changes.get("status") == ACTIVE_BY_NUMBER:
            changes["status"] = Account.Status.ACTIVE
        account = self.account
        if changes.get("status", account.status) != account.status and account == self.own_account:
            raise Refused(
                20001, "An account cannot change its own Status: its parent or the console does.", field="status"
            )
        return Response(self._show(actions.update_account(account=account, actor=self.actor, **changes)))

    def _show(self, account: Account) -> dict[str, Any]:
        # Whoever is reached here is the caller's own account or a child of it.
        owner = self.own_account.sid if account.owner_id == self.own_account.pk else account.sid
        return account_json(account, owner_sid=owner, show_token=self.by_token)


class Keys(TokenToWrite):
    kind = ApiKey.Kind.KEY
    array = "keys"

    def create(self, request: Request, account_sid: str) -> Response:
        key, secret = actions.create_key(
            account=self.account,
            actor=self.actor,
            friendly_name=self.form.text("friendly_name") or "",
            kind=self.kind,
        )
        return Response(key_json(key, secret), status=201)

    def list(self, request: Request, account_sid: str) -> Response:
        return Response(PAGES.page(request, self._rows()).v2010(self.array, request.path, key_json))

    def retrieve(self, request: Request, account_sid: str, sid: str) -> Response:
        return Response(key_json(self._find(sid)))

    def update(self, request: Request, account_sid: str, sid: str) -> Response:
        key = self._find(sid)
        if (name := self.form.text("friendly_name")) is not None:
            key = actions.update_key(key=key, actor=self.actor, friendly_name=name)
        return Response(key_json(key))

    def destroy(self, request: Request, account_sid: str, sid: str) -> Response:
        actions.revoke_key(key=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _rows(self) -> QuerySet[ApiKey]:
        return keys_of(self.account, kind=self.kind)

    def _find(self, sid: str) -> ApiKey:
        key = self._rows().filter(sid=sid).first()
        if key is None:
            raise self.not_found()
        return key


class SigningKeys(Keys):
    kind = ApiKey.Kind.SIGNING
    array = "signing_keys"
