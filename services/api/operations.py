"""What the operations on Services take, answer and refuse."""

from msgconsole.api.operations import Operation, declare
from msgconsole.api.shapes import Listed, Shape

SERVICE = Shape(
    "Service",
    {
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
        "scan_message_content": "one inherit|enable|disable",
        "fallback_to_long_code": "bool",
        "area_code_geomatch": "bool",
        "synchronous_validation": "bool",
        "validity_period": "int",
        "usecase": "text",
        "us_app_to_person_registered": "bool",
        "use_inbound_webhook_on_number": "bool",
        "sending_windows": "[object]",
        "url": "url",
        "links": "object",
    },
)
USECASES = Shape("ServiceUsecases", {"usecases": "[object]"})
SETTINGS = {
    "InboundRequestUrl": "weburl",
    "InboundMethod": "method",
    "FallbackUrl": "weburl",
    "FallbackMethod": "method",
    "StatusCallback": "weburl",
    "StickySender": "bool",
    "MmsConverter": "bool",
    "SmartEncoding": "bool",
    "ScanMessageContent": "one inherit|enable|disable",
    "FallbackToLongCode": "bool",
    "AreaCodeGeomatch": "bool",
    "ValidityPeriod": "int 1-36000",
    "SynchronousValidation": "bool",
    "Usecase": "one notifications|marketing|verification|discussion|poll|undeclared",
    "UseInboundWebhookOnNumber": "bool",
}
FAULTS = frozenset({20002, 11100, 21624, 21713})

declare(
    "/v1/Services",
    get=Operation("ListService", "List the account's Services", {200: Listed("services", SERVICE, v1=True)}),
    post=Operation(
        "CreateService",
        "Create a Service",
        {201: SERVICE},
        form={"FriendlyName!": "text 1-64", **SETTINGS},
        codes=FAULTS | {21102},
    ),
)
declare(
    "/v1/Services/{Sid:MG}",
    get=Operation("FetchService", "Fetch a Service", {200: SERVICE}),
    post=Operation(
        "UpdateService",
        "Update a Service",
        {200: SERVICE},
        form={"FriendlyName": "text 1-64", **SETTINGS},
        codes=FAULTS | {21719},
        about="What is not named stays as it is; an empty URL is cleared.",
    ),
    delete=Operation(
        "DeleteService",
        "Delete a Service",
        {204: None},
        about="Its pool and its campaign go; its numbers stay on the account, and its messages keep its SID.",
    ),
)
declare("/v1/Services/Usecases", get=Operation("FetchUsecase", "List what a Service may be for", {200: USECASES}))
