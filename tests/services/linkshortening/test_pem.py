from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from msgconsole.error_codes import Refused
from services.linkshortening import pem
from tests.pem import HOST, any_pem, certificate_pem, key_pem, new_key, upload_pem


def read(text: str) -> pem.Found:
    return pem.read(text, now=datetime.now(UTC))


def refused(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read(text)
    assert (caught.value.code, caught.value.field) == (30132, "tls_cert")
    return str(caught.value)


def test_names_expiry_and_fingerprint_are_those_of_the_certificate() -> None:
    found = read(upload_pem("Go.Example.com", "*.links.example.com", days=(-1, 30)))
    assert found.names == ("go.example.com", "*.links.example.com")
    assert found.host == "go.example.com"
    assert abs(found.date_expires - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=1)
    assert len(bytes.fromhex(found.fingerprint)) == 32


def test_a_wildcard_covers_one_label() -> None:
    found = read(upload_pem("*.example.com"))
    assert found.host is None
    covered = ("go.example.com", "example.com", "a.go.example.com", "go.example.org")
    assert [found.covers(host) for host in covered] == [True, False, False, False]


def test_without_alternative_names_the_common_name_counts() -> None:
    assert read(upload_pem(common_name="go.example.com")).names == ("go.example.com",)
    assert read(upload_pem("a.example.com", common_name="b.example.com")).names == ("a.example.com",)


def test_the_certificate_is_the_keys_own_wherever_it_stands_in_the_chain() -> None:
    own, above = new_key(), new_key()
    authority = certificate_pem(above, "ca.example.com")
    leaf = certificate_pem(own, HOST)
    for chain in (leaf + authority, authority + leaf):
        assert read(chain + key_pem(own)).host == HOST
        assert read(f"Subject: words between blocks\r\n{key_pem(own)}\n{chain}").host == HOST


def test_line_ends_of_any_kind_are_read() -> None:
    assert read(any_pem().replace("\n", "\r\n")).host == HOST


def test_keys_of_both_usual_kinds_are_read() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=4096)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert len(text) <= pem.LONGEST_KEY
    assert "belongs to none of its certificates" in refused(certificate_pem(new_key(), HOST) + text)


def test_each_fault_is_told_with_its_remedy() -> None:
    key = new_key()
    good, own = certificate_pem(key, HOST), key_pem(key)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")).decode()
    wide = rsa.generate_private_key(public_exponent=65537, key_size=5120)
    large = wide.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    cases = {
        "": "holds no certificate",
        "hello": "holds no certificate",
        own: "holds no certificate",
        good: "holds no private key",
        good + own + own: "holds 2 private keys",
        good + key_pem(key, PrivateFormat.TraditionalOpenSSL): "holds a block EC PRIVATE KEY",
        good + secret: "holds a block ENCRYPTED PRIVATE KEY",
        good + own + good.replace("CERTIFICATE", "CERTIFICATE REQUEST"): "holds a block CERTIFICATE REQUEST",
        good + key_pem(new_key()): "belongs to none of its certificates",
        good + large: "too large a private key",
        certificate_pem(key, HOST, days=(-9, -1)) + own: "expired on",
        certificate_pem(key, HOST, days=(1, 9)) + own: "is valid from",
        certificate_pem(key, "localhost") + own: "names no host",
        certificate_pem(key, common_name="Acme Ltd") + own: "names no host",
        certificate_pem(key) + own: "names no host",
        good.replace("MI", "", 1) + own: "cannot be read",
        good + own.replace("M", "?", 1): "cannot be read",
        good + own + "x" * pem.LONGEST: "is longer than",
    }
    for text, words in cases.items():
        assert words in refused(text), words


@given(st.text(max_size=200), st.integers(0, 400), st.integers(0, 40))
def test_no_text_does_more_than_be_refused(noise: str, start: int, length: int) -> None:
    text = any_pem()
    broken = text[:start] + noise + text[start + length :]
    try:
        said = read(broken).host
    except Refused as refusal:
        said = refusal.code, str(refusal).startswith("TlsCert ")
    assert said in (HOST, (30132, True))


def test_many_beginnings_without_an_end_cost_little() -> None:
    text = "-----BEGIN A-----" * (pem.LONGEST // 17)
    assert "holds no certificate" in refused(text)
