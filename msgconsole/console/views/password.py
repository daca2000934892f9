"""One's own password."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from msgconsole.accounts import actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import User
from msgconsole.console.forms import ActionForm


def _secret(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, help_text=help_text, widget=widget)


class PasswordForm(ActionForm):
    old = _secret("Your password now", "current-password")
    password = _secret("New password", "new-password", "At least 10 characters, and not one of the common ones.")
    again = _secret("New password again", "new-password")

    def __init__(self, data: object, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.user.check_password(old):
            raise ValidationError("This is not your password.")
        return old

    def clean_again(self) -> str:
        again = str(self.cleaned_data["again"])
        if self.cleaned_data.get("password", again) != again:
            raise ValidationError("The two new passwords differ.")
        return again


@sensitive_post_parameters()
@never_cache
@login_required
def change(request: HttpRequest) -> HttpResponse:
    """For everybody who can log in, whether or not they have a role anywhere."""
    user = cast(User, request.user)
    form = PasswordForm(request.POST or None, user=user)
    if form.is_valid():
        new = form.cleaned_data["password"]
        if form.attempt(lambda: actions.set_password(user=user, password=new, actor=Actor.user(user))):
            update_session_auth_hash(request, user)
            messages.success(request, "Your password is changed; everywhere else you are logged out.")
            return redirect("console:home")
    return render(request, "console/password.html", {"form": form})
