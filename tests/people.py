"""Three people whom the tests know. Alice owns Acme, Bob only looks at it, and Charlie owns an account of his own."""

from dataclasses import dataclass

from msgconsole.accounts import actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, User

PASSWORD = "correct horse battery staple"
_ACTOR = Actor.command("tests")


@dataclass(frozen=True)
class People:
    """``acme`` and ``other`` are accounts that know nothing of each other."""

    acme: Account
    other: Account
    alice: User
    bob: User
    charlie: User


def _user(name: str) -> User:
    return actions.create_user(username=name, password=PASSWORD, actor=_ACTOR)


def people() -> People:
    acme = actions.create_account(friendly_name="Acme", actor=_ACTOR)
    other = actions.create_account(friendly_name="Other", actor=_ACTOR)
    alice, bob, charlie = _user("alice"), _user("bob"), _user("charlie")
    actions.set_role(account=acme, user=alice, role="owner", actor=_ACTOR)
    actions.set_role(account=acme, user=bob, role="viewer", actor=_ACTOR)
    actions.set_role(account=other, user=charlie, role="owner", actor=_ACTOR)
    return People(acme, other, alice, bob, charlie)
