"""Accounts and keys over the API."""

from tests import factories
from tests.api_client import Api


def test_a_subaccount_is_made_and_can_log_in(alice: Api) -> None:
    body = alice.post("/2010-04-01/Accounts.json", {"FriendlyName": "Part"}).json()
    assert alice.account
    assert (body["friendly_name"], body["owner_account_sid"]) == ("Part", alice.account.sid)
    child = Api(None, username=body["sid"], secret=body["auth_token"])
    assert child.get("/v1/Services").status_code == 200
    refused = child.post("/2010-04-01/Accounts.json", {"FriendlyName": "Part of part"})
    assert (refused.status_code, refused.json()["code"]) == (400, 21101)


def test_a_list_has_the_account_itself_and_can_be_narrowed(alice: Api) -> None:
    assert alice.account
    child = factories.account("Part", owner=alice.account)
    alice.post(f"/2010-04-01/Accounts/{child.sid}.json", {"Status": "suspended"})

    def listed(query: str = "") -> list[str]:
        return [row["sid"] for row in alice.get(f"/2010-04-01/Accounts.json{query}").json()["accounts"]]

    assert listed() == [child.sid, alice.account.sid]
    assert listed("?Status=active") == [alice.account.sid]
    assert listed("?FriendlyName=Part") == [child.sid]


def test_a_parent_suspends_wakes_and_closes_its_subaccount(alice: Api) -> None:
    assert alice.account
    child = factories.account("Part", owner=alice.account)
    path = f"/2010-04-01/Accounts/{child.sid}.json"
    for status, answer in (("suspended", 401), ("active", 200), ("closed", 401)):
        assert alice.post(path, {"Status": status}).json()["status"] == status
        assert Api(child).get("/v1/Services").status_code == answer
    assert alice.post(path, {"Status": "asleep"}).json()["code"] == 20001


def test_a_status_of_1_is_active(alice: Api) -> None:
    child = factories.account("Part", owner=alice.account)
    path = f"/2010-04-01/Accounts/{child.sid}.json"
    alice.post(path, {"Status": "suspended"})
    assert alice.post(path, {"Status": "1"}).json()["status"] == "active"
    assert alice.post(path, {"Status": "2"}).json()["code"] == 20001


def test_an_account_may_rename_but_not_close_itself(alice: Api) -> None:
    assert alice.post(f"{alice.root}.json", {"FriendlyName": "New"}).json()["friendly_name"] == "New"
    refused = alice.post(f"{alice.root}.json", {"Status": "closed"})
    assert (refused.status_code, refused.json()["code"]) == (400, 20001)
    assert alice.get(f"{alice.root}.json").json()["status"] == "active"


def test_the_links_of_an_account_lead_somewhere(alice: Api) -> None:
    for path in alice.get(f"{alice.root}.json").json()["subresource_uris"].values():
        assert alice.get(path).status_code == 200, path


def test_a_keys_secret_comes_once_and_opens_until_the_key_is_deleted(alice: Api) -> None:
    made = alice.post(f"{alice.root}/Keys.json", {"FriendlyName": "CI"}).json()
    key = Api(alice.account, username=made["sid"], secret=made["secret"])
    assert key.get("/v1/Services").status_code == 200
    path = f"{alice.root}/Keys/{made['sid']}.json"
    assert "secret" not in alice.get(path).json()
    assert alice.post(path, {"FriendlyName": "CD"}).json()["friendly_name"] == "CD"
    assert alice.delete(path).status_code == 204
    assert key.get("/v1/Services").status_code == 401
    assert alice.get(f"{alice.root}/Keys.json").json()["keys"] == []


def test_the_two_kinds_of_key_are_listed_apart(alice: Api) -> None:
    one = alice.post(f"{alice.root}/Keys.json").json()["sid"]
    two = alice.post(f"{alice.root}/SigningKeys.json").json()["sid"]
    assert [row["sid"] for row in alice.get(f"{alice.root}/Keys.json").json()["keys"]] == [one]
    assert [row["sid"] for row in alice.get(f"{alice.root}/SigningKeys.json").json()["signing_keys"]] == [two]
    assert alice.get(f"{alice.root}/Keys/{two}.json").status_code == 404


def test_a_suspended_subaccount_can_be_read_by_its_parent_but_sends_nothing(alice: Api) -> None:
    assert alice.account
    child = factories.account("Part", owner=alice.account)
    number = factories.number(child)
    root = f"/2010-04-01/Accounts/{child.sid}"
    send = {"To": "+14155550123", "From": number.address, "Body": "x"}
    assert alice.post(f"{root}/Messages.json", send).status_code == 201
    alice.post(f"{root}.json", {"Status": "suspended"})
    assert len(alice.get(f"{root}/Messages.json").json()["messages"]) == 1
    for refused in (
        alice.post(f"{root}/Messages.json", send),
        alice.delete(f"{root}/IncomingPhoneNumbers/{number.sid}.json"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, 20403)
