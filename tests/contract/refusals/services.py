"""Services, their pools, numbers, short codes, accounts and keys."""

from collections.abc import Callable
from typing import Any

from django.test import override_settings

from msgconsole.accounts.actions import update_account
from tests import factories
from tests.api_client import Api
from tests.contract.refusals.registry import SCENARIOS, given, scenario
from tests.contract.resources import World
from tests.factories import ACTOR

LONG = "x" * 65

for _name in ("CreateService", "UpdateService"):
    given(_name, 20002, FriendlyName="")
    given(_name, 11100, FriendlyName="x", StatusCallback="nowhere")
    given(_name, 21624, FriendlyName="x", ValidityPeriod=36001)
    given(_name, 21713, FriendlyName="x", Usecase="spam")


@scenario("CreateService", 21102)
def _too_many_services(world: World) -> Any:
    factories.service(world.account)
    with override_settings(MSGCONSOLE_SERVICE_LIMIT=1):
        return world.api.post("/v1/Services", {"FriendlyName": "x"})


# Pools

_POOLS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "PhoneNumber": ("PhoneNumbers", "PhoneNumberSid", factories.number),
    "ShortCode": ("ShortCodes", "ShortCodeSid", factories.short_code),
    "ChannelSender": ("ChannelSenders", "Sid", factories.channel_sender),
}


def _pools() -> None:
    for name, (tail, parameter, make) in _POOLS.items():

        def twice(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: factories.pooled(world.service, make(world.account)).sender.sid}

        def elsewhere(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: factories.pooled(factories.service(world.account), make(world.account)).sender.sid}

        def full(world: World, tail: str = tail, parameter: str = parameter, make: Any = make) -> Any:
            factories.pooled(world.service, make(world.account))
            with override_settings(MSGCONSOLE_POOL_LIMIT=1):
                path = f"/v1/Services/{world.service.sid}/{tail}"
                return world.api.post(path, {parameter: make(world.account).sid})

        def mute(world: World, parameter: str = parameter, make: Any = make) -> Any:
            return {parameter: make(world.account, sms=False, mms=False).sid}

        operation = f"Create{name}"
        given(operation, 21421, **{parameter: "PN123"})
        SCENARIOS[operation, 21710] = twice
        SCENARIOS[operation, 21712] = elsewhere
        SCENARIOS[operation, 21714] = full
        SCENARIOS[operation, 21715] = mute


_pools()
for _name in ("CreateAlphaSender", "CreateDestinationAlphaSender"):
    given(_name, 21708)
    given(_name, 21709, AlphaSender="12345")


@scenario("CreateAlphaSender", 21710)
def _second_alpha(world: World) -> Any:
    factories.alpha(world.service)
    return {"AlphaSender": "OTHER"}


@scenario("CreateDestinationAlphaSender", 21710)
def _second_alpha_of_a_country(world: World) -> Any:
    factories.alpha(world.service, destination=True, iso_country_code="GB")
    return {"AlphaSender": "OTHER", "IsoCountryCode": "GB"}


# Numbers and short codes

_BUYS = {
    "CreateIncomingPhoneNumber": "+14155550177",
    "CreateIncomingPhoneNumberLocal": "+14155550177",
    "CreateIncomingPhoneNumberMobile": "+447400123456",
    "CreateIncomingPhoneNumberTollFree": "+18885550177",
}
for _name, _number in (*_BUYS.items(), ("UpdateIncomingPhoneNumber", ""), ("UpdateAccountShortCode", "")):
    _with = {"PhoneNumber": _number} if _number else {}
    given(_name, 20002, FriendlyName=LONG, **_with)
    given(_name, 21402, SmsUrl="nowhere", **_with)
    given(_name, 21403, SmsMethod="PUT", **_with)
    given(_name, 21406, SmsFallbackUrl="https://example.com/", **_with)
for _name, _number in _BUYS.items():
    given(_name, 21421, PhoneNumber="hello")

    def _taken(world: World, number: str = _number) -> Any:
        factories.number(factories.account("Other"), number)
        return {"PhoneNumber": number}

    SCENARIOS[_name, 21422] = _taken
given("CreateIncomingPhoneNumber", 21452, AreaCode="000")


@scenario("UpdateIncomingPhoneNumber", 21407)
def _no_sms_for_a_url(world: World) -> Any:
    number = factories.number(world.account, sms=False, mms=False)
    path = f"{world.api.root}/IncomingPhoneNumbers/{number.sid}.json"
    return world.api.post(path, {"SmsUrl": "https://example.com/sms"})


# Accounts and keys

for _name in ("CreateAccount", "UpdateAccount", "CreateNewKey", "UpdateKey", "CreateNewSigningKey", "UpdateSigningKey"):
    given(_name, 20002, FriendlyName=LONG)


def _by_key(world: World) -> Api:
    key, secret = factories.key(world.account)
    return Api(world.account, username=key.sid, secret=secret)


@scenario("CreateAccount", 20403)
def _account_by_key(world: World) -> Any:
    return _by_key(world).post("/2010-04-01/Accounts.json")


@scenario("UpdateAccount", 20403)
def _rename_by_key(world: World) -> Any:
    return _by_key(world).post(f"{world.api.root}.json", {"FriendlyName": "x"})


@scenario("CreateAccount", 21101)
def _part_of_a_part(world: World) -> Any:
    return Api(factories.account("Part", owner=world.account)).post("/2010-04-01/Accounts.json")


@scenario("UpdateAccount", 20409)
def _wake_the_closed(world: World) -> Any:
    child = factories.account("Part", owner=world.account)
    update_account(account=child, actor=ACTOR, status="closed")
    return world.api.post(f"/2010-04-01/Accounts/{child.sid}.json", {"Status": "active"})
