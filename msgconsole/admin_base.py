"""The record screens' common ground: each account's records for its people alone, and no write but by an action.

``RecordAdmin`` shows. ``ActionModelAdmin`` also writes, by the actions its subclass declares in ``create_action``,
``update_action`` and ``delete_action``; what is not declared, the screen does not offer. Django's own admin log is not
kept: the audit log, which every action writes, is the history of a record.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from msgconsole.accounts import authorization
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, AuditEntry, Membership, User
from msgconsole.error_codes import Refused
from msgconsole.form_errors import add_refusal

HISTORY = 100
Values = dict[str, Any]
# Words of column names that are no plain lower-case words.
SPELLED = {
    "Sid": "SID",
    "Sms": "SMS",
    "Mms": "MMS",
    "Rcs": "RCS",
    "Url": "URL",
    "Usecase": "Use case",
    "Us": "US",
    "Id": "ID",
}


def proper(label: str) -> str:
    """A label as people write it: ``inbound request url`` → ``Inbound request URL``."""
    words = [SPELLED.get(word.capitalize(), word) for word in str(label).split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


class RecordForm(forms.ModelForm):
    """A form of a record screen. ``refusal`` is what the action said when these very values were tried."""

    refusal: Refused | ValidationError | None = None
    aliases: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A declared field is in every form made of its class: here only where the screen names it.
        for name in [name for name in self.fields if name not in (self._meta.fields or ())]:
            del self.fields[name]
        for field in self.fields.values():
            field.label = proper(str(field.label or ""))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None:
            add_refusal(self, self.refusal, self.aliases)


class WordsField(forms.CharField):
    """A list of words as one text, separated by commas or line ends; ``empty`` is what no word at all means."""

    def __init__(self, *, empty: list[str] | None = None, **kwargs: Any) -> None:
        self.empty = empty
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str] | None:
        text = super().clean(value).replace("\n", ",")
        return [word for word in (raw.strip() for raw in text.split(",")) if word] or self.empty

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or self.empty) != self.clean(data)


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
        user = _user(request)
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
        user = _user(request)
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
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
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

    def log_addition(self, *args: Any) -> None:  # type: ignore[override]
        """The audit log has it already."""

    def log_change(self, *args: Any) -> None:  # type: ignore[override]
        """The audit log has it already."""

    def log_deletions(self, *args: Any) -> None:  # type: ignore[override]
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


class ActionModelAdmin(RecordAdmin):
    """A record screen that writes: subclasses override the actions they offer, each a call of the app's own action.

    ``create_fields`` and ``update_fields`` name what may be given; other ``fields`` are shown. ``aliases`` maps an
    action's name of an input to the form's, so that a refusal stands beside its field.
    """

    form = RecordForm
    create_fields: Sequence[str] = ()
    update_fields: Sequence[str] = ()
    aliases: Mapping[str, str] = {}

    def create_action(self, *, actor: Actor, values: Values) -> models.Model:
        raise PermissionDenied

    def update_action(self, *, record: Any, actor: Actor, values: Values) -> models.Model:
        """``values`` holds the changed fields alone."""
        raise PermissionDenied

    def delete_action(self, *, record: Any, actor: Actor) -> None:
        raise PermissionDenied

    def consequences(self, record: Any) -> list[str]:
        """What goes with a record when it is deleted, in words."""
        return []

    def offers(self, verb: str) -> bool:
        """Is ``create``, ``update`` or ``delete`` declared?"""
        name = f"{verb}_action"
        return getattr(type(self), name) is not getattr(ActionModelAdmin, name)

    # Who may write

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.offers("create") and self.has_role(request, self.write_role)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.offers("update") and self.has_role(request, self.write_role, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.offers("delete") and self.has_role(request, self.write_role, obj)

    # Forms

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return list(self.create_fields if obj is None else self.fields or self.update_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return [name for name in self.get_fields(request, obj) if name not in self.update_fields]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = request.__dict__.get("_refusal")
        return type(form.__name__, (form,), {"refusal": refusal, "aliases": self.aliases})

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # Its links open windows by script, and nobody may add an account while choosing one.
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Accounts are chosen from those one may write to; other records are named by SID (people by user name)."""
        related = db_field.related_model
        if related is Account:
            choices = authorization.accounts_of(_user(request), self.write_role).order_by("friendly_name", "pk")
            return super().formfield_for_foreignkey(db_field, request, **kwargs | {"queryset": choices})
        screen = self.admin_site._registry.get(related)
        if screen is None:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        key = "username" if related is User else "sid"
        return forms.ModelChoiceField(
            queryset=related.objects.all() if related is User else screen.get_queryset(request),
            to_field_name=key,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            label=str(db_field.verbose_name).capitalize(),
            help_text="User name." if related is User else f"SID of the {related._meta.verbose_name}.",
            error_messages={"invalid_choice": "There is none such."},
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new record belongs to the account one looks at, unless another is chosen."""
        looked_at = getattr(self.admin_site, "current_account", lambda request: None)(request)
        return {"account": looked_at, **super().get_changeform_initial_data(request)}

    # Writing

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, ValidationError) as refusal:
            # The transaction is undone. Once more, now with the refusal among the form's own errors.
            request.__dict__["_refusal"] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not self.has_role(request, self.write_role, obj):
            raise PermissionDenied
        actor = Actor.user(_user(request))
        if change:
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            stored = self.model._default_manager.get(pk=obj.pk)  # ``obj`` bears the form's values already
            done = self.update_action(record=stored, actor=actor, values=values)
        else:
            done = self.create_action(actor=actor, values=dict(form.cleaned_data))
        obj.__dict__.update(done.__dict__)

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """The records with what goes with each in words, instead of a walk through every row that hangs on them."""
        records = list(objs)
        forbidden = {str(self.opts.verbose_name) for one in records if not self.has_delete_permission(request, one)}
        named: list[Any] = []
        for one in records:
            named.append(str(one))
            if consequences := self.consequences(one):
                named.append(consequences)
        return named, {str(self.opts.verbose_name_plural): len(records)}, forbidden, []

    def ask(
        self, request: HttpRequest, action: str, queryset: QuerySet[Any], question: str, consequence: str
    ) -> HttpResponse:
        """The page on which a bulk action is confirmed; the answer comes back to it with ``post`` set."""
        context = {
            **self.admin_site.each_context(request),
            "title": question,
            "consequence": consequence,
            "action": action,
            "verb": question.removesuffix("?"),
            "queryset": queryset,
            "opts": self.opts,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/confirm_action.html", context)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_action(record=obj, actor=Actor.user(_user(request)))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        actor = Actor.user(_user(request))
        with transaction.atomic():  # all or none
            for record in queryset:
                self.delete_action(record=record, actor=actor)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        return self._or_say_why(
            request, lambda: super(ActionModelAdmin, self).delete_view(request, object_id, extra_context)
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return self._or_say_why(request, lambda: super(ActionModelAdmin, self).changelist_view(request, extra_context))

    def _or_say_why(self, request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        try:
            return view()
        except Refused as refusal:
            self.message_user(request, f"Nothing was changed. {refusal.message} ({refusal.code})", messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


class AccountFilter(admin.SimpleListFilter):
    """Narrows a list to one account; only there for people with more than one."""

    title = "account"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.path = model_admin.account_path.removesuffix("pk")
        accounts = authorization.accounts_of(_user(request)).order_by("friendly_name", "pk")
        found = list(accounts.values_list("sid", "friendly_name")[:200])
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(**{f"{self.path}__sid" if self.path else "sid": self.value()})


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
