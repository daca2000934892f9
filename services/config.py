"""A Service's configuration as one frozen value, cached under a key that is never used twice.

The version is a column of the Service, read with it; every change adds 1 in its own transaction. So nothing is
ever invalidated: a changed Service has another key, and old entries age out.
"""

from dataclasses import dataclass

from django.core.cache import cache

from services.models import MessagingService
from services.optout.keywords import KeywordConfig
from services.queries import keyword_config, keyword_sets_of

KEEP_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """What steers a send or an inbound text. Times in seconds; empty URLs are None."""

    id: int
    sid: str
    account_id: int
    config_version: int
    friendly_name: str
    inbound_request_url: str | None
    inbound_method: str
    fallback_url: str | None
    fallback_method: str
    status_callback: str | None
    use_inbound_webhook_on_number: bool
    sticky_sender: bool
    area_code_geomatch: bool
    mms_converter: bool
    smart_encoding: bool
    validity_period: int
    usecase: str
    registered: bool
    advanced_opt_out: bool
    keywords: KeywordConfig


def get(service: MessagingService) -> ServiceConfig:
    """The configuration at the version the given row was read with."""
    key = f"service:{service.pk}:{service.config_version}"
    found: ServiceConfig | None = cache.get(key)
    if found is None:
        found = _read(service)
        cache.set(key, found, KEEP_SECONDS)
    return found


def _read(service: MessagingService) -> ServiceConfig:
    return ServiceConfig(
        id=service.pk,
        sid=service.sid,
        account_id=service.account_id,
        config_version=service.config_version,
        friendly_name=service.friendly_name,
        inbound_request_url=service.inbound_request_url,
        inbound_method=service.inbound_method,
        fallback_url=service.fallback_url,
        fallback_method=service.fallback_method,
        status_callback=service.status_callback,
        use_inbound_webhook_on_number=service.use_inbound_webhook_on_number,
        sticky_sender=service.sticky_sender,
        area_code_geomatch=service.area_code_geomatch,
        mms_converter=service.mms_converter,
        smart_encoding=service.smart_encoding,
        validity_period=service.validity_period,
        usecase=service.usecase,
        registered=service.us_app_to_person_registered,
        advanced_opt_out=service.advanced_opt_out,
        keywords=keyword_config(keyword_sets_of(service)),
    )
