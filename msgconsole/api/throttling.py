"""A rate limit per account: so many calls in one second of the clock, then 429/20429 until the next one begins.

Counted in the cache named ``counters``. Its default is this process's memory, which is exact for one process and for
each process of many; ``MSGCONSOLE_CACHE_URL`` names a Redis that all processes count in together. A cache that cannot
be reached limits nobody: the limit protects the service, and must not be what stops it.
"""

import logging
import math
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:  # at run time the view's module imports this one
    from rest_framework.views import APIView

log = logging.getLogger(__name__)
KEPT = 5  # seconds a second's count is kept


class AccountThrottle(BaseThrottle):
    """Calls with valid credentials count for the account that they belong to; a subaccount has its own count."""

    left_of_second = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        account: Any = getattr(request.user, "account", None)
        if account is None:
            return True  # it is about to be refused
        now = time.time()
        second = math.floor(now)
        self.left_of_second = second + 1 - now
        return _count(f"rate:{account.pk}:{second}") <= settings.MSGCONSOLE_RATE_LIMIT

    def wait(self) -> float:
        """Seconds until the next second begins, as whole ones: Retry-After knows no parts."""
        return math.ceil(self.left_of_second)


def _count(key: str) -> int:
    """Add one and return the sum, in one step of the cache that no other thread or process can come between."""
    counters = caches["counters"]
    try:
        if counters.add(key, 1, KEPT):
            return 1
        return int(counters.incr(key))
    except Exception as away:
        log.warning("The rate limit cannot be counted: %s", away)
        return 0
