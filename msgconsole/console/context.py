"""What every page of the shell needs: the account, the role in it, the sidebar, the help of the page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from msgconsole.console import help as help_texts
from msgconsole.console import nav
from msgconsole.console.permissions import accounts_for, at_least, current_account, current_role

THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for ``console/base.html``. Works for strangers and on error pages too: then there is no account."""
    theme = request.COOKIES.get("theme", "auto")
    context: dict[str, Any] = {
        "demo": settings.MSGCONSOLE_DEMO,
        "theme": theme if theme in THEMES else "auto",
        "themes": THEMES,
        "in_dialog": request.headers.get("X-Dialog") == "1",
        "version": settings.VERSION,
    }
    match = request.resolver_match
    view_name = match.view_name if match else ""
    context["page_help"] = help_texts.PAGES.get(view_name)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    role = current_role(request)
    return context | {
        "account": current_account(request),
        "accounts": accounts_for(request),
        "role": role,
        "can_configure": at_least(role, "configurator"),
        "can_own": at_least(role, "owner"),
        "nav": nav.sections(role, view_name),
    }
