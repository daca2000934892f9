"""The account: its credentials, the countries it may message, and the other accounts of this person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from msgconsole.accounts import actions, authorization
from msgconsole.accounts.models import Account, Membership
from msgconsole.console.forms import ActionForm
from msgconsole.console.permissions import ConsoleRequest, account_view, accounts_for, at_least, choose_account
from msgconsole.numbering import countries
from services.models import MessagingService

NAMED_COUNTRIES = 12


class NameForm(ActionForm):
    friendly_name = forms.CharField(label="Name", max_length=actions.LONGEST_NAME)


def _with_code(iso: str, name: str) -> str:
    code = countries.calling_code(iso)
    return f"{name} (+{code})" if code else name


class CountriesForm(ActionForm):
    """``geo_permissions`` of an account: None for all countries, else a list of them."""

    aliases = {"geo_permissions": "chosen"}
    allowed = forms.ChoiceField(
        label="Messages may go to",
        choices=[("all", "Every country"), ("some", "Only the countries ticked below")],
        widget=forms.RadioSelect,
    )
    chosen = forms.MultipleChoiceField(
        label="Countries",
        choices=[(iso, _with_code(iso, name)) for iso, name in countries.ALL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def geo_permissions(self) -> list[str] | None:
        return None if self.cleaned_data["allowed"] == "all" else self.cleaned_data["chosen"]


class AccountForm(ActionForm):
    friendly_name = forms.CharField(
        label="Name", max_length=actions.LONGEST_NAME, help_text="Such as the department, or the person in training."
    )
    place = forms.ChoiceField(label="Where", widget=forms.RadioSelect)

    def __init__(self, data: Any, *, places: list[tuple[str, str]]) -> None:
        super().__init__(data, initial={"place": places[0][0]})
        self.set_choices("place", places)


@never_cache
@account_view()
def overview(request: ConsoleRequest) -> HttpResponse:
    return _overview(request)


def _overview(request: ConsoleRequest, *, token: str = "", form: forms.Form | None = None) -> HttpResponse:
    accounts = accounts_for(request)
    roles = authorization.roles_of(request.user, accounts)
    by_pk = {account.pk: account for account in accounts}
    context = {
        "shown": request.account,
        "token": token,
        "form": form or NameForm(initial={"friendly_name": request.account.friendly_name}),
        "countries": _named(request.account.geo_permissions),
        "more_countries": max(0, len(request.account.geo_permissions or []) - NAMED_COUNTRIES),
        "others": [(account, roles[account.pk], by_pk.get(account.owner_id or 0)) for account in accounts],
        "may_create": bool(_places(request)),
    }
    return render(request, "console/account.html", context)


@require_POST
@account_view("configurator")
def rename(request: ConsoleRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if form.is_valid():
        saved = form.attempt(
            lambda: actions.update_account(account=request.account, actor=request.actor, **form.cleaned_data)
        )
        if saved:
            messages.success(request, "The account has its new name.")
            return redirect("console:account")
    return _overview(request, form=form)


@never_cache
@require_POST
@account_view("configurator")
def show_token(request: ConsoleRequest) -> HttpResponse:
    """The page with the token in it. That it was shown, and to whom, stands in the audit log."""
    return _overview(request, token=actions.reveal_auth_token(account=request.account, actor=request.actor))


@account_view("owner")
def rotate_token(request: ConsoleRequest) -> HttpResponse:
    if request.method == "POST":
        actions.rotate_auth_token(account=request.account, actor=request.actor)
        messages.success(request, "The account has a new auth token; the old one is refused. Show it to copy it.")
        return redirect("console:account")
    callbacks = MessagingService.objects.filter(account=request.account).exclude(status_callback=None).count()
    return render(request, "console/account_rotate.html", {"callbacks": callbacks})


@account_view("configurator")
def countries_allowed(request: ConsoleRequest) -> HttpResponse:
    kept = request.account.geo_permissions
    initial = {"allowed": "all" if kept is None else "some", "chosen": kept or []}
    form = CountriesForm(request.POST or None, initial=initial)
    if form.is_valid():
        allowed = form.geo_permissions()
        saved = form.attempt(
            lambda: actions.update_account(account=request.account, actor=request.actor, geo_permissions=allowed)
        )
        if saved:
            messages.success(request, "Saved. The next message is judged by it.")
            return redirect("console:account")
    return render(request, "console/account_countries.html", {"form": form})


@account_view("owner")
def create(request: ConsoleRequest) -> HttpResponse:
    """A subaccount of this account, for its owners; a separate account, for superusers."""
    places = _places(request)
    if not places:
        raise PermissionDenied("A subaccount has no subaccounts of its own: switch to its parent account first.")
    form = AccountForm(request.POST or None, places=places)
    if form.is_valid():
        account = form.attempt(lambda: _create(request, **form.cleaned_data))
        if account:
            choose_account(request, account)
            messages.success(request, f"{account} is there, and you are looking at it.")
            return redirect("console:account")
    return render(request, "console/account_create.html", {"form": form})


def _create(request: ConsoleRequest, *, friendly_name: str, place: str) -> Account:
    parent = request.account if place == "under" else None
    with transaction.atomic():
        account = actions.create_account(friendly_name=friendly_name, owner=parent, actor=request.actor)
        if parent is None:
            # A superuser needs no role, but an account without an owner would look like nobody's.
            actions.set_role(account=account, user=request.user, role=Membership.Role.OWNER, actor=request.actor)
    return account


def _places(request: ConsoleRequest) -> list[tuple[str, str]]:
    """Where this person may create an account: choices of the form."""
    places = []
    if request.account.owner_id is None and at_least(request.role, "owner"):
        places.append(("under", f"Under {request.account}: its people have the same roles there"))
    if request.user.is_superuser:
        places.append(("apart", "Apart: an account of its own, with you as its owner"))
    return places


def _named(geo_permissions: list[str] | None) -> list[str] | None:
    if geo_permissions is None:
        return None
    return sorted(countries.name(iso) for iso in geo_permissions)[:NAMED_COUNTRIES]
