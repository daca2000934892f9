"""Reading a certificate and its private key as they are uploaded: PEM blocks, one after the other. Pure.

The rules are those of the original's guide to short links: the certificate with its whole chain, and the key as
PKCS #8 without a passphrase. November 2026.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from msgconsole.error_codes import Refused

LONGEST = 32_768
LONGEST_KEY = 3_400
"""Characters of a key's block: RSA with 4096 bits fits. Checking a key costs time that grows fast with its size."""

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----[^-]*-----END \1-----")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?(?:{_LABEL}\.)+{_LABEL}")
_PKCS8 = "openssl pkcs8 -topk8 -nodes"


@dataclass(frozen=True, slots=True)
class Found:
    """``names``: host names in lower case, with and without a wildcard. ``fingerprint``: SHA-256 in hex."""

    names: tuple[str, ...]
    date_expires: datetime
    fingerprint: str

    def covers(self, host: str) -> bool:
        return host in self.names or f"*.{host.partition('.')[2]}" in self.names

    @property
    def host(self) -> str | None:
        """The first name that is one host's."""
        return next((name for name in self.names if not name.startswith("*")), None)


def refusal(words: str) -> Refused:
    return Refused(30132, f"TlsCert {words}", field="tls_cert")


def read(text: str, *, now: datetime) -> Found:
    """The certificate that the key in ``text`` belongs to. Raises Refused (30132) with what is wrong with it."""
    if len(text) > LONGEST:
        raise refusal(f"is longer than {LONGEST:,} characters. Give one certificate with its chain, and its key.")
    certificates, key = _parts(text)
    try:
        public = _public(load_pem_private_key(key.encode(), password=None).public_key())
        read_ones = [x509.load_pem_x509_certificate(one.encode()) for one in certificates]
        leaf = next((one for one in read_ones if _public(one.public_key()) == public), None)
        names = _names(leaf) if leaf else ()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension):
        # Not chained: what the library says of a key is nothing to repeat.
        raise refusal("cannot be read: a block is damaged or of an unknown kind. Export it again as PEM.") from None
    if leaf is None:
        raise refusal("has a private key that belongs to none of its certificates. Give both as they were made.")
    if leaf.not_valid_after_utc <= now:
        raise refusal(f"expired on {leaf.not_valid_after_utc:%Y-%m-%d}. Give one that is valid now.")
    if leaf.not_valid_before_utc > now:
        raise refusal(f"is valid from {leaf.not_valid_before_utc:%Y-%m-%d} only. Give one that is valid now.")
    if not names:
        raise refusal("names no host. Give a certificate for the domain's name.")
    return Found(names, leaf.not_valid_after_utc, leaf.fingerprint(hashes.SHA256()).hex())


def _parts(text: str) -> tuple[list[str], str]:
    """The blocks of certificates, and that of the key."""
    blocks = [(match[1], match[0]) for match in _BLOCK.finditer(text)]
    certificates = [block for kind, block in blocks if kind == "CERTIFICATE"]
    keys = [block for kind, block in blocks if kind == "PRIVATE KEY"]
    if not certificates:
        raise refusal("holds no certificate. Give PEM: -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.")
    if other := next((kind for kind, _ in blocks if kind not in ("CERTIFICATE", "PRIVATE KEY")), None):
        remedy = f"Give the key as PKCS #8 without a passphrase: {_PKCS8}." if "KEY" in other else "Leave it out."
        raise refusal(f"holds a block {other}. {remedy}")
    if len(keys) != 1:
        raise refusal(f"holds {len(keys) or 'no'} private key{'s'[: len(keys)]}. Give one, as PKCS #8: {_PKCS8}.")
    if len(keys[0]) > LONGEST_KEY:
        raise refusal("has too large a private key. Use RSA with up to 4096 bits, or an elliptic curve.")
    return certificates, keys[0]


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    """The alternative names; without any, the common name."""
    try:
        given: Iterable[str] = leaf.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        given = [str(one.value) for one in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return tuple(name for one in given if _HOST.fullmatch(name := one.lower()))
