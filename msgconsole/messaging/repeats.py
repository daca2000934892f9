"""A send that may be tried again without sending twice: the caller's token names it.

The token is stored in the transaction that accepts the message. Of two requests with one token, also at the same
moment, the unique constraint lets one through; the other finds its message. Remembered for 24 hours.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils import timezone

from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.messaging import actions
from msgconsole.messaging.models import IdempotentRequest, Message
from msgconsole.messaging.queries import message_for_sid
from msgconsole.messaging.requests import MessageRequest

REMEMBERED_FOR = timedelta(hours=24)
LONGEST_TOKEN = 128
CLEARED_AT_ONCE = 20  # outdated rows that each new one takes away


@dataclass(frozen=True, slots=True)
class Once:
    """A request under its token."""

    account: Account
    token: str
    digest: str

    def earlier(self) -> Message | None:
        """The message that the token stands for. Raises 20409 for a request that is not the same, or a message gone."""
        fresh = timezone.now() - REMEMBERED_FOR
        rows = IdempotentRequest.objects.filter(account=self.account, token=self.token, date_created__gt=fresh)
        known = rows.first()
        if known is None:
            return None
        if known.digest != self.digest:
            raise Refused(20409, f"The idempotency token was used for {known.message_sid}, with other parameters.")
        message = message_for_sid(self.account, known.message_sid)
        if message is None:
            raise Refused(20409, f"The idempotency token was used for {known.message_sid}, which is deleted.")
        return message

    def remember(self, message: Message) -> None:
        """Within the transaction that stores the message."""
        now = message.date_created
        IdempotentRequest.objects.filter(
            account=self.account, token=self.token, date_created__lte=now - REMEMBERED_FOR
        ).delete()
        _clear(now - REMEMBERED_FOR)
        IdempotentRequest.objects.create(
            account=self.account, token=self.token, digest=self.digest, message_sid=message.sid, date_created=now
        )


def submit_once(*, account: Account, request: MessageRequest, actor: Actor, token: str, origin: str = "api") -> Message:
    """Accept a message, or answer the one that the same request with the same token made before."""
    if len(token) > LONGEST_TOKEN:
        raise Refused(20001, f"The idempotency token has {len(token)} characters: give at most {LONGEST_TOKEN}.")
    once = Once(account, token, digest_of(request))
    if (message := once.earlier()) is not None:
        return message
    try:
        return actions.submit_message(
            account=account, request=request, actor=actor, origin=origin, on_stored=once.remember
        )
    except IntegrityError:
        # Someone else was quicker by a moment, and has committed by now: the constraint waited for that.
        if (message := once.earlier()) is not None:
            return message
        raise


def digest_of(request: MessageRequest) -> str:
    """The same parameters give the same digest, in whatever order they came."""
    values = json.dumps(asdict(request), sort_keys=True, default=str)
    return hashlib.sha256(values.encode()).hexdigest()


def _clear(before: datetime) -> None:
    """Take a few outdated rows away; those that another send is taking are left to it."""
    old = IdempotentRequest.objects.filter(date_created__lte=before).select_for_update(skip_locked=True)
    outdated = list(old.order_by("date_created").values_list("pk", flat=True)[:CLEARED_AT_ONCE])
    if outdated:
        IdempotentRequest.objects.filter(pk__in=outdated).delete()
