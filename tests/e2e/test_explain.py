"""An explanation that a support person can use: twelve mixed senders, why not this one, and a list of ten thousand."""

import json
import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server, log_in

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
LONG = 60_000  # milliseconds: a list of ten thousand, on a machine that does other things too
US, GB, WRONG = 6_000, 3_990, 10
PREPARE = """
import json
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from senders import actions as senders
from services import actions as services
actor = Actor.command("browser test")
account = Account.objects.get(sid={account_sid!r})
service = services.create_service(account=account, actor=actor, friendly_name="Twelve mixed senders")
made = [senders.acquire_number(account=account, actor=actor, phone_number=number) for number in (
    "+14155559100", "+14155559101", "+12065559100", "+16135559100", "+447400999222", "+4915112999670", "+18885559100")]
made.append(senders.acquire_number(account=account, actor=actor, phone_number="+12125559100",
                                   registration="unregistered"))
made.append(senders.add_short_code(account=account, actor=actor, short_code="69123", country="CA"))
for address in ("whatsapp:+447400999200", "rcs:mixed_agent"):
    made.append(senders.add_channel_sender(account=account, actor=actor, address=address))
for sender in made:
    senders.add_to_service(service=service, sender=sender, actor=actor)
senders.add_alpha_sender(service=service, actor=actor, alpha_sender="TWELVE")
print("FOUND" + json.dumps(dict(service=service.sid, members=service.members.count())))
"""


# Each other sender, the closest first → the first rule that eliminated it and the evidence, value beside value.
PASSED_OVER = {
    "+1 415 555 9101": ("Which of them was added first?", "it has the same load and was added later"),
    "+1 206 555 9100": ("Which numbers share the recipient's area code?", "206, the recipient's is 415"),
    "+1 888 555 9100": ("Which numbers share the recipient's area code?", "no area code of its own"),
    "+1 613 555 9100": ("Which senders are of the recipient's country?", "the number is in CA, the recipient in US"),
    "+1 212 555 9100": ("Which senders are registered for it?", "it is not registered for 10DLC"),
    "+44 7400 999222": ("Which senders reach the recipient?", "the number is in GB, the recipient in US"),
    "+49 1511 2999670": ("Which senders reach the recipient?", "the number is in DE, the recipient in US"),
    "69123": ("Which senders reach the recipient?", "the short code is of CA, the recipient in US"),
    "TWELVE": ("Which senders reach the recipient?", "United States (US) does not accept alpha senders"),
    "rcs:mixed_agent": ("Can it go over RCS?", "the recipient's device cannot be reached over RCS"),
    "whatsapp:+44 7400 999200": ("Which senders speak the recipient's channel?", "it is a WhatsApp sender"),
}
WINS_IF = {  # sender → words of its smallest change
    "+1 206 555 9100": "were not in the pool",
    "+1 212 555 9100": "If +1 212 555 9100 were registered",
    "rcs:mixed_agent": "If the recipient's device could do RCS",
}
NEVER = "+44 7400 999222"


@pytest.fixture(scope="module")
def service(server: Server) -> str:
    told = server.manage("shell", "-c", PREPARE.format(account_sid=server.account_sid))
    found = json.loads(told.partition("FOUND")[2])
    assert found["members"] == 12
    return str(found["service"])


