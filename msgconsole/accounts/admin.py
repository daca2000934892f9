"""Record screens of accounts, people, keys and the audit log."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from msgconsole.accounts import actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, ApiKey, AuditEntry, Membership, Spending, User
from msgconsole.admin_base.action_admin import ActionModelAdmin, Values
from msgconsole.admin_base.forms import RecordForm, WordsField
from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin, user_of

# Rights come from roles, account by account: Django's groups have no meaning here.
admin.site.unregister(Group)


class AccountForm(RecordForm):
    geo_permissions = WordsField(
        label="Countries that may be messaged", help_text="ISO codes, such as US, GB. Empty: every country."
    )


@admin.register(Account)
class AccountAdmin(ActionModelAdmin):
    about = "Credentials, Services, senders and messages belong to an account; accounts share nothing."
    form = AccountForm
    account_path = "pk"
    write_role = Membership.Role.OWNER
    list_display = ("friendly_name", "sid", "status", "type", "owner", "date_created")
    list_filter = ("status", "type")
    list_select_related = ("owner",)
    search_fields = ("friendly_name__icontains", "sid__exact")
    search_help_text = "Name or AccountSid"
    create_fields = ("friendly_name", "type")
    update_fields = ("friendly_name", "status", "type", "geo_permissions")
    fields = (*update_fields, "sid", "owner", "date_created", "date_updated")

    def account_of(self, record: models.Model) -> Account | None:
        return record if isinstance(record, Account) else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts apart are for superusers; owners make subaccounts on the account page."""
        return bool(request.user.is_active and request.user.is_superuser)

    def create_action(self, *, actor: Actor, values: Values) -> Account:
        return actions.create_account(actor=actor, **values)

    def update_action(self, *, record: Account, actor: Actor, values: Values) -> Account:
        return actions.update_account(account=record, actor=actor, **values)


class UserForm(RecordForm):
    new_password = forms.CharField(
        label="New password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. Empty: it stays as it is.",
    )


class NewUserForm(UserForm):
    """For a new user a password is needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].required = True
        self.fields["new_password"].help_text = "At least 10 characters, and not one of the common ones."


@admin.register(User)
class UserAdmin(ActionModelAdmin):
    about = "People who log in. What they may do is told by their roles, account by account."
    form = UserForm
    account_path = ""
    list_display = ("username", "email", "is_active", "is_superuser", "last_login", "date_joined")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username__icontains", "email__icontains")
    search_help_text = "User name or email address"
    create_fields = ("username", "new_password", "email", "is_superuser")
    update_fields = ("email", "first_name", "last_name", "is_active", "is_superuser", "new_password")
    fields = (*update_fields, "username", "last_login", "date_joined")
    aliases = {"password": "new_password"}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def create_action(self, *, actor: Actor, values: Values) -> User:
        return actions.create_user(actor=actor, password=values.pop("new_password"), **values)

    def update_action(self, *, record: User, actor: Actor, values: Values) -> User:
        password = values.pop("new_password", "")
        if password:
            record = actions.set_password(user=record, password=password, actor=actor)
        return actions.update_user(user=record, actor=actor, **values)


@admin.register(Membership)
class MembershipAdmin(ActionModelAdmin):
    about = "Who may do what in which account."
    write_role = Membership.Role.OWNER
    list_display = ("user", "account", "role", "date_created")
    list_filter = (AccountFilter, "role")
    list_select_related = ("user", "account")
    search_fields = ("user__username__icontains",)
    search_help_text = "User name"
    create_fields = ("account", "user", "role")
    update_fields = ("role",)
    fields = ("role", "user", "account", "date_created")

    def create_action(self, *, actor: Actor, values: Values) -> models.Model:
        return _role(actor=actor, **values)

    def update_action(self, *, record: Membership, actor: Actor, values: Values) -> models.Model:
        if not values:
            return record
        return _role(account=record.account, user=record.user, actor=actor, **values)

    def delete_action(self, *, record: Membership, actor: Actor) -> None:
        actions.set_role(account=record.account, user=record.user, role=None, actor=actor)

    def consequences(self, record: Membership) -> list[str]:
        return [f"{record.user} can no longer open {record.account}; the login itself stays."]

    def history_of(self, record: models.Model) -> QuerySet[AuditEntry]:
        member = record if isinstance(record, Membership) else Membership.objects.get(pk=record.pk)
        return AuditEntry.objects.filter(account=member.account, action="role.set", object_label=str(member.user))


def _role(*, account: Account, user: User, role: str, actor: Actor) -> Membership:
    given = actions.set_role(account=account, user=user, role=role, actor=actor)
    if given is None:
        raise TypeError("a role was given, so there is a membership")
    return given


@admin.register(ApiKey)
class ApiKeyAdmin(ActionModelAdmin):
    about = "Credentials of programs. They are made on the API keys page, where the secret is shown once."
    list_display = ("sid", "friendly_name", "kind", "account", "last_used_at", "revoked_at", "date_created")
    list_filter = (AccountFilter, "kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("sid__exact", "friendly_name__icontains")
    search_help_text = "SID or name"
    update_fields = ("friendly_name",)
    fields = ("friendly_name", "sid", "kind", "account", "last_used_at", "revoked_at", "date_created", "date_updated")
    actions = ["revoke"]

    def update_action(self, *, record: ApiKey, actor: Actor, values: Values) -> ApiKey:
        return actions.update_key(key=record, actor=actor, **values) if values else record

    @admin.action(description="Revoke the keys (for good)", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        keys = list(queryset.select_related("account"))
        if not all(self.has_change_permission(request, key) for key in keys):
            raise PermissionDenied
        if not request.POST.get("post"):
            question = f"Revoke {len(keys)} {'key' if len(keys) == 1 else 'keys'}?"
            return self.ask(
                request, "revoke", queryset, question, "Requests with them are refused from now on, for good."
            )
        for key in keys:
            actions.revoke_key(key=key, actor=Actor.user(user_of(request)))
        self.message_user(request, f"Revoked: {len(keys)}.", messages.SUCCESS)
        return None


@admin.register(Spending)
class SpendingAdmin(RecordAdmin):
    about = "What an account has been charged, in US dollars. The sum is kept in parts, which busy workers add to."
    list_display = ("account", "part", "amount")
    list_filter = (AccountFilter,)
    list_select_related = ("account",)
    fields = ("account", "part", "amount")


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    about = "One change each: who did what to which thing, from where, and what it was before and after."
    list_display = ("action", "at", "actor_label", "source", "object_label", "object_sid", "account")
    list_filter = (AccountFilter, "source", "actor_kind")
    list_select_related = ("account",)
    search_fields = ("object_sid__exact", "action__startswith", "actor_label__exact")
    search_help_text = "SID, action or person"
    fields = (
        "at",
        "account",
        "actor_label",
        "actor_kind",
        "source",
        "action",
        "object_type",
        "object_label",
        "object_sid",
        "changes",
    )
