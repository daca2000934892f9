"""Every resource of the API, described once: the tests of ``test_every_resource`` hold for each of them."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgconsole.accounts.models import Account
from msgconsole.api.forms import pascal
from msgconsole.messaging.models import Message
from msgconsole.sids import new_sid
from senders.models import PoolMember, Sender
from services.compliance.models import BrandRegistration, Campaign
from services.compliance.queries import campaign_of
from services.linkshortening.actions import associate, set_config, upload_certificate
from services.linkshortening.models import Domain
from services.models import MessagingService
from tests import factories
from tests.api_client import Api
from tests.contract import tables
from tests.pem import any_pem


class World:
    """A caller with what the resources hang on, made when first asked for."""

    def __init__(self, api: Api) -> None:
        assert api.account
        self.api = api
        self.account: Account = api.account

    @cached_property
    def service(self) -> MessagingService:
        return factories.service(self.account)

    @cached_property
    def message(self) -> Message:
        return factories.message(self.account, service=self.service)

    @cached_property
    def brand(self) -> BrandRegistration:
        return factories.brand(self.account)

    @property
    def campaign(self) -> Campaign:
        """The one that the Service has, or a new one."""
        return campaign_of(self.service) or factories.campaign(self.service, self.brand)

    @cached_property
    def domain(self) -> Domain:
        """A domain for short links, with a certificate, which the Service uses."""
        domain_sid = new_sid("DN")
        domain, _ = set_config(account=self.account, actor=factories.ACTOR, domain_sid=domain_sid)
        associate(service=self.service, actor=factories.ACTOR, domain_sid=domain_sid)
        upload_certificate(account=self.account, actor=factories.ACTOR, domain_sid=domain_sid, tls_cert=any_pem())
        return domain

    def path(self, template: str, sid: str = "") -> str:
        known: dict[str, Callable[[], str]] = {
            "ac": lambda: self.account.sid,
            "mg": lambda: self.service.sid,
            "sm": lambda: self.message.sid,
            "bn": lambda: self.brand.sid,
            "dn": lambda: self.domain.sid,
            "sid": lambda: sid,
        }
        return template.format(**{name: make() for name, make in known.items() if f"{{{name}}}" in template})


@dataclass(frozen=True)
class Resource:
    """``make`` makes one and returns its SID; ``create`` gives the parameters of a create that succeeds."""

    name: str
    collection: str
    array: str
    table: dict[str, str]
    make: Callable[[World], str]
    item: str = ""
    schema: str = ""
    create: Callable[[World], dict[str, Any]] | None = None
    create_status: int = 201
    also_created: dict[str, str] = field(default_factory=dict)
    # How many rows the list has before the test makes any: an account's own row.
    given: int = 0
    # How many there can be: a Service has one plain alpha sender.
    at_most: int = 1000
    collection_methods: tuple[str, ...] = ("GET", "POST")
    item_methods: tuple[str, ...] = ("GET", "POST", "DELETE")

    @property
    def is_v1(self) -> bool:
        return self.collection.startswith("/v1/")

    def __str__(self) -> str:
        return self.name


OWN = "/2010-04-01/Accounts/{ac}"


POOL = "/v1/Services/{mg}"


def _key(kind: str) -> Callable[[World], str]:
    return lambda world: factories.key(world.account, friendly_name="CI", kind=kind)[0].sid


def _number(world: World) -> Sender:
    return factories.number(world.account)


def _pool(
    tail: str,
    array: str,
    *,
    table: dict[str, str],
    schema: str,
    sender: Callable[[World], Sender],
    parameter: str,
) -> Resource:
    """A pool resource whose senders are on the account before they join."""
    return Resource(
        f"pool {tail}",
        collection=f"{POOL}/{tail}",
        item=f"{POOL}/{tail}/{{sid}}",
        array=array,
        table=table,
        schema=f"messaging.v1.service.{schema}",
        make=lambda world: factories.pooled(world.service, sender(world)).sender.sid,
        create=lambda world: {parameter: sender(world).sid},
        item_methods=("GET", "DELETE"),
    )


_COUNTRIES = ("FR", "DE", "ES", "IT", "PT", "AT", "CH", "SE", "NO", "DK", "FI", "GB")


def _destination_alpha(world: World) -> PoolMember:
    taken = world.service.members.filter(sender__kind="alpha").count()
    return factories.alpha(world.service, destination=True, iso_country_code=_COUNTRIES[taken])


def _numbers(tail: str, phone_number: Callable[[], str], typed: str) -> Resource:
    return Resource(
        f"numbers {tail}".strip(),
        collection=f"{OWN}/IncomingPhoneNumbers{tail}.json",
        array="incoming_phone_numbers",
        table=tables.TYPED_NUMBER,
        schema=f"api.v2010.account.incoming_phone_number.incoming_phone_number_{typed}",
        make=lambda world: factories.number(world.account, phone_number()).sid,
        create=lambda world: {"PhoneNumber": phone_number()},
    )


_local = (f"+1415{7_500_000 + place}" for place in itertools.count())
_mobile = (f"+447400{500_000 + place}" for place in itertools.count())
_toll_free = (f"+1888{7_500_000 + place}" for place in itertools.count())


def wire(given: dict[str, Any]) -> dict[str, Any]:
    """Parameters by the names and in the form that clients send them."""
    shown = {pascal(name): value for name, value in given.items()}
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in shown.items()}


def _unverified(world: World) -> Sender:
    return factories.number(world.account, next(_toll_free), registration="unverified")


RESOURCES = (
    Resource(
        "services",
        collection="/v1/Services",
        item="/v1/Services/{sid}",
        array="services",
        table=tables.SERVICE,
        schema="messaging.v1.service",
        make=lambda world: factories.service(world.account).sid,
        create=lambda world: {"FriendlyName": "Reminders"},
    ),
    Resource(
        "accounts",
        collection="/2010-04-01/Accounts.json",
        item="/2010-04-01/Accounts/{sid}.json",
        array="accounts",
        table=tables.ACCOUNT,
        schema="api.v2010.account",
        make=lambda world: factories.account("Part", owner=world.account).sid,
        create=lambda world: {"FriendlyName": "Part"},
        item_methods=("GET", "POST"),
        given=1,
    ),
    Resource(
        "keys",
        collection=OWN + "/Keys.json",
        item=OWN + "/Keys/{sid}.json",
        array="keys",
        table=tables.KEY,
        schema="api.v2010.account.key",
        make=_key("key"),
        create=lambda world: {"FriendlyName": "CI"},
        also_created={"secret": "text"},
    ),
    Resource(
        "signing keys",
        collection=OWN + "/SigningKeys.json",
        item=OWN + "/SigningKeys/{sid}.json",
        array="signing_keys",
        table=tables.KEY,
        schema="api.v2010.account.signing_key",
        make=_key("signing"),
        create=lambda world: {},
        also_created={"secret": "text"},
    ),
    _pool(
        "PhoneNumbers",
        "phone_numbers",
        table=tables.POOL_NUMBER,
        schema="phone_number",
        sender=_number,
        parameter="PhoneNumberSid",
    ),
    _pool(
        "ShortCodes",
        "short_codes",
        table=tables.POOL_SHORT_CODE,
        schema="short_code",
        sender=lambda world: factories.short_code(world.account),
        parameter="ShortCodeSid",
    ),
    _pool(
        "ChannelSenders",
        "senders",
        table=tables.POOL_CHANNEL,
        schema="channel_sender",
        sender=lambda world: factories.channel_sender(world.account),
        parameter="Sid",
    ),
    Resource(
        "pool AlphaSenders",
        collection=f"{POOL}/AlphaSenders",
        item=f"{POOL}/AlphaSenders/{{sid}}",
        array="alpha_senders",
        table=tables.POOL_ALPHA,
        schema="messaging.v1.service.alpha_sender",
        make=lambda world: factories.alpha(world.service).sender.sid,
        create=lambda world: {"AlphaSender": "ACME"},
        item_methods=("GET", "DELETE"),
        at_most=1,
    ),
    Resource(
        "pool DestinationAlphaSenders",
        collection=f"{POOL}/DestinationAlphaSenders",
        item=f"{POOL}/DestinationAlphaSenders/{{sid}}",
        array="alpha_senders",
        table=tables.POOL_DESTINATION_ALPHA,
        schema="messaging.v1.service.destination_alpha_sender",
        make=lambda world: _destination_alpha(world).sender.sid,
        create=lambda world: {"AlphaSender": "ACME", "IsoCountryCode": "GB"},
        item_methods=("GET", "DELETE"),
    ),
    Resource(
        "numbers",
        collection=f"{OWN}/IncomingPhoneNumbers.json",
        item=f"{OWN}/IncomingPhoneNumbers/{{sid}}.json",
        array="incoming_phone_numbers",
        table=tables.NUMBER,
        schema="api.v2010.account.incoming_phone_number",
        make=lambda world: _number(world).sid,
        create=lambda world: {"PhoneNumber": next(_local)},
    ),
    _numbers("/Local", lambda: next(_local), "local"),
    _numbers("/Mobile", lambda: next(_mobile), "mobile"),
    _numbers("/TollFree", lambda: next(_toll_free), "toll_free"),
    Resource(
        "short codes",
        collection=f"{OWN}/SMS/ShortCodes.json",
        item=f"{OWN}/SMS/ShortCodes/{{sid}}.json",
        array="short_codes",
        table=tables.SHORT_CODE,
        schema="api.v2010.account.short_code",
        make=lambda world: factories.short_code(world.account).sid,
        collection_methods=("GET",),
        item_methods=("GET", "POST"),
    ),
    Resource(
        "messages",
        collection=f"{OWN}/Messages.json",
        item=f"{OWN}/Messages/{{sid}}.json",
        array="messages",
        table=tables.MESSAGE,
        schema="api.v2010.account.message",
        make=lambda world: factories.message(world.account).sid,
        create=lambda world: {"To": "+14155550123", "From": _number(world).address, "Body": "Hello"},
    ),
    Resource(
        "messages of a Service",
        collection=f"{POOL}/Messages",
        array="messages",
        table=tables.SERVICE_MESSAGE,
        make=lambda world: factories.message(world.account, service=world.service).sid,
        collection_methods=("GET",),
    ),
    Resource(
        "media",
        collection=f"{OWN}/Messages/{{sm}}/Media.json",
        item=f"{OWN}/Messages/{{sm}}/Media/{{sid}}.json",
        array="media_list",
        table=tables.MEDIA,
        schema="api.v2010.account.message.media",
        make=lambda world: factories.media(world.message).sid,
        collection_methods=("GET",),
        item_methods=("GET", "DELETE"),
    ),
    Resource(
        "brands",
        collection="/v1/a2p/BrandRegistrations",
        item="/v1/a2p/BrandRegistrations/{sid}",
        array="data",
        table=tables.BRAND,
        schema="messaging.v1.brand_registrations",
        make=lambda world: factories.brand(world.account).sid,
        create=lambda world: {"CustomerProfileBundleSid": new_sid("BU"), "A2PProfileBundleSid": new_sid("BU")},
        item_methods=("GET", "POST"),
    ),
    Resource(
        "campaigns",
        collection=f"{POOL}/Compliance/Usa2p",
        item=f"{POOL}/Compliance/Usa2p/{{sid}}",
        array="compliance",
        table=tables.CAMPAIGN,
        schema="messaging.v1.service.us_app_to_person",
        make=lambda world: world.campaign.sid,
        create=lambda world: {"BrandRegistrationSid": world.brand.sid, **wire(factories.CAMPAIGN)},
        at_most=1,
    ),
    Resource(
        "toll-free verifications",
        collection="/v1/Tollfree/Verifications",
        item="/v1/Tollfree/Verifications/{sid}",
        array="verifications",
        table=tables.VERIFICATION,
        schema="messaging.v1.tollfree_verification",
        make=lambda world: factories.verification(world.account).sid,
        create=lambda world: {"TollfreePhoneNumberSid": _unverified(world).sid, **wire(factories.TOLLFREE)},
    ),
)
