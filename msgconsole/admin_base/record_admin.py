"""A record screen that only shows: who may see which records, how they are listed, and their history."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from msgconsole.accounts import authorization
from msgconsole.accounts.models import Account, AuditEntry, Membership, User

HISTORY = 100


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


class RecordAdmin(admin.ModelAdmin):
    """A record screen that only shows.

    ``account_path`` leads from a record to its account, as in a query; empty for what belongs to the whole install,
    which superusers alone see. ``about`` says in a line what the records are.
    """

    account_path = "account"
    write_role: str = Membership.Role.CONFIGURATOR
    about = ""
    list_defer: Sequence[str] = ()  # long columns that a list does without

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    sortable_by = ()  # newest first, page by page along the primary key: the same cost at any size
    ordering = ("-pk",)
    view_on_site = False
    save_as = False

    @property
    def media(self) -> forms.Media:
        """None: Django's own scripts are for widgets that are not used here."""
        return forms.Media()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        request.__dict__["_is_list"] = True
        return super().get_changelist_instance(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The site says how its lists are paged."""
        return getattr(self.admin_site, "changelist_class", ChangeList)

    # Who may see

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        records = super().get_queryset(request)
        if self.list_defer and request.__dict__.get("_is_list"):
            records = records.defer(*self.list_defer)
        user = user_of(request)
        if user.is_superuser:
            return records
        if not self.account_path:
            return records.none()
        return records.filter(**{f"{self.account_path}__in": authorization.accounts_of(user)})

    def account_of(self, record: models.Model) -> Account | None:
        """The account a record belongs to; None for the install's own."""
        found: Any = record
        for part in self.account_path.split("__") if self.account_path not in {"", "pk"} else ():
            found = getattr(found, part, None)
        return found if isinstance(found, Account) else None

    def has_role(self, request: HttpRequest, least: str, record: models.Model | None = None) -> bool:
        """Has the person that role in the record's account; without a record, in any? Superusers have every role."""
        user = user_of(request)
        if user.is_superuser:
            return True
        if not self.account_path or not user.is_active:
            return False
        known = request.__dict__.setdefault("_record_roles", {})
        account = self.account_of(record) if record is not None else None
        if record is not None and account is None:
            return False
        key = (account.pk if account else None, least)
        if key not in known:
            known[key] = (
                authorization.has_role(user, account, least)
                if account
                else authorization.accounts_of(user, least).exists()
            )
        return bool(known[key])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_role(request, Membership.Role.VIEWER)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_role(request, Membership.Role.VIEWER, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    # What is shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.get_fields(request, obj))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return list(self.fields or ())

    def history_of(self, record: models.Model) -> QuerySet[AuditEntry]:
        """What the audit log says of a record, newest first."""
        sid = getattr(record, "sid", "")
        if sid:
            return AuditEntry.objects.filter(object_sid=sid)
        return AuditEntry.objects.filter(object_type=self.opts.model_name, object_label=str(record))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            gone = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined] # Django's own, not in the stubs
            return gone(request, self.opts, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {record}",
            "entries": self.history_of(record).order_by("-pk")[:HISTORY],
            "most": HISTORY,
            "opts": self.opts,
            "object": record,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    def log_addition(self, *args: Any, **kwargs: Any) -> Any:
        """The audit log has it already."""

    def log_change(self, *args: Any, **kwargs: Any) -> Any:
        """The audit log has it already."""

    def log_deletions(self, *args: Any, **kwargs: Any) -> Any:
        """The audit log has it already."""


class RecordInline(admin.TabularInline):
    """Records that belong to one, to look at with it: whoever may see the one may see them."""

    can_delete = False
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [str(name) for name in self.fields or ()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class AccountFilter(admin.SimpleListFilter):
    """Narrows a list to one account; only there for people with more than one."""

    title = "account"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.path = model_admin.account_path.removesuffix("pk")
        accounts = authorization.accounts_of(user_of(request)).order_by("friendly_name", "pk")
        found = list(accounts.values_list("sid", "friendly_name")[:200])
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(**{f"{self.path}__sid" if self.path else "sid": self.value()})
