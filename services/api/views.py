"""``/v1/Services``: create, list, fetch, update, delete; and the use cases one may declare."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.accounts.models import Account
from msgconsole.api.exceptions import not_found
from msgconsole.api.forms import Form
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet, ApiView
from services import actions
from services.api.serializers import service_json
from services.models import MessagingService
from services.queries import services_of

PAGES = Keyset()

USECASES = (
    ("notifications", "Notifications", "Tell people about something they asked to hear of: orders, appointments."),
    ("marketing", "Marketing", "Offers and news for people who agreed to get them."),
    ("verification", "Verification", "One-time codes for logging in or confirming a number."),
    ("discussion", "Discussion", "Conversations with people, such as customer care."),
    ("poll", "Poll", "Questions with answers by text."),
    ("undeclared", "Undeclared", "Not said, or none of the others."),
)


def find_service(account: Account, sid: str, path: str) -> MessagingService:
    """The account's Service, or the 404 that names the address asked for."""
    service = services_of(account).filter(sid=sid).first()
    if service is None:
        raise not_found(path)
    return service


def settings_in(form: Form) -> dict[str, Any]:
    """The settings that a create or update names, in the types that the actions take."""
    found: dict[str, Any] = {}
    for name in actions.SETTINGS:
        if name not in form or name == "sending_windows":
            continue
        if name in actions.SWITCHES:
            found[name] = form.boolean(name)
        elif name == "validity_period":
            found[name] = form.integer(name, too_large=21624)
        elif name in actions.METHODS:
            found[name] = (form.text(name) or "").upper()
        else:
            found[name] = form.text(name)
    return found


class Services(AccountScopedViewSet):
    def create(self, request: Request) -> Response:
        service = actions.create_service(account=self.account, actor=self.actor, **settings_in(self.form))
        return Response(self._show(service), status=201)

    def list(self, request: Request) -> Response:
        page = PAGES.page(request, services_of(self.account))
        return Response(page.v1("services", f"{self.base}{request.path}", self._show))

    def retrieve(self, request: Request, sid: str) -> Response:
        return Response(self._show(self._find(sid)))

    def update(self, request: Request, sid: str) -> Response:
        service = actions.update_service(service=self._find(sid), actor=self.actor, **settings_in(self.form))
        return Response(self._show(service))

    def destroy(self, request: Request, sid: str) -> Response:
        actions.delete_service(service=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _find(self, sid: str) -> MessagingService:
        return find_service(self.account, sid, self.request.path)

    def _show(self, service: MessagingService) -> dict[str, Any]:
        return service_json(service, account_sid=self.account.sid, base=self.base)


class Usecases(ApiView):
    def get(self, request: Request) -> Response:
        rows = [
            {"usecase": code, "description": description, "purpose": purpose} for code, description, purpose in USECASES
        ]
        return Response({"usecases": rows})
