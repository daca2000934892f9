"""The pages around a question: sticky map, coverage, phone book, lists, cases, comparison, replay."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from msgconsole.accounts.models import AuditEntry
from msgconsole.carriers.simulated.models import PhoneBookEntry
from msgconsole.console import list_runs
from msgconsole.console.models import ListRun, SavedCase
from msgconsole.messaging.models import Message
from msgconsole.outbox import queue
from senders.models import PoolMember, StickyMapping
from services import actions as service_actions
from tests import factories
from tests.console_client import logged_in
from tests.msgconsole.console.views.conftest import GB_RECIPIENT, GB_SENDER, US_RECIPIENT, US_SENDER, Sending


@pytest.fixture
def client(sending: Sending) -> Client:
    return logged_in(sending.people.alice)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def page_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"console:{name}", args=args), query)
    assert answer.status_code == 200
    return words(answer.content.decode())


def test_the_sticky_map_tells_who_knows_which_sender(client: Client, sending: Sending) -> None:
    sending.send(to=US_RECIPIENT)
    sending.send(to=GB_RECIPIENT)
    told = page_of(client, "service_sticky", sending.service.sid)
    assert "+1 415 555 0123" in told
    assert "+1 206 555 0100" in told
    one = page_of(client, "service_sticky", sending.service.sid, q="+44 7400 123456")
    assert "+1 206 555 0100" not in one
    assert "+44 7400 111222" in one
    assert "This recipient knows no sender" in page_of(client, "service_sticky", sending.service.sid, q="+14155550999")


def test_a_mapping_is_forgotten_after_a_question_and_the_count_follows(client: Client, sending: Sending) -> None:
    sending.send(to=US_RECIPIENT)
    mapping = StickyMapping.objects.get()
    address = reverse("console:service_sticky_reset", args=[sending.service.sid, mapping.pk])
    assert "Forget it" in client.get(address).content.decode()
    assert StickyMapping.objects.exists()
    client.post(address)
    queue.drain(until_idle=True)
    assert not StickyMapping.objects.exists()
    assert PoolMember.objects.get(sender=sending.us).mapping_count == 0
    assert AuditEntry.objects.filter(action="service.mapping_reset").exists()


def test_a_viewer_sees_the_map_but_forgets_nothing(sending: Sending) -> None:
    sending.send(to=US_RECIPIENT)
    mapping = StickyMapping.objects.get()
    viewer = logged_in(sending.people.bob)
    address = reverse("console:service_sticky_reset", args=[sending.service.sid, mapping.pk])
    assert address not in viewer.get(reverse("console:service_sticky", args=[sending.service.sid])).content.decode()
    assert viewer.post(address).status_code == 403
    stranger = logged_in(sending.people.charlie)
    assert stranger.post(address).status_code == 404
    assert StickyMapping.objects.exists()


def test_the_map_costs_the_same_for_any_length(client: Client, sending: Sending) -> None:
    address = reverse("console:service_sticky", args=[sending.service.sid])

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as counted:
            client.get(address)
        return len(counted)

    member = PoolMember.objects.get(sender=sending.us)
    row = {"service": sending.service, "channel": "sms", "member_id": member.pk, "config_version": 1}
    StickyMapping.objects.create(recipient="+14155550001", **row)
    few = queries()
    StickyMapping.objects.bulk_create(StickyMapping(recipient=f"+1415556{n:04d}", **row) for n in range(80))
    assert queries() == few
    assert "?older=" in client.get(address).content.decode()


def test_coverage_names_the_sender_of_a_country_and_leads_to_the_question(client: Client, sending: Sending) -> None:
    answer = client.get(reverse("console:service_coverage", args=[sending.service.sid]), {"q": "United States"})
    (row,) = [row for row in answer.context["rows"] if row.place.country == "US"]
    assert row.place.example == US_SENDER
    asked = client.get(reverse("console:test_send"), {"service": sending.service.sid, "to": row.to})
    assert asked.context["answer"].drawing.sender["address"] == US_SENDER
    codes = client.get(reverse("console:service_coverage", args=[sending.service.sid]), {"show": "area-codes"})
    exact = next(row for row in codes.context["rows"] if row.place.area_code == "206")
    assert exact.rule == "Same area code"
    assert sum(group.count for group in codes.context["groups"]) == len(codes.context["rows"])


def test_coverage_of_a_countrys_example_is_what_a_preview_says(client: Client, sending: Sending) -> None:
    rows = client.get(reverse("console:service_coverage", args=[sending.service.sid])).context["rows"]
    for row in [row for row in rows if row.place.country in {"GB", "US", "DE", "CA", "FR", "JP"}]:
        asked = client.get(reverse("console:test_send"), {"service": sending.service.sid, "to": row.to})
        sender = asked.context["answer"].drawing.sender
        assert (sender["address"] if sender else None) == row.place.example, row.place.country


def test_the_phone_book_is_kept_by_configurators_and_read_by_viewers(client: Client, sending: Sending) -> None:
    made = client.post(
        reverse("console:phone_book_add"),
        {"number": "+1 415 555 0123", "carrier": "Example Mobile", "line_type": "landline", "rcs": ""},
    )
    assert made.status_code == 302
    entry = PhoneBookEntry.objects.get()
    assert (entry.number, entry.carrier, entry.line_type) == (US_RECIPIENT, "Example Mobile", "landline")
    client.post(
        reverse("console:phone_book_edit", args=[entry.number]),
        {"number": "+19995550100", "carrier": "Other", "line_type": "mobile", "rcs": "on"},
    )
    entry.refresh_from_db()
    assert (entry.number, entry.carrier, entry.rcs) == (US_RECIPIENT, "Other", True)
    viewer = logged_in(sending.people.bob)
    assert "Other" in page_of(viewer, "phone_book")
    assert "+1 415 555 0123" in page_of(viewer, "phone_book", q="5550123")
    assert viewer.post(reverse("console:phone_book_delete", args=[entry.number])).status_code == 403
    client.post(reverse("console:phone_book_delete", args=[entry.number]))
    assert not PhoneBookEntry.objects.exists()
    actions = list(AuditEntry.objects.filter(action__startswith="phone_book").values_list("action", flat=True))
    assert sorted(actions) == ["phone_book.deleted", "phone_book.set", "phone_book.set"]


def test_a_wrong_number_stands_beside_its_field(client: Client) -> None:
    page = client.post(reverse("console:phone_book_add"), {"number": "12", "line_type": "mobile"})
    assert list(page.context["form"].errors) == ["number"]


def try_it(client: Client, sending: Sending, text: str, **more: str) -> ListRun:
    client.post(reverse("console:try_list"), {"service": sending.service.sid, "recipients": text, **more})
    run = ListRun.objects.latest("id")
    queue.drain(until_idle=True)
    run.refresh_from_db()
    return run


def test_a_list_comes_to_what_sends_one_after_the_other_come_to(client: Client, sending: Sending) -> None:
    factories.pooled(sending.service, factories.number(sending.people.acme, "+12065550101"))
    recipients = [f"+1415555{number:04d}" for number in range(100, 107)] + [GB_RECIPIENT]
    run = try_it(client, sending, "\n".join(recipients))
    assert run.status == "done"
    assert not Message.objects.exists()
    assert not StickyMapping.objects.exists()
    for to in recipients:
        sending.send(to=to)
    sent = {}
    for address in Message.objects.values_list("from_address", flat=True):
        sent[address] = sent.get(address, 0) + 1
    assert run.result["by_sender"] == sent
    assert sum(run.result["by_sender"].values()) == len(recipients)


def test_a_list_knows_mappings_opt_outs_landlines_repetitions_and_wrong_lines(client: Client, sending: Sending) -> None:
    sending.send(to=GB_RECIPIENT)
    factories.opted_out(sending.service, "+14155550111")
    PhoneBookEntry.objects.create(number="+4930555012", line_type="landline")
    text = f'phone,name\n"{GB_RECIPIENT}",Ana\n+14155550111;Ben\n\n+4930555012\n+1 415 555 0113\n+14155550113\nnonsense'
    run = try_it(client, sending, text)
    found = run.result
    assert run.total == run.done == 6
    assert found["by_code"] == {"21610": 1, "21635": 1}
    assert found["by_rule"]["sticky"] == 1
    assert (found["twice"], found["wrong_count"]) == (1, 1)
    assert found["wrong"][0][:2] == [8, "nonsense"]
    told = page_of(client, "try_list_run", run.sid)
    assert "1 recipient has opted out" in told
    lines = (
        b"".join(client.get(reverse("console:try_list_csv", args=[run.sid])).streaming_content).decode().split("\r\n")
    )
    assert lines[1].startswith(f"2,{GB_RECIPIENT},{GB_SENDER},Sticky sender")
    assert any(line.startswith("8,nonsense,,not an address,") for line in lines)
    assert len([line for line in lines if line]) == 7


def test_a_list_goes_on_where_it_was_and_a_repeated_chunk_changes_nothing(client: Client, sending: Sending) -> None:
    recipients = "\n".join(f"+1415556{number:04d}" for number in range(450))
    client.post(reverse("console:try_list"), {"service": sending.service.sid, "recipients": recipients})
    run = ListRun.objects.get()
    queue.drain(limit=1)
    run.refresh_from_db()
    assert (run.done, run.status) == (200, "running")
    address = reverse("console:try_list_run", args=[run.sid])
    assert client.get(address, {"seen": "200"}).status_code == 204
    part = client.get(address, {"seen": "0"}).content.decode()
    assert "200 of 450" in words(part)
    assert "hx-get" in part
    queue.release_all()
    queue.drain(until_idle=True)
    run.refresh_from_db()
    assert (run.done, run.status) == (450, "done")
    assert sum(run.result["by_sender"].values()) == 450
    assert "hx-get" not in client.get(address).content.decode()


def test_a_list_rests_so_that_requests_of_the_same_process_get_their_turn(
    client: Client, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    monkeypatch.setattr("msgconsole.console.list_runs.time.sleep", rests.append)
    try_it(client, sending, "\n".join(f"+1415556{number:04d}" for number in range(120)))
    assert rests == [list_runs.REST_SECONDS] * 2, "between its three slices"


def test_a_list_is_stopped_and_keeps_what_it_found(client: Client, sending: Sending) -> None:
    recipients = "\n".join(f"+1415556{number:04d}" for number in range(300))
    client.post(reverse("console:try_list"), {"service": sending.service.sid, "recipients": recipients})
    queue.drain(limit=1)
    run = ListRun.objects.get()
    client.post(reverse("console:try_list_stop", args=[run.sid]))
    queue.drain(until_idle=True)
    run.refresh_from_db()
    assert (run.done, run.status) == (200, "stopped")


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "Paste at least one recipient"), ("\n".join(["+14155550100"] * 10_001), "10,001 recipients are too many")],
    ids=["nothing", "too many"],
)
def test_a_list_that_cannot_be_tried_says_why(client: Client, sending: Sending, text: str, told: str) -> None:
    page = client.post(reverse("console:try_list"), {"service": sending.service.sid, "recipients": text})
    assert told in str(page.context["form"].errors["recipients"])
    assert not ListRun.objects.exists()


def test_lists_of_another_account_are_unknown(client: Client, sending: Sending) -> None:
    run = try_it(client, sending, US_RECIPIENT)
    stranger = logged_in(sending.people.charlie)
    for name in ("try_list_run", "try_list_csv"):
        assert stranger.get(reverse(f"console:{name}", args=[run.sid])).status_code == 404
    assert stranger.post(reverse("console:try_list_stop", args=[run.sid])).status_code == 404


def save_case(client: Client, sending: Sending, name: str, **more: object):
    question = {"service": sending.service.sid, "to": US_RECIPIENT, "body": "Hello", "case_name": name, **more}
    return client.post(reverse("console:service_case_save", args=[sending.service.sid]), question)


def test_a_case_holds_until_the_service_answers_otherwise(client: Client, sending: Sending) -> None:
    save_case(client, sending, "To the US")
    save_case(client, sending, "To Britain without its number", to=GB_RECIPIENT, what=[f'{{"remove":["{GB_SENDER}"]}}'])
    tab = reverse("console:service_cases", args=[sending.service.sid])
    client.post(reverse("console:service_cases_run", args=[sending.service.sid]))
    assert [row.state for row in client.get(tab).context["rows"]] == [True, True]
    us = PoolMember.objects.get(sender=sending.us)
    factories.sender_actions.remove_from_service(service=sending.service, sender=us.sender, actor=factories.ACTOR)
    client.post(reverse("console:service_cases_run", args=[sending.service.sid]))
    page = client.get(tab)
    assert [row.state for row in page.context["rows"]] == [False, False]
    told = words(page.content.decode())
    assert "+1 206 555 0100" in told
    assert "2 cases no longer come as expected." in told
    case = SavedCase.objects.get(name="To the US")
    client.post(reverse("console:service_case_accept", args=[sending.service.sid, case.sid]))
    assert {row.case.name: row.state for row in client.get(tab).context["rows"]}["To the US"] is True
    assert AuditEntry.objects.filter(action__startswith="case.").count() == 5
    assert not Message.objects.exists()


def test_a_case_opens_as_the_question_it_is(client: Client, sending: Sending) -> None:
    save_case(client, sending, "What if", what=['{"sticky_sender":false}'])
    (row,) = client.get(reverse("console:service_cases", args=[sending.service.sid])).context["rows"]
    page = client.get(row.link)
    assert page.context["answer"].drawing.sender["address"] == US_SENDER
    assert [chip.words for chip in page.context["what_chips"]] == ["Sticky Sender off"]
    assert logged_in(sending.people.charlie).get(row.link).status_code == 404


def test_a_case_needs_a_name_of_its_own(client: Client, sending: Sending) -> None:
    save_case(client, sending, "Twice")
    assert "has a case called “Twice”" in save_case(client, sending, "Twice").context["case_fault"]
    assert save_case(client, sending, " ").context["case_fault"] == "Give the case a name."
    assert SavedCase.objects.count() == 1
    viewer = logged_in(sending.people.bob)
    assert save_case(viewer, sending, "Mine").status_code == 403


def test_two_services_are_compared_and_the_differences_marked(client: Client, sending: Sending) -> None:
    other = factories.service(sending.people.acme, "Other", area_code_geomatch=False)
    factories.pooled(other, factories.number(sending.people.acme, "+14155550199"))
    query = {"service": sending.service.sid, "other": other.sid, "to": US_RECIPIENT}
    page = client.get(reverse("console:compare"), query)
    lines = {line.label: line for line in page.context["lines"]}
    assert (lines["Sender"].first, lines["Sender"].second) == ("+1 206 555 0100", "+1 415 555 0199")
    assert lines["Area code geomatch"].differs
    assert not lines["Sticky Sender"].differs
    assert page.context["differing"] == page.content.decode().count('<tr class="differs">')
    same = client.get(reverse("console:compare"), {**query, "other": sending.service.sid})
    assert same.context["differing"] == 0


def test_a_message_is_replayed_then_and_under_todays_settings(client: Client, sending: Sending) -> None:
    message = sending.send(to=US_RECIPIENT)
    address = reverse("console:message_why", args=[message.sid])
    assert "Replay it" in client.get(address).content.decode()
    same = client.get(address, {"replay": "1"}).context["replay"]
    assert same.equal
    service_actions.update_service(service=sending.service, actor=factories.ACTOR, sticky_sender=False)
    factories.pooled(sending.service, factories.number(sending.people.acme, "+14155550199"))
    page = client.get(address, {"replay": "1"})
    replayed = page.context["replay"]
    assert replayed.equal
    rows = {row.label: (row.then, row.now) for row in replayed.rows}
    assert rows["Sender"] == ("+1 206 555 0100", "+1 415 555 0199")
    assert rows["Sticky Sender"] == ("on", "off")
    assert "First step that differs" in rows
    assert "On its stored inputs the decision comes out the same." in words(page.content.decode())
