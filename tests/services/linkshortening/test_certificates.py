from datetime import timedelta

import pytest
from django.utils import timezone

from msgconsole.accounts.models import Account, AuditEntry
from msgconsole.error_codes import Refused
from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from services.linkshortening import actions, certificates
from services.linkshortening.certificates import Held
from services.linkshortening.models import Certificate, Domain
from tests import factories
from tests.factories import ACTOR
from tests.pem import HOST, any_pem, upload_pem

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.account()


def upload(account: Account, sid: str, text: str = "") -> Held:
    domain, _ = actions.upload_certificate(account=account, actor=ACTOR, domain_sid=sid, tls_cert=text or any_pem())
    return Held.by(domain)


def request(account: Account, sid: str) -> Held:
    return Held.by(actions.request_certificate(account=account, actor=ACTOR, domain_sid=sid))


def held(sid: str) -> Held:
    return Held.by(Domain.objects.get(sid=sid))


def refused(account: Account, sid: str, text: str) -> str:
    with pytest.raises(Refused) as caught:
        upload(account, sid, text)
    assert caught.value.code == 30132
    return str(caught.value)


def set_dns(sid: str, dns: str) -> None:
    actions.set_dns(domain=Domain.objects.get(sid=sid), actor=ACTOR, dns=dns)


def test_an_uploaded_certificate_is_used_once_it_is_validated(account: Account) -> None:
    sid = new_sid("DN")
    first = upload(account, sid).to_come
    assert first is not None
    assert (first.host, first.managed) == (HOST, False)
    assert held(sid).in_use is None
    queue.drain(until_idle=True)
    assert held(sid) == Held(first, None)
    second = upload(account, sid, upload_pem(HOST)).to_come
    assert held(sid) == Held(first, second)
    queue.drain(until_idle=True)
    assert held(sid) == Held(second, None)
    told = AuditEntry.objects.filter(action__startswith="domain.").order_by("id").values_list("action", flat=True)
    assert list(told) == ["domain.certificate_uploaded", "domain.certificate_used"] * 2


def test_the_private_key_is_kept_nowhere(account: Account) -> None:
    text = any_pem()
    upload(account, new_sid("DN"), text)
    secret = text.split("PRIVATE KEY-----\n")[1][:40]
    kept = [str(row) for model in (Certificate, AuditEntry, Domain) for row in model.objects.values()]
    assert kept
    assert not any(secret in row for row in kept)


def test_a_later_upload_takes_the_place_of_one_that_is_not_validated_yet(account: Account) -> None:
    sid = new_sid("DN")
    upload(account, sid)
    last = upload(account, sid, upload_pem(HOST)).to_come
    queue.drain(until_idle=True)
    assert held(sid) == Held(last, None)


def test_the_first_certificate_names_the_domain_and_later_ones_are_for_that_name(account: Account) -> None:
    sid = new_sid("DN")
    assert "wildcards alone" in refused(account, sid, upload_pem("*.example.com"))
    upload(account, sid)
    assert f"is not for {HOST}" in refused(account, sid, upload_pem("go.example.org"))
    wild = upload(account, sid, upload_pem("*.example.com")).to_come
    assert wild is not None
    assert wild.host == HOST
    actions.remove_certificate(domain=Domain.objects.get(sid=sid), actor=ACTOR)
    other = upload(account, sid, upload_pem("go.example.org")).to_come
    assert other is not None
    assert other.host == "go.example.org"


def test_a_refused_upload_makes_nothing(account: Account) -> None:
    refused(account, new_sid("DN"), "nothing")
    refused(account, new_sid("DN"), upload_pem("*.example.com"))
    assert not Domain.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="domain.").exists()


def test_a_managed_certificate_is_issued_for_ninety_days(account: Account) -> None:
    sid = new_sid("DN")
    asked = request(account, sid).to_come
    assert asked is not None
    assert (asked.managed, asked.date_expires, asked.host) == (True, None, f"{sid.lower()}.example")
    assert request(account, sid).to_come == asked
    queue.drain(until_idle=True)
    issued = held(sid).in_use
    assert issued == asked
    assert issued.date_expires
    assert timedelta(days=89, hours=23) < issued.date_expires - timezone.now() <= timedelta(days=90)
    assert request(account, sid) == Held(issued, None)


