from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "services.compliance"
    label = "compliance"
    verbose_name = "Registrations"

    def ready(self) -> None:
        from msgconsole.outbox import handlers
        from services import hooks
        from services.compliance import actions, campaign_checks, reviewing

        handlers.register(reviewing.KIND, reviewing.run, queue="reports")
        hooks.before_delete(actions.delete_campaign_of)
        hooks.before_update(campaign_checks.refuse_contradiction)
