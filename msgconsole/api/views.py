"""What every API view does: authenticate, find the account it is about, keep to its methods, answer in JSON."""

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.accounts.queries import reachable_from
from msgconsole.api.authentication import AccountAuthentication, IsAccount, Principal
from msgconsole.api.exceptions import handle, not_found
from msgconsole.api.forms import Form, form_of, query_of
from msgconsole.api.links import base_url
from msgconsole.api.parsers import FormParser, MultipartParser
from msgconsole.api.renderers import JsonRenderer, OnlyJson
from msgconsole.api.throttling import AccountThrottle
from msgconsole.error_codes import Refused

READS = ("GET", "HEAD", "OPTIONS")


class ApiView(APIView):
    """A view of the API. ``account`` is the account the request is about, ``actor`` who makes it.

    ``own_account`` is the caller's, whose credentials came with the request. Paths of 2010-04-01 name the account:
    that one or a subaccount of it. Elsewhere it is the caller's own.
    """

    http_method_names = ["get", "post", "delete", "head", "options"]
    authentication_classes = [AccountAuthentication]
    permission_classes = [IsAccount]
    parser_classes = [FormParser, MultipartParser]
    renderer_classes = [JsonRenderer]
    content_negotiation_class = OnlyJson
    throttle_classes = [AccountThrottle]

    # What may be asked about a subaccount that is suspended or closed.
    methods_if_inactive: tuple[str, ...] = READS

    takes_forms = True

    account: Account
    own_account: Account
    actor: Actor
    base: str
    query: Form

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        principal = cast(Principal, request.user)  # nobody else passes IsAccount
        self.actor = principal.actor
        self.own_account = principal.account
        self.account = self._account(principal.account, kwargs.get("account_sid"))
        self.base = base_url(request)
        self.query = query_of(request)
        if request.method == "POST" and self.takes_forms:
            form_of(request)  # a body that is too large or no form is refused, whether or not it is needed

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override] # DRF's own
        """Nothing but the Allow header, which every answer has."""
        return Response(status=204)

    def get_exception_handler(self) -> Any:
        return handle

    def not_found(self) -> Refused:
        """The 404 for the address asked for."""
        return not_found(self.request.path)

    @property
    def form(self) -> Form:
        return form_of(self.request)

    def _account(self, own: Account, sid: str | None) -> Account:
        if sid is None or sid == own.sid:
            return own
        found = reachable_from(own).filter(sid=sid).first()
        if found is None:
            raise self.not_found()
        if found.status != Account.Status.ACTIVE and self.request.method not in self.methods_if_inactive:
            raise Refused(20403, f"Account {found.sid} is {found.status}: it can only be read.")
        return found


class AccountScopedViewSet(ViewSetMixin, ApiView):
    """A collection and its items: ``create`` and ``list``, ``retrieve``, ``update`` (by POST) and ``destroy``."""

    @classmethod
    def collection(cls, **methods: str) -> Any:
        """The view of the collection's address; by default GET lists and POST creates."""
        return cls.as_view(dict(methods) or {"get": "list", "post": "create"})

    @classmethod
    def item(cls, **methods: str) -> Any:
        """The view of one item's address; by default GET, POST to update, and DELETE."""
        return cls.as_view(dict(methods) or {"get": "retrieve", "post": "update", "delete": "destroy"})


class UnknownAddress(ApiView):
    """Whatever lies under an API's root and is no resource. Every method is answered alike."""

    schema = None  # no part of the API's document
    takes_forms = False
    http_method_names = [*ApiView.http_method_names, "put", "patch", "trace"]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise self.not_found()

    post = delete = put = patch = options = trace = get
