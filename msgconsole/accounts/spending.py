"""What an account has been charged: counted with each charge, so that a balance costs the same after any number.

The sum is kept in a few parts. Each thread of each worker adds to one of them, and seldom waits for another's
transaction to end.
"""

from decimal import Decimal
from threading import get_native_id
from typing import Final

from django.db.models import F, Sum

from msgconsole.accounts.models import Account, Spending

PARTS: Final = 16


def charge(account_id: int, amount: Decimal) -> None:
    """Add US dollars to what the account has spent. Call it last in a transaction: it locks the part until the end."""
    part = get_native_id() % PARTS
    mine = Spending.objects.filter(account_id=account_id, part=part)
    if not mine.update(amount=F("amount") + amount):
        Spending.objects.bulk_create([Spending(account_id=account_id, part=part)], ignore_conflicts=True)
        mine.update(amount=F("amount") + amount)


def spent_by(account: Account) -> Decimal:
    """In US dollars, ever: what was deleted since was charged all the same."""
    return Spending.objects.filter(account=account).aggregate(Sum("amount"))["amount__sum"] or Decimal(0)
