"""What every form of the console shares: it calls an action, and what the action refuses stands beside its field."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError

from msgconsole.error_codes import Refused
from msgconsole.form_errors import add_refusal

T = TypeVar("T")


class ActionForm(forms.Form):
    """A form whose work an action does.

    ``if form.is_valid(): done = form.attempt(lambda: action(...))`` returns what the action returned, or None with
    the refusal in ``form.errors``. ``aliases`` maps an action's field names to this form's where they differ.
    """

    aliases: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What a choice field offers, where that depends on the account or the record."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def attempt(self, action: Callable[[], T]) -> T | None:
        """Run the action; a refusal becomes the error of its field, or of the form."""
        try:
            return action()
        except (Refused, ValidationError) as refused:
            self.refuse(refused)
        return None

    def refuse(self, refused: Refused | ValidationError) -> None:
        """Show a refusal: the sentence, then the code in small."""
        add_refusal(self, refused, self.aliases)


def with_default(field: forms.Field, note: str) -> forms.Field:
    """State a setting's default under its field: ``Default: on``."""
    field.default_note = note  # type: ignore[attr-defined] # read by _field_notes.html
    return field
