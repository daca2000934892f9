"""``/v1/a2p/BrandRegistrations`` with the texts to sole proprietors and the vettings of each brand."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet, ApiView
from msgconsole.error_codes import Refused
from services.compliance import actions
from services.compliance.api.serializers import brand_json, vetting_json
from services.compliance.models import BrandRegistration, BrandVetting
from services.compliance.queries import brands_of, vettings_of

PAGES = Keyset()


class OfBrands(ApiView):
    """What finds a brand by the SID in the path."""

    def find(self, sid: str) -> BrandRegistration:
        brand = brands_of(self.account).filter(sid=sid).first()
        if brand is None:
            raise self.not_found()
        return brand


class Brands(AccountScopedViewSet, OfBrands):
    def create(self, request: Request) -> Response:
        brand = actions.create_brand(
            account=self.account,
            actor=self.actor,
            customer_profile_bundle_sid=self.form.text("customer_profile_bundle_sid"),
            # The wire name has one capital more than the rule of names expects.
            a2p_profile_bundle_sid=self.form.text("a2_p_profile_bundle_sid"),
            brand_type=self.form.text("brand_type"),
            mock=bool(self.form.boolean("mock")),
            skip_automatic_sec_vet=bool(self.form.boolean("skip_automatic_sec_vet")),
        )
        return Response(self._show(brand), status=201)

    def list(self, request: Request) -> Response:
        page = PAGES.page(request, brands_of(self.account))
        return Response(page.v1("data", f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, sid: str) -> Response:
        return Response(self._show(self.find(sid)))

    def update(self, request: Request, sid: str) -> Response:
        brand = actions.resubmit_brand(brand=self.find(sid), actor=self.actor)
        return Response(self._show(brand), status=202)

    def _show(self, brand: BrandRegistration) -> dict[str, Any]:
        return brand_json(brand, account_sid=self.account.sid, base=self.base)


class SmsOtp(OfBrands):
    http_method_names = ["post", "options"]

    def post(self, request: Request, sid: str) -> Response:
        brand = actions.send_code(brand=self.find(sid), actor=self.actor)
        return Response({"account_sid": self.account.sid, "brand_registration_sid": brand.sid}, status=201)


class Vettings(AccountScopedViewSet, OfBrands):
    brand: BrandRegistration

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.brand = self.find(kwargs["brand_sid"])

    def create(self, request: Request, brand_sid: str) -> Response:
        vetting = actions.create_vetting(
            brand=self.brand,
            actor=self.actor,
            vetting_provider=self.form.text("vetting_provider"),
            vetting_id=self.form.text("vetting_id"),
        )
        return Response(self._show(vetting), status=201)

    def list(self, request: Request, brand_sid: str) -> Response:
        provider = self.query.text("vetting_provider")
        if provider and provider not in BrandVetting.Provider.values:
            known = " or ".join(BrandVetting.Provider.values)
            raise Refused(20001, f"VettingProvider is {provider[:40]!r}: use {known}.", field="vetting_provider")
        page = PAGES.page(request, vettings_of(self.brand, provider))
        return Response(page.v1("data", f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, brand_sid: str, sid: str) -> Response:
        vetting = vettings_of(self.brand).filter(sid=sid).first()
        if vetting is None:
            raise self.not_found()
        return Response(self._show(vetting))

    def _show(self, vetting: BrandVetting) -> dict[str, Any]:
        return vetting_json(vetting, brand_sid=self.brand.sid, account_sid=self.account.sid, base=self.base)
