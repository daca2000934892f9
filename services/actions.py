"""Writes to Messaging Services. Each is one transaction: validated, audited, under a new ``config_version``."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from services import hooks
from services.keyword_actions import (
    remove_keyword_place,
    set_advanced_opt_out,
    set_keyword_place,
    set_keywords,
    store_defaults,
)
from services.models import MessagingService
from services.models.service import LONGEST_URL, LONGEST_VALIDITY_PERIOD
from services.urls import is_web_url
from services.versions import bump_version, locked, switch

__all__ = [
    "bump_version",
    "create_service",
    "delete_service",
    "remove_keyword_place",
    "set_advanced_opt_out",
    "set_keyword_place",
    "set_keywords",
    "set_us_app_to_person_registered",
    "update_service",
]

LONGEST_NAME = 64
URLS = ("inbound_request_url", "fallback_url", "status_callback")
METHODS = ("inbound_method", "fallback_method")
SWITCHES = (
    "use_inbound_webhook_on_number",
    "sticky_sender",
    "area_code_geomatch",
    "mms_converter",
    "smart_encoding",
    "fallback_to_long_code",
    "synchronous_validation",
)
SETTINGS = (
    "friendly_name",
    *URLS,
    *METHODS,
    *SWITCHES,
    "validity_period",
    "usecase",
    "scan_message_content",
    "sending_windows",
)
"""What ``create_service`` and ``update_service`` take: the names of the model's fields."""


def create_service(
    *, account: Account, actor: Actor, friendly_name: str | None = None, **given: Any
) -> MessagingService:
    """Make a Service with the default keywords. Settings not given (see ``SETTINGS``) have the model's defaults.

    An inbound URL given alone means "use it": ``use_inbound_webhook_on_number`` is then off unless it is given too.
    """
    if friendly_name is None:
        raise Refused(20001, "Missing required parameter FriendlyName in the post body", field="friendly_name")
    values = _checked({"friendly_name": friendly_name, **given})
    if "use_inbound_webhook_on_number" not in values:
        values["use_inbound_webhook_on_number"] = not values.get("inbound_request_url")
    service = MessagingService(account=account, **values)
    with transaction.atomic():
        # The account's row is the lock: two creates at once must not both take the last place.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        limit = settings.MSGCONSOLE_SERVICE_LIMIT
        if MessagingService.objects.filter(account=account).count() >= limit:
            raise Refused(21102, f"Account {account.sid} has {limit} Services, the most it may have. Delete one first.")
        _full_clean(service)
        service.save(force_insert=True)
        store_defaults(service)
        audit.record(account=account, actor=actor, action="service.created", obj=service, after=audit.snapshot(service))
    return service


def update_service(*, service: MessagingService, actor: Actor, **given: Any) -> MessagingService:
    """Change the settings given (see ``SETTINGS``); what is not named stays. ``""`` clears a URL."""
    values = _checked(given)
    with transaction.atomic():
        current = locked(service)
        before = audit.snapshot(current)
        for name, value in values.items():
            setattr(current, name, value)
        after = audit.snapshot(current)
        if changed := audit.differences(before, after):
            _full_clean(current)
            hooks.run_before_update(current, frozenset(changed))
            current.save(update_fields=[*values, "date_updated"])
            current.config_version = bump_version(current.pk)
            audit.record(
                account=current.account,
                actor=actor,
                action="service.updated",
                obj=current,
                before=before,
                after=after,
            )
    return current


def delete_service(*, service: MessagingService, actor: Actor) -> None:
    """Take a Service away with its pool entries, mappings and keywords. Numbers and messages stay."""
    with transaction.atomic():
        current = locked(service)
        before = audit.snapshot(current)
        hooks.run_before_delete(current, actor)
        audit.record(account=current.account, actor=actor, action="service.deleted", obj=current, before=before)
        current.delete()


def set_us_app_to_person_registered(*, service: MessagingService, registered: bool, actor: Actor) -> MessagingService:
    """Note whether a campaign of the Service is verified. Called by compliance, never by a request's parameter."""
    return switch(service, "us_app_to_person_registered", registered, actor)


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """The settings in the form they are stored, or a refusal with the code that clients know."""
    if unknown := set(given) - set(SETTINGS):
        raise TypeError(f"not settings of a Service: {sorted(unknown)}")
    values = dict(given)
    if "friendly_name" in values:
        name = values["friendly_name"] or ""
        if not name.strip():
            raise Refused(20002, "FriendlyName is empty: give 1 to 64 characters.", field="friendly_name")
        if len(name) > LONGEST_NAME:
            raise Refused(
                20002,
                f"FriendlyName has {len(name)} characters: give 1 to {LONGEST_NAME}.",
                field="friendly_name",
            )
    for field in URLS:
        if field in values:
            values[field] = _url(field, values[field])
    for field in METHODS:
        if field in values and values[field] not in MessagingService.Method.values:
            raise Refused(20001, f"{_wire(field)} is {values[field]!r}: use GET or POST.", field=field)
    if "validity_period" in values and not 1 <= values["validity_period"] <= LONGEST_VALIDITY_PERIOD:
        raise Refused(
            21624,
            f"ValidityPeriod is {values['validity_period']}: give 1 to {LONGEST_VALIDITY_PERIOD} seconds.",
            field="validity_period",
        )
    _one_of(values, "usecase", MessagingService.Usecase.values, 21713)
    _one_of(values, "scan_message_content", MessagingService.ScanMessageContent.values, 20001)
    return values


def _url(field: str, value: str | None) -> str | None:
    if not value:
        return None
    if len(value) > LONGEST_URL or not is_web_url(value):
        raise Refused(
            11100,
            f"{_wire(field)} is not an absolute http or https URL of at most {LONGEST_URL} characters: {value[:200]}",
            field=field,
        )
    return value


def _one_of(values: dict[str, Any], field: str, known: list[str], code: int) -> None:
    if field in values and values[field] not in known:
        raise Refused(code, f"{_wire(field)} is {values[field]!r}: use one of {', '.join(known)}.", field=field)


def _full_clean(service: MessagingService) -> None:
    """The net under ``_checked``: whatever a field itself refuses becomes the general 400."""
    try:
        service.full_clean()
    except ValidationError as invalid:
        field, messages = next(iter(invalid.message_dict.items()))
        raise Refused(20001, f"{_wire(field)}: {messages[0]}", field=field) from invalid


def _wire(field: str) -> str:
    return "".join(part.capitalize() for part in field.split("_"))
