"""Whatever the API's document allows is taken, whatever it forbids is refused, and nothing else is ever answered.

A hundred examples an operation, made from the document: valid and invalid ones. ``make fuzz``; part of CI. They are the
same at every run; with ``MSGCONSOLE_TEST_FUZZ=random`` they are new ones.
"""

import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from msgconsole.api.operations import Declared, find, shape_of
from tests import factories
from tests.api_client import Api
from tests.contract.resources import RESOURCES, World
from tests.contract.singles import SINGLES
from tests.pem import any_pem

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz]
EXAMPLES = 100
REPEATABLE = os.environ.get("MSGCONSOLE_TEST_FUZZ") != "random"
SID, TOKEN = "AC" + "5" * 32, "5" * 32

config = SchemathesisConfig.from_dict(
    {
        "auth": {"basic": {"username": SID, "password": TOKEN}},
        "generation": {"max-examples": EXAMPLES, "deterministic": REPEATABLE, "allow-x00": False},
        "phases": {"stateful": {"enabled": False}},
    }
)
schema = schemathesis.openapi.from_wsgi("/openapi.json", get_wsgi_application(), config=config)
load_all_checks()
# A create that keeps to the document may still be refused for what the document cannot say: that the sender is not
# the account's, or that two parameters do not go together. Then its code must be a declared one (below).
SAY_NO = {"FetchDeactivation", "FetchUsAppToPersonUsecase"}  # a day to come, a brand that is none
ACCEPTANCE = [CHECKS.get_one("positive_data_acceptance")]


class Known:
    """A caller with one of everything, so that examples reach what lies behind an existing SID."""

    def __init__(self) -> None:
        self.world = World(Api(factories.account(sid=SID, auth_token=TOKEN)))
        self.made: dict[str, str] = {}
        self.makers: dict[str, Callable[[World], str]] = {}
        for resource in RESOURCES:
            if resource.item:
                self.makers[shape_of(resource.item)] = resource.make
        for single in SINGLES:
            self.makers[shape_of(single.template)] = single.make
        factories.pooled(self.world.service, factories.number(self.world.account, "+14155550100"))
        account = self.world.account
        self.values = {
            "To": ["+14155550123", "whatsapp:+14155550123", "+33612345678"],
            "From": ["+14155550100", self.world.service.sid, "ACME"],
            "MessagingServiceSid": [self.world.service.sid],
            "Body": ["Hello", "", "\u2603" * 80],
            "MediaUrl": [["https://example.com/a.jpg"]],
            "PhoneNumber": ["+14155550177", "+447400123456", "+18885550177"],
            "AreaCode": ["415"],
            "PhoneNumberSid": [factories.number(account).sid],
            "ShortCodeSid": [factories.short_code(account).sid],
            "Sid": [factories.channel_sender(account).sid],
            "AlphaSender": ["ACME"],
            "IsoCountryCode": ["GB", "FR"],
            "TlsCert": [any_pem()],
            "TollfreePhoneNumberSid": [factories.number(account, "+18885550199").sid],
        }

    def address(self, declared: Declared, dice: random.Random) -> dict[str, str]:
        """SIDs of things that exist, for each part of the operation's address."""
        found = {}
        for name, schema in declared.path_params.items():
            prefix = schema["pattern"][2:4]
            ours = {"AC": lambda: self.world.account.sid, "MG": lambda: self.world.service.sid}
            if declared.path.endswith((f"{{{name}:{prefix}}}", f"{{{name}:{prefix}}}.json")) or prefix not in ours:
                found[name] = self._item(declared, name, prefix)
            else:
                found[name] = ours[prefix]()
        return found

    def _item(self, declared: Declared, name: str, prefix: str) -> str:
        if name == "MessageSid" or prefix == "SM":
            return self.world.message.sid
        if prefix == "AC":
            return self.world.account.sid
        maker = self.makers.get(shape_of(declared.path))
        if maker is None:
            return self.world.service.sid if prefix == "MG" else prefix + "0" * 32
        if declared.method == "DELETE" or declared.path not in self.made:
            self.made[declared.path] = maker(self.world)
        return self.made[declared.path]


@pytest.fixture
def known(db: None) -> Iterator[Known]:
    # The application ends a request by closing connections; the test's transaction lives on one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Known()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), deadline=None, phases=[Phase.explicit, Phase.generate])
def test_the_answer_is_one_that_the_document_foretells(case: Any, known: Known) -> None:
    declared = find(case.method, case.path)
    if declared is None:  # a method that the address does not have
        case.validate_response(case.call())
        return
    dice = random.Random(repr((case.path_parameters, case.query, case.body)))
    valid = case.meta.generation.mode is GenerationMode.POSITIVE
    if valid and dice.random() < 0.8:
        case.path_parameters = {**(case.path_parameters or {}), **known.address(declared, dice)}
        if isinstance(case.body, dict):
            for name in case.body:
                if name in known.values and dice.random() < 0.8:
                    case.body[name] = dice.choice(known.values[name])
    response = case.call()
    may_say_no = case.method == "POST" or declared.operation.id in SAY_NO
    case.validate_response(response, excluded_checks=ACCEPTANCE if may_say_no else [])
    if response.status_code >= 400 and response.status_code != 405:
        assert response.json()["code"] in declared.codes, f"{response.json()} is not declared"
