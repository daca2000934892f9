"""Each resource's properties: their types, and which may be null. Our own list, from the published documentation.

A type is a word: ``text``, ``int``, ``bool``, ``list``, ``object``, ``digits`` (a number written as a string),
``price``, ``iso`` and ``rfc2822`` (the two forms of a date), ``method``, ``url``, ``path`` (relative), or ``sid`` with
its prefixes. A question mark at the end allows null.
"""

import re
from datetime import datetime
from typing import Any

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
_RFC = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000\Z")

SERVICE = {
    "sid": "sid MG",
    "account_sid": "sid AC",
    "friendly_name": "text",
    "date_created": "iso",
    "date_updated": "iso",
    "inbound_request_url": "url?",
    "inbound_method": "method",
    "fallback_url": "url?",
    "fallback_method": "method",
    "status_callback": "url?",
    "sticky_sender": "bool",
    "mms_converter": "bool",
    "smart_encoding": "bool",
    "scan_message_content": "text",
    "fallback_to_long_code": "bool",
    "area_code_geomatch": "bool",
    "synchronous_validation": "bool",
    "validity_period": "int",
    "usecase": "text",
    "us_app_to_person_registered": "bool",
    "use_inbound_webhook_on_number": "bool",
    "sending_windows": "list",
    "url": "url",
    "links": "object",
}
_POOLED = {
    "account_sid": "sid AC",
    "service_sid": "sid MG",
    "date_created": "iso",
    "date_updated": "iso",
    "url": "url",
    "capabilities": "list",
}
POOL_NUMBER = {**_POOLED, "sid": "sid PN", "phone_number": "text", "country_code": "text"}
POOL_SHORT_CODE = {**_POOLED, "sid": "sid SC", "short_code": "text", "country_code": "text"}
POOL_ALPHA = {**_POOLED, "sid": "sid AI", "alpha_sender": "text"}
POOL_DESTINATION_ALPHA = {**POOL_ALPHA, "iso_country_code": "text?"}
POOL_CHANNEL = {
    "account_sid": "sid AC",
    "messaging_service_sid": "sid MG",
    "sid": "sid XE",
    "sender": "text",
    "sender_type": "text",
    "country_code": "text?",
    "date_created": "iso",
    "date_updated": "iso",
    "url": "url",
}
MESSAGE = {
    "body": "text",
    "num_segments": "digits",
    "direction": "text",
    "from": "text?",
    "to": "text",
    "date_created": "rfc2822",
    "date_sent": "rfc2822?",
    "date_updated": "rfc2822",
    "price": "price?",
    "error_message": "text?",
    "uri": "path",
    "account_sid": "sid AC",
    "num_media": "digits",
    "status": "text",
    "messaging_service_sid": "sid MG?",
    "sid": "sid SM MM",
    "error_code": "int?",
    "price_unit": "text?",
    "api_version": "text",
    "subresource_uris": "object",
    "tags": "object?",
}
SERVICE_MESSAGE = {
    **{name: kind for name, kind in MESSAGE.items() if name not in ("uri", "subresource_uris")},
    "date_created": "iso",
    "date_sent": "iso?",
    "date_updated": "iso",
    "url": "url",
    "links": "object",
}
MEDIA = {
    "account_sid": "sid AC",
    "content_type": "text",
    "date_created": "rfc2822",
    "date_updated": "rfc2822",
    "parent_sid": "sid MM SM",
    "sid": "sid ME",
    "uri": "path",
}
TYPED_NUMBER = {
    "account_sid": "sid AC",
    "address_sid": "sid AD?",
    "address_requirements": "text",
    "api_version": "text",
    "beta": "bool",
    "capabilities": "object",
    "date_created": "rfc2822",
    "date_updated": "rfc2822",
    "friendly_name": "text",
    "identity_sid": "sid RI?",
    "phone_number": "text",
    "origin": "text",
    "sid": "sid PN",
    "sms_application_sid": "text?",
    "sms_fallback_method": "method",
    "sms_fallback_url": "text",
    "sms_method": "method",
    "sms_url": "text",
    "status_callback": "text",
    "status_callback_method": "method",
    "trunk_sid": "sid TK?",
    "uri": "path",
    "voice_receive_mode": "text",
    "voice_application_sid": "text?",
    "voice_caller_id_lookup": "bool",
    "voice_fallback_method": "method",
    "voice_fallback_url": "text?",
    "voice_method": "method",
    "voice_url": "text?",
    "emergency_status": "text",
    "emergency_address_sid": "sid AD?",
    "emergency_address_status": "text",
    "bundle_sid": "sid BU?",
    "status": "text",
}
NUMBER = {**TYPED_NUMBER, "type": "text"}
SHORT_CODE = {
    "account_sid": "sid AC",
    "api_version": "text",
    "date_created": "rfc2822",
    "date_updated": "rfc2822",
    "friendly_name": "text",
    "short_code": "text",
    "sid": "sid SC",
    "sms_fallback_method": "method",
    "sms_fallback_url": "text",
    "sms_method": "method",
    "sms_url": "text",
    "uri": "path",
}
ACCOUNT = {
    "auth_token": "text?",
    "date_created": "rfc2822",
    "date_updated": "rfc2822",
    "friendly_name": "text",
    "owner_account_sid": "sid AC",
    "sid": "sid AC",
    "status": "text",
    "subresource_uris": "object",
    "type": "text",
    "uri": "path",
}
KEY = {"sid": "sid SK", "friendly_name": "text", "date_created": "rfc2822", "date_updated": "rfc2822"}
BRAND = {
    "sid": "sid BN",
    "account_sid": "sid AC",
    "customer_profile_bundle_sid": "sid BU",
    "a2p_profile_bundle_sid": "sid BU",
    "date_created": "iso",
    "date_updated": "iso",
    "brand_type": "text",
    "status": "text",
    "tcr_id": "text?",
    "failure_reason": "text?",
    "errors": "list",
    "url": "url",
    "brand_score": "int?",
    "brand_feedback": "list?",
    "identity_status": "text?",
    "russell_3000": "bool?",
    "government_entity": "bool?",
    "tax_exempt_status": "text?",
    "skip_automatic_sec_vet": "bool",
    "mock": "bool",
    "links": "object",
}
VETTING = {
    "account_sid": "sid AC",
    "brand_sid": "sid BN",
    "brand_vetting_sid": "sid VT",
    "date_updated": "iso",
    "date_created": "iso",
    "vetting_id": "text?",
    "vetting_class": "text",
    "vetting_status": "text",
    "vetting_provider": "text",
    "url": "url",
}
CAMPAIGN = {
    "sid": "sid QE",
    "account_sid": "sid AC",
    "brand_registration_sid": "sid BN?",
    "messaging_service_sid": "sid MG",
    "description": "text?",
    "message_samples": "list",
    "us_app_to_person_usecase": "text?",
    "has_embedded_links": "bool?",
    "has_embedded_phone": "bool?",
    "subscriber_opt_in": "bool",
    "age_gated": "bool",
    "direct_lending": "bool",
    "campaign_status": "text",
    "campaign_id": "text?",
    "is_externally_registered": "bool",
    "rate_limits": "object?",
    "message_flow": "text?",
    "opt_in_message": "text?",
    "opt_out_message": "text?",
    "help_message": "text?",
    "opt_in_keywords": "list",
    "opt_out_keywords": "list",
    "help_keywords": "list",
    "date_created": "iso",
    "date_updated": "iso",
    "url": "url",
    "mock": "bool",
    "errors": "list",
}
CAMPAIGN_WITH_POLICIES = {**CAMPAIGN, "privacy_policy_url": "url?", "terms_and_conditions_url": "url?"}
EXTERNAL_CAMPAIGN = {
    "sid": "sid QE",
    "account_sid": "sid AC",
    "campaign_id": "text",
    "messaging_service_sid": "sid MG",
    "date_created": "iso",
}
VERIFICATION = {
    "sid": "sid HH",
    "account_sid": "sid AC",
    "customer_profile_sid": "sid BU?",
    "trust_product_sid": "sid BU?",
    "date_created": "iso",
    "date_updated": "iso",
    "regulated_item_sid": "sid RA?",
    "business_name": "text",
    "business_street_address": "text?",
    "business_street_address2": "text?",
    "business_city": "text?",
    "business_state_province_region": "text?",
    "business_postal_code": "text?",
    "business_country": "text?",
    "business_website": "text",
    "business_contact_first_name": "text?",
    "business_contact_last_name": "text?",
    "business_contact_email": "text?",
    "business_contact_phone": "text?",
    "notification_email": "text",
    "use_case_categories": "list",
    "use_case_summary": "text",
    "production_message_sample": "text",
    "opt_in_image_urls": "list",
    "opt_in_type": "text",
    "message_volume": "text",
    "additional_information": "text?",
    "tollfree_phone_number_sid": "sid PN",
    "tollfree_phone_number": "text",
    "status": "text",
    "url": "url",
    "rejection_reason": "text?",
    "error_code": "int?",
    "edit_expiration": "iso?",
    "edit_allowed": "bool?",
    "business_registration_number": "text?",
    "business_registration_authority": "text?",
    "business_registration_country": "text?",
    "business_type": "text?",
    "business_registration_phone_number": "text?",
    "doing_business_as": "text?",
    "opt_in_confirmation_message": "text?",
    "help_message_sample": "text?",
    "privacy_policy_url": "text?",
    "terms_and_conditions_url": "text?",
    "age_gated_content": "bool?",
    "opt_in_keywords": "list?",
    "rejection_reasons": "list?",
    "resource_links": "object",
    "external_reference_id": "text?",
    "vetting_id": "text?",
    "vetting_provider": "text?",
    "vetting_id_expiration": "iso?",
}
SERVICE_DOMAIN_CONFIG = {
    "domain_sid": "sid DN",
    "config_sid": "sid ZK",
    "fallback_url": "url?",
    "callback_url": "url?",
    "continue_on_failure": "bool",
    "date_created": "iso",
    "date_updated": "iso",
    "url": "url",
    "messaging_service_sid": "sid MG",
}
DOMAIN_CONFIG = {
    **{name: kind for name, kind in SERVICE_DOMAIN_CONFIG.items() if name != "messaging_service_sid"},
    "disable_https": "bool",
}
# Left out of the documents published today: from those of 2023 on, and from what the clients read.
_CERTIFICATE = {
    "domain_sid": "sid DN",
    "certificate_sid": "sid CW",
    "domain_name": "url",
    "date_created": "iso",
    "date_updated": "iso",
    "date_expires": "iso?",
    "url": "url",
}
DOMAIN_CERTIFICATE = {**_CERTIFICATE, "cert_in_validation": "object?"}
MANAGED_CERTIFICATE = {**_CERTIFICATE, "managed": "bool", "requesting": "bool"}
DNS_VALIDATION = {"domain_sid": "sid DN", "is_valid": "bool", "reason": "text?", "url": "url"}
SERVICE_DOMAIN = {"domain_sid": "sid DN", "messaging_service_sid": "sid MG", "url": "url"}
ERROR = {"code": "int", "message": "text", "more_info": "url", "status": "int"}
V1_META = {
    "page": "int",
    "page_size": "int",
    "first_page_url": "url",
    "previous_page_url": "url?",
    "next_page_url": "url?",
    "key": "text",
    "url": "url",
}
V2010_ENVELOPE = {
    "page": "int",
    "page_size": "int",
    "start": "int",
    "end": "int",
    "first_page_uri": "path",
    "previous_page_uri": "path?",
    "next_page_uri": "path?",
    "uri": "path",
}


