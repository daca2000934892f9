"""A record screen that writes: Django admin's saves and deletes, led to the app's own actions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from msgconsole.accounts import authorization
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account, User
from msgconsole.admin_base.forms import RecordForm
from msgconsole.admin_base.record_admin import RecordAdmin, user_of
from msgconsole.error_codes import Refused

Values = dict[str, Any]


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
            choices = authorization.accounts_of(user_of(request), self.write_role).order_by("friendly_name", "pk")
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
        actor = Actor.user(user_of(request))
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
        self.delete_action(record=obj, actor=Actor.user(user_of(request)))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        actor = Actor.user(user_of(request))
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
