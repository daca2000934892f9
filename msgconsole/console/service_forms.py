"""The forms of a Service's pages. Each setting says in plain words what it does, and its default."""

from typing import Any

from django import forms

from msgconsole.console.forms import ActionForm, with_default
from services.models import MessagingService
from services.models.service import LONGEST_VALIDITY_PERIOD

USECASES = (
    ("undeclared", "Undeclared: I will decide later"),
    ("notifications", "Notifications: reminders, deliveries, account news"),
    ("marketing", "Marketing: offers and campaigns"),
    ("verification", "Verification: one-time passwords"),
    ("discussion", "Discussion: conversations with people"),
    ("poll", "Poll: questions and votes"),
)
DEFER, WEBHOOK, DROP = "defer", "webhook", "drop"
INBOUND = (
    (DEFER, "Let each number use its own webhook"),
    (WEBHOOK, "Send every reply to one webhook, set here"),
    (DROP, "Drop replies: they are not stored, and nobody is told"),
)


def name_field() -> forms.CharField:
    return forms.CharField(
        label="Name",
        max_length=64,
        strip=True,
        help_text="For people, such as “Appointment reminders”. 1 to 64 characters.",
        error_messages={"required": "Give the Service a name."},
    )


def usecase_field() -> forms.Field:
    return with_default(
        forms.ChoiceField(
            label="Use case",
            choices=USECASES,
            initial="undeclared",
            help_text="What the messages are for. It is shown and returned; senders are chosen without it.",
        ),
        "undeclared",
    )


def switch(label: str, help_text: str) -> forms.Field:
    field = forms.BooleanField(label=label, required=False, initial=True, help_text=help_text)
    field.widget.attrs["role"] = "switch"
    return with_default(field, "on")


def sticky_field() -> forms.Field:
    return switch(
        "Sticky sender",
        "On: a recipient keeps getting messages from the sender they know. Off: each message chooses anew.",
    )


def geomatch_field() -> forms.Field:
    return switch(
        "Area code geomatch",
        "On: in the US and Canada, a number with the recipient's area code comes first. Off: any number there.",
    )


def smart_encoding_field() -> forms.Field:
    return switch(
        "Smart encoding",
        "On: curly quotes, dashes and the like are replaced, so a text needs fewer segments. Off: sent as typed.",
    )


def mms_converter_field() -> forms.Field:
    return switch(
        "MMS converter",
        "On: where pictures cannot be received, a link to the picture goes out. Off: the message fails (30011).",
    )


class CreateServiceForm(ActionForm):
    friendly_name = name_field()
    usecase = usecase_field()
    sticky_sender = sticky_field()
    area_code_geomatch = geomatch_field()
    smart_encoding = smart_encoding_field()
    mms_converter = mms_converter_field()


class NameForm(ActionForm):
    friendly_name = name_field()
    usecase = usecase_field()


class SelectionForm(ActionForm):
    sticky_sender = sticky_field()
    area_code_geomatch = geomatch_field()


class ContentForm(ActionForm):
    smart_encoding = smart_encoding_field()
    mms_converter = mms_converter_field()
    validity_period = with_default(
        forms.IntegerField(
            label="Validity period, in seconds",
            min_value=1,
            max_value=LONGEST_VALIDITY_PERIOD,
            initial=LONGEST_VALIDITY_PERIOD,
            help_text="How long a message may wait in the queue before it fails instead of arriving late: 1 to 36000. "
            "WhatsApp messages wait 14400 at most.",
        ),
        "36000 (10 hours)",
    )


class IntegrationForm(ActionForm):
    """``inbound`` is the choice of the three; ``settings()`` is what the action takes for it."""

    inbound = forms.ChoiceField(
        label="When somebody replies",
        choices=INBOUND,
        widget=forms.RadioSelect,
        help_text="STOP and other keywords act in all three cases.",
    )
    inbound_request_url = forms.CharField(
        label="Webhook for replies",
        required=False,
        max_length=2048,
        help_text="Called with each message that comes in, in the second case only.",
    )
    inbound_method = forms.ChoiceField(label="Method", choices=MessagingService.Method.choices, initial="POST")
    fallback_url = forms.CharField(
        label="Fallback webhook",
        required=False,
        max_length=2048,
        help_text="Called when the webhook for replies fails.",
    )
    fallback_method = forms.ChoiceField(label="Method", choices=MessagingService.Method.choices, initial="POST")
    status_callback = forms.CharField(
        label="Status callback",
        required=False,
        max_length=2048,
        help_text="Called whenever the status of a message of this Service changes, unless the message names its own.",
    )

    @classmethod
    def initial_for(cls, service: MessagingService) -> dict[str, Any]:
        names = [name for name in cls.base_fields if name != "inbound"]
        if service.use_inbound_webhook_on_number:
            inbound = DEFER
        else:
            inbound = WEBHOOK if service.inbound_request_url else DROP
        return {name: getattr(service, name) or "" for name in names} | {"inbound": inbound}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("inbound") == WEBHOOK and not cleaned.get("inbound_request_url"):
            self.add_error("inbound_request_url", "Give the address to call, such as https://example.com/replies.")
        return cleaned

    def settings(self) -> dict[str, Any]:
        settings = {name: value for name, value in self.cleaned_data.items() if name != "inbound"}
        inbound = self.cleaned_data["inbound"]
        if inbound == DROP:
            settings["inbound_request_url"] = ""
        return settings | {"use_inbound_webhook_on_number": inbound == DEFER}


class TryTextForm(forms.Form):
    text = forms.CharField(
        label="Text",
        max_length=1600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nothing is stored or sent.",
    )
