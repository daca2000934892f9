"""A number that is not registered, from the page that says so to a message delivered from it: each step leads on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import WAIT_MS, Server, log_in

pytestmark = pytest.mark.browser

RECIPIENT = "+14155550123"
SERVICE, BRAND = "Acme Dental reminders", "Acme Dental Inc."
ANSWERS = {
    "What do you send, and to whom?": "Acme Dental reminds its patients of their appointments.",
    "What do such messages look like?": "Acme Dental: your appointment is tomorrow at 10:00. Reply STOP to opt out.\n"
    "Acme Dental: we moved your appointment to Friday. Reply STOP to opt out.",
    "How do people agree to get them?": "Patients tick a box on the form at www.example.com/visit that names them.",
}


def test_an_unregistered_number_is_passed_over_until_its_campaign_is_approved(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    log_in(page, server)
    _make_service(page, server)
    near, far = _add_number(page, "415"), _add_number(page, "206")
    page.get_by_role("link", name=near).click()
    page.get_by_label("Standing with the carriers").select_option(label="Not registered (10DLC)")
    page.get_by_role("button", name="Save the sender").click()
    expect(page.get_by_role("main").get_by_role("link", name="Register a campaign")).to_be_visible()
    page.get_by_role("link", name=SERVICE).click()
    page.get_by_role("main").get_by_role("link", name="Send test message").click()

    _explain(page, chosen=far)
    step = page.locator("#step-registration")
    expect(step).to_contain_text("1 out: it is not registered for 10DLC, which messages to US need")
    fate = page.locator(".fates > li").filter(has_text=near)
    expect(fate).to_contain_text("Which senders are registered for it? it is not registered for 10DLC")
    fate.get_by_role("link", name="Register a campaign").click()

    page.get_by_role("main").get_by_role("link", name=re.compile("^Register (a|another) brand$")).click()
    page.get_by_label("What is the registered name of the business?").fill(BRAND)
    page.get_by_role("button", name="Submit the brand").click()
    expect(page.get_by_role("heading", level=1, name="Register a campaign")).to_be_visible()
    expect(page.get_by_label("Which Service sends these messages?").locator("option:checked")).to_have_text(SERVICE)
    expect(page.get_by_label("In the name of which brand?").locator("option:checked")).to_contain_text(BRAND)
    for question, answer in ANSWERS.items():
        page.get_by_label(question).fill(answer)
    page.get_by_role("button", name="Submit the campaign").click()

    state = page.get_by_role("region", name="State")
    expect(state).to_contain_text("1 of 2 long codes of its pool waits for it and cannot send to the US yet (30035)")
    expect(state).to_contain_text("Approved. 2 long codes of its pool may send to the US.", timeout=2 * WAIT_MS)
    page.get_by_role("main").get_by_role("link", name="Send test message").click()

    _explain(page, chosen=near)
    expect(step).to_contain_text("2 → to 2")
    expect(page.locator(".answer")).to_contain_text("because it shares the recipient's area code")
    page.get_by_role("button", name="Send it").click()
    story = page.locator("#sent .story")
    expect(story).to_contain_text("It was delivered.", timeout=2 * WAIT_MS)
    expect(story).to_contain_text(f"Sent from {near}")


def _make_service(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/services/new")
    page.get_by_label("Name", exact=True).fill(SERVICE)
    page.get_by_role("button", name="Create the Service").click()
    expect(page.get_by_role("heading", level=1, name=SERVICE)).to_be_visible()


def _add_number(page: Page, area_code: str) -> str:
    """The address of a new US number in the pool, as it is shown."""
    page.get_by_role("main").get_by_role("link", name="Add senders").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Area code").fill(area_code)
    dialog.get_by_role("button", name="Add a demo number").click()
    expect(dialog).to_be_hidden()
    return page.get_by_role("link", name=re.compile(rf"^\+1 {area_code} ")).inner_text()


def _explain(page: Page, chosen: str) -> None:
    expect(page.get_by_label("Service").locator("option:checked")).to_have_text(SERVICE)
    page.get_by_label("To", exact=True).fill(RECIPIENT)
    page.get_by_role("button", name="Explain only").click()
    expect(page.locator(".answer")).to_contain_text(chosen)
