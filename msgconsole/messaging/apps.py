from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "msgconsole.messaging"
    label = "messaging"
    verbose_name = "Messages"

    def ready(self) -> None:
        from msgconsole.carriers import registry
        from msgconsole.messaging import deactivations, dispatch, events, reports, snapshots
        from msgconsole.outbox import handlers, upkeep
        from services.compliance import hooks

        handlers.register(dispatch.KIND, dispatch.run, queue="dispatch")
        handlers.register(reports.KIND, reports.run, queue="reports")
        upkeep.register("snapshots", snapshots.clear, every=snapshots.EVERY)
        hooks.find_deactivated_with(deactivations.numbers_gone)
        registry.listen(events.PipelineEvents())
