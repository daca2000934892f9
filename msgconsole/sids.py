"""SIDs: two letters that name the kind of thing, and 32 hex digits.

The first 12 hex digits are the creation time in milliseconds, so that SIDs made later sort later and a unique
index on them grows at one end; 4 more count within the millisecond, so that those of one process never change places;
the other 16 are random. Pure apart from reading the clock and the system's random source, which is what an
identifier is made of.
"""

import re
import secrets
import threading
import time

PATTERN = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}\Z")

_turn = threading.Lock()
_last_stamp = 0


def new_sid(prefix: str) -> str:
    """Return a new SID such as ``MG018f…`` (34 characters)."""
    if len(prefix) != 2 or not prefix.isupper():
        raise ValueError(f"SID prefix must be two capital letters, not {prefix!r}")
    return f"{prefix}{_stamp():016x}{secrets.token_hex(8)}"


def _stamp() -> int:
    """Milliseconds and a count, 48 and 16 bits; always more than the last one, even if the clock was set back."""
    global _last_stamp
    with _turn:
        _last_stamp = max((time.time_ns() // 1_000_000) << 16, _last_stamp + 1)
        return _last_stamp


def is_sid(value: object, *prefixes: str) -> bool:
    """Is ``value`` a well-formed SID, with one of ``prefixes`` where any are given?"""
    if not isinstance(value, str) or not PATTERN.match(value):
        return False
    return not prefixes or value[:2] in prefixes
