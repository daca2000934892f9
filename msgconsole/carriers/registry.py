"""Which carrier takes a message, and who hears from carriers. Filled in ``AppConfig.ready()``."""

from collections.abc import Sequence

from msgconsole.carriers.contract import Carrier, CarrierEvents, RecipientFacts

_carriers: dict[str, Carrier] = {}
_events: CarrierEvents | None = None


def register(carrier: Carrier) -> None:
    """Add a carrier; the one registered first takes all traffic, for no routing is configured yet."""
    _carriers[carrier.name] = carrier


def carrier_for(channel: str) -> Carrier:
    """The carrier that takes messages of a channel."""
    if not _carriers:
        raise LookupError(f"no carrier is registered for {channel}")
    return next(iter(_carriers.values()))


def recipient_facts(number: str) -> RecipientFacts:
    """What the carrier side knows of an E.164 number: carrier, line type, RCS. One indexed row at most."""
    return carrier_for("sms").look_up(number)


def recipients_facts(numbers: Sequence[str]) -> dict[str, RecipientFacts]:
    """The same of many numbers, at once where the carrier can."""
    carrier = carrier_for("sms")
    many = getattr(carrier, "look_up_many", None)
    return dict(many(numbers)) if many is not None else {number: carrier.look_up(number) for number in numbers}


def listen(events: CarrierEvents) -> None:
    """Set who is told of delivery reports and inbound messages."""
    global _events
    _events = events


def events() -> CarrierEvents:
    if _events is None:
        raise LookupError("nobody listens to carriers")
    return _events
