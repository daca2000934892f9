"""What the operations on short domains take, answer and refuse."""

from msgconsole.api.operations import Operation, declare
from msgconsole.api.shapes import Shape
from services.linkshortening.pem import LONGEST

_COMMON = {
    "domain_sid": "sid DN",
    "config_sid": "sid ZK",
    "fallback_url": "url?",
    "callback_url": "url?",
    "continue_on_failure": "bool",
    "date_created": "iso",
    "date_updated": "iso",
    "url": "url",
}
CONFIG = Shape("DomainConfig", {**_COMMON, "disable_https": "bool"})
CONFIG_OF_SERVICE = Shape("DomainConfigMessagingService", {**_COMMON, "messaging_service_sid": "sid MG"})
ASSOCIATION = Shape(
    "LinkshorteningMessagingService",
    {"domain_sid": "sid DN", "messaging_service_sid": "sid MG", "url": "url"},
)
_CERTIFICATE = {
    "domain_sid": "sid DN",
    "certificate_sid": "sid CW",
    "domain_name": "url",
    "date_created": "iso",
    "date_updated": "iso",
    "date_expires": "iso?",
    "url": "url",
}
CERTIFICATE = Shape("DomainCertificate", {**_CERTIFICATE, "cert_in_validation": "object?"})
MANAGED_CERTIFICATE = Shape("RequestManagedCertificate", {**_CERTIFICATE, "managed": "bool", "requesting": "bool"})
DNS = Shape("DomainDnsValidation", {"domain_sid": "sid DN", "is_valid": "bool", "reason": "text?", "url": "url"})
_ROOT = "/v1/LinkShortening"

declare(
    f"{_ROOT}/Domains/{{DomainSid:DN}}/Config",
    get=Operation("FetchDomainConfig", "Fetch the configuration of a short domain", {200: CONFIG}),
    post=Operation(
        "UpdateDomainConfig",
        "Configure a short domain",
        {200: CONFIG, 201: CONFIG},
        form={
            "FallbackUrl": "weburl",
            "CallbackUrl": "weburl",
            "ContinueOnFailure": "bool",
            "DisableHttps": "bool",
        },
        codes=frozenset({11100}),
        about="201 for the first time: a well-formed SID that nobody has names a new domain.",
    ),
)
declare(
    f"{_ROOT}/Domains/{{DomainSid:DN}}/Certificate",
    get=Operation("FetchDomainCertV4", "Fetch the certificate of a short domain", {200: CERTIFICATE}),
    post=Operation(
        "UpdateDomainCertV4",
        "Give a short domain a certificate",
        {200: CERTIFICATE, 201: CERTIFICATE},
        form={"TlsCert!": f"text 1-{LONGEST}"},
        codes=frozenset({30132}),
        about="201 for the first one. The private key is held against the certificate and then forgotten.",
    ),
    delete=Operation("DeleteDomainCertV4", "Remove the certificate of a short domain", {204: None}),
)
declare(
    f"{_ROOT}/Domains/{{DomainSid:DN}}/RequestManagedCert",
    post=Operation(
        "UpdateRequestManagedCert",
        "Have a certificate issued for a short domain",
        {200: MANAGED_CERTIFICATE},
        about="It is issued once the domain's DNS points here. The authority is simulated.",
    ),
)
declare(
    f"{_ROOT}/Domains/{{DomainSid:DN}}/ValidateDns",
    get=Operation(
        "FetchDomainDnsValidation",
        "Check where the DNS of a short domain points",
        {200: DNS},
        about="Simulated: what it finds is set in the console, on the domain's record.",
    ),
)
declare(
    f"{_ROOT}/Domains/{{DomainSid:DN}}/MessagingServices/{{MessagingServiceSid:MG}}",
    post=Operation(
        "CreateLinkshorteningMessagingService",
        "Let a Service use a short domain",
        {201: ASSOCIATION},
        codes=frozenset({20409}),
    ),
    delete=Operation("DeleteLinkshorteningMessagingService", "Take a short domain from a Service", {204: None}),
)
declare(
    f"{_ROOT}/MessagingServices/{{MessagingServiceSid:MG}}/Domain",
    get=Operation(
        "FetchLinkshorteningMessagingServiceDomainAssociation",
        "Which short domain a Service uses",
        {200: ASSOCIATION},
    ),
)
declare(
    f"{_ROOT}/MessagingService/{{MessagingServiceSid:MG}}/DomainConfig",
    get=Operation(
        "FetchDomainConfigMessagingService",
        "The configuration of a Service's short domain",
        {200: CONFIG_OF_SERVICE},
    ),
)
