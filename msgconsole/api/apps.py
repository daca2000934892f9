from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApiConfig(AppConfig):
    name = "msgconsole.api"
    label = "api"
    verbose_name = "API"

    def ready(self) -> None:
        autodiscover_modules("api.operations")  # each app declares what its part of the API takes and answers
