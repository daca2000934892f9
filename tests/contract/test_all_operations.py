"""Every operation of the original that is served, asked for by the official Python client, unmodified, over HTTP.

What is answered is held against our own document (every declared property, its type, no other), and against the
published schema where this machine has it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from msgconsole.api.operations import Declared, all_declared, find, shape_of
from msgconsole.api.schema import document
from msgconsole.outbox import queue
from msgconsole.sids import new_sid
from tests import factories
from tests.contract.conftest import SCHEMAS, _plain
from tests.contract.extra import EXTRA, UNPUBLISHED
from tests.pem import HOST, any_pem

pytestmark = pytest.mark.django_db(transaction=True)
TO = "+14155550123"
ORIGINAL = {
    one.operation.id
    for one in all_declared()
    if not one.path.startswith("/msgconsole/") and one.operation.id not in EXTRA | UNPUBLISHED
}


class Recorder(TwilioHttpClient):
    """The client's own HTTP client, which also keeps what was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[str, str, int, str]] = []

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        response = super().request(method, url, *args, **kwargs)
        self.answers.append((method.upper(), urlsplit(url).path, response.status_code, response.text))
        return response


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def client(transactional_db: None, live_server: Any, recorder: Recorder) -> Client:
    account = factories.account()
    made = Client(account.sid, account.auth_token, http_client=recorder)
    made.messaging.base_url = made.api.base_url = live_server.url
    made.ours = account  # for what only the console can make
    return made


def walk(client: Client) -> Iterator[object]:
    """Every call, one after the other. What it yields must be true."""
    v1 = client.messaging.v1
    yield from walk_accounts(client)
    yield from walk_numbers(client)
    service = v1.services.create(friendly_name="Reminders")
    yield v1.services(service.sid).fetch().sid == service.sid
    yield service.sid in [row.sid for row in v1.services.list()]
    yield v1.services(service.sid).update(friendly_name="New").friendly_name == "New"
    yield len(v1.usecases.fetch().usecases) == 6
    yield from walk_pool(client, service.sid)
    yield from walk_messages(client, service.sid)
    yield from walk_registrations(client, service.sid)
    yield from walk_links(client, service.sid)
    yield v1.services(service.sid).delete()


def walk_accounts(client: Client) -> Iterator[object]:
    accounts = client.api.v2010.accounts
    child = accounts.create(friendly_name="Part")
    yield accounts(child.sid).fetch().owner_account_sid == client.account_sid
    yield accounts(child.sid).update(status="suspended").status == "suspended"
    yield len(accounts.list()) == 2
    yield client.balance.fetch().currency == "USD"
    for new, kind in ((client.new_keys, client.keys), (client.new_signing_keys, client.signing_keys)):
        made = new.create(friendly_name="CI")
        yield made.secret
        yield [row.sid for row in kind.list()] == [made.sid]
        yield kind(made.sid).fetch().friendly_name == "CI"
        yield kind(made.sid).update(friendly_name="CD").friendly_name == "CD"
        yield kind(made.sid).delete()


def walk_numbers(client: Client) -> Iterator[object]:
    numbers = client.incoming_phone_numbers
    for kind, number in ((numbers.local, "+14155550177"), (numbers.mobile, "+447400123456")):
        made = kind.create(phone_number=number)
        yield [row.sid for row in kind.list()] == [made.sid]
    free = numbers.toll_free.create(phone_number="+18885550177")
    yield [row.sid for row in numbers.toll_free.list()] == [free.sid]
    made = numbers.create(area_code="415")
    yield numbers(made.sid).fetch().phone_number == made.phone_number
    yield numbers(made.sid).update(friendly_name="Desk").friendly_name == "Desk"
    yield len(numbers.list()) == 4
    yield numbers(made.sid).delete()
    code = factories.short_code(client.ours)
    yield [row.sid for row in client.short_codes.list()] == [code.sid]
    yield client.short_codes(code.sid).fetch().short_code == code.address
    yield client.short_codes(code.sid).update(friendly_name="Votes").friendly_name == "Votes"


