"""``/v1/Deactivations``: the way to a file with the US numbers that went out of service on a day.

The file's address is signed and good for two minutes, so whoever was given it needs no credentials.
"""

from datetime import date, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from msgconsole.accounts.models import Account
from msgconsole.api.views import ApiView
from msgconsole.error_codes import Refused
from services.compliance import hooks

SALT = "compliance.deactivations"
GOOD_FOR = timedelta(minutes=2)


class Deactivations(ApiView):
    def get(self, request: Request) -> Response:
        token = signing.dumps([self.account.sid, self._day().isoformat()], salt=SALT)
        address = f"{self.base}/msgconsole/v1/Deactivations/{token}.txt"
        return Response({"redirect_to": address}, status=307, headers={"Location": address})

    def _day(self) -> date:
        given = self.query.text("date")
        if not given:
            raise Refused(20001, "Missing required parameter Date: give a day as YYYY-MM-DD.", field="date")
        try:
            day = date.fromisoformat(given)
        except ValueError:
            day = None
        if day is None or len(given) != len("2026-11-21"):
            raise Refused(20001, f"Invalid Date: {given[:40]!r}. Use YYYY-MM-DD.", field="date")
        if day >= timezone.now().date():
            raise Refused(20001, f"Invalid Date: {given}. The list of a day is made when it is over.", field="date")
        return day


@require_safe
def deactivated_file(request: HttpRequest, token: str) -> HttpResponse:
    """One number a line, in E.164. Empty when none is known."""
    try:
        account_sid, day = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired:
        return HttpResponse("This address was good for two minutes. Ask for a new one.\n", "text/plain", status=403)
    except signing.BadSignature:
        return HttpResponse("There is no such file.\n", "text/plain", status=404)
    account = Account.objects.filter(sid=account_sid).first()
    numbers = hooks.deactivated_numbers(account, date.fromisoformat(day)) if account else []
    answer = HttpResponse("".join(f"{number}\n" for number in numbers), "text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="deactivations-{day}.txt"'
    return answer
