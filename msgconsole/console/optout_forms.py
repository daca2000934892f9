"""The forms of the Opt-out tab: the three keyword sets of one place, and the keyword tester."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from msgconsole.console.forms import ActionForm
from msgconsole.console.sender_forms import Words, country_choices
from msgconsole.console.templatetags.console import country_name
from services.models import OptOutKeywordSet
from services.optout.keywords import KINDS, LANGUAGES, MAX_KEYWORD, MAX_KEYWORDS, MAX_MESSAGE, REQUIRED, SetKind
from services.optout.validate import validate
from services.queries import keyword_config

KIND_NAMES: dict[SetKind, str] = {"opt_out": "Opt-out", "opt_in": "Opt-in", "help": "Help"}
EFFECTS: dict[SetKind, str] = {
    "opt_out": "Whoever texts one of these is blocked for this Service.",
    "opt_in": "Whoever texts one of these is unblocked again.",
    "help": "Whoever texts one of these gets the reply; nothing else changes.",
}
LANGUAGE_CHOICES = [("", "Choose a language"), *((name, name) for name in LANGUAGES)]


class Keywords(Words):
    """Keywords with commas or line ends between them; cleans to a list, repeated words and all: validation says so."""

    widget = forms.Textarea(attrs={"rows": 2})
    between = r"[,\n]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where keyword sets stand: the standard layer, a language, or a language of a country."""

    layer: str
    country: str = ""
    language: str = ""

    def __str__(self) -> str:
        if self.layer == OptOutKeywordSet.Layer.STANDARD:
            return "Standard"
        if self.layer == OptOutKeywordSet.Layer.LANGUAGE:
            return self.language
        return f"{country_name(self.country)}, {self.language}"

    @property
    def is_standard(self) -> bool:
        return self.layer == OptOutKeywordSet.Layer.STANDARD


def place_of(row: OptOutKeywordSet) -> Place:
    return Place(row.layer, row.country, row.language)


class PlaceForm(ActionForm):
    """The sets of one place. A new place of the language or country layer asks where it is, too.

    Faults stand at their field and name the word: the whole configuration is judged as it would be afterwards.
    """

    layer = forms.ChoiceField(choices=OptOutKeywordSet.Layer.choices, widget=forms.HiddenInput)
    country = forms.ChoiceField(label="Country", required=False, choices=lambda: country_choices("Choose a country"))
    language = forms.ChoiceField(label="Language", required=False, choices=LANGUAGE_CHOICES)

    def __init__(
        self, data: Any = None, *, place: Place, new: bool, rows: Iterable[OptOutKeywordSet], **kwargs: Any
    ) -> None:
        self.place, self.new, self.rows = place, new, list(rows)
        here = {row.kind: row for row in self.rows if place_of(row) == place}
        initial: dict[str, Any] = {"layer": place.layer, "country": place.country, "language": place.language}
        for kind in KINDS:
            row = here.get(kind)
            initial |= {f"{kind}_keywords": row.keywords if row else [], f"{kind}_message": row.message if row else ""}
        super().__init__(data, initial=initial, **kwargs)
        for name, layers in (("country", ("country",)), ("language", ("language", "country"))):
            if place.layer not in layers:
                del self.fields[name]
            elif new:
                self.fields[name].required = True
            else:
                self.fields[name].widget = forms.HiddenInput()
        for kind in KINDS:
            self._add_set(kind)

    def _add_set(self, kind: SetKind) -> None:
        fixed = REQUIRED[kind] if self.place.is_standard else ()
        cannot = f" {' and '.join(fixed)} cannot be removed." if fixed else ""
        self.fields[f"{kind}_keywords"] = Keywords(
            label=f"{KIND_NAMES[kind]} keywords",
            required=False,
            help_text=f"{EFFECTS[kind]} With commas; at most {MAX_KEYWORDS} of {MAX_KEYWORD} characters.{cannot}",
        )
        self.fields[f"{kind}_message"] = forms.CharField(
            label=f"Reply to {KIND_NAMES[kind].lower()} keywords",
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=f"At most {MAX_MESSAGE} characters.",
        )

        for part in ("keywords", "message"):
            self.fields[f"{kind}_{part}"].unmarked = True  # type: ignore[attr-defined] # read by _field.html

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(kind's name, its two fields) for the template."""
        return [(KIND_NAMES[kind], [self[f"{kind}_keywords"], self[f"{kind}_message"]]) for kind in KINDS]

    def chosen_place(self) -> Place:
        data = self.cleaned_data
        return Place(self.place.layer, data.get("country", ""), data.get("language", "")) if self.new else self.place

    def sets(self) -> dict[str, tuple[list[str], str]]:
        data = self.cleaned_data
        return {kind: (data.get(f"{kind}_keywords", []), data.get(f"{kind}_message", "")) for kind in KINDS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        place = self.chosen_place()
        if self.new and any(place_of(row) == place for row in self.rows):
            self.add_error("language", f"{place} has keywords already: change them there.")
            return cleaned
        others = [row for row in self.rows if place_of(row) != place]
        mine = [
            OptOutKeywordSet(
                layer=place.layer,
                country=place.country,
                language=place.language,
                kind=kind,
                keywords=words,
                message=reply,
            )
            for kind, (words, reply) in self.sets().items()
        ]
        if not place.is_standard and not any(row.keywords for row in mine):
            self.add_error(None, "Give at least one keyword.")
        for problem in validate(keyword_config([*others, *mine])):
            if (problem.layer, problem.country, problem.language) == (place.layer, place.country, place.language):
                field = problem.field if problem.field in self.fields else f"{problem.kind}_{problem.field}"
                self.add_error(field if field in self.fields else None, str(problem))
            else:
                self.add_error(None, f"{Place(problem.layer, problem.country, problem.language)}: {problem}")
        return cleaned


class TesterForm(forms.Form):
    """What would happen if somebody texted this? Nothing is stored."""

    text = forms.CharField(label="Somebody texts", max_length=1600, strip=False)
    sender_kind = forms.ChoiceField(
        label="to a",
        choices=(
            ("long_code", "Long code"),
            ("toll_free", "Toll-free number"),
            ("short_code", "Short code"),
            ("whatsapp", "WhatsApp sender"),
            ("rcs", "RCS sender"),
        ),
    )
    country = forms.ChoiceField(label="from", choices=country_choices, initial="US")
    consent = forms.ChoiceField(label="who is", choices=(("opted_in", "not blocked"), ("opted_out", "blocked")))
