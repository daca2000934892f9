"""What belongs to a message and can be changed apart from it: its media, and the recipient's feedback."""

from django.db import transaction

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.error_codes import Refused
from msgconsole.messaging.models import Media, Message, MessageEvent
from msgconsole.messaging.transitions import note

FEEDBACK = "feedback"
OUTCOMES = ("confirmed", "unconfirmed")


def delete_media(*, media: Media, actor: Actor) -> None:
    """Remove one medium. The message stays, and still says how many it had."""
    with transaction.atomic():
        audit.record(
            account=media.message.account, actor=actor, action="media.deleted", obj=media, label=media.message.sid
        )
        media.delete()


def record_feedback(*, message: Message, outcome: str, actor: Actor) -> MessageEvent:
    """Note on the timeline whether the recipient did what the message asked for, such as entering its code.

    A recipient may be quicker than the carrier's report, so it is taken at any time.
    """
    if outcome not in OUTCOMES:
        raise Refused(20001, f"Outcome is {outcome[:40]!r}: use confirmed or unconfirmed.", field="outcome")
    with transaction.atomic():
        event = note(message, cause=FEEDBACK, detail=outcome)
        audit.record(
            account=message.account, actor=actor, action="message.feedback", obj=message, after={"outcome": outcome}
        )
    return event
