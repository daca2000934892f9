"""Home: the state in sentences, Services with their health, the latest messages, and the first steps."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from msgconsole.accounts.models import Account, ApiKey
from msgconsole.console import figures, summaries
from msgconsole.console.figures import Figures
from msgconsole.console.links import page_url
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.templatetags.console import counted
from msgconsole.error_codes import message_for
from msgconsole.messaging.models import Message
from senders.models import Sender
from services import queries as services
from services.models import MessagingService

LATEST = 8
SERVICES = 12


@dataclass(frozen=True, slots=True)
class Step:
    text: str
    done: bool
    url: str
    verb: str


@account_view()
def home(request: ConsoleRequest) -> HttpResponse:
    whole, by_service = figures.of_services(request.account)
    listed = list(services.services_of(request.account)[:SERVICES])
    pools = summaries.of_pools(listed)
    steps = first_steps(request.account, listed)
    return render(
        request,
        "console/home.html",
        {
            "sentences": sentences(request.account, whole),
            "figures": whole,
            "services": [
                (
                    service,
                    pools[service.pk],
                    by_service.get(service.pk) or Figures(),
                    health(pools[service.pk], by_service.get(service.pk)),
                )
                for service in listed
            ],
            "steps": steps,
            "unfinished": not all(step.done for step in steps),
            **latest_context(request.account),
        },
    )


@account_view()
def latest(request: ConsoleRequest) -> HttpResponse:
    """The table of latest messages alone, for the page to renew itself."""
    return render(request, "console/_latest.html", latest_context(request.account))


def latest_context(account: Account) -> dict[str, object]:
    messages = (
        Message.objects.filter(account=account)
        .select_related("sender", "service")
        .only(
            "sid",
            "status",
            "direction",
            "channel",
            "to",
            "from_address",
            "error_code",
            "date_created",
            "decided_by",
            "sender__sid",
            "sender__kind",
            "sender__address",
            "sender__country",
            "service__sid",
            "service__friendly_name",
        )
        .order_by("-id")[:LATEST]
    )
    return {"latest": list(messages), "now": timezone.now()}


def sentences(account: Account, whole: Figures) -> list[tuple[str, str]]:
    """(tone, sentence): what a person wants to know first."""
    lines: list[tuple[str, str]] = []
    if account.status != Account.Status.ACTIVE:
        lines.append(
            (
                "bad",
                f"This account is {account.get_status_display().lower()}: every message fails. An owner can end that.",
            )
        )
    if not whole.total and not whole.waiting:
        lines.append(("quiet", "Nothing was sent in the last 24 hours."))
    elif not whole.failed:
        lines.append(("good", f"Sending works: {counted(whole.sent, 'message')} in the last 24 hours, none failed."))
    else:
        tone = "bad" if whole.failed_percent >= 20 else "warn"
        code = whole.worst_error
        most = f" Most often: {message_for(code)} ({code})." if code else ""
        failed, percent = counted(whole.failed, "message"), whole.failed_percent
        lines.append(
            (
                tone,
                f"{failed} of {whole.total:,} ({percent}%) failed in 24 hours.{most}",
            )
        )
    if whole.waiting:
        lines.append(
            (
                "quiet",
                f"{counted(whole.waiting, 'message')} {'is' if whole.waiting == 1 else 'are'} on the way right now.",
            )
        )
    if whole.received:
        lines.append(("quiet", f"{counted(whole.received, 'message')} came in."))
    return lines


def health(pool: summaries.PoolSummary, numbers: Figures | None) -> tuple[str, str]:
    """(tone, words) for a Service's badge."""
    if not pool.total:
        return "warn", "No senders"
    if numbers is None or not numbers.total:
        return "quiet", "Idle"
    if numbers.failed_percent >= 20:
        return "bad", f"{numbers.failed_percent}% failed"
    if numbers.failed:
        return "warn", f"{numbers.failed_percent or '<1'}% failed"
    return "good", "Healthy"


def first_steps(account: Account, listed: list[MessagingService]) -> list[Step]:
    """What a newcomer does first; each ticks itself from what is in the database."""
    service = listed[0] if listed else None
    senders_page = page_url("console:service_senders", service.sid) if service else page_url("console:services")
    sent = Message.objects.filter(account=account).exclude(direction=Message.Direction.INBOUND)
    first = sent.only("sid").first()
    return [
        Step("Create a Service", service is not None, page_url("console:service_create"), "Create a Service"),
        Step(
            "Put a sender into its pool",
            Sender.objects.filter(account=account, membership__isnull=False).exists(),
            senders_page,
            "Add senders",
        ),
        Step(
            "Send a test message and see which sender was chosen",
            sent.filter(origin="test_send").exists(),
            page_url("console:test_send"),
            "Test send",
        ),
        Step(
            "Read why: open a message and its decision",
            first is not None,
            page_url("console:message", first.sid) if first else "",
            "Open a message",
        ),
        Step(
            "Make an API key, and point your client library here",
            ApiKey.objects.filter(account=account, revoked_at__isnull=True).exists(),
            page_url("console:keys"),
            "Make an API key",
        ),
    ]
