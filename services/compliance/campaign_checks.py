"""What a campaign may belong to: the brand, the Service, and the use case that goes with both."""

from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid
from services.compliance import usecases
from services.compliance.models import BrandRegistration, Campaign
from services.models import MessagingService

_FAILED_BRAND = (
    BrandRegistration.Status.FAILED,
    BrandRegistration.Status.DELETION_PENDING,
    BrandRegistration.Status.DELETION_FAILED,
)


def usable_brand(service: MessagingService, sid: str) -> BrandRegistration:
    """The account's brand of that SID, unless no campaign can be registered in its name."""
    if not is_sid(sid, "BN"):
        raise Refused(21717, f"{sid[:40]!r} is not a brand: give BN and 32 hex digits.", field="brand_registration_sid")
    brand = BrandRegistration.objects.filter(account=service.account, sid=sid).first()
    if brand is None:
        raise Refused(21717, f"Brand {sid} was not found on this account.", field="brand_registration_sid")
    refuse_faulty(brand)
    return brand


def refuse_faulty(brand: BrandRegistration) -> None:
    """A brand under review is taken: its campaigns wait for it."""
    field = "brand_registration_sid"
    if brand.status == BrandRegistration.Status.SUSPENDED:
        raise Refused(21729, f"Brand {brand.sid} is suspended: it takes no campaigns.", field=field)
    if brand.status in _FAILED_BRAND:
        raise Refused(21717, f"Brand {brand.sid} is {brand.status}: it takes no campaigns.", field=field)


def check_usecase(code: str, sole: bool, service: MessagingService) -> None:
    """The use case must be one of the brand's kind, and must not contradict what the Service says it is for."""
    field = "us_app_to_person_usecase"
    known = {one.code for one in (usecases.SOLE if sole else usecases.STANDARD)}
    if code not in known:
        whose = "a sole proprietor's" if sole else "a standard"
        words = f"{code[:40]!r} is no use case of {whose} brand: use one of {', '.join(sorted(known))}."
        raise Refused(21720, words, field=field)
    if not usecases.fits(service.usecase, code):
        words = f"{service.friendly_name} is a Service for {service.usecase}: {code} does not go with that."
        raise Refused(21719, words, field=field)


def refuse_contradiction(service: MessagingService, changed: frozenset[str]) -> None:
    """Before a Service's settings change: what it says it is for must go with the campaign that it has.

    One that was registered elsewhere has no use case here.
    """
    if "usecase" not in changed:
        return
    campaign = Campaign.objects.filter(service=service).first()
    if campaign is not None and not usecases.fits(service.usecase, campaign.us_app_to_person_usecase):
        words = (
            f"{service.friendly_name} has a campaign for {campaign.us_app_to_person_usecase}, {campaign.sid}: that does"
            f" not go with a Service for {service.usecase}. Choose another use case, or delete the campaign first."
        )
        raise Refused(21719, words, field="usecase")


def refuse_second(service: MessagingService) -> None:
    """A Service has one campaign. The caller holds the Service's row."""
    known = Campaign.objects.filter(service=service).first()
    if known is not None:
        raise Refused(20409, f"Service {service.sid} has a campaign already, {known.sid}. Delete it first.")
