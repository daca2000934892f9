from typing import Any

import pytest

from msgconsole.accounts.models import AuditEntry
from msgconsole.error_codes import Refused
from services import actions, config
from services.models import MessagingService
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> MessagingService:
    return factories.service(factories.account())


def set_words(service: MessagingService, **given: Any) -> Any:
    wanted = {"kind": "help", "keywords": ["HELP", "INFO"], "message": "Call us."} | given
    return actions.set_keywords(service=service, actor=ACTOR, **wanted)


def refusal(service: MessagingService, **given: Any) -> Refused:
    before = list(service.keyword_sets.values())
    with pytest.raises(Refused) as caught:
        set_words(service, **given)
    assert list(service.keyword_sets.values()) == before
    return caught.value


def test_words_are_trimmed_empties_dropped_and_the_place_replaced(service: MessagingService) -> None:
    set_words(service, keywords=[" HELP ", "", "info", "Aide"], message=" Call us. ")
    row = service.keyword_sets.get(kind="help")
    assert (row.keywords, row.message) == (["HELP", "info", "Aide"], "Call us.")
    service.refresh_from_db()
    assert service.config_version == 2
    changes = AuditEntry.objects.get(action="keywords.set").changes
    assert changes["keywords"] == [["HELP", "INFO"], ["HELP", "info", "Aide"]]


@pytest.mark.parametrize(
    "given, field",
    [
        ({"keywords": ["INFO"]}, "keywords"),
        ({"kind": "opt_out", "keywords": ["QUIT"]}, "keywords"),
        ({"keywords": ["HELP", "stop"]}, "keywords"),
        ({"keywords": ["HELP", "x" * 31]}, "keywords"),
        ({"message": "x" * 321}, "message"),
        ({"kind": "bye"}, "kind"),
        ({"layer": "moon"}, "layer"),
        ({"layer": "language"}, "language"),
        ({"layer": "language", "language": "Klingon"}, "language"),
        ({"layer": "country", "language": "Spanish"}, "country"),
        ({"layer": "country", "language": "Spanish", "country": "XX"}, "country"),
        ({"language": "Spanish"}, "language"),
        ({"country": "US"}, "country"),
    ],
)
def test_what_would_break_the_keywords_is_refused_and_changes_nothing(
    given: dict[str, Any], field: str, service: MessagingService
) -> None:
    assert refusal(service, **given).field == field


def test_one_word_may_stand_in_two_layers_but_not_twice_in_one(service: MessagingService) -> None:
    set_words(service, layer="language", language="Spanish", keywords=["ayuda"], message="Llame.")
    set_words(service, layer="country", language="Spanish", country="MX", keywords=["ayuda"], message="Llame.")
    refused = refusal(service, layer="language", language="Italian", keywords=["AYUDA"], message="Chiami.")
    assert "AYUDA" in refused.message


def test_a_place_can_be_taken_away_but_not_the_standard_one(service: MessagingService) -> None:
    place = {"layer": "language", "language": "Spanish"}
    set_words(service, **place, keywords=["ayuda"], message="Llame.")
    set_words(service, **place, kind="opt_out", keywords=["baja"], message="Adiós.")
    assert actions.remove_keyword_place(service=service, actor=ACTOR, **place) == 2
    assert service.keyword_sets.count() == 3
    with pytest.raises(Refused):
        actions.remove_keyword_place(service=service, actor=ACTOR, **place)
    with pytest.raises(Refused):
        actions.remove_keyword_place(service=service, actor=ACTOR, layer="standard")


def test_the_configuration_follows_each_change_without_a_stale_read(service: MessagingService) -> None:
    assert config.get(service).keywords.standard.help.message.startswith("Reply STOP")
    set_words(service)
    service.refresh_from_db()
    assert config.get(service).keywords.standard.help.message == "Call us."
    changed = actions.set_advanced_opt_out(service=service, enabled=True, actor=ACTOR)
    assert config.get(changed).advanced_opt_out
    assert not config.get(service).advanced_opt_out
