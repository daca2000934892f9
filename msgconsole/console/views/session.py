"""What belongs to the person's session: the account they look at, and the theme."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from msgconsole.console.context import THEMES
from msgconsole.console.permissions import accounts_for, choose_account

YEAR = 365 * 24 * 3600


@require_POST
@login_required
def account_switch(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("account", "")
    account = next((one for one in accounts_for(request) if one.sid == wanted), None)
    if account is None:
        raise Http404("No such account among yours.")
    choose_account(request, account)
    messages.success(request, f"You now look at {account}.")
    return redirect("console:home")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme in a cookie, which the server reads: no flash of the other one."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax")
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this name wherever a page has no icon of its own, such as an API answer."""
    return redirect(static("console/icon.svg"))
