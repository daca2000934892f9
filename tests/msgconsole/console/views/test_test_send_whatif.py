"""What if, and why not this one, over a pool of twelve mixed senders."""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from msgconsole.messaging.models import Message
from senders.models import PoolMember, StickyMapping
from services.models import MessagingService
from tests import factories
from tests.console_client import logged_in
from tests.people import People, people

PAGE = "/test-send"
TO = "+14155550123"
OFF = '{"sticky_sender":false}'


@dataclass(frozen=True)
class Pool:
    people: People
    service: MessagingService
    client: Client

    def ask(self, **more: object) -> dict[str, object]:
        return {"service": self.service.sid, "to": TO, "body": "Hello Ana", **more}

    def post(self, **more: object) -> str:
        return self.client.post(PAGE, self.ask(**more)).content.decode()

    def answer(self, **more: object):
        return self.client.post(PAGE, self.ask(**more)).context["answer"]


@pytest.fixture
def pool(db: None) -> Pool:
    """Twelve senders of seven kinds and four countries."""
    world = people()
    service = factories.service(world.acme)
    for number in ("+14155550100", "+14155550101", "+12065550100", "+16135550100", "+447400111222", "+4915112345670"):
        factories.pooled(service, factories.number(world.acme, number))
    factories.pooled(service, factories.number(world.acme, "+12125550100", registration="unregistered"))
    factories.pooled(service, factories.number(world.acme, "+18885550100"))
    factories.pooled(service, factories.short_code(world.acme, "60123", country="CA"))
    factories.pooled(service, factories.channel_sender(world.acme, "whatsapp:+447400100200"))
    factories.pooled(service, factories.channel_sender(world.acme, "rcs:acme_agent", approved_regions=["GB"]))
    factories.alpha(service, "ACME")
    assert PoolMember.objects.filter(service=service).count() == 12
    return Pool(world, service, logged_in(world.alice))


def words(html: str, place: str) -> str:
    found = re.search(rf'<(section|div)[^>]* id="{place}".*?</\1>', html, re.S)
    assert found, place
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_every_other_sender_of_twelve_has_the_first_rule_that_passed_it_over(pool: Pool) -> None:
    answer = pool.answer()
    chosen, *others = answer.fates.lines
    assert (chosen.chosen, chosen.sender.address) == (True, answer.drawing.sender["address"])
    assert chosen.sender.address == "+14155550100"
    assert answer.drawing.because
    assert len(others) == 11
    told = {line.sender.address: (line.stage, line.detail) for line in others}
    assert all(stage and detail for stage, detail in told.values())
    assert told["whatsapp:+447400100200"][0] == "channel"
    assert told["60123"][0] == "reachability"
    assert "GB" in told["+447400111222"][1] or "United Kingdom" in told["+447400111222"][1]
    assert told["+14155550101"][0] in {"scaler", "tie_break"}
    html = pool.post()
    assert all(line.detail in html for line in others if "'" not in line.detail)


def test_each_smallest_change_makes_that_sender_win_when_applied(pool: Pool) -> None:
    """For each of the eleven: a change that works, or a sentence why nothing does."""
    can_win = set()
    for line in pool.answer().fates.lines[1:]:
        why = pool.answer(why=line.sender.sid).why
        assert why.sender.address == line.sender.address
        assert why.change
        if why.piece:
            applied = pool.answer(**{"with": why.piece})
            assert applied.drawing.sender["address"] == line.sender.address, why.change
            can_win.add(line.sender.address)
    assert can_win >= {"+14155550101", "+12065550100", "+12125550100"}
    assert can_win.isdisjoint({"whatsapp:+447400100200", "60123", "ACME"})


def test_the_button_of_a_sender_asks_and_the_change_is_offered_as_a_what_if(pool: Pool) -> None:
    sid = PoolMember.objects.get(sender__address="+12065550100").sender.sid
    html = pool.post(why=sid)
    told = words(html, "why-one")
    assert told.startswith("Why not +1 206 555 0100?")
    assert "The smallest change: If" in told
    assert "Try this as a what-if" in told


def test_an_answer_to_a_what_if_says_so_and_names_what_differs(pool: Pool) -> None:
    sid = PoolMember.objects.get(sender__address="+14155550100").sender.sid
    html = pool.post(do="remove", pick_remove=sid)
    told = words(html, "compared")
    assert "This is a what-if, not what would happen now." in told
    assert "Assumed: without +1 415 555 0100." in told
    assert "Today: +1 415 555 0100, because" in told
    assert "Sender: +1 415 555 0100 today, +1 415 555 0101 in this what-if." in told
    assert '<h2 id="answer-head">What if</h2>' in html


def test_a_what_if_that_changes_nothing_says_that(pool: Pool) -> None:
    assert "Nothing differs from today&#x27;s answer." in pool.post(what=[OFF]).replace("today's", "today&#x27;s")


def test_chips_are_taken_away_one_by_one_and_all_at_once(pool: Pool) -> None:
    new = '{"recipient_is_new":true}'
    page = pool.client.post(PAGE, pool.ask(what=[OFF, new]))
    assert [chip.words for chip in page.context["what_chips"]] == ["Sticky Sender off", "the recipient is new"]
    left = pool.client.post(PAGE, pool.ask(what=[OFF, new], without=OFF))
    assert [chip.piece for chip in left.context["what_chips"]] == [new]
    assert left.context["answer"].compared is not None
    none = pool.client.post(PAGE, pool.ask(what=[OFF, new], do="clear"))
    assert none.context["what_chips"] == []
    assert none.context["answer"].compared is None


