from django.urls import path

from msgconsole.api import converters  # noqa: F401 - registers <sid:…>
from services.compliance.api.brands import Brands, SmsOtp, Vettings
from services.compliance.api.campaigns import Campaigns, CampaignUsecases, ExternalCampaigns
from services.compliance.api.deactivations import Deactivations, deactivated_file
from services.compliance.api.verifications import Verifications

BRANDS = "v1/a2p/BrandRegistrations"
CAMPAIGNS = "v1/Services/<sid:service_sid>/Compliance/Usa2p"

urlpatterns = [
    path(BRANDS, Brands.collection()),
    path(f"{BRANDS}/<sid:sid>", Brands.item(get="retrieve", post="update")),
    path(f"{BRANDS}/<sid:sid>/SmsOtp", SmsOtp.as_view()),
    path(f"{BRANDS}/<sid:brand_sid>/Vettings", Vettings.collection()),
    path(f"{BRANDS}/<sid:brand_sid>/Vettings/<sid:sid>", Vettings.item(get="retrieve")),
    path("v1/Services/PreregisteredUsa2p", ExternalCampaigns.as_view()),
    path(CAMPAIGNS, Campaigns.collection()),
    path(f"{CAMPAIGNS}/Usecases", CampaignUsecases.as_view()),
    path(f"{CAMPAIGNS}/<sid:sid>", Campaigns.item()),
    path("v1/Tollfree/Verifications", Verifications.collection()),
    path("v1/Tollfree/Verifications/<sid:sid>", Verifications.item()),
    path("v1/Deactivations", Deactivations.as_view()),
    path("msgconsole/v1/Deactivations/<str:token>.txt", deactivated_file),
]
