"""What carriers tell the pipeline: the ``CarrierEvents`` of their contract."""

from msgconsole.carriers.contract import DeliveryReport
from msgconsole.messaging import reports


class PipelineEvents:
    def delivery_report(self, report: DeliveryReport) -> None:
        reports.delivery_report(report)
