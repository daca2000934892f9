"""Bodies, errors and addresses: what the kernel does for every view."""

import logging
from typing import Any

import pytest

from services.api import views
from tests import factories
from tests.api_client import Api

pytestmark = pytest.mark.django_db
PATH = "/v1/Services"


@pytest.fixture
def api() -> Api:
    return Api(factories.account())


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/Nothing",
        "/v1/Services/MG123",
        "/v1/Services/",
        "/v1/Services/MG" + "0" * 32 + "/Compliance/Usa2p",
        "/v1/Services/MG" + "0" * 31 + "%00",
        "/2010-04-01",
        "/2010-04-01/Accounts",
        "/2010-04-01/Accounts/AC1/Messages.json",
        "/msgconsole/v1/nothing",
        "/msgconsole/v2/Messages",
        "/v2/Channels/Senders",
        "/v3/",
        "/2008-08-01/Accounts",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_an_unknown_address_is_a_404_in_json(path: str, method: str, api: Api) -> None:
    answer = api.call(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)
    assert answer.json()["message"].startswith("The requested resource /")
    assert "Location" not in answer


def test_the_error_names_our_own_error_page(api: Api, settings: Any) -> None:
    assert api.get("/v1/Nothing").json()["more_info"] == "http://testserver/docs/errors/20404"
    settings.MSGCONSOLE_PUBLIC_URL = "https://console.example.com"
    assert api.get("/v1/Nothing").json()["more_info"] == "https://console.example.com/docs/errors/20404"


def test_links_start_with_the_public_url_where_one_is_set(api: Api, settings: Any) -> None:
    settings.MSGCONSOLE_PUBLIC_URL = "https://console.example.com"
    made = api.post(PATH, {"FriendlyName": "x"}).json()
    assert made["url"] == f"https://console.example.com/v1/Services/{made['sid']}"
    assert api.get(PATH).json()["meta"]["url"].startswith("https://console.example.com/v1/Services?")


def test_a_body_that_is_too_large_is_refused_whatever_its_length_header_says(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = api.post(PATH, {"FriendlyName": "x" * 200})
    assert (answer.status_code, answer.json()["code"]) == (413, 20413)
    assert api.post(PATH, {"FriendlyName": "x"}).status_code == 201


def test_a_multipart_form_is_a_form_and_its_files_are_ignored(api: Api) -> None:
    from io import BytesIO

    file = BytesIO(b"x")
    file.name = "x.txt"
    answer = api.client.post(PATH, {"FriendlyName": "x", "StickySender": "false", "F": file}, **api.headers)
    assert (answer.status_code, answer.json()["sticky_sender"]) == (201, False)


def test_a_broken_multipart_body_is_a_400(api: Api) -> None:
    answer = api.client.post(PATH, b"xx", content_type="multipart/form-data; boundary=y", **api.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    answer = api.client.post(PATH, b"xx", content_type="multipart/form-data", **api.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_bytes_that_are_no_text_do_not_make_it_fail(api: Api) -> None:
    answer = api.client.post(
        PATH, b"FriendlyName=%ff%fe\xff", content_type="application/x-www-form-urlencoded", **api.headers
    )
    assert answer.status_code == 201


def test_too_many_parameters_are_a_400(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = api.post(PATH, [("MediaUrl", str(number)) for number in range(5)])
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_any_accept_header_gets_json(api: Api) -> None:
    for accept in ("text/html", "application/xml", "image/png", ""):
        answer = api.get(PATH, HTTP_ACCEPT=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json; charset=utf-8")


def test_our_own_fault_is_a_500_in_json_that_tells_nothing_and_is_logged(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(views, "services_of", fail)
    with caplog.at_level(logging.ERROR, logger="msgconsole.api.exceptions"):
        answer = api.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (500, 20500)
    assert answer.json()["message"] == "Internal Server Error"
    assert "secret" not in answer.content.decode()
    assert caplog.records[0].exc_info


@pytest.mark.parametrize("host", ["evil.example", "my_app:8000", "no host"])
def test_a_host_that_is_not_served_is_a_400_in_json(host: str, api: Api, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for path in (PATH, f"{api.root}/Messages.json", "/v1/Nothing"):
        answer = api.get(path, HTTP_HOST=host)
        assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (400, 400, 20001)
        assert answer.json()["message"] == "The Host header names no host that is served here"
        assert answer.json()["more_info"] == "/docs/errors/20001", "no link to a host that the caller made up"
    page = api.get("/docs/errors/20001", HTTP_HOST=host)
    assert (page.status_code, page["Content-Type"].partition(";")[0]) == (400, "text/html")


def test_every_answer_carries_its_request_id(api: Api) -> None:
    assert api.get(PATH)["X-Request-Id"].startswith("RQ")
    assert api.get("/v1/Nothing")["X-Request-Id"].startswith("RQ")
