"""The account's numbers and short codes: ``…/IncomingPhoneNumbers`` and ``…/SMS/ShortCodes``."""

import re
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.accounts.models import Account
from msgconsole.accounts.queries import reachable_from
from msgconsole.api.forms import Form, pascal
from msgconsole.api.pagination import Keyset
from msgconsole.api.views import AccountScopedViewSet
from msgconsole.error_codes import Refused
from msgconsole.numbering import e164, nanp
from msgconsole.sids import is_sid
from senders import actions
from senders.api.serializers import API_VERSIONS, NUMBER_SETTINGS, number_json, short_code_json
from senders.models import Sender
from services.urls import is_web_url

PAGES = Keyset()

SMS_URLS = ("sms_url", "sms_fallback_url")
SMS_METHODS = ("sms_method", "sms_fallback_method")
NUMBER_URLS = (*SMS_URLS, "status_callback")
NUMBER_METHODS = (*SMS_METHODS, "status_callback_method")
_SID_PREFIX = {
    "address_sid": "AD",
    "identity_sid": "RI",
    "bundle_sid": "BU",
    "trunk_sid": "TK",
    "sms_application_sid": "AP",
    "voice_application_sid": "AP",
    "emergency_address_sid": "AD",
}
_CHOICES = {"emergency_status": ("Active", "Inactive"), "voice_receive_mode": ("voice", "fax")}


class Inventory(AccountScopedViewSet):
    """Senders of some kinds on the account: list, fetch, update."""

    array: str
    kinds: tuple[str, ...]

    def list(self, request: Request, account_sid: str) -> Response:
        return Response(PAGES.page(request, self._narrowed()).v2010(self.array, request.path, self._show))

    def retrieve(self, request: Request, account_sid: str, sid: str) -> Response:
        return Response(self._show(self._find(sid)))

    def update(self, request: Request, account_sid: str, sid: str) -> Response:
        sender = self._find(sid)
        changes = self._changes(sender.settings)
        if changes:
            sender = actions.update_sender(sender=sender, actor=self.actor, **changes)
        return Response(self._show(sender))

    def _rows(self) -> QuerySet[Sender]:
        return Sender.objects.filter(account=self.account, kind__in=self.kinds)

    def _narrowed(self) -> QuerySet[Sender]:
        name = self.query.text("friendly_name")
        return self._rows().filter(friendly_name=name) if name else self._rows()

    def _find(self, sid: str) -> Sender:
        sender = self._rows().filter(sid=sid).first()
        if sender is None:
            raise self.not_found()
        return sender

    def _changes(self, settings: dict[str, Any]) -> dict[str, Any]:
        return sms_settings(self.form, SMS_URLS, SMS_METHODS)

    def _show(self, sender: Sender) -> dict[str, Any]:
        raise NotImplementedError


class PhoneNumbers(Inventory):
    """Every number of the account. The typed lists below show one type of line each."""

    array = "incoming_phone_numbers"
    kinds = ("long_code", "toll_free")
    line: str | None = None

    def create(self, request: Request, account_sid: str) -> Response:
        number, area_code = self.form.text("phone_number"), self.form.text("area_code")
        changes = self._changes({})
        if number or self.line or not area_code:
            sender = actions.acquire_number(
                account=self.account, actor=self.actor, phone_number=self._number(), **changes
            )
        else:
            sender = actions.acquire_demo_number(
                account=self.account, actor=self.actor, country=_country_of(area_code), area_code=area_code, **changes
            )
        return Response(self._show(sender), status=201)

    def update(self, request: Request, account_sid: str, sid: str) -> Response:
        """``AccountSid`` hands the number to another account that the caller's credentials reach."""
        holder = self._holder()
        if holder == self.account:
            return super().update(request, account_sid, sid)
        sender = self._find(sid)
        changes = self._changes(sender.settings)
        sender = actions.move_to_account(sender=sender, account=holder, actor=self.actor, **changes)
        return Response(number_json(sender, account_sid=holder.sid))

    def _holder(self) -> Account:
        """The account that is to have the number."""
        given = self.form.text("account_sid")
        if given is None or given == self.account.sid:
            return self.account
        if not is_sid(given, "AC"):
            raise Refused(20001, f"Invalid AccountSid: {given[:40]!r}. Give AC and 32 hex digits.", field="account_sid")
        found = reachable_from(self.own_account).filter(sid=given).first()
        if found is None:
            raise Refused(20404, f"Account {given} was not found: name yours or a subaccount.", field="account_sid")
        if found.status != Account.Status.ACTIVE:
            raise Refused(20403, f"Account {found.sid} is {found.status}: it takes no numbers.", field="account_sid")
        return found

    def destroy(self, request: Request, account_sid: str, sid: str) -> Response:
        actions.release_sender(sender=self._find(sid), actor=self.actor)
        return Response(status=204)

    def _number(self) -> str:
        given = self.form.required("phone_number")
        if self.line:
            try:
                line = e164.parse_number(given).line_type
            except e164.NumberingError:
                return given  # the action says what is wrong with it
            if line not in (self.line, "unknown"):
                raise Refused(21421, f"{given} is a {line} number, not a {self.line} one.", field="phone_number")
        return given

    def _rows(self) -> QuerySet[Sender]:
        rows = super()._rows()
        return rows.filter(line_type=self.line) if self.line else rows

    def _narrowed(self) -> QuerySet[Sender]:
        rows = super()._narrowed()
        if pattern := self.query.text("phone_number"):
            rows = by_pattern(rows, pattern)
        self.query.boolean("beta")  # it says whether beta numbers are shown as well, and there are none here
        if self.query.text("origin") not in (None, "", "twilio"):
            rows = rows.none()  # nor are there hosted ones
        return rows

    def _changes(self, settings: dict[str, Any]) -> dict[str, Any]:
        changes = sms_settings(self.form, NUMBER_URLS, NUMBER_METHODS)
        given = other_settings(self.form)
        return {**changes, "settings": {**settings, **given}} if given else changes

    def _show(self, sender: Sender) -> dict[str, Any]:
        return number_json(sender, account_sid=self.account.sid, typed=self.line is not None)


