"""Every page of the console. One block per area; the sidebar shows a page as soon as its name is here."""

from django.urls import path

from msgconsole.console import account_urls, message_urls, registration_urls, service_urls
from msgconsole.console.views import errors, home, search, session, styleguide

app_name = "console"

urlpatterns = [
    # Home, session, search
    path("", home.home, name="home"),
    path("home/latest", home.latest, name="home_latest"),
    path("account-switch", session.account_switch, name="account_switch"),
    path("theme", session.theme, name="theme"),
    path("favicon.ico", session.favicon, name="favicon"),
    path("search", search.search, name="search"),
    # Services, pools, opt-out, senders
    *service_urls.urlpatterns,
    # Brands, campaigns, toll-free verifications
    *registration_urls.urlpatterns,
    # Test send, message log, one message
    *message_urls.urlpatterns,
    # Keys, people, audit log, account, developers
    *account_urls.urlpatterns,
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    # Error codes (public)
    path("docs/errors", errors.error_codes, name="error_codes"),
    path("docs/errors/<int:code>", errors.error_code, name="error_code"),
]