@pytest.mark.parametrize(
    ("given", "chip"),
    [
        ({"with": '{"area_code_geomatch":false}'}, "Area code geomatch off"),
        ({"with": '{"recipient":{"rcs":true}}'}, "recipient: can do RCS"),
        ({"do": "carrier", "pick_carrier": "Example Mobile"}, "recipient: carrier Example Mobile"),
        (
            {"do": "add", "add_kind": "long_code", "add_address": "+14155550199", "add_country": ""},
            "with long code +1 415 555 0199",
        ),
    ],
)
def test_each_switch_becomes_a_chip(pool: Pool, given: dict[str, str], chip: str) -> None:
    page = pool.client.post(PAGE, pool.ask(**given))
    assert [one.words for one in page.context["what_chips"]] == [chip]
    assert page.context["answer"].compared is not None


def test_all_registered_makes_an_unregistered_number_ready(pool: Pool) -> None:
    service = factories.service(pool.people.acme, "Unready")
    factories.pooled(service, factories.number(pool.people.acme, "+12125550101", registration="unregistered"))
    page = pool.client.get(PAGE, pool.ask(service=service.sid))
    assert page.context["answer"].drawing.tone == "warn"
    offered = next(offer for offer in page.context["what_offers"] if offer.label == "All senders registered")
    assert json.loads(offered.piece) == {"all_registered": True}
    answer = pool.answer(**{"service": service.sid, "with": offered.piece})
    assert [chip.words for chip in answer.compared.chips] == ["all senders registered"]
    again = pool.client.get(PAGE, pool.ask(service=service.sid, what=[offered.piece]))
    assert "All senders registered" not in [offer.label for offer in again.context["what_offers"]]
    assert (answer.drawing.tone, answer.drawing.sender["address"]) == ("", "+12125550101")
    assert "Error: 30034" in " ".join(answer.compared.differences)


def test_a_link_holds_the_what_if(pool: Pool) -> None:
    first = pool.answer(what=[OFF], do="busy", pick_busy="+14155550100")
    link = urlsplit(first.share)
    assert len(parse_qs(link.query)["what"]) == 2
    again = pool.client.get(f"{link.path}?{link.query}").context["answer"]
    assert [chip.words for chip in again.compared.chips] == [chip.words for chip in first.compared.chips]
    assert again.drawing.sender == first.drawing.sender
    assert first.drawing.sender["address"] != "+14155550100"


def test_the_curl_command_of_a_what_if_explains_and_does_not_send(pool: Pool) -> None:
    command = pool.answer(what=[OFF]).curl
    assert f"/msgconsole/v1/Services/{pool.service.sid}/Explain" in command
    assert 'Overrides={"sticky_sender": false}' in command
    assert "Messages.json" not in command


def test_a_what_if_is_never_sent(pool: Pool) -> None:
    html = pool.post(what=[OFF])
    assert re.search(r'<button[^>]*id="send"[^>]* disabled', html)
    assert "A what-if is never sent: remove its chips first." in html
    sent = pool.client.post(reverse("console:test_send_now"), pool.ask(what=[OFF]))
    assert "A what-if is never sent" in str(sent.context["form"].non_field_errors())
    assert not Message.objects.exists()


def test_nothing_is_written_whatever_is_asked(pool: Pool) -> None:
    def rows() -> tuple[int, ...]:
        return tuple(model.objects.count() for model in (Message, StickyMapping, AuditEntry, PoolMember))

    before = rows()
    sid = PoolMember.objects.get(sender__address="+12065550100").sender.sid
    with CaptureQueriesContext(connection) as queries:
        pool.post(what=[OFF], why=sid, do="remove", pick_remove="+14155550100")
    assert rows() == before
    assert not [query for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", query["sql"], re.I)]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"what": ["no json"]}, "This what-if cannot be read."),
        ({"what": ['{"colour":"red"}']}, "is not known"),
        ({"what": ['{"remove":["+19995550100"]}']}, "is no sender of this Service"),
        ({"do": "add", "add_kind": "long_code", "add_address": "12"}, "Overrides: add"),
        ({"do": "add", "add_address": ""}, "Give the new sender an address"),
    ],
)
def test_a_what_if_that_cannot_be_is_named_and_today_is_answered(
    pool: Pool, given: dict[str, object], fault: str
) -> None:
    page = pool.client.post(PAGE, pool.ask(**given))
    assert fault in str(page.context["form"].non_field_errors())
    assert page.context["answer"].compared is None
    assert page.context["answer"].drawing.sender["address"] == "+14155550100"


def test_a_viewer_may_ask_what_if(pool: Pool) -> None:
    page = logged_in(pool.people.bob).post(PAGE, pool.ask(what=[OFF]))
    assert page.context["answer"].compared is not None


def test_the_cost_does_not_grow_with_the_pool(pool: Pool) -> None:
    def queries() -> int:
        pool.post(what=[OFF])
        with CaptureQueriesContext(connection) as counted:
            pool.post(what=[OFF])
        return len(counted)

    few = queries()
    for number in range(30):
        factories.pooled(pool.service, factories.number(pool.people.acme, f"+1206556{number:04d}"))
    assert queries() == few


def test_in_a_large_pool_a_sender_is_asked_about_by_its_address(pool: Pool) -> None:
    for number in range(60):
        factories.pooled(pool.service, factories.number(pool.people.acme, f"+1206556{number:04d}"))
    fates, html = pool.answer().fates, pool.post()
    assert len(fates.lines) + fates.more == 72
    assert f"{fates.more} more are like these" in html
    assert 'name="why_typed"' in html
    why = pool.answer(do="find", why_typed="+1 206 556 0059").why
    assert why.sender.address == "+12065560059"
    assert why.change
    assert pool.answer(do="find", why_typed="+19995550100").why.sender is None
