"""The campaign of a Service: ``/v1/Services/{MG}/Compliance/Usa2p``, its use cases, and campaigns from elsewhere."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.forms import Form
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet, ApiView
from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid
from services.api.views import find_service
from services.compliance import actions, campaign_texts, usecases
from services.compliance.api.serializers import campaign_json, external_campaign_json
from services.compliance.models import BrandRegistration, Campaign
from services.compliance.queries import brands_of, campaigns_of_service
from services.models import MessagingService
from services.queries import services_of

PAGES = Keyset()


def texts_in(form: Form) -> dict[str, Any]:
    """What a create or an update says of the campaign, in the types that the actions take."""
    found: dict[str, Any] = {}
    for name in campaign_texts.TEXTS:
        found[name] = form.text(name)
    for name in campaign_texts.LISTS:
        found[name] = [word for word in form.texts(name) if word] if name in form else None
    for name in campaign_texts.SWITCHES:
        found[name] = form.boolean(name) if form.text(name) else None
    return {name: value for name, value in found.items() if value is not None}


class Campaigns(AccountScopedViewSet):
    service: MessagingService

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.service = find_service(self.account, kwargs["service_sid"], request.path)

    def create(self, request: Request, service_sid: str) -> Response:
        campaign = actions.create_campaign(
            service=self.service,
            actor=self.actor,
            brand_registration_sid=self.form.text("brand_registration_sid"),
            **texts_in(self.form),
        )
        return Response(self._show(campaign), status=201)

    def list(self, request: Request, service_sid: str) -> Response:
        page = PAGES.page(request, campaigns_of_service(self.service))
        return Response(page.v1("compliance", f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, service_sid: str, sid: str) -> Response:
        return Response(self._show(self._find(sid)))

    def update(self, request: Request, service_sid: str, sid: str) -> Response:
        campaign = actions.update_campaign(campaign=self._find(sid), actor=self.actor, **texts_in(self.form))
        return Response(self._show(campaign))

    def destroy(self, request: Request, service_sid: str, sid: str) -> Response:
        actions.delete_campaign(campaign=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _find(self, sid: str) -> Campaign:
        campaign = campaigns_of_service(self.service).filter(sid=sid).first()
        if campaign is None:
            raise self.not_found()
        return campaign

    def _show(self, campaign: Campaign) -> dict[str, Any]:
        return campaign_json(
            campaign,
            service_sid=self.service.sid,
            account_sid=self.account.sid,
            base=self.base,
            # The header's values are not published: its presence alone tells the newer clients.
            policy_urls="X-Twilio-Api-Version" in self.request.headers,
        )


class CampaignUsecases(ApiView):
    """What a brand may register for the Service; without a brand, what a standard one may."""

    def get(self, request: Request, service_sid: str) -> Response:
        service = find_service(self.account, service_sid, request.path)
        sole = False
        if sid := self.query.text("brand_registration_sid"):
            brand = brands_of(self.account).filter(sid=sid).first()
            if brand is None:
                words = f"{sid[:40]} is no brand of this account."
                raise Refused(21717, words, field="brand_registration_sid")
            sole = brand.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR
        found = usecases.offered(sole_proprietor=sole, service_usecase=service.usecase)
        return Response({"us_app_to_person_usecases": [one.to_dict() for one in found]})


class ExternalCampaigns(ApiView):
    """Campaigns that were registered elsewhere."""

    http_method_names = ["post", "options"]

    def post(self, request: Request) -> Response:
        campaign_id = self.form.text("campaign_id")
        service = self._service(self.form.text("messaging_service_sid"))
        campaign = actions.create_external_campaign(
            service=service,
            actor=self.actor,
            campaign_id=campaign_id,
            cnp_migration=bool(self.form.boolean("cnp_migration")),
        )
        body = external_campaign_json(campaign, service_sid=service.sid, account_sid=self.account.sid)
        return Response(body, status=201)

    def _service(self, sid: str | None) -> MessagingService:
        field = "messaging_service_sid"
        if not sid:
            raise Refused(21727, "Missing required parameter MessagingServiceSid in the post body", field=field)
        if not is_sid(sid, "MG"):
            raise Refused(21705, f"MessagingServiceSid is {sid[:40]!r}: give MG and 32 hex digits.", field=field)
        service = services_of(self.account).filter(sid=sid).first()
        if service is None:
            raise Refused(21701, f"The Messaging Service {sid} was not found", field=field)
        return service
