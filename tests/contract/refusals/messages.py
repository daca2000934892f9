"""Messages."""

from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from msgconsole.accounts.actions import update_account
from services import consent
from services.models import ConsentRecord
from tests import factories
from tests.contract.refusals.registry import SCENARIOS, given, scenario
from tests.contract.resources import World
from tests.factories import ACTOR

TO = "+14155550123"

BARE = {"To": TO, "From": "+14155550100", "Body": "x"}


def sends(code: int, *, bare: bool = False, **params: Any) -> None:
    """A send that is right but for the parameters given; one that is None is left out."""

    def make(world: World) -> Any:
        number = factories.number(world.account, "+14155550100")
        if not bare:
            factories.pooled(world.service, number)
        whole = BARE if bare else {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid}
        return {name: value for name, value in {**whole, **params}.items() if value is not None}

    SCENARIOS["CreateMessage", code] = make


sends(21211, To="hello")
sends(21212, From="not a sender at all")
sends(21265, To="12345")
sends(21266, bare=True, To="+14155550100")
sends(21268, To="+19005550123")
sends(21602, bare=True, Body=None)
sends(21603, bare=True, From=None)
sends(21604, To=None)
sends(21609, StatusCallback="nowhere")
sends(21617, Body="x" * 1601)
sends(21619, Body=None)
sends(21620, MediaUrl="x.png")
sends(21623, MediaUrl=["https://example.com/x.png"] * 11)
sends(21624, ValidityPeriod=0)
sends(21627, MaxPrice="much")
sends(21635, bare=True, To="+33142685300")
sends(21654, ContentVariables='{"1": "x"}')
sends(21655, ContentSid="HX1")
sends(21656, ContentSid="HX" + "0" * 32, ContentVariables="[]")
sends(21659, bare=True, From="+15005550006")
sends(21664, From="+14155550100", FallbackFrom="+14155550100")
sends(21666, bare=True, From=None, FallbackFrom="+14155550100")
sends(21667, FallbackFrom="+14155550100")
sends(21701, MessagingServiceSid="MG" + "0" * 32)
sends(21705, MessagingServiceSid="MG1")
sends(21910, From="whatsapp:+14155550100")
sends(30029, ContentRetention="forever")
sends(30030, AddressRetention="forever")
sends(35111, ScheduleType="fixed")
sends(35114, ScheduleType="fixed", SendAt="2020-01-01T00:00:00Z")
sends(35118, bare=True, ScheduleType="fixed", SendAt="2099-01-01T00:00:00Z")
sends(35126, ScheduleType="loose", SendAt="2099-01-01T00:00:00Z")


@scenario("CreateMessage", 35125)
def _too_many_scheduled(world: World) -> Any:
    factories.pooled(world.service, factories.number(world.account))
    factories.message(world.account, service=world.service, status="scheduled", price=None)
    soon = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    params = {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid, "ScheduleType": "fixed", "SendAt": soon}
    with override_settings(MSGCONSOLE_SCHEDULED_LIMIT=2):
        assert world.api.post(f"{world.api.root}/Messages.json", params).status_code == 201
        return world.api.post(f"{world.api.root}/Messages.json", params)


@scenario("CreateMessage", 20409)
def _same_token_other_words(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    path = f"{world.api.root}/Messages.json"
    world.api.post(path, BARE, HTTP_IDEMPOTENCY_KEY="a")
    return world.api.post(path, {**BARE, "Body": "y"}, HTTP_IDEMPOTENCY_KEY="a")


@scenario("CreateMessage", 21267)
def _alpha_on_trial(world: World) -> Any:
    update_account(account=world.account, actor=ACTOR, type="Trial")
    return {"To": "+447400123456", "From": "ACME", "Body": "x"}


@scenario("CreateMessage", 21408)
def _country_not_permitted(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    update_account(account=world.account, actor=ACTOR, geo_permissions=["GB"])
    return BARE


@scenario("CreateMessage", 21610)
def _opted_out(world: World) -> Any:
    factories.number(world.account, "+14155550100")
    consent.record(
        account=world.account,
        service=None,
        sender_address="+14155550100",
        channel="sms",
        recipient=TO,
        status=ConsentRecord.Status.OPTED_OUT,
        actor=ACTOR,
    )
    return BARE


@scenario("CreateMessage", 21611)
def _queue_full(world: World) -> Any:
    number = factories.number(world.account, "+14155550100")
    for _ in range(2):
        factories.message(world.account, sender=number, status="queued", num_segments=30_000)
    return BARE


@scenario("CreateMessage", 21612)
def _number_of_another_continent(world: World) -> Any:
    factories.number(world.account, "+33612345678")
    return {**BARE, "From": "+33612345678"}


@scenario("CreateMessage", 21621)
def _media_without_mms(world: World) -> Any:
    factories.number(world.account, "+14155550100", mms=False)
    return {**BARE, "MediaUrl": "https://example.com/x.png"}


def _from_unready(code: int, registration: str, number: str = "+14155550100") -> None:
    """With a bare From a registration that is missing is told at once."""

    def make(world: World) -> Any:
        factories.number(world.account, number, registration=registration)
        return {**BARE, "From": number}

    SCENARIOS["CreateMessage", code] = make


_from_unready(30032, "unverified", "+18885550100")
_from_unready(30033, "suspended")
_from_unready(30034, "unregistered")
_from_unready(30035, "pending")


@scenario("CreateMessage", 21660)
def _anothers_number(world: World) -> Any:
    factories.number(factories.account("Other"), "+14155550100")
    return BARE


@scenario("CreateMessage", 21661)
def _number_without_sms(world: World) -> Any:
    factories.number(world.account, "+14155550100", sms=False)
    return BARE


@scenario("CreateMessage", 21665)
def _fallback_of_another(world: World) -> Any:
    factories.pooled(world.service, factories.channel_sender(world.account, "rcs:acme"))
    return {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid, "FallbackFrom": "+15005550006"}


@scenario("CreateMessage", 21704)
def _empty_pool(world: World) -> Any:
    return {"To": TO, "Body": "x", "MessagingServiceSid": world.service.sid}


def _one_on_its_way(world: World) -> str:
    return f"{world.api.root}/Messages/{factories.message(world.account, status='queued', date_sent=None).sid}"


@scenario("UpdateMessage", 20009)
def _redact_on_its_way(world: World) -> Any:
    return world.api.post(f"{_one_on_its_way(world)}.json", {"Body": ""})


given("UpdateMessage", 30400, Body="new")
given("UpdateMessage", 30409, Status="canceled")


@scenario("DeleteMessage", 20009)
def _delete_on_its_way(world: World) -> Any:
    return world.api.delete(f"{_one_on_its_way(world)}.json")
