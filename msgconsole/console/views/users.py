"""The people of an account and their roles. Everybody in it sees them; its owners change them."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from msgconsole.accounts import actions, queries
from msgconsole.accounts.models import Membership, User
from msgconsole.console.forms import ActionForm
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.error_codes import Refused

Role = Membership.Role
MEANINGS = {
    Role.VIEWER: "sees everything but secrets, changes nothing",
    Role.CONFIGURATOR: "changes Services, senders and keys, sends messages, sees the auth token",
    Role.OWNER: "all of that, and changes people, the auth token and accounts",
}
ROLES = [(role.value, f"{role.label}: {meaning}") for role, meaning in MEANINGS.items()]


class RoleForm(ActionForm):
    role = forms.ChoiceField(choices=ROLES, widget=forms.RadioSelect)


class InviteForm(ActionForm):
    known = forms.ChoiceField(
        label="Who",
        choices=[("no", "Someone new: make a login for them"), ("yes", "Someone who can log in here already")],
        initial="no",
        widget=forms.RadioSelect,
    )
    username = forms.CharField(
        label="User name",
        max_length=150,
        help_text="Letters, digits and @ . + - _ only.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label="Email address", required=False, help_text="For your information: no mail is sent. Of new people only."
    )
    role = forms.ChoiceField(choices=ROLES, initial=Role.VIEWER, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name = cleaned.get("username")
        if name:
            exists = User.objects.filter(username=name).exists()
            if cleaned.get("known") == "yes" and not exists:
                self.add_error("username", f"Nobody logs in as “{name}”. Check it, or choose “Someone new”.")
            if cleaned.get("known") == "no" and exists:
                self.add_error("username", f"“{name}” can log in already: choose the other answer above.")
        return cleaned


@account_view(write="owner")
def listing(request: ConsoleRequest) -> HttpResponse:
    parent = request.account.owner
    context = {
        "members": queries.members_of(request.account),
        "parent": parent,
        "inherited": queries.members_of(parent) if parent else [],
        "superusers": User.objects.filter(is_superuser=True, is_active=True).order_by("username"),
        "roles": [(role.label, f"{meaning[0].upper()}{meaning[1:]}.") for role, meaning in MEANINGS.items()],
    }
    return render(request, "console/users.html", context)


@never_cache
@account_view("owner")
def invite(request: ConsoleRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        joined = form.attempt(lambda: _join(request, **form.cleaned_data))
        if joined:
            user, password = joined
            if password:
                # No redirect: the password is in this answer and nowhere else.
                return render(request, "console/user_password.html", {"person": user, "password": password})
            messages.success(request, f"{user} can now open {request.account}.")
            return redirect("console:users")
    return render(request, "console/user_invite.html", {"form": form})


def _join(request: ConsoleRequest, *, known: str, username: str, email: str, role: str) -> tuple[User, str]:
    """The person, now in the account, and the password of a new one."""
    with transaction.atomic():
        password = ""
        if known == "yes":
            user = User.objects.get(username=username)
            if Membership.objects.filter(account=request.account, user=user).exists():
                raise Refused(20409, f"{user} is in this account already; change the role there.", field="username")
        else:
            password = secrets.token_urlsafe(12)
            user = actions.create_user(username=username, email=email, password=password, actor=request.actor)
        actions.set_role(account=request.account, user=user, role=role, actor=request.actor)
    return user, password


@account_view("owner")
def change_role(request: ConsoleRequest, username: str) -> HttpResponse:
    member = _member(request, username)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid():
        role = form.cleaned_data["role"]
        if form.attempt(
            lambda: actions.set_role(account=request.account, user=member.user, role=role, actor=request.actor)
        ):
            messages.success(request, f"{member.user} is now {Role(role).label.lower()}.")
            return redirect("console:users")
    return render(request, "console/user_role.html", {"form": form, "member": member})


@account_view("owner")
def remove(request: ConsoleRequest, username: str) -> HttpResponse:
    member = _member(request, username)
    refused = None
    if request.method == "POST":
        try:
            actions.set_role(account=request.account, user=member.user, role=None, actor=request.actor)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, f"{member.user} can no longer open {request.account}.")
            return redirect("console:home" if member.user == request.user else "console:users")
    return render(request, "console/user_remove.html", {"member": member, "refused": refused})


def _member(request: ConsoleRequest, username: str) -> Membership:
    return get_object_or_404(queries.members_of(request.account), user__username=username)
