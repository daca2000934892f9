"""The try-it page in a browser: a message sent from a form, an error shown, and the curl command run as it is shown."""

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.conftest import Server, log_in

pytestmark = pytest.mark.browser
TOKEN = "from msgconsole.accounts.models import Account; print(Account.objects.get(sid='{sid}').auth_token)"


@pytest.fixture
def token(server: Server) -> str:
    return server.manage("shell", "--no-imports", "-c", TOKEN.format(sid=server.account_sid)).split()[-1]


def test_a_form_sends_and_shows_the_answer_and_the_same_as_curl(server: Server, open_page: Any, token: str) -> None:
    page = open_page()
    log_in(page, server)
    page.goto(f"{server.url}/developers/api")
    page.get_by_label("Password").fill(token)
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("200 OK").wait_for()
    messages = json.loads(page.locator("#try-body").inner_text())["messages"]
    ours = next(one["from"] for one in messages if one["from"] and one["from"].startswith("+1"))

    page.get_by_role("link", name="Send a message").click()
    page.get_by_label("Password").fill(token)
    page.get_by_label("To", exact=True).fill("+14155550123")
    page.get_by_label("From optional", exact=True).fill(ours)
    page.get_by_label("Body optional").fill("It's “quoted” & more")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("201 Created").wait_for()
    sent = json.loads(page.locator("#try-body").inner_text())
    assert (sent["status"], sent["to"], sent["body"]) == ("queued", "+14155550123", "It's “quoted” & more")

    command = page.locator("#try-curl").inner_text()
    assert token not in command
    ran = subprocess.run(
        ["bash", "-c", f'curl() {{ command curl -s "$@"; }}; {command}'],
        env={"AUTH_TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert json.loads(ran.stdout)["body"] == sent["body"], ran.stderr


def test_a_delete_takes_its_address_from_the_form(server: Server, open_page: Any, token: str) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    log_in(page, server)
    page.goto(f"{server.url}/developers/api?operation=CreateNewKey")
    page.get_by_label("Password").fill(token)
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("201 Created").wait_for()
    sid = json.loads(page.locator("#try-body").inner_text())["sid"]
    page.goto(f"{server.url}/developers/api?operation=DeleteKey")
    page.get_by_label("Password").fill(token)
    page.get_by_label("Sid", exact=True).fill(sid)
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("204 No Content").wait_for()
    assert f"curl -X DELETE -u '{server.account_sid}:'\"$AUTH_TOKEN\"" in page.locator("#try-curl").inner_text()
