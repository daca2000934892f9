"""From the parameters of a create to a ``MessageRequest``: text becomes types. Every rule is the action's."""

from msgconsole.api.forms import Form
from msgconsole.messaging.requests import MessageRequest


def message_request(form: Form) -> MessageRequest:
    """A value that is not of its type is refused here, with the code that its parameter has or else 20001."""
    return MessageRequest(
        to=form.text("to") or "",
        body=form.text("body") or "",
        media_urls=form.texts("media_url"),
        from_=form.text("from"),
        messaging_service_sid=form.text("messaging_service_sid"),
        status_callback=form.text("status_callback"),
        application_sid=form.text("application_sid"),
        validity_period=form.integer("validity_period", code=21624),
        smart_encoded=form.boolean("smart_encoded"),
        shorten_urls=form.boolean("shorten_urls"),
        force_delivery=form.boolean("force_delivery"),
        provide_feedback=form.boolean("provide_feedback"),
        send_as_mms=form.boolean("send_as_mms"),
        content_retention=form.text("content_retention"),
        address_retention=form.text("address_retention"),
        schedule_type=form.text("schedule_type"),
        send_at=form.moment("send_at", code=35114),
        attempt=form.integer("attempt"),
        max_price=form.text("max_price"),
        traffic_type=form.text("traffic_type"),
        risk_check=form.text("risk_check"),
        persistent_action=form.texts("persistent_action"),
        fallback_from=form.text("fallback_from"),
        content_sid=form.text("content_sid"),
        content_variables=form.text("content_variables"),
        message_intent=form.text("message_intent"),
        tags=form.json_object("tags"),
    )
