from services.compliance.models.brand import BrandRegistration, BrandVetting
from services.compliance.models.campaign import Campaign
from services.compliance.models.tollfree import TollfreeVerification

__all__ = ["BrandRegistration", "BrandVetting", "Campaign", "TollfreeVerification"]
