from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConsoleAdminConfig(AdminConfig):
    """Puts the console's own site in the place of Django's, so that apps register on it without knowing it."""

    default_site = "msgconsole.console.site.ConsoleSite"


class ConsoleConfig(AppConfig):
    name = "msgconsole.console"
    label = "console"
    verbose_name = "Console"

    def ready(self) -> None:
        from msgconsole.console import list_runs
        from msgconsole.outbox import handlers

        # Beside the reports: a long list must not stand in the way of sends.
        handlers.register(list_runs.KIND, list_runs.work, queue="reports")
