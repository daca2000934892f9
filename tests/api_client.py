"""A caller of the API: Basic credentials, forms out, JSON back."""

import base64
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from msgconsole.accounts.models import Account
from msgconsole.api.operations import find

FORM = "application/x-www-form-urlencoded"


def basic(username: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{secret}".encode()).decode()


class Api:
    """``Api(account)`` calls with the account's SID and auth token; ``Api(None)`` without credentials."""

    def __init__(self, account: Account | None, *, username: str = "", secret: str = "") -> None:
        self.account = account
        self.client = Client(raise_request_exception=False)
        self.headers: dict[str, Any] = {}
        if username or account:
            token = secret or (account.auth_token if account else "")
            self.headers["HTTP_AUTHORIZATION"] = basic(username or (account.sid if account else ""), token)

    def get(self, path: str, params: dict[str, Any] | None = None, **extra: Any) -> Any:
        return _foretold(self.client.get(_local(path), params or {}, **self.headers, **extra))

    def post(self, path: str, params: Any = (), **extra: Any) -> Any:
        pairs = params.items() if isinstance(params, dict) else params
        body = urlencode(list(pairs), doseq=True)
        return _foretold(self.client.post(_local(path), body, content_type=FORM, **self.headers, **extra))

    def delete(self, path: str, **extra: Any) -> Any:
        return _foretold(self.client.delete(_local(path), **self.headers, **extra))

    def call(self, method: str, path: str, **extra: Any) -> Any:
        return self.client.generic(method, _local(path), content_type=FORM, **self.headers, **extra)

    @property
    def root(self) -> str:
        """Where this account's resources of 2010-04-01 begin."""
        assert self.account
        return f"/2010-04-01/Accounts/{self.account.sid}"


def _foretold(answer: Any) -> Any:
    """A refusal is one that its operation declares, whatever the test at hand looks at; a fault of ours is none."""
    match = getattr(answer, "resolver_match", None)
    declared = find(answer.request["REQUEST_METHOD"], match.route) if match else None
    if declared and answer.status_code >= 400:
        told = answer.json()
        assert told["code"] in declared.codes | {20500}, f"{declared.operation.id} does not declare {told}"
    return answer


def _local(path: str) -> str:
    """Links of v1 are absolute; the test client wants the part after the host."""
    return path.removeprefix("http://testserver")
