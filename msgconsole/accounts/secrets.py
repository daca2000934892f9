"""Secrets at rest: auth tokens encrypted, API key secrets as digests, both compared in constant time."""

import base64
import functools
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings


@functools.lru_cache(maxsize=4)
def _fernet(key: str) -> Fernet:
    digest = hashlib.sha256(b"msgconsole secrets at rest:" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _box() -> Fernet:
    return _fernet(settings.MSGCONSOLE_ENCRYPTION_KEY or settings.SECRET_KEY)


def encrypt(clear: str) -> bytes:
    return _box().encrypt(clear.encode())


def decrypt(sealed: bytes) -> str:
    return _box().decrypt(sealed).decode()


def new_token() -> str:
    """A fresh auth token: 32 hex digits, the form clients expect."""
    return secrets.token_hex(16)


def new_encrypted_token() -> bytes:
    return encrypt(new_token())


def new_key_secret() -> str:
    """A fresh API key secret: 32 characters of letters and digits (190 bits)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(32))


def digest(secret: str) -> str:
    """SHA-256 in hex. Key secrets are long and random, so a slow password hash would buy nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
