from django.urls import path

from msgconsole.api import converters  # noqa: F401 - registers <sid:…>
from services.linkshortening.api.certificates import DnsValidation, DomainCertificate, ManagedCertificate
from services.linkshortening.api.views import ROOT, Association, ConfigOfService, DomainConfig, DomainOfService

urlpatterns = [
    path(f"{ROOT}/Domains/<sid:domain_sid>/Config", DomainConfig.as_view()),
    path(f"{ROOT}/Domains/<sid:domain_sid>/Certificate", DomainCertificate.as_view()),
    path(f"{ROOT}/Domains/<sid:domain_sid>/RequestManagedCert", ManagedCertificate.as_view()),
    path(f"{ROOT}/Domains/<sid:domain_sid>/ValidateDns", DnsValidation.as_view()),
    path(f"{ROOT}/Domains/<sid:domain_sid>/MessagingServices/<sid:service_sid>", Association.as_view()),
    path(f"{ROOT}/MessagingServices/<sid:service_sid>/Domain", DomainOfService.as_view()),
    # Singular here: that is how the original spells it.
    path(f"{ROOT}/MessagingService/<sid:service_sid>/DomainConfig", ConfigOfService.as_view()),
]
