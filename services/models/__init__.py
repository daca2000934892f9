from services.models.consent import ConsentRecord
from services.models.keywords import OptOutKeywordSet
from services.models.service import MessagingService

__all__ = ["ConsentRecord", "MessagingService", "OptOutKeywordSet"]
