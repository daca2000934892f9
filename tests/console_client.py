"""A browser's place in tests: a Django client that is logged in, looking at an account."""

from typing import Any

from django.test import Client

from msgconsole.accounts.models import Account, User
from msgconsole.console.permissions import SESSION_KEY


def logged_in(user: User, account: Account | None = None) -> Client:
    client = Client()
    client.force_login(user)
    if account is not None:
        session = client.session
        session[SESSION_KEY] = account.sid
        session.save()
    return client


def text(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()
