from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "msgconsole.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"

    def ready(self) -> None:
        from msgconsole.outbox import handlers
        from msgconsole.webhooks import deliver

        handlers.register(deliver.KIND, deliver.run, queue="callbacks")
