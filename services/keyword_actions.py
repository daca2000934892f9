"""Writes to a Service's opt-out keywords: the sets at each place, and whether they apply."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.error_codes import Refused
from services.models import MessagingService, OptOutKeywordSet
from services.optout.keywords import DEFAULTS, KINDS, LANGUAGES
from services.optout.validate import validate
from services.queries import keyword_config
from services.versions import bump_version, locked, switch

Layer = OptOutKeywordSet.Layer


def store_defaults(service: MessagingService) -> None:
    """Give a new Service the standard keywords and replies. Part of the transaction that makes it."""
    OptOutKeywordSet.objects.bulk_create(
        OptOutKeywordSet(
            service=service,
            layer=Layer.STANDARD,
            kind=kind,
            keywords=list(DEFAULTS.of(kind).keywords),
            message=DEFAULTS.of(kind).message,
        )
        for kind in KINDS
    )


def set_keywords(
    *,
    service: MessagingService,
    actor: Actor,
    kind: str,
    keywords: Iterable[str],
    message: str,
    layer: str = Layer.STANDARD,
    country: str = "",
    language: str = "",
) -> OptOutKeywordSet:
    """Set the words and the reply of one kind (opt_out, opt_in, help) at one place.

    A place is the standard layer, a language, or a country with a language. The whole configuration is judged as
    it would be afterwards: a word twice in one place, a lost STOP or a reply too long is refused.
    """
    place = {kind: (keywords, message)}
    return set_keyword_place(service=service, actor=actor, sets=place, layer=layer, country=country, language=language)[
        0
    ]


def set_keyword_place(
    *,
    service: MessagingService,
    actor: Actor,
    sets: Mapping[str, tuple[Iterable[str], str]],
    layer: str = Layer.STANDARD,
    country: str = "",
    language: str = "",
) -> list[OptOutKeywordSet]:
    """Set several kinds of one place at once: kind → (words, reply). They are judged together, so that a word may
    move from one kind to another. A set without words and reply is taken away."""
    _check_place(layer, country, language)
    if unknown := [kind for kind in sets if kind not in OptOutKeywordSet.Kind.values]:
        raise Refused(20001, f"{unknown[0]!r} is no kind of keyword: use opt_out, opt_in or help.", field="kind")
    with transaction.atomic():
        current = locked(service)
        rows = list(OptOutKeywordSet.objects.filter(service=current))
        here = {row.kind: row for row in rows if (row.layer, row.country, row.language) == (layer, country, language)}
        before = {kind: audit.snapshot(row, ["keywords", "message"]) for kind, row in here.items()}
        for kind, (keywords, message) in sets.items():
            if kind not in here:
                here[kind] = OptOutKeywordSet(
                    service=current, layer=layer, country=country, language=language, kind=kind
                )
                rows.append(here[kind])
            here[kind].keywords = [word for word in (raw.strip() for raw in keywords) if word]
            here[kind].message = message.strip()
        after = {kind: audit.snapshot(here[kind], ["keywords", "message"]) for kind in sets}
        nothing = {"keywords": [], "message": ""}
        changed = [kind for kind in sets if before.get(kind, nothing) != after[kind]]
        if changed:
            _check(rows)
        for kind in changed:
            row = here[kind]
            if row.keywords or row.message:
                row.full_clean()
                row.save()
            elif row.pk is not None:
                row.delete()
            _changed(current, actor, "keywords.set", here[kind], before.get(kind, {}), after[kind])
    return [here[kind] for kind in sets]


def remove_keyword_place(
    *, service: MessagingService, actor: Actor, layer: str, country: str = "", language: str = ""
) -> int:
    """Take a language, or a country's language, away with all its sets; returns how many. The standard layer stays."""
    if layer == Layer.STANDARD:
        raise Refused(20001, "The standard keywords cannot be removed; change them instead.", field="layer")
    with transaction.atomic():
        current = locked(service)
        rows = list(OptOutKeywordSet.objects.filter(service=current, layer=layer, country=country, language=language))
        if not rows:
            raise Refused(20404, f"There are no keywords for {' '.join(filter(None, (country, language)))}.")
        before = {row.kind: row.keywords for row in rows}
        OptOutKeywordSet.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _changed(current, actor, "keywords.removed", rows[0], before, {})
    return len(rows)


def set_advanced_opt_out(*, service: MessagingService, enabled: bool, actor: Actor) -> MessagingService:
    """Let the Service's own keywords apply, or the platform's defaults again."""
    return switch(service, "advanced_opt_out", enabled, actor)


def _check_place(layer: str, country: str, language: str) -> None:
    if layer not in Layer.values:
        raise Refused(20001, f"{layer!r} is no layer: use standard, language or country.", field="layer")
    if bool(country) != (layer == Layer.COUNTRY):
        raise Refused(20001, "A country goes with the country layer, and only with it.", field="country")
    if bool(language) == (layer == Layer.STANDARD):
        raise Refused(20001, "A language goes with every layer but the standard one.", field="language")
    if language and language not in LANGUAGES:
        raise Refused(20001, f"{language!r} is not among the languages: {', '.join(LANGUAGES)}.", field="language")


def _check(rows: list[OptOutKeywordSet]) -> None:
    """Refuse the configuration the rows make up, naming the first fault."""
    for problem in validate(keyword_config(rows)):
        raise Refused(20001, str(problem), field=problem.field)


def _changed(
    service: MessagingService,
    actor: Actor,
    action: str,
    row: OptOutKeywordSet,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    bump_version(service.pk)
    audit.record(
        account=service.account,
        actor=actor,
        action=action,
        obj=service,
        before=before,
        after=after,
        label=f"{service.friendly_name}: {row}",
    )
