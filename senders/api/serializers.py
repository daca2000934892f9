"""Senders as the two APIs show them: as items of a pool (v1), and as the account's inventory (2010-04-01)."""

from typing import Any

from msgconsole.api.links import API_VERSION, account_path
from msgconsole.api.serializers import iso, rfc2822
from msgconsole.numbering import e164
from senders.models import PoolMember, Sender

CHANNEL_NAMES = {"whatsapp": "WhatsApp", "messenger": "Messenger", "rcs": "RCS"}
NUMBER_TYPES = {"local": "local", "mobile": "mobile", "toll_free": "toll-free"}
API_VERSIONS = (API_VERSION, "2008-08-01")
# What a number has besides its texts: concerns of voice and addresses, kept and returned as given.
NUMBER_SETTINGS: dict[str, Any] = {
    "api_version": API_VERSION,
    "address_sid": None,
    "identity_sid": None,
    "bundle_sid": None,
    "trunk_sid": None,
    "sms_application_sid": "",
    "voice_application_sid": "",
    "voice_caller_id_lookup": False,
    "voice_fallback_method": "POST",
    "voice_fallback_url": None,
    "voice_method": "POST",
    "voice_url": None,
    "voice_receive_mode": "voice",
    "emergency_status": "Inactive",
    "emergency_address_sid": None,
}


def pooled_json(member: PoolMember, *, account_sid: str, service_sid: str, url: str) -> dict[str, Any]:
    """What all pool resources but channel senders share; ``url`` is the item's own. The SID is the sender's."""
    sender = member.sender
    return {
        "sid": sender.sid,
        "account_sid": account_sid,
        "service_sid": service_sid,
        "date_created": iso(member.date_created),
        "date_updated": iso(max(member.date_created, sender.date_updated)),
        "capabilities": capability_list(sender),
        "url": url,
    }


def channel_json(member: PoolMember, *, account_sid: str, service_sid: str, url: str) -> dict[str, Any]:
    sender = member.sender
    return {
        "account_sid": account_sid,
        "messaging_service_sid": service_sid,
        "sid": sender.sid,
        "sender": sender.address,
        "sender_type": CHANNEL_NAMES[sender.kind],
        "country_code": sender.country or None,
        "date_created": iso(member.date_created),
        "date_updated": iso(max(member.date_created, sender.date_updated)),
        "url": url,
    }


def capability_list(sender: Sender) -> list[str]:
    """``["MMS", "SMS", "Voice"]``: this order and this casing, in pools alone."""
    return [name for name, has in (("MMS", sender.mms), ("SMS", sender.sms), ("Voice", sender.voice)) if has]


def number_json(sender: Sender, *, account_sid: str, typed: bool = False) -> dict[str, Any]:
    """A number of the inventory. The typed lists lack ``type``, and nothing else."""
    body = {
        **NUMBER_SETTINGS,
        **{name: sender.settings[name] for name in NUMBER_SETTINGS if name in sender.settings},
        "account_sid": account_sid,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": sender.voice, "sms": sender.sms, "mms": sender.mms, "fax": sender.fax},
        "date_created": rfc2822(sender.date_created),
        "date_updated": rfc2822(sender.date_updated),
        "emergency_address_status": "unregistered",
        "friendly_name": sender.friendly_name or e164.format_national(sender.address),
        "origin": "twilio",
        "phone_number": sender.address,
        "sid": sender.sid,
        "sms_fallback_method": sender.sms_fallback_method,
        "sms_fallback_url": sender.sms_fallback_url,
        "sms_method": sender.sms_method,
        "sms_url": sender.sms_url,
        "status": "in-use",
        "status_callback": sender.status_callback,
        "status_callback_method": sender.status_callback_method,
        "uri": f"{account_path(account_sid)}/IncomingPhoneNumbers/{sender.sid}.json",
    }
    return body if typed else {**body, "type": NUMBER_TYPES.get(sender.line_type, "local")}


def short_code_json(sender: Sender, *, account_sid: str) -> dict[str, Any]:
    return {
        "account_sid": account_sid,
        "api_version": sender.settings.get("api_version", API_VERSION),
        "date_created": rfc2822(sender.date_created),
        "date_updated": rfc2822(sender.date_updated),
        "friendly_name": sender.friendly_name or sender.address,
        "short_code": sender.address,
        "sid": sender.sid,
        "sms_fallback_method": sender.sms_fallback_method,
        "sms_fallback_url": sender.sms_fallback_url,
        "sms_method": sender.sms_method,
        "sms_url": sender.sms_url,
        "uri": f"{account_path(account_sid)}/SMS/ShortCodes/{sender.sid}.json",
    }
