"""The forms that make and change senders."""

import re
from typing import Any

from django import forms

from msgconsole.console.forms import ActionForm
from msgconsole.numbering import countries
from msgconsole.numbering.sender_rules import valid_alpha
from senders.models import Sender

Kind = Sender.Kind
METHODS = (("POST", "POST"), ("GET", "GET"))
# The carriers' registries each know some standings; which one a number is in follows from its kind.
STANDINGS: dict[str, tuple[str, ...]] = {
    Kind.LONG_CODE: ("not_required", "unregistered", "pending", "registered", "suspended"),
    Kind.TOLL_FREE: ("unverified", "verified"),
}


def country_choices(empty: str | None = None) -> list[tuple[str, str]]:
    named = sorted(((iso, f"{name} ({iso})") for iso, name in countries.ALL), key=lambda pair: pair[1])
    return [("", empty), *named] if empty is not None else named


class Words(forms.CharField):
    """Words with commas between them; cleans to a list."""

    between = ","

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in re.split(self.between, value or "") if word.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class CountryCodes(Words):
    """ISO country codes with commas or blanks between them; cleans to a list of capitals."""

    between = r"[\s,;]+"

    def to_python(self, value: Any) -> Any:
        return [word.upper() for word in super().to_python(value)]

    def validate(self, value: Any) -> None:
        super().validate(value)
        known = {iso for iso, _ in countries.ALL}
        if strange := [word for word in value if word not in known]:
            raise forms.ValidationError(f"Not a country code: {', '.join(strange)}. Use two letters, such as US or GB.")


class DemoNumberForm(ActionForm):
    """A number that looks real and reaches nobody: the simulated carrier answers for it."""

    country = forms.ChoiceField(label="Country", choices=country_choices, initial="US")
    area_code = forms.RegexField(
        r"^[2-9]\d\d$",
        label="Area code",
        required=False,
        help_text="Three digits, such as 415. US and Canada only.",
        error_messages={"invalid": "Give three digits, such as 415."},
    )
    line = forms.ChoiceField(
        label="Kind of line", choices=(("local", "Local"), ("mobile", "Mobile"), ("toll_free", "Toll-free"))
    )


class NumberForm(ActionForm):
    phone_number = forms.CharField(
        label="Number",
        max_length=40,
        help_text="In international form, such as +14155550100. It is simulated: the real number is not touched.",
    )
    friendly_name = forms.CharField(label="Name", max_length=64, required=False)


class ShortCodeForm(ActionForm):
    short_code = forms.CharField(label="Short code", max_length=8, help_text="Its digits, such as 12345.")
    country = forms.ChoiceField(
        label="Country", choices=country_choices, initial="US", help_text="A short code reaches this country alone."
    )


class ChannelSenderForm(ActionForm):
    aliases = {"sender": "address"}

    channel = forms.ChoiceField(
        label="Channel", choices=(("whatsapp", "WhatsApp"), ("rcs", "RCS"), ("messenger", "Messenger"))
    )
    address = forms.CharField(
        label="Address",
        max_length=70,
        help_text="WhatsApp: a number such as +14155550100. RCS: the agent's name. Messenger: the page's id.",
    )
    country = forms.ChoiceField(
        label="Country", required=False, choices=lambda: country_choices("From the number, or none")
    )
    approved_regions = CountryCodes(
        label="Approved regions", required=False, help_text="RCS only: countries the agent may send to, such as US, GB."
    )

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        address = data["address"].strip()
        if not address.startswith(f"{data['channel']}:"):
            address = f"{data['channel']}:{address}"
        return {
            "address": address,
            "country": data["country"] or None,
            "approved_regions": data["approved_regions"] or None,
        }


class AlphaSenderForm(ActionForm):
    alpha_sender = forms.CharField(
        label="Name shown as sender",
        max_length=11,
        help_text="1 to 11 of A-Z a-z 0-9 space - + _ &amp;, at least one not a digit.",
    )
    iso_country_code = forms.ChoiceField(
        label="For recipients in",
        required=False,
        choices=lambda: country_choices("Every country that allows alpha senders"),
        help_text="A name for one country is preferred there to the name for all.",
    )
    registered_countries = CountryCodes(
        label="Registered in",
        required=False,
        help_text="Countries where you registered this name, such as GB, SA. Elsewhere a warning (30018) may come.",
    )

    def clean_alpha_sender(self) -> str:
        name: str = self.cleaned_data["alpha_sender"]
        if not valid_alpha(name):
            raise forms.ValidationError("Use 1 to 11 of A-Z a-z 0-9 space - + _ &, at least one not a digit. (21709)")
        return name

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "alpha_sender": data["alpha_sender"],
            "destination": bool(data["iso_country_code"]),
            "iso_country_code": data["iso_country_code"] or None,
            "registered_countries": tuple(data["registered_countries"]),
        }


class SenderForm(ActionForm):
    """What may be changed on a sender; fields that its kind does not have are left out."""

    friendly_name = forms.CharField(label="Name", max_length=64, required=False, help_text="For people only.")
    sms_url = forms.CharField(
        label="Webhook for replies",
        max_length=2048,
        required=False,
        help_text="Called when a message comes in, unless its Service sends all replies to one webhook.",
    )
    sms_method = forms.ChoiceField(label="Method", choices=METHODS)
    sms_fallback_url = forms.CharField(
        label="Fallback webhook", max_length=2048, required=False, help_text="Called when the first one fails."
    )
    sms_fallback_method = forms.ChoiceField(label="Method", choices=METHODS)
    registration = forms.ChoiceField(
        label="Standing with the carriers",
        help_text="In a demo you set it yourself. It steers which sender is chosen, and which messages fail.",
    )
    unsupported_carriers = Words(
        label="Carriers not reached",
        required=False,
        help_text="With commas. Recipients on these carriers get the message from another sender.",
    )
    approved_regions = CountryCodes(label="Approved regions", required=False, help_text="Such as US, GB.")
    registered_countries = CountryCodes(label="Registered in", required=False, help_text="Such as GB, SA.")

    ONLY: dict[str, tuple[str, ...]] = {
        "registration": (Kind.LONG_CODE, Kind.TOLL_FREE),
        "unsupported_carriers": (Kind.SHORT_CODE,),
        "approved_regions": (Kind.RCS,),
        "registered_countries": (Kind.ALPHA,),
    }
    REPLIES = ("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method")

    def __init__(self, *args: Any, sender: Sender, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(sender, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        for name, kinds in self.ONLY.items():
            if sender.kind not in kinds:
                del self.fields[name]
        if sender.kind == Kind.ALPHA:  # nobody can reply to a name
            for name in self.REPLIES:
                del self.fields[name]
        if "registration" in self.fields:
            labels = dict(Sender.Registration.choices)
            choices = [(name, labels[Sender.Registration(name)]) for name in STANDINGS[sender.kind]]
            self.set_choices("registration", choices)
