"""What the operations on messages, their media and feedback take, answer and refuse."""

from msgconsole.api.operations import OF_ACCOUNT, Operation, declare
from msgconsole.api.shapes import Listed, Shape
from msgconsole.messaging.api.decision_shapes import DECISION, EXPLANATION, REPLAY, WHY_NOT
from msgconsole.messaging.lifecycle import NOT_REGISTERED, Status

_COMMON = {
    "body": "text",
    "num_segments": "digits",
    "direction": "one inbound|outbound-api|outbound-reply|outbound-call",
    "from": "text?",
    "to": "text",
    "price": "price?",
    "error_message": "text?",
    "account_sid": "sid AC",
    "num_media": "digits",
    "status": "one " + "|".join(status.value for status in Status),
    "messaging_service_sid": "sid MG?",
    "sid": "sid SM MM",
    "error_code": "int?",
    "price_unit": "text?",
    "api_version": "text",
    "tags": "object?",
}
MESSAGE = Shape(
    "Message",
    {
        **_COMMON,
        "date_created": "rfc2822",
        "date_sent": "rfc2822?",
        "date_updated": "rfc2822",
        "uri": "path",
        "subresource_uris": "object",
    },
)
SERVICE_MESSAGE = Shape(
    "ServiceMessage",
    {
        **_COMMON,
        "date_created": "iso",
        "date_sent": "iso?",
        "date_updated": "iso",
        "url": "url",
        "links": "object",
    },
)
MEDIA = Shape(
    "Media",
    {
        "account_sid": "sid AC",
        "content_type": "text",
        "date_created": "rfc2822",
        "date_updated": "rfc2822",
        "parent_sid": "sid MM SM",
        "sid": "sid ME",
        "uri": "path",
    },
)
FEEDBACK = Shape(
    "Feedback",
    {
        "account_sid": "sid AC",
        "message_sid": "sid MM SM",
        "outcome": "one confirmed|unconfirmed",
        "date_created": "rfc2822",
        "date_updated": "rfc2822",
        "uri": "path",
    },
)
BALANCE = Shape("Balance", {"account_sid": "sid AC", "balance": "price", "currency": "text"})

FILTERS = {"To": "text", "From": "text", "DateSent": "moment", "DateSent<": "moment", "DateSent>": "moment"}
NEW_MESSAGE = {
    "To!": "text 1",
    "From": "text",
    "MessagingServiceSid": "text",
    "Body": "text",
    "MediaUrl": "[text 1]",
    "StatusCallback": "weburl",
    "ApplicationSid": "text",
    "ValidityPeriod": "int 1-36000",
    "SmartEncoded": "bool",
    "ShortenUrls": "bool",
    "ForceDelivery": "bool",
    "ProvideFeedback": "bool",
    "SendAsMms": "bool",
    "ContentRetention": "one retain|discard",
    "AddressRetention": "one retain|obfuscate",
    "ScheduleType": "one fixed",
    "SendAt": "moment",
    "Attempt": "int 0-100",
    "MaxPrice": "text",
    "TrafficType": "one free",
    "RiskCheck": "one enable|disable",
    "PersistentAction": "[text]",
    "FallbackFrom": "text",
    "ContentSid": "text",
    "ContentVariables": "text",
    "MessageIntent": "text",
    "Tags": "text",
}
REFUSED_AT_ONCE = frozenset(
    {
        *(20409, 21211, 21212, 21265, 21266, 21267, 21268, 21408, 21602, 21603, 21604, 21609, 21610, 21611),
        *(21612, 21617, 21619, 21620, 21621, 21623, 21624, 21627, 21635, 21654, 21655, 21656, 21659, 21660),
        *(
            21661,
            21664,
            21665,
            21666,
            21667,
            21701,
            21704,
            21705,
            21910,
            30029,
            30030,
            35111,
            35114,
            35118,
            35125,
            35126,
        ),
    }
)
_ONE = f"{OF_ACCOUNT}/Messages/{{MessageSid:SM MM}}"

