from senders.models.pool import PoolAreaCode, PoolBucket, PoolEvent, PoolMember, PoolSnapshot
from senders.models.sender import AlphaSender, ChannelSender, PhoneNumber, Sender, ShortCode
from senders.models.sticky import StickyMapping

__all__ = [
    "AlphaSender",
    "ChannelSender",
    "PhoneNumber",
    "PoolAreaCode",
    "PoolBucket",
    "PoolEvent",
    "PoolMember",
    "PoolSnapshot",
    "Sender",
    "ShortCode",
    "StickyMapping",
]
