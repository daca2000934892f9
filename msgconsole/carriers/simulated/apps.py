from django.apps import AppConfig


class SimulatedConfig(AppConfig):
    name = "msgconsole.carriers.simulated"
    label = "simulated"
    verbose_name = "Simulated carrier"

    def ready(self) -> None:
        from msgconsole.carriers import registry
        from msgconsole.carriers.simulated import carrier, tasks
        from msgconsole.outbox import handlers

        registry.register(carrier.SimulatedCarrier())
        handlers.register(carrier.REPORT, tasks.send_report, queue="reports")
