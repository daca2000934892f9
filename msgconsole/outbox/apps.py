from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "msgconsole.outbox"
    label = "outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        # The package's own __init__ stays empty, so that pure modules import without Django; hence here.
        from msgconsole import celery, checks  # noqa: F401 - they register themselves
        from msgconsole.outbox import tasks, wake

        wake.publish_with(tasks.publish)