def test_a_managed_certificate_is_renewed_when_its_end_is_near(account: Account) -> None:
    sid = new_sid("DN")
    request(account, sid)
    queue.drain(until_idle=True)
    Certificate.objects.update(date_expires=timezone.now() + timedelta(days=29))
    old = held(sid).in_use
    renewed = request(account, sid).to_come
    assert renewed is not None
    queue.drain(until_idle=True)
    assert held(sid) == Held(renewed, None)
    assert renewed != old


def test_a_managed_certificate_keeps_the_uploaded_ones_name_and_the_other_way_round(account: Account) -> None:
    sid = new_sid("DN")
    upload(account, sid)
    queue.drain(until_idle=True)
    uploaded = held(sid).in_use
    asked = request(account, sid)
    assert asked.in_use == uploaded
    assert asked.to_come is not None
    assert asked.to_come.host == HOST
    queue.drain(until_idle=True)
    assert held(sid).in_use == asked.to_come
    assert f"is not for {HOST}" in refused(account, sid, upload_pem("go.example.org"))
    back = upload(account, sid)
    queue.drain(until_idle=True)
    assert held(sid) == Held(back.to_come, None)


def test_a_stand_ins_certificate_gives_way_to_the_domains_true_name(account: Account) -> None:
    sid = new_sid("DN")
    request(account, sid)
    queue.drain(until_idle=True)
    upload(account, sid)
    queue.drain(until_idle=True)
    certificate = held(sid).in_use
    assert certificate is not None
    assert (certificate.host, certificate.managed) == (HOST, False)


def test_a_managed_certificate_waits_for_the_dns(account: Account) -> None:
    sid = new_sid("DN")
    asked = request(account, sid).to_come
    set_dns(sid, "missing")
    queue.drain(until_idle=True)
    assert held(sid) == Held(None, asked)
    set_dns(sid, "elsewhere")
    queue.drain(until_idle=True)
    assert held(sid) == Held(None, asked)
    set_dns(sid, "here")
    queue.drain(until_idle=True)
    assert held(sid) == Held(asked, None)
    changes = AuditEntry.objects.filter(action="domain.dns_set").order_by("id").values_list("changes", flat=True)
    steps = (["here", "missing"], ["missing", "elsewhere"], ["elsewhere", "here"])
    assert list(changes) == [{"dns": step} for step in steps]


def test_the_same_dns_again_changes_nothing(account: Account) -> None:
    sid = new_sid("DN")
    request(account, sid)
    set_dns(sid, "here")
    assert not AuditEntry.objects.filter(action="domain.dns_set").exists()


def test_an_unknown_dns_state_is_refused(account: Account) -> None:
    sid = new_sid("DN")
    request(account, sid)
    with pytest.raises(Refused, match="Invalid Dns: 'there'"):
        set_dns(sid, "there")


@pytest.mark.parametrize(
    ("dns", "host", "said"),
    [
        ("here", "go.example.com", None),
        ("missing", "go.example.com", "go.example.com has no DNS record"),
        ("elsewhere", "go.example.com", "go.example.com points to another server"),
        ("here", "go.invalid", "go.invalid has no DNS record"),
    ],
)
def test_a_check_of_the_dns_says_what_is_wrong(dns: str, host: str, said: str | None) -> None:
    fault = certificates.dns_fault(dns, host)
    assert fault is None if said is None else fault is not None and fault.startswith(said)


def test_removing_takes_both_certificates_and_ends_what_is_on_its_way(account: Account) -> None:
    sid = new_sid("DN")
    upload(account, sid)
    queue.drain(until_idle=True)
    request(account, sid)
    domain = Domain.objects.get(sid=sid)
    actions.remove_certificate(domain=domain, actor=ACTOR)
    queue.drain(until_idle=True)
    assert held(sid) == Held(None, None)
    with pytest.raises(Refused, match="has no certificate"):
        actions.remove_certificate(domain=domain, actor=ACTOR)


def test_another_accounts_domain_gets_no_certificate(account: Account) -> None:
    sid = new_sid("DN")
    request(account, sid)
    other = factories.account("Other")
    for call in (lambda: upload(other, sid), lambda: request(other, sid)):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.code == 20404
    assert Certificate.objects.count() == 1
