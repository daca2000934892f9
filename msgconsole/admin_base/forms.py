"""What is typed on a record screen: its form, its labels, and lists of words as one text."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from msgconsole.error_codes import Refused
from msgconsole.form_errors import add_refusal

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
        super()._post_clean()  # type: ignore[misc] # Django's own, not in the stubs
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
