"""The sidebar: one line per page. A page appears once its address exists and the person's role reaches it."""

from dataclasses import dataclass

from msgconsole.console.links import page_url
from msgconsole.console.permissions import at_least


@dataclass(frozen=True, slots=True)
class Item:
    """``name`` is the URL name; ``also`` are other names (or their beginnings) under which the item is lit."""

    label: str
    name: str
    icon: str
    role: str = "viewer"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    label: str
    items: tuple[Item, ...]


# The apps whose records Django's admin shows: its URL names start with these.
RECORD_APPS = tuple(
    f"admin:{app}"
    for app in (
        "accounts",
        "services",
        "compliance",
        "linkshortening",
        "senders",
        "messaging",
        "webhooks",
        "outbox",
        "simulated",
        "console",
    )
)

SECTIONS: tuple[Section, ...] = (
    Section(
        "Messaging",
        (
            Item("Home", "console:home", "home"),
            Item("Services", "console:services", "service", also=("console:service",)),
            Item("Senders", "console:senders", "sender", also=("console:sender",)),
            Item(
                "Registrations",
                "console:registrations",
                "check",
                also=("console:registration", "console:registrations"),
            ),
            Item(
                "Test send",
                "console:test_send",
                "send",
                also=("console:test_send", "console:try_list", "console:compare"),
            ),
            Item("Messages", "console:messages", "message", also=("console:message",)),
            Item("Opt-outs", "console:opt_outs", "block", also=("console:opt_out",)),
            Item("Handset", "console:handset", "phone", also=("console:handset",)),
            Item("Phone book", "console:phone_book", "phone", also=("console:phone_book",)),
            Item("Webhooks", "console:webhooks", "webhook", also=("console:webhook",)),
            Item("Insights", "console:insights", "chart", also=("console:insight",)),
            Item("Debugger", "console:debugger", "warn", also=("console:debugger",)),
        ),
    ),
    Section(
        "Account",
        (
            Item("Account", "console:account", "account", also=("console:account",)),
            Item("API keys", "console:keys", "key", also=("console:key",)),
            Item("People", "console:users", "people", also=("console:user",)),
            Item("Audit log", "console:audit", "history"),
            Item("Developers", "console:developers", "code", also=("console:developers",)),
            Item("All records", "admin:index", "records", also=("admin:app_list", *RECORD_APPS)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str
    current: bool


def sections(role: str | None, view_name: str) -> list[tuple[str, list[Link]]]:
    """The sidebar for a role, with the line of the page ``view_name`` marked."""
    found = []
    for section in SECTIONS:
        links = [
            Link(item.label, url, item.icon, _is_current(item, view_name))
            for item in section.items
            if at_least(role, item.role) and (url := page_url(item.name))
        ]
        if links:
            found.append((section.label, links))
    return found


def _is_current(item: Item, view_name: str) -> bool:
    return view_name == item.name or any(
        view_name.startswith(f"{prefix}_") or view_name == prefix for prefix in item.also
    )
