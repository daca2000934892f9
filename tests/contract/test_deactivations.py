"""Numbers that went out of service: the list of a day, over the API."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from services.compliance.api.deactivations import SALT
from tests import factories
from tests.api_client import Api
from tests.contract.resources import World
from tests.contract.test_every_resource import assert_error

Published = Callable[[str, dict[str, Any]], None]


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def test_deactivations_lead_to_a_file_of_the_days_numbers(alice: Api, charlie: Api, published: Published) -> None:
    account = World(alice).account
    noon = datetime.combine(yesterday(), datetime.min.time(), UTC) + timedelta(hours=12)
    gone = {"status": "undelivered", "error_code": 30005}
    for to, sent, given in (
        ("+14155550123", noon, gone),
        ("+14155550123", noon, gone),
        ("+12125550134", noon, gone),
        ("+14165550123", noon, gone),  # Canada
        ("+14155550124", noon, {"status": "undelivered", "error_code": 30003}),
        ("+14155550125", noon - timedelta(days=1), gone),
        ("+14155550126", noon + timedelta(days=1), gone),
    ):
        factories.message(account, to=to, date_sent=sent, **given)
    factories.message(World(charlie).account, to="+14155550127", date_sent=noon, **gone)
    answer = alice.get("/v1/Deactivations", {"Date": yesterday().isoformat()})
    assert answer.status_code == 307
    assert set(answer.json()) == {"redirect_to"}
    published("messaging.v1.deactivation", answer.json())
    assert answer["Location"] == answer.json()["redirect_to"]
    file = Client().get(answer["Location"].removeprefix("http://testserver"))
    assert (file.status_code, file["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert file.content.decode().split() == ["+12125550134", "+14155550123"]
    empty = charlie.get("/v1/Deactivations", {"Date": (yesterday() - timedelta(days=9)).isoformat()})
    assert Client().get(empty["Location"].removeprefix("http://testserver")).content == b""


@pytest.mark.parametrize(
    "given", ["", "x", "2026-02-30", "20260102", (yesterday() + timedelta(days=1)).isoformat(), "9999-12-31"]
)
def test_a_day_that_is_none_or_not_over_is_refused(given: str, alice: Api) -> None:
    assert_error(alice.get("/v1/Deactivations", {"Date": given}), 400, 20001)


def test_the_files_address_cannot_be_guessed_or_kept(alice: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sid = World(alice).account.sid
    assert Client().get("/msgconsole/v1/Deactivations/x.txt").status_code == 404
    forged = signing.dumps([sid, yesterday().isoformat()], key="another", salt=SALT)
    assert Client().get(f"/msgconsole/v1/Deactivations/{forged}.txt").status_code == 404
    address = alice.get("/v1/Deactivations", {"Date": yesterday().isoformat()})["Location"]
    local = address.removeprefix("http://testserver")
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 119)
    assert Client().get(local).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 121)
    assert Client().get(local).status_code == 403
