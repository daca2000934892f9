"""The forms that register brands and campaigns: plain questions, one under the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from msgconsole.console.forms import ActionForm
from msgconsole.console.sender_forms import Words
from msgconsole.sids import new_sid
from services.compliance import campaign_texts, usecases
from services.compliance.models import BrandRegistration, Campaign
from services.models import MessagingService

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading; ``more`` are those that most people leave out, so they are folded away."""

    title: str
    fields: list[BoundField]
    more: bool = False

    @property
    def wrong(self) -> bool:
        return any(field.errors for field in self.fields)


class QuestionForm(ActionForm):
    """``groups``: heading → names of fields. The last one holds what nobody need answer."""

    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "Please answer this."

    def grouped(self) -> Iterator[Group]:
        placed = [(title, [name for name in names if name in self.fields]) for title, names in self.groups]
        known = {name for _, names in placed for name in names}
        for place, (title, names) in enumerate(placed):
            last = place == len(placed) - 1
            rest = [name for name in self.fields if name not in known] if last else []
            fields = [self[name] for name in (*names, *rest)]
            if fields:
                yield Group(title, fields, more=last)


class Lines(forms.CharField):
    """Several answers, one a line; cleans to a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def text_box(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def switch(label: str, help_text: str = "") -> forms.BooleanField:
    field = forms.BooleanField(label=label, required=False, help_text=help_text)
    field.widget.attrs["role"] = "switch"
    return field


class BrandForm(QuestionForm):
    groups = (
        ("Who you are", ("business_name", "brand_type")),
        ("More", ()),
    )

    business_name = forms.CharField(
        label="What is the registered name of the business?",
        max_length=150,
        help_text="As in the company register, such as “Acme Dental Inc.”. Write [reject] in it to see a rejection.",
    )
    brand_type = forms.ChoiceField(
        label="What kind of business is it?",
        widget=forms.RadioSelect,
        initial=BrandRegistration.Type.STANDARD,
        choices=(
            ("STANDARD", "A company or organisation with a tax number"),
            ("SOLE_PROPRIETOR", "One person in business alone, without one: the owner confirms by text"),
        ),
    )
    mock = switch("Is this only a test?", "A mock brand may be sent in again at any time. Its campaigns are mock too.")
    skip_automatic_sec_vet = switch(
        "Skip the secondary vetting?", "Without it the brand has no score, and its campaigns send slowly."
    )
    customer_profile_bundle_sid = forms.CharField(
        label="SID of the customer profile",
        required=False,
        max_length=34,
        help_text="BU and 32 digits, if you have one. Left empty, one is made up: profiles are not kept here.",
    )
    a2p_profile_bundle_sid = forms.CharField(
        label="SID of the A2P messaging profile", required=False, max_length=34, help_text="The same holds for it."
    )

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        for name in ("customer_profile_bundle_sid", "a2p_profile_bundle_sid"):
            data[name] = data[name] or new_sid("BU")
        return data


class CampaignForm(QuestionForm):
    """With ``campaign``: to edit one. What it belongs to and what it is for cannot be changed then."""

    groups = (
        ("What it belongs to", ("service", "brand_registration_sid", "us_app_to_person_usecase")),
        (
            "What you send",
            ("description", "message_samples", "has_embedded_links", "has_embedded_phone"),
        ),
        ("How people agree", ("message_flow", "opt_in_keywords", "opt_in_message")),
        ("More", ()),
    )

    service = forms.ChoiceField(
        label="Which Service sends these messages?",
        help_text="The US and Canadian long codes of its pool are registered with it. A Service has one campaign.",
    )
    brand_registration_sid = forms.ChoiceField(label="In the name of which brand?")
    us_app_to_person_usecase = forms.ChoiceField(
        label="What are the messages for?",
        choices=[(one.code, f"{one.name}: {one.description}") for one in (*usecases.STANDARD, *usecases.SOLE)],
        initial="LOW_VOLUME",
        help_text="A sole proprietor has one use case of its own.",
    )
    description = forms.CharField(
        label="What do you send, and to whom?",
        widget=text_box(),
        help_text="40 characters or more. Such as “Acme Dental reminds its patients of their appointments.” "
        "Write [reject] in it to see a rejection.",
    )
    message_samples = Lines(
        label="What do such messages look like?",
        help_text="Two to five examples, one a line, of 20 characters or more, such as "
        "“Acme Dental: your appointment is tomorrow at 10:00. Reply STOP to opt out.”",
    )
    has_embedded_links = switch("Do they contain links?")
    has_embedded_phone = switch("Do they contain phone numbers?")
    message_flow = forms.CharField(
        label="How do people agree to get them?",
        widget=text_box(),
        help_text="40 characters or more, every way there is. Such as “Patients tick a box on the form "
        "at www.example.com/visit that says which messages they will get.”",
    )
    opt_in_keywords = Words(
        label="Can they also start by texting a word?",
        required=False,
        help_text="With commas, such as START, JOIN.",
    )
    opt_in_message = forms.CharField(
        label="What do you answer then?",
        required=False,
        max_length=320,
        widget=text_box(2),
        help_text="20 to 320 characters: who you are, how to get help, how to opt out.",
    )
    subscriber_opt_in = switch("Do people subscribe themselves?")
    age_gated = switch("Is the content for adults only?")
    direct_lending = switch("Is it about loans?")
    opt_out_keywords = Words(
        label="Words that end the messages", required=False, help_text="Left empty: the usual six."
    )
    opt_out_message = forms.CharField(
        label="Answer to them",
        required=False,
        max_length=320,
        widget=text_box(2),
        help_text="Left empty: the usual one.",
    )
    help_keywords = Words(label="Words that ask for help", required=False, help_text="Left empty: HELP and INFO.")
    help_message = forms.CharField(
        label="Answer to them",
        required=False,
        max_length=320,
        widget=text_box(2),
        help_text="Left empty: the usual one.",
    )
    privacy_policy_url = forms.CharField(label="Address of the privacy policy", required=False, max_length=2048)
    terms_and_conditions_url = forms.CharField(label="Address of the terms", required=False, max_length=2048)

    def __init__(
        self,
        *args: Any,
        services: Iterable[MessagingService] = (),
        brands: Iterable[BrandRegistration] = (),
        campaign: Campaign | None = None,
        **kwargs: Any,
    ) -> None:
        if campaign is not None:
            kwargs["initial"] = {name: getattr(campaign, name) for name in campaign_texts.UPDATABLE}
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.sole_brands: set[str] = set()
        if campaign is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in campaign_texts.UPDATABLE}
            return
        self.set_choices("service", [(service.sid, service.friendly_name) for service in services])
        found = list(brands)
        self.sole_brands = {one.sid for one in found if one.brand_type == BrandRegistration.Type.SOLE_PROPRIETOR}
        if self.initial.get("brand_registration_sid") in self.sole_brands:
            self.initial["us_app_to_person_usecase"] = usecases.SOLE[0].code
        of_brands = [(brand.sid, f"{brand}, {brand.get_status_display().lower()}") for brand in found]
        self.set_choices("brand_registration_sid", of_brands)

    def clean(self) -> None:
        """Everything that the answers themselves are refused for, at once: the action names the first alone."""
        for fault in list(campaign_texts.faults(self.cleaned_data, update=self.campaign is not None)):
            self.add_error(fault.field, str(fault))
        usecase = self.cleaned_data.get("us_app_to_person_usecase")
        if usecase and (misfit := self._misfit(usecase)):
            self.add_error("us_app_to_person_usecase", f"{misfit} (21720)")

    def _misfit(self, usecase: str) -> str:
        """Why the use case does not go with the brand, in the words of the choices; empty if it does."""
        sole = self.cleaned_data.get("brand_registration_sid") in self.sole_brands
        own = usecases.SOLE[0]
        if sole == (usecase == own.code):
            return ""
        return (
            f"A sole proprietor's brand is for “{own.name}” alone." if sole else "Only a sole proprietor has this one."
        )

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "service"}
