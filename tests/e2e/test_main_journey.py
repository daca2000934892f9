"""From an empty Service to a delivered message and the reason for its sender: on a desk, on a phone, by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT_MS, Server
from tests.e2e.hands import Hands, Keyboard, Pointer

pytestmark = pytest.mark.browser

RECIPIENT = "+14155550123"
WAYS = {
    "desktop": (Pointer, {"viewport": {"width": 1280, "height": 900}}),
    "phone": (Pointer, {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}),
    "keyboard": (Keyboard, {"viewport": {"width": 1280, "height": 900}}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_person_makes_a_service_sends_and_reads_why(server: Server, open_page: Callable[..., Page], way: str) -> None:
    make_hands, options = WAYS[way]
    page = open_page(**options)
    hands = make_hands(page)
    name = f"Night shift, {way}"

    _log_in(hands, server)
    _make_service(hands, server, name)
    number = _add_demo_number(hands, way)
    because = _explain(hands, name, number)
    _send(hands, number)
    _read_why(hands, number, because)


def _log_in(hands: Hands, server: Server) -> None:
    page = hands.page
    page.goto(f"{server.url}/")
    hands.write(page.get_by_label("User name"), server.username)
    hands.write(page.get_by_label("Password"), server.password)
    hands.press(page.get_by_role("button", name="Log in"))
    expect(page.get_by_role("heading", level=1, name="Demo")).to_be_visible()


def _make_service(hands: Hands, server: Server, name: str) -> None:
    page = hands.page
    hands.press(page.get_by_role("link", name="Create a Service").first)
    expect(page.get_by_role("heading", level=1, name="Create a Service")).to_be_visible()
    hands.write(page.get_by_label("Name", exact=True), name)
    hands.press(page.get_by_role("button", name="Create the Service"))
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_text("No senders yet").first).to_be_visible()


def _add_demo_number(hands: Hands, way: str) -> str:
    """The address of the number, as it is shown."""
    page = hands.page
    hands.press(page.get_by_role("main").get_by_role("link", name="Add senders").first)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="A new demo number")).to_be_visible()
    hands.choose(dialog.get_by_label("Country"), "United States (US)")
    hands.write(dialog.get_by_label("Area code"), "628")
    hands.press(dialog.get_by_role("button", name="Add a demo number"))
    expect(dialog).to_be_hidden()
    sender = page.get_by_role("row").filter(has_text="Long code").locator(".mono").first
    expect(sender).to_have_text(re.compile(r"\+1 628 "))
    return sender.inner_text()


def _explain(hands: Hands, service: str, number: str) -> str:
    """Ask which sender and why; the reason as it is said."""
    page = hands.page
    hands.press(page.get_by_role("main").get_by_role("link", name="Send test message"))
    expect(page.get_by_role("heading", level=1, name="Test send")).to_be_visible()
    expect(page.get_by_label("Service").locator("option:checked")).to_have_text(service)
    hands.write(page.get_by_label("To", exact=True), RECIPIENT)
    expect(page.locator("#understood")).to_contain_text("area code 415 (California)")
    hands.press(page.get_by_role("button", name="Explain only"))
    answer = page.locator(".answer")
    expect(answer).to_contain_text(number)
    because = answer.locator(".because").inner_text()
    assert because.startswith("because its area code serves the same area as the recipient's 415"), "628 lies over it"
    expect(page.locator(".step.decided")).to_contain_text("decided")
    expect(answer).to_be_in_viewport()
    return because


def _send(hands: Hands, number: str) -> None:
    page = hands.page
    hands.press(page.get_by_role("button", name="Send it"))
    story = page.locator("#sent .story")
    expect(story).to_contain_text("It was delivered.", timeout=2 * WAIT_MS)
    expect(story).to_contain_text(f"Sent from {number}")
    expect(page.locator("#sent .timeline > li").last).to_contain_text("Delivered")
    assert "/test-send?sent=SM" in page.url
    hands.press(page.get_by_role("link", name="Open message"))
    expect(page.get_by_role("heading", level=1, name="Message to +1 415 555 0123")).to_be_visible()


def _read_why(hands: Hands, number: str, because: str) -> None:
    page = hands.page
    expect(page.locator("#story")).to_contain_text(because)
    hands.press(page.get_by_role("link", name="Why this sender"))
    answer = page.locator(".answer")
    expect(answer).to_contain_text(number)
    expect(answer.locator(".because")).to_have_text(because)


def test_the_settings_that_steps_name_are_where_the_links_lead(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    _log_in(Pointer(page), server)
    page.goto(f"{server.url}/test-send?to=%2B14155550123")
    links: list[Any] = page.locator(".step .setting a").evaluate_all("all => [...new Set(all.map(one => one.href))]")
    assert len(links) >= 5
    for link in links:
        page.goto("about:blank")  # else an address that differs in its place alone loads nothing
        answer = page.goto(link)
        assert answer is not None
        assert answer.ok
        place = link.partition("#")[2]
        if place:
            expect(page.locator(f"#{place}")).to_have_count(1)


def test_the_page_of_a_message_follows_it_until_it_is_final(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    _log_in(Pointer(page), server)
    page.goto(f"{server.url}/test-send")
    page.get_by_label("To", exact=True).fill("+447400129902")  # ends in 9902: the carrier reports late
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("link", name="Open message").click()
    expect(page.locator("#story")).to_contain_text("no receipt has come back yet")
    expect(page.get_by_role("link", name="Redact text")).to_have_count(0)
    expect(page.locator("#story")).to_contain_text("It was delivered.", timeout=2 * WAIT_MS)
    expect(page.get_by_text("Complete", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Redact text")).to_be_visible()


def test_the_log_shows_a_message_that_comes_while_one_looks(server: Server, open_page: Callable[..., Page]) -> None:
    log, other = (open_page(viewport={"width": 1280, "height": 900}) for _ in range(2))
    for page in (log, other):
        _log_in(Pointer(page), server)
    log.goto(f"{server.url}/messages")
    newest = log.locator("table.log tbody tr").first
    before = newest.locator("a").first.get_attribute("id")
    other.goto(f"{server.url}/test-send")
    other.get_by_label("To", exact=True).fill(RECIPIENT)
    other.get_by_label("Message", exact=True).fill("Something new")
    other.get_by_role("button", name="Send it").click()
    expect(newest).to_contain_text("Something new")
    expect(newest).to_contain_text("Delivered")
    assert newest.locator("a").first.get_attribute("id") != before
    log.get_by_role("link", name="Pause live updates").click()
    expect(log.get_by_text("Paused. As of")).to_be_visible()


def test_without_script_one_can_ask_send_and_read(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    _log_in(Pointer(page), server)
    page.get_by_role("link", name="Test send").click()
    page.get_by_label("To", exact=True).fill(RECIPIENT)
    page.get_by_role("button", name="Explain only").click()
    expect(page.locator(".answer .because")).to_be_visible()
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("link", name="Open message").click()
    expect(page.get_by_role("heading", level=1, name="Message to +1 415 555 0123")).to_be_visible()
    page.get_by_role("link", name="Why this sender").click()
    expect(page.locator(".answer .because")).to_be_visible()
