"""Domains for short links, and which Service uses which, over the API."""

from collections.abc import Callable
from typing import Any

from msgconsole.sids import new_sid
from tests.api_client import Api
from tests.contract import tables
from tests.contract.resources import World
from tests.contract.tables import check
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]
DOMAINS = "/v1/LinkShortening/Domains"


def test_a_domain_is_configured_and_its_configuration_changed(alice: Api, published: Published) -> None:
    path = f"{DOMAINS}/{new_sid('DN')}/Config"
    assert_error(alice.get(path), 404, 20404)
    made = alice.post(path, {"FallbackUrl": "https://example.com/", "ContinueOnFailure": "true"})
    assert made.status_code == 201
    check(made.json(), tables.DOMAIN_CONFIG)
    published("messaging.v1.domain_config", made.json())
    changed = alice.post(path, {"CallbackUrl": "https://example.com/clicks", "DisableHttps": "true"})
    assert changed.status_code == 200
    expected = {
        "config_sid": made.json()["config_sid"],
        "fallback_url": "https://example.com/",
        "callback_url": "https://example.com/clicks",
        "continue_on_failure": True,
        "disable_https": True,
    }
    assert {name: changed.json()[name] for name in expected} == expected
    assert alice.get(path).json() == changed.json()
    assert alice.post(path, {"FallbackUrl": ""}).json()["fallback_url"] is None
    assert_error(alice.post(path, {"FallbackUrl": "example.com"}), 400, 11100)
    assert_error(alice.post(f"{DOMAINS}/{new_sid('BU')}/Config"), 404, 20404)


def test_a_service_is_associated_with_a_domain_and_dissociated(alice: Api, published: Published) -> None:
    service = World(alice).service.sid
    domain = new_sid("DN")
    of_service = f"/v1/LinkShortening/MessagingServices/{service}/Domain"
    config = f"/v1/LinkShortening/MessagingService/{service}/DomainConfig"
    association = f"{DOMAINS}/{domain}/MessagingServices/{service}"
    for path in (of_service, config):
        assert_error(alice.get(path), 404, 20404)
    made = alice.post(association)
    assert made.status_code == 201
    check(made.json(), tables.SERVICE_DOMAIN)
    published("messaging.v1.linkshortening_messaging_service", made.json())
    shown = alice.get(of_service).json()
    check(shown, tables.SERVICE_DOMAIN)
    published("messaging.v1.linkshortening_messaging_service_domain_association", shown)
    assert shown["domain_sid"] == domain
    assert_error(alice.get(config), 404, 20404)
    assert alice.post(f"{DOMAINS}/{domain}/Config").status_code == 201
    shown = alice.get(config).json()
    check(shown, tables.SERVICE_DOMAIN_CONFIG)
    published("messaging.v1.domain_config_messaging_service", shown)
    assert_error(alice.post(f"{DOMAINS}/{new_sid('DN')}/MessagingServices/{service}"), 409, 20409)
    assert alice.post(association).status_code == 201
    answer = alice.delete(association)
    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(alice.delete(association), 404, 20404)
    assert_error(alice.get(of_service), 404, 20404)
