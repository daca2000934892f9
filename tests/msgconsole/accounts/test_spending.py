"""What an account has been charged."""

from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from msgconsole.accounts import spending
from msgconsole.accounts.models import Spending
from tests import factories

CENT = Decimal("0.01")


@pytest.mark.django_db
def test_charges_add_up_for_their_own_account_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = factories.account(), factories.account()
    assert spending.spent_by(one) == 0
    for thread in (3, 3, 4, 3 + spending.PARTS):
        monkeypatch.setattr(spending, "get_native_id", lambda thread=thread: thread)
        spending.charge(one.pk, CENT)
    spending.charge(other.pk, Decimal("0.00750"))
    assert spending.spent_by(one) == 4 * CENT
    assert spending.spent_by(other) == Decimal("0.00750")
    assert sorted(Spending.objects.filter(account=one).values_list("part", flat=True)) == [3, 4]


@pytest.mark.django_db
def test_a_charge_is_one_statement_and_reading_the_sum_another_after_any_number_of_them() -> None:
    account = factories.account()
    spending.charge(account.pk, CENT)
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            spending.charge(account.pk, CENT)
            spending.spent_by(account)
        assert len(queries) == 2
    assert Spending.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_that_charge_at_once_lose_nothing() -> None:
    account = factories.account()

    def work() -> None:
        try:
            for _ in range(20):
                spending.charge(account.pk, CENT)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert spending.spent_by(account) == 80 * CENT
