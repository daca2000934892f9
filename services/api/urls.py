from django.urls import path

from msgconsole.api import converters  # noqa: F401 - registers <sid:…>
from services.api.views import Services, Usecases

urlpatterns = [
    path("v1/Services", Services.collection()),
    path("v1/Services/Usecases", Usecases.as_view()),
    path("v1/Services/<sid:sid>", Services.item()),
]
