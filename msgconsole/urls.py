"""Every address the project answers: mirrored API, our own API, console, health."""

from django.contrib import admin
from django.urls import include, path

from msgconsole import health

handler400 = "msgconsole.api.exceptions.bad_request"
urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("admin/", admin.site.urls),
    path("", include("services.api.urls")),
    path("", include("services.compliance.api.urls")),
    path("", include("services.linkshortening.api.urls")),
    path("", include("senders.api.urls")),
    path("", include("msgconsole.messaging.api.urls")),
    path("", include("msgconsole.accounts.api.urls")),
    path("", include("msgconsole.api.urls")),  # after the resources: the rest of their roots
    path("", include("msgconsole.console.urls")),
]
