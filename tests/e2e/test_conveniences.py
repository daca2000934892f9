"""What scripts add to pages that work without them: dialogs, the theme, the way to the search."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server, log_in

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "async () => (await axe.run()).violations.map(fault => `${fault.id}: ${fault.nodes[0].html}`)"
DESK = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
LAST_SERVICE = 'from services.models import MessagingService as S; print("SID", S.objects.order_by("id").last().sid)'


@pytest.fixture(scope="module")
def pool(server: Server) -> str:
    """The address of a pool with senders in it."""
    sid = server.manage("shell", "--command", LAST_SERVICE).rpartition("SID ")[2].strip()
    return f"{server.url}/services/{sid}/senders"


def test_senders_are_added_in_a_dialog_that_gives_the_focus_back(
    server: Server, open_page: Callable[..., Page], pool: str
) -> None:
    page = open_page(**DESK)
    log_in(page, server)
    page.goto(pool)
    opener = page.get_by_role("link", name="Add senders")
    opener.click()
    dialog = page.get_by_role("dialog", name="Add senders")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Address or name contains").fill("no such sender")
    dialog.get_by_role("button", name="Search").click()
    expect(dialog.get_by_text("None of your senders fits")).to_be_visible()
    dialog.get_by_role("link", name="Alpha senders").click()
    expect(dialog.get_by_label("Name shown as sender")).to_be_focused()
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_refusal_in_a_dialog_stands_at_its_field(server: Server, open_page: Callable[..., Page], pool: str) -> None:
    page = open_page(**PHONE)
    log_in(page, server)
    page.goto(pool)
    page.get_by_role("link", name="Add senders").click()
    dialog = page.get_by_role("dialog", name="Add senders")
    dialog.get_by_label("Area code").fill("999")
    dialog.get_by_role("button", name="Add a demo number").click()
    area_code = page.get_by_label("Area code")
    expect(area_code).to_have_value("999")
    expect(area_code).to_have_accessible_description(re.compile("Choose another"))
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_theme_changes_at_once_and_stays(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(**DESK)
    log_in(page, server)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_label("Your menu").click()
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    assert page.evaluate(background) == dark


def test_ctrl_k_goes_to_the_search_from_anywhere(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(**DESK)
    log_in(page, server)
    page.goto(f"{server.url}/services")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="Search services")).to_be_focused()
    page.keyboard.type("reminder")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Appointment reminders")).to_be_visible()


def test_everything_is_there_without_scripts(server: Server, open_page: Callable[..., Page], pool: str) -> None:
    page = open_page(java_script_enabled=False, **DESK)
    log_in(page, server)
    page.goto(pool)
    page.get_by_role("link", name="Add senders").click()
    expect(page.get_by_role("heading", level=1, name="Add senders")).to_be_visible()
    page.get_by_label("Area code").fill("617")
    page.get_by_role("button", name="Add a demo number").click()
    expect(page.get_by_text("joined the pool")).to_be_visible()
