"""``/v1/Tollfree/Verifications``."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.api.forms import Form
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet
from msgconsole.error_codes import Refused
from services.compliance import actions
from services.compliance.api.serializers import verification_json
from services.compliance.models import TollfreeVerification
from services.compliance.queries import verifications_of
from services.compliance.tollfree_answers import QUESTIONS, SEVERAL

PAGES = Keyset()


def answers_in(form: Form) -> dict[str, Any]:
    """The answers given, in the types that the actions take."""
    found: dict[str, Any] = {}
    for question in QUESTIONS:
        if question.name not in form:
            continue
        if question.kind in SEVERAL:
            found[question.name] = [text for text in form.texts(question.name) if text]
        elif question.kind == "boolean":
            found[question.name] = form.boolean(question.name) if form.text(question.name) else ""
        else:
            found[question.name] = form.text(question.name)
    return found


class Verifications(AccountScopedViewSet):
    def create(self, request: Request) -> Response:
        verification = actions.create_verification(
            account=self.account,
            actor=self.actor,
            tollfree_phone_number_sid=self.form.text("tollfree_phone_number_sid"),
            customer_profile_sid=self.form.text("customer_profile_sid"),
            external_reference_id=self.form.text("external_reference_id"),
            **answers_in(self.form),
        )
        return Response(self._show(verification), status=201)

    def list(self, request: Request) -> Response:
        status = self.query.text("status")
        if status and status not in TollfreeVerification.Status.values:
            known = ", ".join(TollfreeVerification.Status.values)
            raise Refused(20001, f"Status is {status[:40]!r}: use one of {known}.", field="status")
        rows = verifications_of(
            self.account,
            phone_number_sid=self.query.text("tollfree_phone_number_sid"),
            status=status,
            external_reference_id=self.query.text("external_reference_id"),
            trust_product_sids=self.query.texts("trust_product_sid"),
            include_sub_accounts=bool(self.query.boolean("include_sub_accounts")),
        )
        page = PAGES.page(request, rows)
        return Response(page.v1("verifications", f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, sid: str) -> Response:
        return Response(self._show(self._find(sid)))

    def update(self, request: Request, sid: str) -> Response:
        verification = actions.update_verification(
            verification=self._find(sid),
            actor=self.actor,
            edit_reason=self.form.text("edit_reason"),
            **answers_in(self.form),
        )
        return Response(self._show(verification), status=202)

    def destroy(self, request: Request, sid: str) -> Response:
        actions.delete_verification(verification=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _find(self, sid: str) -> TollfreeVerification:
        verification = verifications_of(self.account).filter(sid=sid).first()
        if verification is None:
            raise self.not_found()
        return verification

    def _show(self, verification: TollfreeVerification) -> dict[str, Any]:
        return verification_json(verification, base=self.base)
