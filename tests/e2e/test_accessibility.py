"""Every page of the console, as an owner and as a viewer, in light and dark: no finding of axe, no fault of policy,
and nothing wider than a phone but tables in their own box.

The resolver is walked, so a new page cannot be forgotten: one whose address needs something new fails here until
``EXAMPLES`` says how to fill it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.e2e.conftest import Server, log_in

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # what a theme can change
VIEWER, VIEWER_PASSWORD = "vera", "only looks, changes nothing"
FEWEST_PAGES = 45
ONLY_IN_DEBUG = {"styleguide"}
# Tables whose rows become cards on a phone: nothing in them may need a scroll to the side.
CUT_ROWS = """() => [...document.querySelectorAll('.stack')].filter(one => one.scrollWidth > one.clientWidth)
  .map(one => one.getAttribute('aria-label') ?? 'a table')"""
# The name of what has the focus, if the header covers it; empty if not; nothing outside of the page's content.
COVERED = """() => {
  const one = document.activeElement, header = document.querySelector('.top').getBoundingClientRect().bottom;
  const top = one.getBoundingClientRect().top;
  return one.closest('main') && (top < header - 1 && top + scrollY > header ? one.name : '');
}"""
MOST_STOPS = 25
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

# What stands for the parameters of an address: first by the beginning of the page's name, then by the parameter.
SID_OF = {
    "service": "service",
    "sender": "sender",
    "message": "message",
    "test_send": "message",
    "key": "key",
    "registration": "campaign",
    "try_list": "run",
}
EXAMPLES = {"username": [VIEWER], "code": ["21610"], "step": ["approve"]}
WHAT_IF = "to=%2B14155550123&what=%7B%22sticky_sender%22%3Afalse%7D"
# Pages that show something else for a query: each is looked at too. {…} is filled from the demo.
QUERIES = {
    "search": ["q=%2B1415", "q=nothing+like+this"],
    "senders": ["q=nothing+like+this"],
    "test_send": [
        "to=%2B14155550123",
        "to=%2B14155550177",
        "to=12345",
        "sent={message}",
        WHAT_IF,
        f"{WHAT_IF}&why={{sender}}",
    ],
    "compare": ["service={service}&other={service}&to=%2B14155550123"],
    "message_why": ["replay=1"],
    "service_coverage": ["show=area-codes", "q=nowhere", "media=1"],
    "service_sticky": ["q=%2B19995550100"],
    "phone_book": ["q=nobody"],
    "messages": ["status=not_delivered&error_code=21610", "search=nothing", "error_code=x", "live=off"],
    "message": ["failed"],
    "service_opt_out": ["text=STOP"],
    "service_opt_out_place": ["layer=language&language=Spanish"],
    "service_opt_out_remove": ["layer=language&language=Spanish"],
    "service_sender_remove": ["sender={sender}"],
    "service_sender_move": ["sender={sender}"],
}
ONLY_WITH_QUERY = {"service_opt_out_remove"}
# Asked of the server's own data: SIDs to open, and somebody who may only look.
PREPARE = f"""
import json
from msgconsole.accounts import actions
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.carriers.simulated import actions as phone_book
from msgconsole.console import list_runs, saved_cases
from msgconsole.messaging.models import Message
from msgconsole.sids import new_sid
from services import actions as services
from services.compliance import actions as registrations
actor = Actor.command("accessibility test")
account = Account.objects.get(sid={{account_sid!r}})
vera = actions.create_user(username={VIEWER!r}, password={VIEWER_PASSWORD!r}, actor=actor)
actions.set_role(account=account, user=vera, role="viewer", actor=actor)
key, _ = actions.create_key(account=account, actor=actor, friendly_name="billing")
message = Message.objects.filter(account=account, status="delivered").exclude(service=None).first()
failed = Message.objects.filter(account=account, status="failed").first()
sender = message.service.members.filter(sender__kind="long_code").first().sender
services.set_keywords(service=sender.membership.service, actor=actor, layer="language", language="Spanish", country="",
                      kind="help", keywords=["ayuda"], message="Responde STOP.")
brand = registrations.create_brand(account=account, actor=actor, business_name="Acme", brand_type="STANDARD",
                                   customer_profile_bundle_sid=new_sid("BU"), a2p_profile_bundle_sid=new_sid("BU"))
text = "We remind patients of the appointments that they made with us. [reject]"
campaign = registrations.create_campaign(
    service=services.create_service(account=account, actor=actor, friendly_name="Registered"), actor=actor,
    brand_registration_sid=brand.sid, description=text, message_flow=text, message_samples=[text, text],
    us_app_to_person_usecase="LOW_VOLUME", has_embedded_links=False, has_embedded_phone=False)
service = sender.membership.service
question = dict(to="+14155550123", body="Hello", media=[], overrides=dict(sticky_sender=False))
case = saved_cases.save_case(account=account, service=service, name="A case", question=question, actor=actor)
lines = ["+14155550123", "+447400123456", "nonsense", "+14155550123"]
run = list_runs.start(account=account, service=service, text=chr(10).join(lines), media=False, user=None, actor=actor)
entry = phone_book.set_entry(number="+14155550142", carrier="Example Mobile", rcs=True, actor=actor)
print("FOUND" + json.dumps(dict(service=sender.membership.service.sid, message=message.sid, failed=failed.sid,
                                sender=sender.sid, key=key.sid, campaign=campaign.sid,
                                mapping=str(service.mappings.first().pk), case=case.sid, run=run.sid,
                                number=entry.number)))
