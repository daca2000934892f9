"""FIDELITY.md says what is true; and what is not served is refused, and not by chance."""

from typing import Any

import pytest

from tests import factories, fidelity
from tests.api_client import Api
from tests.contract.resources import World


def test_the_file_is_up_to_date() -> None:
    assert fidelity.FILE.read_text(encoding="utf-8") == fidelity.written(), "run `make fidelity`"


def test_every_test_that_it_names_exists() -> None:
    assert fidelity.missing_tests() == []


def test_each_line_stands_once_and_has_a_known_verdict() -> None:
    lines = [(one.resource, one.what) for one in fidelity.BEHAVIOURS]
    assert len(set(lines)) == len(lines)
    assert {one.verdict for one in fidelity.BEHAVIOURS} == {"same", "differs", "not served"}


def not_found(answer: Any) -> bool:
    return (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_xml_is_not_served(alice: Api) -> None:
    assert alice.account
    for path in (f"{alice.root}/Messages", f"{alice.root}", "/2010-04-01/Accounts"):
        assert not_found(alice.get(path))


@pytest.mark.parametrize(
    "path",
    [
        "{root}/AvailablePhoneNumbers/US/Local.json",
        "{root}/IncomingPhoneNumbers/PN00000000000000000000000000000000/AssignedAddOns.json",
        "{root}/Applications.json",
        "{root}/Addresses.json",
        "{root}/Calls.json",
    ],
)
def test_other_resources_are_not_found(path: str, alice: Api) -> None:
    assert not_found(alice.get(path.format(root=alice.root)))


def test_a_content_template_is_stored_and_not_looked_up(alice: Api) -> None:
    world = World(alice)
    number = factories.number(world.account)
    given = {"To": "+14155550123", "From": number.address, "ContentSid": "HX" + "0" * 32}
    made = alice.post(f"{alice.root}/Messages.json", given)
    assert (made.status_code, made.json()["body"]) == (201, "")
