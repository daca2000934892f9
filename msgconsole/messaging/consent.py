"""May this recipient be messaged? The verdict that choosing, sending and explaining share."""

from dataclasses import dataclass

from msgconsole.accounts.models import Account
from msgconsole.numbering.e164 import Destination
from senders.models import Sender
from services import consent
from services.models import ConsentRecord, MessagingService


@dataclass(frozen=True, slots=True)
class Verdict:
    """``detail`` is a sentence for people where the recipient has opted out, else None."""

    opted_out: bool
    detail: str | None = None
    record: ConsentRecord | None = None


def verdict(
    account: Account,
    service: MessagingService | None,
    sender_address: str,
    destination: Destination,
    sender: Sender | None = None,
) -> Verdict:
    """Look the recipient up in the block list of the Service, or of the bare sender and the Service that has it.

    A STOP to a number of a Service blocks the whole Service; so it blocks that number when it is used alone, too.
    """
    scopes: list[tuple[MessagingService | None, str]] = [(service, sender_address)]
    membership = getattr(sender, "membership", None) if service is None and sender is not None else None
    if membership is not None and membership.service.account_id == account.pk:
        scopes.append((membership.service, ""))
    for scope, address in scopes:
        record = consent.is_opted_out(
            account=account,
            service=scope,
            sender_address=address,
            channel=destination.channel,
            recipient=destination.address,
        )
        if record is not None:
            return Verdict(True, _sentence(record, destination, scope, address), record)
    return Verdict(False)


def _sentence(
    record: ConsentRecord, destination: Destination, service: MessagingService | None, sender_address: str
) -> str:
    source = f"the Service {service.friendly_name}" if service else sender_address
    how = f" with {record.keyword}" if record.keyword else ""
    return f"{destination.address} opted out of {source}{how} on {record.at:%Y-%m-%d}."
