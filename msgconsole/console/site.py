"""The admin site that is the console: record screens of Django's admin inside the console's own shell."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from msgconsole.console.changelist import KeysetChangeList


class ConsoleSite(admin.AdminSite):
    site_header = "msgconsole"
    site_title = "msgconsole"
    index_title = "Records"
    site_url = "/"
    enable_nav_sidebar = False
    login_template = "admin/login.html"
    changelist_class = KeysetChangeList

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One login for console and records. Anybody with a password may log in; pages ask for roles themselves."""
        if request.method == "GET" and request.user.is_authenticated:
            if REDIRECT_FIELD_NAME in request.GET and not self.has_permission(request):
                raise PermissionDenied("The record screens are for administrators of this install.")
            return redirect("console:home")
        from msgconsole.console.login import LoginForm  # models are not ready when this module is imported

        self.login_form = LoginForm
        context = dict(extra_context or {})
        if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("console:home")
        return super().login(request, context)

    def current_account(self, request: HttpRequest) -> Any:
        """The account this person looks at: what a form of a new record starts with."""
        from msgconsole.console import permissions  # models are not ready when this module is imported

        return permissions.current_account(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one page for it, which leaves its line in the audit log."""
        return redirect("console:password")