declare(
    f"{OF_ACCOUNT}/Messages.json",
    get=Operation(
        "ListMessage",
        "List the account's messages",
        {200: Listed("messages", MESSAGE, v1=False)},
        query=FILTERS,
        about="Newest first. DateSent is a whole UTC day; with < up to and including, with > from and including.",
    ),
    post=Operation(
        "CreateMessage",
        "Send a message",
        {201: MESSAGE},
        form=NEW_MESSAGE,
        headers={"I-Twilio-Idempotency-Token": "text 0-128", "Idempotency-Key": "text 0-128"},
        codes=REFUSED_AT_ONCE | NOT_REGISTERED,  # with a Service such a message is taken, and fails
        about=(
            "Give To, a From or a MessagingServiceSid, and a Body, MediaUrl or ContentSid. With a Service the answer"
            " is accepted and the sender is chosen afterwards. A token in either header makes a retry safe: the same"
            " token with the same parameters answers the same message for 24 hours, with others 409."
        ),
    ),
)
declare(
    f"{OF_ACCOUNT}/Messages/{{Sid:SM MM}}.json",
    get=Operation("FetchMessage", "Fetch a message", {200: MESSAGE}),
    post=Operation(
        "UpdateMessage",
        "Redact or cancel a message",
        {200: MESSAGE},
        form={"Body": "text 0-0", "Status": "one canceled"},
        codes=frozenset({20009, 30400, 30409}),
        about="An empty Body redacts a final message; Status=canceled takes back one that is scheduled or accepted.",
    ),
    delete=Operation("DeleteMessage", "Delete a final message", {204: None}, codes=frozenset({20009})),
)
declare(
    f"{_ONE}/Media.json",
    get=Operation(
        "ListMedia",
        "List a message's media",
        {200: Listed("media_list", MEDIA, v1=False)},
        query={"DateCreated": "moment", "DateCreated<": "moment", "DateCreated>": "moment"},
    ),
)
declare(
    f"{_ONE}/Media/{{Sid:ME}}.json",
    get=Operation("FetchMedia", "Fetch what is known of a medium", {200: MEDIA}),
    delete=Operation("DeleteMedia", "Delete a medium; the message stays", {204: None}),
)
declare(
    f"{_ONE}/Media/{{Sid:ME}}",
    get=Operation("FetchMediaContent", "The medium itself: the way to the file", {302: None}),
    delete=Operation("DeleteMediaContent", "Delete a medium by the address of its file", {204: None}),
)
declare(
    f"{_ONE}/Feedback.json",
    post=Operation(
        "CreateMessageFeedback",
        "Say whether a message did what it was for",
        {200: FEEDBACK},
        form={"Outcome": "one confirmed|unconfirmed"},
    ),
)
declare(
    f"{OF_ACCOUNT}/Balance.json",
    get=Operation("FetchBalance", "What the account's messages came to", {200: BALANCE}),
)
declare(
    "/v1/Services/{ServiceSid:MG}/Messages",
    get=Operation(
        "ListServiceMessage",
        "List a Service's messages",
        {200: Listed("messages", SERVICE_MESSAGE, v1=True)},
        query=FILTERS,
    ),
)
declare(
    "/msgconsole/v1/Messages/{Sid:SM MM}/Decision",
    get=Operation("FetchDecision", "Which sender, and why", {200: DECISION}),
)
declare(
    "/msgconsole/v1/Messages/{Sid:SM MM}/Replay",
    post=Operation(
        "ReplayDecision",
        "Run a message's decision again, on its own inputs and under what holds today",
        {200: REPLAY},
        about="Writes nothing. equal says whether the stored inputs give the stored decision again: they must.",
    ),
)
_QUESTION = {name.rstrip("!"): word for name, word in NEW_MESSAGE.items() if name != "MessagingServiceSid"}
_WHAT_IF = (
    "Overrides is a JSON object: sticky_sender, area_code_geomatch, mms_converter, smart_encoding (true or false),"
    " geo_permissions (countries, or null for all), recipient_is_new (true), recipient (carrier, line_type, rcs,"
    " opted_out), all_registered (true), registrations (sender to registration), busy and remove (lists of senders),"
    " add (a list of senders: kind, address, country, sms, mms, registration, unsupported_carriers, approved_regions,"
    " registered_countries). A sender is named by its SID or address."
)
declare(
    "/msgconsole/v1/Services/{ServiceSid:MG}/Explain",
    post=Operation(
        "ExplainMessage",
        "Which sender a message would get and why, what the API would answer, and what would follow",
        {200: EXPLANATION},
        form={**_QUESTION, "Overrides": "text", "WhyNot": "text"},
        codes=frozenset({21624, 35114}),
        about=f"The parameters of sending a message. Writes nothing. {_WHAT_IF} WhyNot names a sender to be explained.",
    ),
)
declare(
    "/msgconsole/v1/Services/{ServiceSid:MG}/WhyNot",
    post=Operation(
        "ExplainSender",
        "Why a sender is not chosen, and the smallest change that would make it win",
        {200: WHY_NOT},
        form={**_QUESTION, "WhyNot!": "text 1", "Overrides": "text"},
        codes=frozenset({21624, 35114}),
        about=f"Writes nothing. The change is one that the engine was seen to choose this sender under. {_WHAT_IF}",
    ),
)
