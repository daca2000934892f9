"""Reads of Services."""

from collections.abc import Iterable
from typing import cast

from django.db.models import QuerySet

from msgconsole.accounts.models import Account
from services.models import MessagingService, OptOutKeywordSet
from services.optout.keywords import KeywordConfig, Layer, Row, SetKind


def services_of(account: Account) -> QuerySet[MessagingService]:
    """The account's Services, newest first."""
    return MessagingService.objects.filter(account=account).order_by("-id")


def keyword_sets_of(service: MessagingService) -> QuerySet[OptOutKeywordSet]:
    return OptOutKeywordSet.objects.filter(service=service).order_by("layer", "country", "language", "kind")


def keyword_config(rows: Iterable[OptOutKeywordSet]) -> KeywordConfig:
    """Stored keyword sets as the value that ``services.optout`` judges with."""
    return KeywordConfig.from_rows(
        Row(
            cast(Layer, row.layer),
            row.country,
            row.language,
            cast(SetKind, row.kind),
            tuple(row.keywords),
            row.message,
        )
        for row in rows
    )
