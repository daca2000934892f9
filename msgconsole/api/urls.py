"""The end of the API's addresses: everything under its roots that no resource claimed."""

from django.urls import path, re_path

from msgconsole.api.document import openapi
from msgconsole.api.links import ROOTS
from msgconsole.api.views import UnknownAddress

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    re_path(f"^{ROOTS}$", UnknownAddress.as_view()),
]
