"""The simulated reviewer at work: one step per entry of the outbox, told apart by the SID of what it is about."""

from msgconsole.outbox.models import OutboxEntry
from services.compliance.brands import review_brand, review_vetting
from services.compliance.campaigns import review_campaign
from services.compliance.records import KIND
from services.compliance.verifications import review_verification

__all__ = ["KIND", "run"]


def run(entry: OutboxEntry) -> None:
    """Take the step. Safe to repeat: a step looks at the status it starts from."""
    sid, review_round = entry.reference, int(entry.payload["round"])
    if sid.startswith("BN"):
        review_brand(sid, review_round)
    elif sid.startswith("VT"):
        review_vetting(sid)
    elif sid.startswith("QE"):
        review_campaign(sid, review_round)
    else:
        review_verification(sid, review_round)
