"""Typed readers for environment variables. A bad value stops the start and names the variable, value and remedy."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def given(name: str) -> str | None:
    """The variable, or the content of the file named by ``NAME_FILE`` (for mounted secrets), or None."""
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error.strerror}") from error
    return None


def text(name: str, default: str = "") -> str:
    raw = given(name)
    return default if raw is None else raw


def boolean(name: str, default: bool) -> bool:
    raw = given(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither true nor false. Use 1 or 0.")


def integer(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    raw = given(name)
    if raw is None or raw == "":
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}={value} is outside {least} to {most}.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    raw = given(name)
    if raw is None:
        return default
    return [word.strip() for word in raw.split(",") if word.strip()]


def database(name: str, default: dict[str, object]) -> dict[str, object]:
    """``postgres://user:password@host:port/name?option=value`` as a Django DATABASES entry."""
    raw = text(name)
    if not raw:
        return default
    url = urlsplit(raw)
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} must start with postgres:// (got {url.scheme or 'nothing'}://). Leave it unset for SQLite."
        )
    if not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no database: end it with /name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }
