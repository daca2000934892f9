import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import actions, config
from tests import factories
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db


def test_it_is_read_once_per_version() -> None:
    service = factories.service(factories.account(), validity_period=60)
    first = config.get(service)
    with CaptureQueriesContext(connection) as queries:
        assert config.get(service) == first
    assert len(queries) == 0
    changed = actions.update_service(service=service, actor=ACTOR, validity_period=61)
    assert (config.get(service).validity_period, config.get(changed).validity_period) == (60, 61)
    assert config.get(changed).config_version == 2


def test_it_holds_every_switch_of_the_row() -> None:
    service = factories.service(factories.account())
    switches = {name: not getattr(service, name) for name in ("sticky_sender", "area_code_geomatch", "mms_converter")}
    found = config.get(actions.update_service(service=service, actor=ACTOR, **switches))
    assert {name: getattr(found, name) for name in switches} == switches
    registered = actions.set_us_app_to_person_registered(service=service, registered=True, actor=ACTOR)
    assert config.get(registered).registered


def test_it_cannot_be_changed_by_its_reader() -> None:
    found = config.get(factories.service(factories.account()))
    with pytest.raises(AttributeError):
        found.sticky_sender = False  # type: ignore[misc] # frozen: it must fail
