"""Certificates with their keys, as they are uploaded for short domains. Made on the spot; signed by themselves."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "go.example.com"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def certificate_pem(
    key: ec.EllipticCurvePrivateKey,
    *names: str,
    common_name: str = "",
    days: tuple[int, int] = (-1, 90),
) -> str:
    """``names`` are its alternative names; ``days`` from now it is valid from and to."""
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else [])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def upload_pem(*names: str, common_name: str = "", days: tuple[int, int] = (-1, 90)) -> str:
    """A certificate, its key below it."""
    key = new_key()
    return certificate_pem(key, *names, common_name=common_name, days=days) + key_pem(key)


@cache
def any_pem() -> str:
    """One for ``HOST``: the same in the whole run, for tests that only need some certificate."""
    return upload_pem(HOST)
