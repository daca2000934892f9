"""What is served besides what the original documents."""

EXTRA = {"FetchMediaContent", "DeleteMediaContent", "ListServiceMessage"}
# What its client libraries call, though its documents of today leave it out.
UNPUBLISHED = {
    "FetchDomainCertV4",
    "UpdateDomainCertV4",
    "DeleteDomainCertV4",
    "UpdateRequestManagedCert",
    "FetchDomainDnsValidation",
}
