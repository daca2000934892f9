"""The end of the API's addresses: everything under its roots that no resource claimed."""

from django.urls import path, re_path

from msgconsole.api.document import openapi
from msgconsole.api.views import UnknownAddress

urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    re_path(r"^(?:v1|2010-04-01|msgconsole/v1)(?:/[\s\S]*)?$", UnknownAddress.as_view()),
]