def walk_pool(client: Client, sid: str) -> Iterator[object]:
    pool = client.messaging.v1.services(sid)
    number = client.incoming_phone_numbers.create(phone_number="+14155550100")
    channel = factories.channel_sender(client.ours)
    made = (
        (pool.phone_numbers, {"phone_number_sid": number.sid}),
        (pool.short_codes, {"short_code_sid": factories.short_code(client.ours).sid}),
        (pool.channel_senders, {"sid": channel.sid}),
        (pool.alpha_senders, {"alpha_sender": "ACME"}),
        (pool.destination_alpha_senders, {"alpha_sender": "ACME FR", "iso_country_code": "FR"}),
    )
    for kind, given in made:
        one = kind.create(**given)
        yield [row.sid for row in kind.list()] == [one.sid]
        yield kind(one.sid).fetch().sid == one.sid
        yield kind(one.sid).delete()
    pool.phone_numbers.create(phone_number_sid=number.sid)


def walk_messages(client: Client, sid: str) -> Iterator[object]:
    message = client.messages.create(
        messaging_service_sid=sid, to=TO, body="Hello", media_url=["https://example.com/a.jpg"]
    )
    queue.drain(until_idle=True)
    one = client.messages(message.sid)
    yield one.fetch().status == "delivered"
    yield [row.sid for row in client.messages.list(to=TO)] == [message.sid]
    yield one.feedback.create(outcome="confirmed").outcome == "confirmed"
    (medium,) = one.media.list()
    yield one.media(medium.sid).fetch().content_type == "image/jpeg"
    yield one.media(medium.sid).delete()
    yield one.update(body="").body == ""
    yield one.delete()


def walk_registrations(client: Client, sid: str) -> Iterator[object]:
    v1 = client.messaging.v1
    brand = v1.brand_registrations.create(
        customer_profile_bundle_sid=new_sid("BU"), a2p_profile_bundle_sid=new_sid("BU")
    )
    yield v1.brand_registrations(brand.sid).update().status == "PENDING"
    queue.drain(until_idle=True)
    yield v1.brand_registrations(brand.sid).fetch().status == "APPROVED"
    yield len(v1.brand_registrations.list()) == 1
    yield brand.brand_registration_otps.create().brand_registration_sid == brand.sid
    vetting = brand.brand_vettings.create(vetting_provider="aegis")
    yield brand.brand_vettings(vetting.brand_vetting_sid).fetch().brand_sid == brand.sid
    yield len(brand.brand_vettings.list()) == 1
    ours = v1.services(sid)
    yield ours.us_app_to_person_usecases.fetch().us_app_to_person_usecases
    campaign = ours.us_app_to_person.create(brand_registration_sid=brand.sid, **factories.CAMPAIGN)
    yield ours.us_app_to_person(campaign.sid).fetch().campaign_status == "PENDING"
    yield [row.sid for row in ours.us_app_to_person.list()] == [campaign.sid]
    change = {name: value for name, value in factories.CAMPAIGN.items() if name != "us_app_to_person_usecase"}
    yield ours.us_app_to_person(campaign.sid).update(**change, age_gated=True, direct_lending=False).age_gated
    yield ours.us_app_to_person(campaign.sid).delete()
    yield v1.external_campaign.create(campaign_id="CX12345", messaging_service_sid=sid).campaign_id == "CX12345"
    number = factories.number(client.ours, "+18885550199", registration="unverified")
    asked = v1.tollfree_verifications.create(tollfree_phone_number_sid=number.sid, **factories.TOLLFREE)
    yield v1.tollfree_verifications(asked.sid).fetch().tollfree_phone_number == "+18885550199"
    yield [row.sid for row in v1.tollfree_verifications.list()] == [asked.sid]
    yield v1.tollfree_verifications(asked.sid).update(business_name="Acme Ltd").business_name == "Acme Ltd"
    yield v1.tollfree_verifications(asked.sid).delete()
    day = datetime.now(UTC).date() - timedelta(days=1)
    yield v1.deactivations().fetch(date=date(day.year, day.month, day.day)).redirect_to


