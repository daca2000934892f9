"""What client libraries choke on, one test each: the details that no schema holds."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from msgconsole.accounts.models import Account
from services.models import MessagingService
from tests import factories
from tests.api_client import Api
from tests.contract.places import path_of
from tests.contract.resources import RESOURCES, Resource, World
from tests.contract.test_refusals import DECLARED

each = pytest.mark.parametrize("resource", RESOURCES, ids=str)
# Keys of a 2010 page that the libraries know to be no rows; whatever is left must be one array.
ENVELOPE = {
    *("end", "first_page_uri", "next_page_uri", "last_page_uri", "page", "page_size", "previous_page_uri"),
    *("total", "num_pages", "start", "uri"),
}


class Sent(TwilioHttpClient):
    """The client's own HTTP client, which keeps the requests."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        self.urls.append(url)
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def account(transactional_db: None) -> Account:
    return factories.account()


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def client(account: Account, live_server: Any, sent: Sent) -> Client:
    made = Client(account.sid, account.auth_token, http_client=sent)
    made.messaging.base_url = made.api.base_url = live_server.url
    return made


@pytest.mark.django_db(transaction=True)
def test_page_links_lead_back_to_this_host_with_its_port(client: Client, account: Account, sent: Sent) -> None:
    for number in range(5):
        factories.service(account, str(number))
        factories.message(account)
    host = re.match(r"http://[^/]+", client.messaging.base_url)
    assert host
    assert len(client.messaging.v1.services.list(page_size=2)) == len(client.messages.list(page_size=2)) == 5
    assert len(sent.urls) == 6
    assert all(url.startswith(f"{host[0]}/") for url in sent.urls)


@each
def test_no_address_in_a_body_leads_to_another_host(resource: Resource, alice: Api, settings: Any) -> None:
    settings.MSGCONSOLE_PUBLIC_URL = "https://console.example.org"
    world = World(alice)
    sid = resource.make(world)
    paths = [world.path(resource.collection) + "?PageSize=1"]
    if resource.item:
        paths.append(world.path(resource.item, sid))
    for path in paths:
        body = alice.get(path).json()
        for name, address in addresses_in(body):
            # What the caller gave stays what it was; these are the names of what we write.
            if name.endswith(("_url", "url", "_uri", "uri")) and name not in GIVEN:
                assert address.startswith(("https://console.example.org/", "/2010-04-01/")), (name, address)
        assert "twilio.com" not in json.dumps(body)


GIVEN = {"privacy_policy_url", "terms_and_conditions_url", "sms_url", "voice_url", "inbound_request_url"}


