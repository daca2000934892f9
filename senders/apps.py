from django.apps import AppConfig


class SendersConfig(AppConfig):
    name = "senders"
    label = "senders"
    verbose_name = "Senders"

    def ready(self) -> None:
        from msgconsole.outbox import handlers
        from senders import mappings, membership, registration
        from services import hooks
        from services.compliance import hooks as compliance

        hooks.before_delete(membership.empty_pool)
        compliance.on_campaign_status(registration.campaign_changed)
        compliance.on_tollfree_status(registration.tollfree_changed)
        compliance.find_numbers_with(registration.known_number)
        # Upkeep must not stand in the way of sends.
        handlers.register(mappings.UNCOUNT, mappings.uncount, queue="reports")
        handlers.register(mappings.PURGE, mappings.purge, queue="reports")
        handlers.register(mappings.MOVE, mappings.move, queue="reports")