"""


@dataclass(frozen=True)
class Address:
    name: str
    path: str


def routes(patterns: list[Any], prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every page in the console's namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern) and namespace == "console:":
            yield pattern.name or "", prefix + str(pattern.pattern)


def fill(name: str, route: str, found: dict[str, str]) -> list[str]:
    """The paths of a route with every parameter filled in."""
    paths = [route]
    for parameter, choices in re.findall(r"\(\?P<(\w+)>([^()]*)\)", route):
        options = choices.split("|") if "|" in choices else [sid_for(name, found)] if parameter == "sid" else None
        assert options, f"{name}: how is {parameter} filled in?"
        part = f"(?P<{parameter}>{choices})"
        paths = [path.replace(part, option) for path in paths for option in options]
    for whole, parameter in re.findall(r"(<(?:\w+:)?(\w+)>)", route):
        if whole.startswith("<") and f"?P{whole}" in route:
            continue
        options = [sid_for(name, found)] if parameter == "sid" else EXAMPLES.get(parameter) or _made(found, parameter)
        assert options, f"{name}: say in EXAMPLES how {parameter} is filled in"
        paths = [path.replace(whole, option) for path in paths for option in options]
    return [f"/{path.lstrip('^').rstrip('$')}" for path in paths]


def _made(found: dict[str, str], parameter: str) -> list[str]:
    """What ``PREPARE`` made under the parameter's own name."""
    return [found[parameter]] if parameter in found else []


def sid_for(name: str, found: dict[str, str]) -> str:
    kind = max((start for start in SID_OF if name.startswith(start)), key=len, default=None)
    assert kind, f"{name}: say in SID_OF which SID it takes"
    return found[SID_OF[kind]]


def addresses(found: dict[str, str]) -> list[Address]:
    every = []
    for name, route in routes(get_resolver().url_patterns):
        for path in fill(name, route, found):
            if name not in ONLY_WITH_QUERY:
                every.append(Address(name, path))
            for query in QUERIES.get(name, ()):
                if query == "failed":
                    every.append(Address(name, path.replace(found["message"], found["failed"])))
                else:
                    every.append(Address(name, f"{path}?{query.format(**found)}"))
    return every


@pytest.fixture(scope="module")
def found(server: Server) -> dict[str, str]:
    told = server.manage("shell", "-c", PREPARE.format(account_sid=server.account_sid))
    answer: dict[str, str] = json.loads(told.partition("FOUND")[2])
    return answer


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe has against the page as it stands."""
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    if not page.evaluate("'axe' in window"):  # once a page: it is large
        page.evaluate(AXE)
    result = page.evaluate("options => axe.run(document, {...options, resultTypes: ['violations']})", options)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary'].splitlines()[1].strip()}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_every_page_is_accessible_and_keeps_the_policy(
    server: Server, browser: Any, found: dict[str, str], role: str
) -> None:
    context = browser.new_context(viewport=DESK, color_scheme="light")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            faults.append(f"{page.url}: {said.text}")
            if said.type == "error" and "the server responded with a status of" not in said.text
            else None
        ),
    )
    if role == "owner":
        log_in(page, server)
    else:
        log_in(page, server, VIEWER, VIEWER_PASSWORD)
    problems: list[str] = []
    seen = 0
    for address in addresses(found):
        response = context.request.get(server.url + address.path, max_redirects=0)
        if response.status == 302 and "/login" in response.headers["location"]:
            problems.append(f"{address.path}: asks for a login")
            continue
        html = response.headers.get("content-type", "").startswith("text/html")
        if response.status in (204, 302, 405) or not html or "<html" not in response.text():
            continue
        if response.status == 404 and address.name in ONLY_IN_DEBUG:
            continue
        if response.status not in (200, 403 if role == "viewer" else 200):
            problems.append(f"{address.path}: answers {response.status}")
        page.goto(server.url + address.path)
        seen += 1
        page.emulate_media(color_scheme="light")
        problems += [f"{address.path} light: {finding}" for finding in findings(page)]
        page.emulate_media(color_scheme="dark")
        problems += [f"{address.path} dark: {finding}" for finding in findings(page, COLOUR_RULES)]
        page.set_viewport_size(PHONE)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems += [f"{address.path}: {beyond} pixels wider than a phone"] if beyond > 0 else []
        problems += [f"{address.path}: {name} is cut on a phone" for name in page.evaluate(CUT_ROWS)]
        page.set_viewport_size(DESK)
    context.close()
    assert not problems + faults, "\n".join(problems + faults)
    assert seen >= FEWEST_PAGES, f"only {seen} pages were looked at"


def test_the_header_covers_nothing_that_the_keyboard_reaches(
    server: Server, open_page: Any, found: dict[str, str]
) -> None:
    page = open_page(viewport={"width": 390, "height": 500})
    log_in(page, server)
    page.goto(f"{server.url}/registrations/campaigns/new")
    page.get_by_role("button", name="Submit the campaign").focus()
    reached = 0
    for _ in range(MOST_STOPS):
        covered = page.evaluate(COVERED)
        assert not covered, f"{covered} gets the focus under the header"
        reached += covered is not None
        page.keyboard.press("Shift+Tab")
    assert reached > 10, "the way back leads through the form"


def test_the_checker_finds_a_fault_that_is_there(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(
        '<html lang="en"><title>x</title><main><h1>x</h1><img src="x.png"><p style="color:#ccc">pale</p></main>'
    )
    assert {finding.partition(":")[0] for finding in findings(page)} >= {"image-alt", "color-contrast"}
    assert {finding.partition(":")[0] for finding in findings(page, COLOUR_RULES)} == {"color-contrast"}
    page.close()
