from collections.abc import Callable

import pytest

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.sids import new_sid
from services import actions as service_actions
from services.linkshortening import actions
from services.linkshortening.models import Domain, ServiceDomain
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.account()


def code_of(call: Callable[[], object]) -> int:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def test_the_first_configuration_makes_the_domain_and_later_ones_change_what_they_name(account: Account) -> None:
    sid = new_sid("DN")
    domain, made = actions.set_config(
        account=account, actor=ACTOR, domain_sid=sid, fallback_url="https://example.com/", continue_on_failure=True
    )
    assert (made, domain.config_sid[:2], domain.disable_https) == (True, "ZK", False)
    again, made = actions.set_config(account=account, actor=ACTOR, domain_sid=sid, disable_https=True)
    assert (made, again.config_sid) == (False, domain.config_sid)
    assert (again.fallback_url, again.continue_on_failure, again.disable_https) == ("https://example.com/", True, True)
    actions.set_config(account=account, actor=ACTOR, domain_sid=sid)
    assert AuditEntry.objects.filter(action="domain.configured").count() == 2


def test_another_accounts_domain_does_not_exist(account: Account) -> None:
    sid = new_sid("DN")
    actions.set_config(account=account, actor=ACTOR, domain_sid=sid)
    other = factories.account("Other")
    assert code_of(lambda: actions.set_config(account=other, actor=ACTOR, domain_sid=sid)) == 20404
    service = factories.service(other)
    assert code_of(lambda: actions.associate(service=service, actor=ACTOR, domain_sid=sid)) == 20404
    assert Domain.objects.get().account == account


def test_a_service_uses_one_domain(account: Account) -> None:
    service = factories.service(account)
    first = new_sid("DN")
    association = actions.associate(service=service, actor=ACTOR, domain_sid=first)
    assert actions.associate(service=service, actor=ACTOR, domain_sid=first).pk == association.pk
    assert code_of(lambda: actions.associate(service=service, actor=ACTOR, domain_sid=new_sid("DN"))) == 20409
    actions.dissociate(association=association, actor=ACTOR)
    actions.associate(service=service, actor=ACTOR, domain_sid=new_sid("DN"))
    actions_told = AuditEntry.objects.filter(action__startswith="domain.").values_list("action", flat=True)
    assert list(actions_told.order_by("id")) == ["domain.associated", "domain.dissociated", "domain.associated"]


def test_a_deleted_service_leaves_its_domain(account: Account) -> None:
    service = factories.service(account)
    actions.associate(service=service, actor=ACTOR, domain_sid=new_sid("DN"))
    service_actions.delete_service(service=service, actor=ACTOR)
    assert not ServiceDomain.objects.exists()
    assert Domain.objects.exists()


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com/", "https://" + "x" * 2048 + ".com"])
def test_an_address_that_is_none_is_refused(url: str, account: Account) -> None:
    assert (
        code_of(lambda: actions.set_config(account=account, actor=ACTOR, domain_sid=new_sid("DN"), callback_url=url))
        == 11100
    )
    assert not Domain.objects.exists()
