from msgconsole.messaging.models.history import CarrierReceipt, DecisionTrace, MessageEvent
from msgconsole.messaging.models.message import Media, Message
from msgconsole.messaging.models.repeat import IdempotentRequest

__all__ = ["CarrierReceipt", "DecisionTrace", "IdempotentRequest", "Media", "Message", "MessageEvent"]
