"""What the operations on pools, numbers and short codes take, answer and refuse."""

from msgconsole.api.operations import OF_ACCOUNT, Operation, declare
from msgconsole.api.shapes import Listed, Shape

_POOLED = {
    "sid": "",
    "account_sid": "sid AC",
    "service_sid": "sid MG",
    "date_created": "iso",
    "date_updated": "iso",
    "capabilities": "[one MMS|SMS|Voice]",
    "url": "url",
}
POOL_NUMBER = Shape("ServicePhoneNumber", {**_POOLED, "sid": "sid PN", "phone_number": "text", "country_code": "text"})
POOL_SHORT_CODE = Shape("ServiceShortCode", {**_POOLED, "sid": "sid SC", "short_code": "text", "country_code": "text"})
POOL_ALPHA = Shape("ServiceAlphaSender", {**_POOLED, "sid": "sid AI", "alpha_sender": "text"})
POOL_DESTINATION_ALPHA = Shape(
    "ServiceDestinationAlphaSender",
    {**_POOLED, "sid": "sid AI", "alpha_sender": "text", "iso_country_code": "text?"},
)
POOL_CHANNEL = Shape(
    "ServiceChannelSender",
    {
        "account_sid": "sid AC",
        "messaging_service_sid": "sid MG",
        "sid": "sid XE",
        "sender": "text",
        "sender_type": "one WhatsApp|Messenger|RCS",
        "country_code": "text?",
        "date_created": "iso",
        "date_updated": "iso",
        "url": "url",
    },
)
ALPHA = "text 1-11"
KIND = "one long_code|toll_free|short_code|alpha|whatsapp|rcs|messenger"
TAKEN = frozenset({21421, 21710, 21712, 21714})


def _pool(
    tail: str,
    name: str,
    shape: Shape,
    *,
    array: str,
    prefix: str,
    form: dict[str, str],
    codes: frozenset[int],
    query: dict[str, str] | None = None,
) -> None:
    path = f"/v1/Services/{{ServiceSid:MG}}/{tail}"
    declare(
        path,
        get=Operation(
            f"List{name}", f"List the Service's {tail}", {200: Listed(array, shape, v1=True)}, query=query or {}
        ),
        post=Operation(f"Create{name}", f"Add to the Service's {tail}", {201: shape}, form=form, codes=codes),
    )
    declare(
        f"{path}/{{Sid:{prefix}}}",
        get=Operation(f"Fetch{name}", f"Fetch one of the Service's {tail}", {200: shape}),
        delete=Operation(f"Delete{name}", f"Remove one of the Service's {tail}", {204: None}),
    )


_pool(
    "PhoneNumbers",
    "PhoneNumber",
    POOL_NUMBER,
    array="phone_numbers",
    prefix="PN",
    form={"PhoneNumberSid!": "sid PN"},
    codes=TAKEN | {21715},
)
_pool(
    "ShortCodes",
    "ShortCode",
    POOL_SHORT_CODE,
    array="short_codes",
    prefix="SC",
    form={"ShortCodeSid!": "sid SC"},
    codes=TAKEN | {21715},
)
_pool(
    "ChannelSenders",
    "ChannelSender",
    POOL_CHANNEL,
    array="senders",
    prefix="XE",
    form={"Sid!": "sid XE"},
    codes=frozenset({21421, 21710, 21712}),
)
_pool(
    "AlphaSenders",
    "AlphaSender",
    POOL_ALPHA,
    array="alpha_senders",
    prefix="AI",
    form={"AlphaSender!": ALPHA},
    codes=frozenset({21708, 21709, 21710}),
)
_pool(
    "DestinationAlphaSenders",
    "DestinationAlphaSender",
    POOL_DESTINATION_ALPHA,
    array="alpha_senders",
    prefix="AI",
    form={"AlphaSender!": ALPHA, "IsoCountryCode": "text"},
    codes=frozenset({21708, 21709, 21710}),
    query={"IsoCountryCode": "text"},
)

