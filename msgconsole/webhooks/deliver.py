"""Webhooks in and out of the outbox: queue one with the change that it announces, then make one try at a time.

Every try is stored, with what was answered. A receiver that fails never changes the thing it was told about.
"""

import random
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from msgconsole.outbox import handlers, queue
from msgconsole.outbox.backoff import delay
from msgconsole.outbox.models import OutboxEntry
from msgconsole.webhooks import client, overrides, signature
from msgconsole.webhooks.client import Answer
from msgconsole.webhooks.models import WebhookAttempt, WebhookDelivery

KIND = "webhooks.deliver"
TOKEN_HEADER = "I-Twilio-Idempotency-Token"  # noqa: S105 - a header's name
EXCERPT = 1000  # characters of an answer that are kept


def queue_delivery(
    *, account_id: int, subject_sid: str, event: str, url: str, params: Mapping[str, str], method: str = "POST"
) -> WebhookDelivery:
    """Store a webhook and the work of sending it, inside the current transaction."""
    delivery = WebhookDelivery.objects.create(
        account_id=account_id,
        subject_sid=subject_sid,
        event=event,
        url=url,
        method=method,
        params=dict(params),
        idempotency_token=secrets.token_hex(16),
    )
    queue.enqueue(KIND, str(delivery.pk), queue=OutboxEntry.Queue.CALLBACKS)
    return delivery


def run(entry: OutboxEntry) -> None:
    """The handler: one try; another later when the URL's retry policy says so."""
    delivery = WebhookDelivery.objects.select_related("account").filter(pk=int(entry.reference)).first()
    if delivery is None or delivery.status != WebhookDelivery.Status.PENDING:
        return
    chosen = overrides.parse(delivery.url)
    number = delivery.attempts.count() + 1
    answer = attempt(delivery, number, chosen)
    if not answer.ok and number <= chosen.retries and worth_another_try(answer, chosen):
        wait = delay(number, random.random(), most=60.0)  # noqa: S311 - jitter, not a secret
        raise handlers.Later(timezone.now() + timedelta(seconds=wait))
    delivery.status = WebhookDelivery.Status.DELIVERED if answer.ok else WebhookDelivery.Status.FAILED
    delivery.save(update_fields=["status"])


def attempt(delivery: WebhookDelivery, number: int, chosen: overrides.Overrides) -> Answer:
    """Sign and send once, outside any transaction, and store what happened."""
    token = delivery.account.auth_token
    if delivery.method == "GET":
        signed = signature.sign(token, client.get_url(delivery.url, delivery.params))
    else:
        signed = signature.sign(token, delivery.url, delivery.params)
    headers = {signature.HEADER: signed, TOKEN_HEADER: delivery.idempotency_token}
    answer = client.send(delivery.method, delivery.url, delivery.params, headers, chosen)
    WebhookAttempt.objects.create(
        delivery=delivery,
        number=number,
        duration_ms=answer.duration_ms,
        response_status=answer.status,
        response_excerpt=excerpt(answer.body),
        signature=signed,
        error_code=answer.error_code,
        error=answer.error[:300],
    )
    return answer


def worth_another_try(answer: Answer, chosen: overrides.Overrides) -> bool:
    """Does the URL's policy name this fault? By default only a connection that failed."""
    return answer.fault in chosen.policy


def excerpt(body: bytes) -> str:
    """The start of an answer as text. NUL is dropped: PostgreSQL cannot store it."""
    return body[: EXCERPT * 4].decode("utf-8", errors="replace").replace("\0", "")[:EXCERPT]
