"""Every address of the API that is neither a collection nor an item of one."""

from collections.abc import Callable
from dataclasses import dataclass

from msgconsole.messaging.models import DecisionTrace
from msgconsole.numbering.e164 import parse_destination
from senders import choosing
from senders.api.insight import sid_of
from senders.models import StickyMapping
from services.compliance.actions import create_vetting
from tests import factories
from tests.contract.resources import OWN, POOL, World


@dataclass(frozen=True)
class Single:
    """An address that is neither a collection nor an item of one. ``make`` makes what it shows, and returns its SID."""

    template: str
    methods: tuple[str, ...]
    make: Callable[[World], str] = lambda world: ""


def _decided(world: World) -> str:
    request = choosing.request_for(world.service, parse_destination("+14155550123"))
    decision = choosing.preview(service=world.service, request=request)
    DecisionTrace.objects.get_or_create(message=world.message, defaults={"data": decision.to_dict()})
    return world.message.sid


def _mapped(world: World) -> str:
    row, _ = StickyMapping.objects.get_or_create(
        service=world.service,
        channel="sms",
        recipient="+14155550123",
        defaults={"member_id": 1, "sender_kind": "long_code", "recipient_country": "US", "config_version": 1},
    )
    return sid_of(row.pk)


def _vetting(world: World) -> str:
    return create_vetting(brand=world.brand, actor=factories.ACTOR, vetting_provider="aegis").sid


SINGLES = (
    Single("/v1/Services/Usecases", ("GET",)),
    Single(f"{OWN}/Balance.json", ("GET",)),
    Single(f"{OWN}/Messages/{{sm}}/Feedback.json", ("POST",)),
    Single(f"{OWN}/Messages/{{sm}}/Media/{{sid}}", ("GET", "DELETE"), lambda world: factories.media(world.message).sid),
    Single("/msgconsole/v1/Messages/{sid}/Decision", ("GET",), _decided),
    Single("/msgconsole/v1/Messages/{sid}/Replay", ("POST",), _decided),
    Single("/msgconsole/v1/Services/{mg}/Explain", ("POST",)),
    Single("/msgconsole/v1/Services/{mg}/WhyNot", ("POST",)),
    Single("/msgconsole/v1/Services/{mg}/StickyMappings", ("GET",)),
    Single("/msgconsole/v1/Services/{mg}/StickyMappings/{sid}", ("GET", "DELETE"), _mapped),
    Single("/msgconsole/v1/Services/{mg}/Coverage", ("GET",)),
    Single("/msgconsole/v1/Services/{mg}/Lint", ("GET",)),
    Single("/v1/a2p/BrandRegistrations/{bn}/SmsOtp", ("POST",)),
    Single("/v1/a2p/BrandRegistrations/{bn}/Vettings", ("GET", "POST")),
    Single("/v1/a2p/BrandRegistrations/{bn}/Vettings/{sid}", ("GET",), _vetting),
    Single(f"{POOL}/Compliance/Usa2p/Usecases", ("GET",)),
    Single("/v1/Services/PreregisteredUsa2p", ("POST",)),
    Single("/v1/Deactivations", ("GET",)),
    Single("/v1/LinkShortening/Domains/{dn}/Config", ("GET", "POST")),
    Single("/v1/LinkShortening/Domains/{dn}/Certificate", ("GET", "POST", "DELETE")),
    Single("/v1/LinkShortening/Domains/{dn}/RequestManagedCert", ("POST",)),
    Single("/v1/LinkShortening/Domains/{dn}/ValidateDns", ("GET",)),
    Single("/v1/LinkShortening/Domains/{dn}/MessagingServices/{mg}", ("POST", "DELETE")),
    Single("/v1/LinkShortening/MessagingServices/{mg}/Domain", ("GET",), lambda world: world.domain.sid),
    Single("/v1/LinkShortening/MessagingService/{mg}/DomainConfig", ("GET",), lambda world: world.domain.sid),
)
