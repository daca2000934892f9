"""Every finding of a pool's lint leads to the place of its remedy."""

import html as markup
import re

from django.test import Client

from senders import lint
from tests import factories
from tests.console_client import logged_in
from tests.people import people


def test_each_finding_has_its_remedy_as_a_link_that_opens(db: None) -> None:
    world = people()
    service = factories.service(world.acme)
    factories.pooled(service, factories.number(world.acme, "+447400111222"))
    for number in ("+18885550100", "+18885550101"):
        factories.pooled(service, factories.number(world.acme, number, registration="unverified"))
    factories.pooled(service, factories.number(world.acme, "+12125550100", registration="unregistered"))
    rules = [finding.rule for finding in lint.of_service(service)]
    assert {"two_toll_free", "unverified_toll_free", "unregistered_long_codes", "nobody_ready"} <= set(rules)
    client: Client = logged_in(world.alice)
    page = client.get(f"/services/{service.sid}/senders")
    assert [line.finding.rule for line in page.context["lint"]] == rules
    html = page.content.decode()
    for line in page.context["lint"]:
        assert line.url, line.finding.rule
        assert client.get(line.url).status_code == 200, line.finding.rule
        shown = re.search(rf'<a href="{re.escape(line.url)}">{re.escape(markup.escape(line.finding.remedy))}</a>', html)
        assert shown, line.finding.rule