def walk_links(client: Client, sid: str) -> Iterator[object]:
    v1 = client.messaging.v1
    domain = new_sid("DN")
    yield v1.domain_config(domain).update(fallback_url="https://example.com/").config_sid
    yield v1.domain_config(domain).update(continue_on_failure=True).continue_on_failure
    yield v1.domain_config(domain).fetch().domain_sid == domain
    yield v1.linkshortening_messaging_service(domain, sid).create().domain_sid == domain
    yield v1.linkshortening_messaging_service_domain_association(sid).fetch().domain_sid == domain
    yield v1.domain_config_messaging_service(sid).fetch().messaging_service_sid == sid
    yield v1.linkshortening_messaging_service(domain, sid).delete()
    yield v1.domain_validate_dns(domain).fetch().is_valid
    yield v1.request_managed_cert(domain).update().requesting
    queue.drain(until_idle=True)
    yield v1.request_managed_cert(domain).update().managed
    uploaded = v1.domain_certs(domain).update(tls_cert=any_pem())
    yield uploaded.cert_in_validation["status"] == "validating"
    queue.drain(until_idle=True)
    yield v1.domain_certs(domain).fetch().domain_name == f"https://{HOST}"
    yield v1.domain_certs(domain).delete()
    yield v1.domain_certs(domain).update(tls_cert=any_pem()).certificate_sid


def test_the_client_reaches_every_operation_and_gets_what_is_declared(
    client: Client, recorder: Recorder, record_property: Any
) -> None:
    for place, true in enumerate(walk(client)):
        assert true, f"call {place}: {recorder.answers[-1]}"
    published = Published()
    reached, with_schema = set(), set()
    for method, path, status, text in recorder.answers:
        declared = operation_at(method, path)
        assert status in declared.operation.answers, (declared.operation.id, status, text)
        reached.add(declared.operation.id)
        ours = document()["paths"][declared.template][method.lower()]["responses"][str(status)]
        if "content" not in ours:
            assert text == ""
            continue
        schema = ours["content"]["application/json"]["schema"]
        jsonschema.validate(json.loads(text), _plain(schema, document()["components"]["schemas"]))
        if published.check(method, declared.template, status, json.loads(text)):
            with_schema.add(declared.operation.id)
    assert reached == ORIGINAL | UNPUBLISHED
    assert len(ORIGINAL) == 91
    said = f"operations: {len(reached & ORIGINAL)}/{len(ORIGINAL)}, {len(reached & UNPUBLISHED)} more that it calls"
    if with_schema:
        said += f" ({len(with_schema)} with a body, each as published)"
    record_property("summary", said)


def operation_at(method: str, path: str) -> Declared:
    """The operation at an address as it was called: fixed words win over variable parts."""
    found = find(method, path)
    if found is not None:
        return found
    words = path.lstrip("/").split("/")
    fitting = [one for one in all_declared() if one.method == method and fits(shape_of(one.path).split("/"), words)]
    return max(fitting, key=lambda one: sum("*" not in part for part in shape_of(one.path).split("/")))


def fits(shape: list[str], words: list[str]) -> bool:
    return len(shape) == len(words) and all(
        part == word or (part.startswith("*") and word.endswith(part[1:]) and len(word) == 34 + len(part) - 1)
        for part, word in zip(shape, words, strict=True)
    )


class Published:
    """The published documents, where they lie beside the project. They are not ours to ship."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {}
        for file in sorted(SCHEMAS.glob("*.json")):
            whole = json.loads(file.read_text(encoding="utf-8"))
            for path, methods in whole["paths"].items():
                for method, operation in methods.items():
                    self.found[method.upper(), shape_of(path)] = (operation, whole["components"]["schemas"])

    def check(self, method: str, template: str, status: int, body: Any) -> bool:
        """Hold a body against its schema; False where there is none."""
        if (method, shape_of(template)) not in self.found:
            return False
        operation, schemas = self.found[method, shape_of(template)]
        schema = next(iter(operation["responses"][str(status)]["content"].values()))["schema"]
        jsonschema.validate(body, _plain(schema, schemas))
        return True


def test_what_is_published_is_declared_with_every_parameter() -> None:
    """Where the published documents are at hand: no operation, parameter or status of theirs is missing in ours."""
    for (method, shape), (theirs, _) in Published().found.items():
        if method not in ("GET", "POST", "DELETE"):
            continue
        declared = find(method, shape.replace("*", "{x}"))
        assert declared is not None, (method, shape)
        form = theirs.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
        for name in form.get("schema", {}).get("properties", {}):
            known = {one.rstrip("!") for one in declared.operation.form}
            assert name in known, (declared.operation.id, name)
        for param in theirs.get("parameters", []):
            if param.get("in") == "query" and not param["name"].startswith("Page"):
                assert param["name"] in {one.name for one in declared.query}, (declared.operation.id, param["name"])
        assert {str(status) for status in declared.operation.answers} & set(theirs["responses"])
