"""Writes to senders and pools, in one place for whoever calls them: the API, the console, commands and lessons."""

from senders.inventory import (
    acquire_demo_number,
    acquire_number,
    add_channel_sender,
    add_short_code,
    move_to_account,
    release_sender,
    update_sender,
)
from senders.membership import (
    add_alpha_sender,
    add_to_service,
    can_join,
    move_to_service,
    remove_from_service,
    reset_mapping,
)
from senders.sender_settings import SETTINGS

__all__ = [
    "SETTINGS",
    "acquire_demo_number",
    "acquire_number",
    "add_alpha_sender",
    "add_channel_sender",
    "add_short_code",
    "add_to_service",
    "can_join",
    "move_to_account",
    "move_to_service",
    "release_sender",
    "remove_from_service",
    "reset_mapping",
    "update_sender",
]