def addresses_in(body: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(body, dict):
        return [found for key, value in body.items() for found in addresses_in(value, key)]
    if isinstance(body, list):
        return [found for value in body for found in addresses_in(value, name)]
    return [(name, body)] if isinstance(body, str) and body else []


@pytest.mark.parametrize("resource", [r for r in RESOURCES if not r.is_v1], ids=str)
def test_a_2010_list_has_one_array_and_nothing_a_library_does_not_know(resource: Resource, alice: Api) -> None:
    body = alice.get(World(alice).path(resource.collection)).json()
    assert set(body) - ENVELOPE == {resource.array}
    assert body["first_page_uri"].startswith("/2010-04-01/")


@pytest.mark.parametrize("resource", [r for r in RESOURCES if r.is_v1], ids=str)
def test_a_v1_list_names_its_array_and_its_links_are_absolute(resource: Resource, alice: Api) -> None:
    body = alice.get(World(alice).path(resource.collection)).json()
    assert isinstance(body[body["meta"]["key"]], list)
    assert body["meta"]["first_page_url"].startswith("http://testserver/v1/")
    assert {"next_page_url", "previous_page_url"} <= set(body["meta"])


@pytest.mark.django_db(transaction=True)
def test_dates_are_read_as_dates_though_the_database_keeps_fractions(client: Client, account: Account) -> None:
    service = factories.service(account)
    assert service.date_created.microsecond or service.date_updated.microsecond
    made = client.messaging.v1.services(service.sid).fetch()
    message = client.messages(factories.message(account).sid).fetch()
    for moment in (made.date_created, made.date_updated, message.date_created, message.date_sent):
        assert isinstance(moment, datetime)
        assert (moment.microsecond, moment.utcoffset()) == (0, timedelta(0))


@pytest.mark.django_db(transaction=True)
def test_an_error_is_a_rest_exception_and_no_other(client: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to="x", from_="+14155550100", body="x")
    assert type(caught.value) is TwilioRestException
    assert (caught.value.status, caught.value.code, caught.value.method) == (400, 21211, "POST")
    assert caught.value.msg.startswith("Unable to create record: ")
    assert not {"type", "title"} & set(Api(None).get("/v1/Services").json())


@pytest.mark.django_db(transaction=True)
def test_a_list_that_fails_still_tells_its_code(client: Client, account: Account, live_server: Any) -> None:
    stranger = Client(account.sid, "0" * 32)
    stranger.api.base_url = live_server.url
    with pytest.raises(TwilioException) as caught:
        stranger.messages.list()
    assert '"code":20003' in str(caught.value).replace(" ", "") or "20003" in repr(caught.value.args)


@pytest.mark.django_db(transaction=True)
def test_a_limit_above_a_thousand_is_one_page_and_no_fault(client: Client, account: Account, sent: Sent) -> None:
    factories.message(account)
    assert len(client.messages.list(limit=1500)) == 1
    assert len(sent.urls) == 1


@pytest.mark.django_db(transaction=True)
def test_a_limit_above_a_thousand_goes_on_where_the_first_thousand_end(
    client: Client, account: Account, sent: Sent
) -> None:
    MessagingService.objects.bulk_create(MessagingService(account=account, friendly_name=str(n)) for n in range(1100))
    assert len({one.sid for one in client.messaging.v1.services.list(limit=1050)}) == 1050
    assert len(sent.urls) == 2
    assert "PageSize=1000&" in sent.urls[1]  # the page link says what was kept of the 1,050


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-01T12:00:00Z",  # Python, Node, PHP, Ruby, C#
        "2026-11-01T12:00:00",  # Java writes no zone
        "2026-11-01T14:00:00+02:00",  # Go writes the zone it was given
        "2026-11-01T12:00:00.123456789Z",  # Java's moments of a day to come
    ],
)
def test_each_librarys_way_to_write_a_moment_is_taken(moment: str, alice: Api) -> None:
    """Each writes ISO 8601 in a way of its own, in filters and in SendAt."""
    world = World(alice)
    sid = factories.message(world.account, date_sent=datetime(2026, 11, 1, 12, tzinfo=UTC)).sid
    for name in ("DateSent", "DateSent<"):
        found = alice.get(f"{alice.root}/Messages.json", {name: moment}).json()["messages"]
        assert [one["sid"] for one in found] == [sid], name
    service = factories.service(world.account)
    factories.pooled(service, factories.number(world.account))
    ahead = moment.replace("2026-11-01", f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
    form = {"To": "+14155550123", "Body": "x", "MessagingServiceSid": service.sid, "ScheduleType": "fixed"}
    answer = alice.post(f"{alice.root}/Messages.json", {**form, "SendAt": ahead})
    assert (answer.status_code, answer.json()["status"]) == (201, "scheduled")


@pytest.mark.django_db(transaction=True)
def test_a_date_means_its_day_and_operators_arrive_encoded(client: Client, account: Account) -> None:
    noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    inside = factories.message(account, date_sent=noon)
    for days in (-2, 2):
        factories.message(account, date_sent=noon + timedelta(days=days))
    found = client.messages.list(date_sent=noon.date())
    assert [one.sid for one in found] == [inside.sid]
    both = client.messages.list(date_sent_after=noon.date(), date_sent_before=noon.date())
    assert [one.sid for one in both] == [inside.sid]


@pytest.mark.django_db(transaction=True)
def test_lists_are_asked_with_a_form_type_and_no_body_and_deletes_without_accept(
    client: Client, account: Account
) -> None:
    service = factories.service(account)
    answer = client.request("GET", f"{client.messaging.base_url}/v1/Services", headers={"Accept": "text/html"})
    assert json.loads(answer.text)["services"][0]["sid"] == service.sid
    assert client.messaging.v1.services(service.sid).delete() is True


@pytest.mark.parametrize("declared", DECLARED, ids=lambda one: one.operation.id)
def test_an_error_is_json_whatever_the_caller_accepts(declared: Any, alice: Api) -> None:
    path = path_of(World(alice), declared)
    answer = Api(None).call(declared.method, path, HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json; charset=utf-8")


def test_numbers_that_are_texts_stay_texts(alice: Api) -> None:
    sid = factories.message(World(alice).account).sid
    body = alice.get(f"{alice.root}/Messages/{sid}.json").json()
    assert (body["num_media"], body["num_segments"], body["price"], body["error_code"]) == ("0", "1", "-0.00750", None)


def test_the_java_recipe_names_this_host_in_its_requests_too() -> None:
    """Its library keeps the Host header of the original, which an install that knows its hosts refuses."""
    from msgconsole.console import recipes

    shown = recipes.for_service(base="http://127.0.0.1:8000", service="MG" + "0" * 32)
    (java,) = (one.code for one in shown if one.id == "code-java")
    assert 'new HttpHost("127.0.0.1", 8000, "http")' in java
    assert 'setHeader("Host", here.toHostString())' in java
    assert ".addInterceptorFirst(named)" in java


def test_region_and_edge_have_nowhere_to_go_in_our_snippets() -> None:
    """Set together with a base URL they spoil the host, so no recipe sets them."""
    from msgconsole.console import recipes, snippets

    given = {"base": "http://127.0.0.1:8000", "service": "MG" + "0" * 32}
    for snippet in (*recipes.for_service(**given), *snippets.for_service(account="AC" + "0" * 32, **given)):
        assert "region" not in snippet.code.lower()
        assert "edge" not in snippet.code.lower()
