"""API keys: make one (its secret is shown once), see which are used, revoke those that are not."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from msgconsole.accounts import actions, queries
from msgconsole.accounts.models import ApiKey
from msgconsole.console.forms import ActionForm
from msgconsole.console.paging import paginate
from msgconsole.console.permissions import ConsoleRequest, account_view


class KeyForm(ActionForm):
    friendly_name = forms.CharField(
        label="Name",
        required=False,
        max_length=actions.LONGEST_NAME,
        help_text="What will use it, such as “billing server”: you will want to know before you revoke it.",
    )
    kind = forms.ChoiceField(
        choices=ApiKey.Kind.choices,
        initial=ApiKey.Kind.KEY,
        widget=forms.RadioSelect,
        help_text="Both authenticate API requests; client libraries call the second kind a signing key.",
    )


@account_view()
def listing(request: ConsoleRequest) -> HttpResponse:
    shown = "all" if request.GET.get("show") == "all" else "active"
    keys = queries.keys_of(request.account, revoked=shown == "all")
    return render(request, "console/keys.html", {"page": paginate(keys, request), "shown": shown})


@never_cache
@account_view("configurator")
def create(request: ConsoleRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    if form.is_valid():
        made = form.attempt(
            lambda: actions.create_key(account=request.account, actor=request.actor, **form.cleaned_data)
        )
        if made:
            key, secret = made
            # No redirect: the secret is in this answer and nowhere else.
            return render(request, "console/key_secret.html", {"key": key, "secret": secret})
    return render(request, "console/key_create.html", {"form": form})


@account_view("configurator")
def revoke(request: ConsoleRequest, sid: str) -> HttpResponse:
    key = get_object_or_404(ApiKey, account=request.account, sid=sid)
    if request.method == "POST":
        actions.revoke_key(key=key, actor=request.actor)
        messages.success(request, f"{key} is revoked: requests with it are refused from now on.")
        return redirect("console:keys")
    return render(request, "console/key_revoke.html", {"key": key})
