"""An action's refusal, shown in the form that asked for it: beside its field where it names one."""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

from msgconsole.error_codes import Refused


def add_refusal(form: BaseForm, refusal: Refused | ValidationError, names: Mapping[str, str] | None = None) -> None:
    """Add the reasons to a bound form. ``names``: an action's name of an input → the form's, where they differ."""
    if isinstance(refusal, Refused):
        _add(form, refusal.field, [f"{refusal.message} ({refusal.code})"], names)
    elif hasattr(refusal, "error_dict"):
        for field, messages in refusal.message_dict.items():
            _add(form, field, messages, names)
    else:
        _add(form, None, refusal.messages, names)


def _add(form: BaseForm, field: str | None, messages: list[str], names: Mapping[str, str] | None) -> None:
    place = (names or {}).get(field, field) if field and field != NON_FIELD_ERRORS else None
    form.add_error(place if place in form.fields else None, ValidationError(messages))
