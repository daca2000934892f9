"""The end of the API's addresses: everything under its roots that no resource claimed."""

from django.urls import path, re_path

from msgconsole.api.document import openapi
from msgconsole.api.views import UnknownAddress

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    # Versions that are not served too: a client library that asks for one can read no page of the console.
    re_path(r"^(?:v\d+|\d{4}-\d\d-\d\d|msgconsole/v\d+)(?:/[\s\S]*)?$", UnknownAddress.as_view()),
]
