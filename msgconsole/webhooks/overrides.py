"""Connection settings that ride in a URL's fragment: ``https://example.com/hook#rc=2&rp=5xx,rt&ct=1000``. Pure.

Source: the original's page on webhook connection overrides (facts restated, November 2026).
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

POLICIES = frozenset({"4xx", "5xx", "ct", "rt"})


@dataclass(frozen=True, slots=True)
class Overrides:
    """``retries`` after the first try; ``policy`` names the faults worth one; timeouts in milliseconds.

    ``ct``: connecting or TLS failed. ``rt``: the answer did not come in time. ``4xx`` and ``5xx``: its status.
    """

    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    connect_ms: int = 5_000
    read_ms: int = 15_000
    total_ms: int = 15_000


def parse(url: str) -> Overrides:
    """Read the fragment of ``url``. What is unknown or out of range is ignored, and the default holds."""
    given = dict(parse_qsl(urlsplit(url).fragment, keep_blank_values=False))
    default = Overrides()
    names = {name.strip() for name in given.get("rp", "").lower().split(",")}
    policy = POLICIES if "all" in names else frozenset(names & POLICIES)
    return Overrides(
        retries=_number(given.get("rc"), 0, 5, default.retries),
        policy=policy or default.policy,
        connect_ms=_number(given.get("ct"), 100, 10_000, default.connect_ms),
        read_ms=_number(given.get("rt"), 100, 15_000, default.read_ms),
        total_ms=_number(given.get("tt"), 100, 15_000, default.total_ms),
    )


def _number(raw: str | None, least: int, most: int, default: int) -> int:
    if raw is None or not raw.isascii() or not raw.isdigit():
        return default
    value = int(raw)
    return value if least <= value <= most else default
