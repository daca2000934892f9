"""Which recipients' numbers turned out to be out of service: what the carriers said of an account's messages."""

from datetime import UTC, date, datetime, time, timedelta

from msgconsole.accounts.models import Account
from msgconsole.messaging.models import Message
from msgconsole.numbering.e164 import NumberingError, parse_number

UNKNOWN_NUMBER = 30005


def numbers_gone(account: Account, day: date) -> list[str]:
    """US numbers in E.164 to which a message of that day (UTC) failed because nobody has the number any more."""
    start = datetime.combine(day, time(), UTC)
    rows = Message.objects.filter(
        account=account,
        date_sent__gte=start,
        date_sent__lt=start + timedelta(days=1),
        error_code=UNKNOWN_NUMBER,
        channel="sms",
        to__startswith="+1",
    )
    return [to for to in rows.order_by("to").values_list("to", flat=True).distinct() if _is_in_the_us(to)]


def _is_in_the_us(number: str) -> bool:
    try:
        return parse_number(number).country == "US"
    except NumberingError:
        return False
