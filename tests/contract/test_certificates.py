"""Certificates and DNS checks of short domains: the documents published today leave them out, the clients call them."""

import pytest

from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from services.linkshortening.actions import set_dns
from services.linkshortening.models import Domain
from tests.api_client import Api
from tests.contract import tables
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error
from tests.factories import ACTOR
from tests.pem import HOST, any_pem, upload_pem


@pytest.fixture
def sid() -> str:
    return new_sid("DN")


@pytest.fixture
def domain(sid: str) -> str:
    return f"/v1/LinkShortening/Domains/{sid}"


def test_a_certificate_is_uploaded_validated_replaced_and_removed(alice: Api, sid: str, domain: str) -> None:
    path = f"{domain}/Certificate"
    assert_error(alice.get(path), 404, 20404)
    made = alice.post(path, {"TlsCert": any_pem()})
    assert made.status_code == 201
    check(made.json(), tables.DOMAIN_CERTIFICATE)
    assert made.json()["domain_name"] == f"https://{HOST}"
    validating = made.json()["cert_in_validation"]
    assert (validating["status"], validating["certificate_sid"]) == ("validating", made.json()["certificate_sid"])
    queue.drain(until_idle=True)
    shown = alice.get(path).json()
    assert shown["cert_in_validation"] is None
    assert shown["certificate_sid"] == made.json()["certificate_sid"]
    again = alice.post(path, {"TlsCert": upload_pem(HOST, days=(-1, 30))})
    assert again.status_code == 200
    assert again.json()["certificate_sid"] == shown["certificate_sid"]
    assert again.json()["date_expires"] == shown["date_expires"]
    coming = again.json()["cert_in_validation"]
    queue.drain(until_idle=True)
    shown = alice.get(path).json()
    assert (shown["certificate_sid"], shown["date_expires"]) == (coming["certificate_sid"], coming["date_expires"])
    answer = alice.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(alice.delete(path), 404, 20404)
    assert_error(alice.get(path), 404, 20404)


def test_a_certificate_that_is_none_is_refused_by_name(alice: Api, domain: str) -> None:
    missing = alice.post(f"{domain}/Certificate")
    assert_error(missing, 400, 20001)
    assert "TlsCert" in missing.json()["message"]
    bad = alice.post(f"{domain}/Certificate", {"TlsCert": "hello"})
    assert_error(bad, 400, 30132)
    assert "TlsCert holds no certificate" in bad.json()["message"]
    assert not Domain.objects.exists()


def test_a_managed_certificate_is_requested_and_issued(alice: Api, sid: str, domain: str) -> None:
    path = f"{domain}/RequestManagedCert"
    asked = alice.post(path)
    assert asked.status_code == 200
    check(asked.json(), tables.MANAGED_CERTIFICATE)
    assert {name: asked.json()[name] for name in ("managed", "requesting", "date_expires")} == {
        "managed": True,
        "requesting": True,
        "date_expires": None,
    }
    assert alice.get(f"{domain}/Certificate").json()["cert_in_validation"] is None
    queue.drain(until_idle=True)
    issued = alice.post(path).json()
    check(issued, tables.MANAGED_CERTIFICATE)
    assert (issued["managed"], issued["requesting"]) == (True, False)
    assert issued["certificate_sid"] == asked.json()["certificate_sid"]


def test_a_request_beside_an_uploaded_certificate_shows_the_one_in_use(alice: Api, domain: str) -> None:
    uploaded = alice.post(f"{domain}/Certificate", {"TlsCert": any_pem()}).json()
    queue.drain(until_idle=True)
    asked = alice.post(f"{domain}/RequestManagedCert").json()
    assert (asked["managed"], asked["requesting"]) == (False, True)
    assert (asked["certificate_sid"], asked["date_expires"]) == (uploaded["certificate_sid"], uploaded["date_expires"])


def test_the_dns_is_checked(alice: Api, sid: str, domain: str) -> None:
    path = f"{domain}/ValidateDns"
    assert_error(alice.get(path), 404, 20404)
    alice.post(f"{domain}/Config")
    found = alice.get(path).json()
    check(found, tables.DNS_VALIDATION)
    assert (found["is_valid"], found["reason"]) == (True, None)
    alice.post(f"{domain}/Certificate", {"TlsCert": any_pem()})
    set_dns(domain=Domain.objects.get(sid=sid), actor=ACTOR, dns="elsewhere")
    found = alice.get(path).json()
    check(found, tables.DNS_VALIDATION)
    assert (found["is_valid"], found["reason"].split(" ")[0]) == (False, HOST)


def test_another_accounts_domain_is_not_found(alice: Api, charlie: Api, domain: str) -> None:
    alice.post(f"{domain}/Certificate", {"TlsCert": any_pem()})
    assert_error(charlie.get(f"{domain}/Certificate"), 404, 20404)
    assert_error(charlie.delete(f"{domain}/Certificate"), 404, 20404)
    assert_error(charlie.post(f"{domain}/Certificate", {"TlsCert": any_pem()}), 404, 20404)
    assert_error(charlie.post(f"{domain}/RequestManagedCert"), 404, 20404)
    assert_error(charlie.get(f"{domain}/ValidateDns"), 404, 20404)
    assert alice.get(f"{domain}/Certificate").status_code == 200


@pytest.mark.parametrize("tail", ["Certificate", "RequestManagedCert"])
def test_what_is_no_domain_sid_gets_none(tail: str, alice: Api) -> None:
    answer = alice.post(f"/v1/LinkShortening/Domains/{new_sid('BU')}/{tail}", {"TlsCert": any_pem()})
    assert_error(answer, 404, 20404)