def check(body: dict[str, Any], table: dict[str, str]) -> None:
    """The body has exactly the table's properties, each of its type."""
    assert set(body) == set(table)
    for name, kind in table.items():
        value = body[name]
        if value is None:
            assert kind.endswith("?"), f"{name} may not be null"
        else:
            assert _fits(value, kind.rstrip("?")), f"{name} is {value!r}, not {kind}"


def _fits(value: Any, kind: str) -> bool:
    word, *prefixes = kind.split()
    if word == "sid":
        return any(re.fullmatch(prefix + "[0-9a-fA-F]{32}", value) for prefix in prefixes)
    if word == "iso":
        return bool(_ISO.match(value))
    if word == "rfc2822":
        return bool(_RFC.match(value)) and bool(datetime.strptime(value, "%a, %d %b %Y %H:%M:%S %z"))
    if word in ("int", "bool", "list", "object", "text"):
        types = {"int": int, "bool": bool, "list": list, "object": dict, "text": str}
        return type(value) is types[word]
    patterns = {
        "digits": r"\d+",
        "price": r"-?\d+\.\d{5}",
        "method": "GET|POST",
        "url": r"https?://[^\s]+",
        "path": r"/2010-04-01/[^\s]+",
    }
    return type(value) is str and bool(re.fullmatch(patterns[word], value))