_TYPED_NUMBER = {
    "account_sid": "sid AC",
    "address_sid": "sid AD?",
    "address_requirements": "one none|any|local|foreign",
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
    "voice_receive_mode": "one voice|fax",
    "voice_application_sid": "text?",
    "voice_caller_id_lookup": "bool",
    "voice_fallback_method": "method",
    "voice_fallback_url": "text?",
    "voice_method": "method",
    "voice_url": "text?",
    "emergency_status": "one Active|Inactive",
    "emergency_address_sid": "sid AD?",
    "emergency_address_status": "text",
    "bundle_sid": "sid BU?",
    "status": "text",
}
NUMBER = Shape("IncomingPhoneNumber", {**_TYPED_NUMBER, "type": "one local|mobile|toll-free"})
NUMBER_SETTINGS = {
    "ApiVersion": "text",
    "FriendlyName": "text 0-64",
    "SmsApplicationSid": "text",
    "SmsFallbackMethod": "method",
    "SmsFallbackUrl": "weburl",
    "SmsMethod": "method",
    "SmsUrl": "weburl",
    "StatusCallback": "weburl",
    "StatusCallbackMethod": "method",
    "VoiceApplicationSid": "text",
    "VoiceCallerIdLookup": "bool",
    "VoiceFallbackMethod": "method",
    "VoiceFallbackUrl": "weburl",
    "VoiceMethod": "method",
    "VoiceUrl": "weburl",
    "EmergencyStatus": "one Active|Inactive",
    "EmergencyAddressSid": "text",
    "TrunkSid": "text",
    "VoiceReceiveMode": "one voice|fax",
    "IdentitySid": "text",
    "AddressSid": "text",
    "BundleSid": "text",
}
NUMBER_FILTERS = {"Beta": "bool", "FriendlyName": "text", "PhoneNumber": "text", "Origin": "text"}
NUMBER_FAULTS = frozenset({20002, 21402, 21403, 21406})
_BUY_ONE = frozenset({21421, 21422})

declare(
    f"{OF_ACCOUNT}/IncomingPhoneNumbers.json",
    get=Operation(
        "ListIncomingPhoneNumber",
        "List the account's phone numbers",
        {200: Listed("incoming_phone_numbers", NUMBER, v1=False)},
        query=NUMBER_FILTERS,
        about="PhoneNumber is a part of the number; a star stands for any one digit.",
    ),
    post=Operation(
        "CreateIncomingPhoneNumber",
        "Buy a phone number",
        {201: NUMBER},
        form={"PhoneNumber": "text", "AreaCode": "text", **NUMBER_SETTINGS},
        codes=NUMBER_FAULTS | _BUY_ONE | {21452},
        about="Give PhoneNumber, or AreaCode (of the US or Canada) for any number that is free there.",
    ),
)
for _tail, _name in (("Local", "Local"), ("Mobile", "Mobile"), ("TollFree", "TollFree")):
    _shape = Shape(f"IncomingPhoneNumber{_name}", _TYPED_NUMBER)
    declare(
        f"{OF_ACCOUNT}/IncomingPhoneNumbers/{_tail}.json",
        get=Operation(
            f"ListIncomingPhoneNumber{_name}",
            f"List the account's phone numbers of the type {_tail}",
            {200: Listed("incoming_phone_numbers", _shape, v1=False)},
            query=NUMBER_FILTERS,
        ),
        post=Operation(
            f"CreateIncomingPhoneNumber{_name}",
            f"Buy a phone number of the type {_tail}",
            {201: _shape},
            form={"PhoneNumber!": "text 1", **NUMBER_SETTINGS},
            codes=NUMBER_FAULTS | _BUY_ONE,
        ),
    )
declare(
    f"{OF_ACCOUNT}/IncomingPhoneNumbers/{{Sid:PN}}.json",
    get=Operation("FetchIncomingPhoneNumber", "Fetch a phone number", {200: NUMBER}),
    post=Operation(
        "UpdateIncomingPhoneNumber",
        "Update a phone number",
        {200: NUMBER},
        form={"AccountSid": "sid AC", **NUMBER_SETTINGS},
        codes=NUMBER_FAULTS | {21407},
        about="AccountSid hands it to another account that your credentials reach; it leaves its pool then.",
    ),
    delete=Operation(
        "DeleteIncomingPhoneNumber",
        "Release a phone number",
        {204: None},
        about="It leaves its pool, and its sticky mappings go with it.",
    ),
)

