"""The question of the test-send page: a form that becomes the same ``MessageRequest`` that the API makes.

Only shapes are checked here (a URL is text, a time is a time). Every rule about messages is the pipeline's, so that
what this page says and what the API says cannot differ.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from msgconsole.accounts.models import Account
from msgconsole.console import what_if
from msgconsole.console.forms import ActionForm
from msgconsole.messaging.requests import MessageRequest
from senders import pool
from senders.selection.summary import PoolSummary
from services.models import MessagingService
from services.queries import services_of

MOST_SERVICES = 500
NO_SERVICE = "No Service: the From below sends"


class TestSendForm(ActionForm):
    """Field names are those of the page's address: ``?service=MG…&from=…&to=…&body=…&media=…&send_at=…&what=…``."""

    __test__ = False  # not a test case, whatever its name suggests
    aliases = {
        "from": "from_",
        "media_url": "media_",
        "media_urls": "media_",
        "messaging_service_sid": "service",
        "schedule_type": "send_at",
        "content_sid": "body",
    }

    service = forms.ChoiceField(label="Service", required=False)
    from_ = forms.CharField(
        label="From",
        required=False,
        max_length=160,
        help_text="Leave empty and the Service chooses. With it, nothing is chosen.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "known-senders", "spellcheck": "false"}),
    )
    to = forms.CharField(
        label="To",
        required=False,
        max_length=160,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "list": "known-recipients",
                "placeholder": "+14155550123",
                "spellcheck": "false",
                "aria-required": "true",
            }
        ),
    )
    body = forms.CharField(label="Message", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}))
    media_ = forms.CharField(
        label="Media URL",
        required=False,
        help_text="A picture's address; one per line, at most 10.",
        widget=forms.Textarea(attrs={"rows": 1, "spellcheck": "false", "class": "one-line"}),
    )
    send_at = forms.DateTimeField(
        label="Send at (UTC)",
        required=False,
        help_text="5 minutes to 35 days ahead. Empty: now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"],
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.services: list[MessagingService] = list(services_of(account).select_related("account")[:MOST_SERVICES])
        choices = [(service.sid, service.friendly_name) for service in self.services]
        asked = self.data.get("service", "") if self.is_bound else ""
        if asked and asked not in dict(choices):
            choices.append((asked, f"{asked} (not a Service of this account)"))  # the pipeline says what is wrong
        self.set_choices("service", [*choices, ("", NO_SERVICE)])
        if self.services and not self.is_bound:
            self.initial.setdefault("service", self.services[0].sid)
        given = self.data if isinstance(self.data, QueryDict) else QueryDict()
        self.what = what_if.read(given, self.summary)

    def add_prefix(self, field_name: str) -> str:
        """``from`` is a word of Python and ``media`` one of forms; they are the parameters' names all the same."""
        return super().add_prefix(field_name.rstrip("_"))

    def clean_body(self) -> str:
        """A browser sends line ends as CR LF; a phone counts them as one character each."""
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n")

    def clean_send_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["send_at"]
        return moment.replace(tzinfo=UTC) if moment else None

    @property
    def chosen_service(self) -> MessagingService | None:
        """The Service as the form stands, valid or not; for live parts."""
        sid = self.data.get("service") if self.is_bound else self.initial.get("service")
        return next((service for service in self.services if service.sid == sid), None)

    @cached_property
    def summary(self) -> PoolSummary | None:
        """The chosen Service's pool; None without a Service."""
        service = self.chosen_service
        return pool.summary_of(service) if service is not None else None

    @property
    def media_urls(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["media_"].splitlines() if line.strip())

    def to_request(self) -> MessageRequest:
        """The request as the API would have made it. The form must be valid."""
        given = self.cleaned_data
        return MessageRequest(
            to=given["to"].strip(),
            body=given["body"],
            media_urls=self.media_urls,
            from_=given["from_"].strip() or None,
            messaging_service_sid=given["service"] or None,
            schedule_type="fixed" if given["send_at"] else None,
            send_at=given["send_at"],
        )

    def api_parameters(self) -> list[tuple[str, str]]:
        """The same question as parameters of the REST API, in its own names."""
        given = self.cleaned_data
        pairs = [("To", given["to"].strip()), ("From", given["from_"].strip())]
        pairs += [("MessagingServiceSid", given["service"]), ("Body", given["body"])]
        pairs += [("MediaUrl", url) for url in self.media_urls]
        if given["send_at"]:
            pairs += [("ScheduleType", "fixed"), ("SendAt", f"{given['send_at']:%Y-%m-%dT%H:%M:%SZ}")]
        if self.what:
            pairs = [pair for pair in pairs if pair[0] != "MessagingServiceSid"]
            pairs.append(("Overrides", json.dumps(self.what.data, ensure_ascii=False)))
        return [(name, value) for name, value in pairs if value]

    def query(self, *, pieces: Sequence[str] | None = None) -> str:
        """The query string under which the page asks this question again; with another what-if where one is given."""
        given = self.cleaned_data
        pairs = [("service", given["service"]), ("from", given["from_"]), ("to", given["to"]), ("body", given["body"])]
        pairs.append(("media", given["media_"]))
        if given["send_at"]:
            pairs.append(("send_at", f"{given['send_at']:%Y-%m-%dT%H:%M}"))
        pairs += [("what", piece) for piece in (self.what.pieces if pieces is None else pieces)]
        return urlencode([(name, value) for name, value in pairs if value or name == "service"])

    @property
    def has_options(self) -> bool:
        """Is one of the rarer fields in use, or wrong? Then they are shown open."""
        return any(self[name].value() or self[name].errors for name in ("from_", "media_", "send_at"))


def asks_something(query: QueryDict) -> bool:
    """Does an address hold a whole question, so that it is answered at once?"""
    return bool(query.get("to"))


def first_service(account: Account) -> str | None:
    """The SID of the Service that the page proposes: the newest."""
    return services_of(account).values_list("sid", flat=True).first()