class LocalNumbers(PhoneNumbers):
    line = "local"


class MobileNumbers(PhoneNumbers):
    line = "mobile"


class TollFreeNumbers(PhoneNumbers):
    line = "toll_free"


class ShortCodes(Inventory):
    """Short codes are added in the console; here they are shown and set up."""

    array = "short_codes"
    kinds = ("short_code",)

    def _narrowed(self) -> QuerySet[Sender]:
        rows = super()._narrowed()
        pattern = self.query.text("short_code")
        return by_pattern(rows, pattern) if pattern else rows

    def _changes(self, settings: dict[str, Any]) -> dict[str, Any]:
        changes = super()._changes(settings)
        given = api_version(self.form)
        return {**changes, "settings": {**settings, **given}} if given else changes

    def _show(self, sender: Sender) -> dict[str, Any]:
        return short_code_json(sender, account_sid=self.account.sid)


def by_pattern(rows: QuerySet[Sender], pattern: str) -> QuerySet[Sender]:
    """What contains the digits given; ``*`` stands for any one digit, and a leading plus for a number's beginning."""
    plain = re.sub(r"[\s().-]", "", "+" + pattern[1:] if pattern.startswith(" ") else pattern)
    if not re.fullmatch(r"\+?[0-9*]{1,20}", plain):
        return rows.none()
    if "*" not in plain:
        return rows.filter(address__contains=plain)
    return rows.filter(address__regex=plain.replace("+", r"^\+").replace("*", "[0-9]"))


def sms_settings(form: Form, urls: tuple[str, ...], methods: tuple[str, ...]) -> dict[str, Any]:
    """The settings of a sender that the form names. Whether they hold is for the action to say."""
    found: dict[str, Any] = {}
    if (name := form.text("friendly_name")) is not None:
        found["friendly_name"] = name
    for field in urls:
        if (url := form.text(field)) is not None:
            found[field] = url
    for field in methods:
        if (method := form.text(field)) is not None:
            found[field] = method
    return found


def other_settings(form: Form) -> dict[str, Any]:
    """What concerns voice and addresses: kept and shown again, without effect on messages."""
    found = api_version(form)
    for name in NUMBER_SETTINGS:
        value = form.text(name)
        if value is None or name == "api_version":
            continue
        if name == "voice_caller_id_lookup":
            found[name] = form.boolean(name)
        elif name.endswith("_method"):
            found[name] = _method(name, value)
        elif name.endswith("_url"):
            found[name] = _url(name, value) or None
        elif name in _SID_PREFIX:
            if value and not is_sid(value, _SID_PREFIX[name]):
                raise Refused(20001, f"Invalid {pascal(name)}: {value[:40]!r}", field=name)
            found[name] = value or NUMBER_SETTINGS[name]
        elif value not in _CHOICES[name]:
            raise Refused(20001, f"{pascal(name)} is {value[:40]!r}: use {' or '.join(_CHOICES[name])}.", field=name)
        else:
            found[name] = value
    # Calls go to a trunk or to an application: setting the one takes the other away.
    if found.get("trunk_sid"):
        found["voice_application_sid"] = NUMBER_SETTINGS["voice_application_sid"]
    elif found.get("voice_application_sid"):
        found["trunk_sid"] = NUMBER_SETTINGS["trunk_sid"]
    return found


def api_version(form: Form) -> dict[str, Any]:
    """The version if it is one; whatever else is said is ignored, as the original's example of a create is."""
    given = form.text("api_version")
    return {"api_version": given} if given in API_VERSIONS else {}


def _country_of(area_code: str) -> str:
    """The US unless the code is Canadian: numbers are found by area code in these two."""
    known = nanp.region(area_code)
    return "CA" if known is not None and known.country == "CA" else "US"


def _url(field: str, value: str) -> str:
    if value and not is_web_url(value):
        raise Refused(21402, f"{pascal(field)} is not an absolute http or https URL: {value[:200]}", field=field)
    return value


def _method(field: str, value: str) -> str:
    if value.upper() not in ("GET", "POST"):
        raise Refused(21403, f"{pascal(field)} is {value[:40]!r}: use GET or POST.", field=field)
    return value.upper()