@pytest.mark.parametrize(
    ("device", "asked"), [(DESK, WINS_IF), (PHONE, {"+1 206 555 9100": ""})], ids=["desk", "phone"]
)
def test_each_sender_has_its_rule_and_its_smallest_change_applied_as_a_what_if_makes_it_win(
    server: Server, open_page: Callable[..., Page], service: str, device: dict, asked: dict[str, str]
) -> None:
    page = open_page(**device)
    log_in(page, server)
    page.goto(f"{server.url}/test-send?service={service}&to=%2B14155550123")
    answer = page.locator(".answer")
    expect(answer).to_contain_text("+1 415 555 9100")
    expect(answer).to_contain_text(
        "because it shares the recipient's area code, 415 and has no more load than any other"
    )
    expect(page.locator(".step.decided")).to_contain_text("Which of them was added first? decided")
    page.get_by_role("link", name="Why not another sender?").click()
    lines = page.locator(".fates > li")
    expect(lines).to_have_count(12)
    others = lines.filter(has_not_text="chosen")
    expect(others).to_have_count(11)
    for line, (sender, (question, evidence)) in zip(others.all(), PASSED_OVER.items(), strict=True):
        told = " ".join(line.inner_text().split())
        assert sender in told, told
        assert re.search(rf"Step \d+ {re.escape(question)} .*{re.escape(evidence)}", told), told
    for sender, change in asked.items():
        why = _ask_why(page, sender)
        expect(why).to_contain_text("The smallest change: If")
        expect(why).to_contain_text(change)
        why.get_by_role("button", name="Try this as a what-if").click()
        compared = page.locator("#compared")
        expect(compared).to_contain_text("This is a what-if, not what would happen now.")
        expect(compared).to_contain_text(f"Sender: +1 415 555 9100 today, {sender} in this what-if.")
        expect(answer).to_contain_text(sender)
        expect(page.get_by_role("button", name="Send it")).to_be_disabled()
        page.get_by_role("button", name="Back to today's answer").click()
        expect(compared).to_have_count(0)
        expect(answer).to_contain_text("+1 415 555 9100")
        expect(page.get_by_role("button", name="Send it")).to_be_enabled()
    never = _ask_why(page, NEVER)
    expect(never).to_contain_text("Nothing would do it.")
    expect(never.get_by_role("button", name="Try this as a what-if")).to_have_count(0)


def _ask_why(page: Page, sender: str) -> Locator:
    """Ask what would make a sender win, from its line; the part of the page that says it, in view."""
    page.get_by_role("button", name=f"What would make it win? {sender}", exact=True).click()
    why = page.get_by_role("region", name=f"Why not {sender}?")
    expect(why).to_be_in_viewport()
    return why


def test_ten_thousand_recipients_are_explained_while_a_message_goes_out(
    server: Server, open_page: Callable[..., Page], service: str
) -> None:
    page = open_page(**DESK)
    log_in(page, server)
    lines = [f"+1415{number:07d}" for number in range(2_000_000, 2_000_000 + US)]
    lines += [f"+44740{number:07d}"[:13] for number in range(1_000_000, 1_000_000 + GB)]
    lines += ["not a number"] * WRONG
    page.goto(f"{server.url}/test-send/list?service={service}")
    page.locator("#id_recipients").evaluate("(field, text) => { field.value = text; }", "\n".join(lines))
    page.get_by_role("button", name="Try the list").click()
    expect(page.get_by_role("heading", level=1, name="10,000 recipients on Twelve mixed senders")).to_be_visible()
    progress = page.get_by_role("progressbar", name="Recipients done")
    expect(progress).to_be_visible()
    expect(progress).to_have_attribute("max", "10000")
    # Meanwhile, in another window: a message is sent and delivered.
    other = page.context.new_page()
    other.goto(f"{server.url}/test-send?service={service}&to=%2B14155550123")
    other.get_by_role("button", name="Send it").click()
    expect(other.locator("#story")).to_contain_text("Delivered", timeout=LONG)
    # Left and come back to.
    page.goto(f"{server.url}/test-send/list")
    page.get_by_role("row", name=re.compile("Twelve mixed senders")).get_by_role("link").first.click()
    expect(page.locator("#list-progress")).to_contain_text("Done", timeout=LONG)
    expect(page.locator("#list-progress")).to_contain_text("10,000 of 10,000")
    sent = page.get_by_role("region", name="Senders and their shares").locator("tbody tr")
    counted = Counter({row.locator("th").inner_text(): _number(row) for row in sent.all()})
    assert sum(counted.values()) == US + GB
    to_gb = sum(number for sender, number in counted.items() if "+44" in sender or "TWELVE" in sender)
    assert to_gb == GB, counted
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    rows = download.value.path().read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) == 10_000
    assert sum(row.endswith("not a valid phone number") or ",not an address," in row for row in rows) == WRONG


def _number(row) -> int:
    return int(row.locator("td").first.inner_text().replace(",", ""))