SHORT_CODE = Shape(
    "ShortCode",
    {
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
    },
)
declare(
    f"{OF_ACCOUNT}/SMS/ShortCodes.json",
    get=Operation(
        "ListAccountShortCode",
        "List the account's short codes",
        {200: Listed("short_codes", SHORT_CODE, v1=False)},
        query={"FriendlyName": "text", "ShortCode": "text"},
        about="ShortCode is a part of the code; a star stands for any one digit.",
    ),
)
declare(
    f"{OF_ACCOUNT}/SMS/ShortCodes/{{Sid:SC}}.json",
    get=Operation("FetchAccountShortCode", "Fetch a short code", {200: SHORT_CODE}),
    post=Operation(
        "UpdateAccountShortCode",
        "Update a short code",
        {200: SHORT_CODE},
        form={
            "FriendlyName": "text 0-64",
            "ApiVersion": "text",
            "SmsUrl": "weburl",
            "SmsMethod": "method",
            "SmsFallbackUrl": "weburl",
            "SmsFallbackMethod": "method",
        },
        codes=NUMBER_FAULTS,
    ),
)

_INSIGHT = "/msgconsole/v1/Services/{ServiceSid:MG}"
MAPPING = Shape(
    "StickyMapping",
    {
        "sid": "sid ST",
        "account_sid": "sid AC",
        "service_sid": "sid MG",
        "channel": "one sms|whatsapp|messenger",
        "recipient": "text",
        "recipient_country": "text?",
        "sender_sid": "sid PN SC AI XE?",
        "sender": "text?",
        "sender_kind": KIND,
        "holds": "bool",
        "moved": "bool",
        "config_version": "int",
        "date_created": "iso",
        "date_updated": "iso",
        "url": "url",
    },
)
# Rows of these two are written out in their descriptions: the pages of the console read them as they are.
COVERAGE = Shape(
    "Coverage", {"account_sid": "sid AC", "service_sid": "sid MG", "countries": "[object]", "area_codes": "[object]"}
)
LINT = Shape("Lint", {"account_sid": "sid AC", "service_sid": "sid MG", "findings": "[object]"})

declare(
    f"{_INSIGHT}/StickyMappings",
    get=Operation(
        "ListStickyMapping",
        "List which sender each recipient knows",
        {200: Listed("sticky_mappings", MAPPING, v1=True)},
        query={"Recipient": "text", "Channel": "one sms|whatsapp|messenger", "PageToken": "token ST"},
        about=(
            "Newest first, as the next message will read them: holds is false where the sender has left, moved is true"
            " where the pool's first sender of the recipient's country has taken the conversation over."
        ),
    ),
)
declare(
    f"{_INSIGHT}/StickyMappings/{{Sid:ST}}",
    get=Operation("FetchStickyMapping", "Fetch one recipient's mapping", {200: MAPPING}),
    delete=Operation("DeleteStickyMapping", "Let the recipient's next message choose anew", {204: None}),
)
declare(
    f"{_INSIGHT}/Coverage",
    get=Operation(
        "FetchCoverage",
        "Whence every country, and every US and Canadian area code, would be reached",
        {200: COVERAGE},
        query={"Media": "bool"},
        about=(
            "Asked is a text to a new recipient on a mobile without RCS; with Media a picture. Each row has country,"
            " name, area_code, kind and kinds of the group that rule leaves, its number of senders, an example and"
            " example_sid, because, and error_code where the message would fail."
        ),
    ),
)
declare(
    f"{_INSIGHT}/Lint",
    get=Operation(
        "FetchLint",
        "What looks wrong with the pool",
        {200: LINT},
        about=(
            "The worst first. Each finding has rule, tone (bad: messages fail now; warn: some may), text, remedy,"
            " error_code and up to five senders with sid and address."
        ),
    ),
)
