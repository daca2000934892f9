from django.apps import AppConfig


class LinkShorteningConfig(AppConfig):
    name = "services.linkshortening"
    label = "linkshortening"
    verbose_name = "Link shortening"

    def ready(self) -> None:
        from msgconsole.outbox import handlers
        from services.linkshortening import certificates

        handlers.register(certificates.KIND, certificates.run, queue="reports")
