"""The snippets of the Developers page are run as they are printed, each by what it is for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from msgconsole.accounts import actions
from msgconsole.console import recipes, snippets
from msgconsole.messaging.models import Message
from tests import factories

CURL = shutil.which("curl")
NODE_MODULES = Path(__file__).parents[2] / "contract" / "node" / "node_modules"


@pytest.mark.parametrize(
    ("id", "run"),
    [
        pytest.param("code-python", [sys.executable, "-c"], id="python"),
        pytest.param(
            "code-curl", ["sh", "-c"], id="curl", marks=pytest.mark.skipif(not CURL, reason="no curl on this machine")
        ),
        pytest.param("code-node", ["node", "-e"], id="node", marks=pytest.mark.node),
    ],
)
def test_a_snippet_sends_a_message_when_it_is_pasted(live_server, id: str, run: list[str]) -> None:
    account = factories.account()
    service = factories.service(account)
    factories.pooled(service, factories.number(account))
    shown = snippets.for_service(base=live_server.url, account=account.sid, service=service.sid)
    code = next(snippet.code for snippet in shown if snippet.id == id)
    environment = {"ACCOUNT_SID": account.sid, "AUTH_TOKEN": account.auth_token, "PATH": os.environ["PATH"]}
    environment["NODE_PATH"] = str(NODE_MODULES)
    done = subprocess.run([*run, code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    message = Message.objects.get(account=account)
    assert message.sid in done.stdout
    assert (message.to, message.service) == (snippets.EXAMPLE_TO, service)


@pytest.mark.parametrize(
    ("language", "run", "code"),
    [
        pytest.param(
            "Python",
            [sys.executable, "-c"],
            "import os\nfrom twilio.rest import Client\n{line}\nclient.api.base_url = '{url}'\nclient.messages.list()",
            id="python",
        ),
        pytest.param(
            "Node",
            ["node", "-e"],
            "{line} client.api.baseUrl = '{url}'; client.messages.list().catch(e => {{ throw e; }});",
            id="node",
            marks=pytest.mark.node,
        ),
    ],
)
def test_the_line_that_takes_an_api_key_makes_a_client(live_server, language: str, run: list[str], code: str) -> None:
    account = factories.account()
    key, secret = actions.create_key(account=account, actor=factories.ACTOR, friendly_name="CI")
    environment = {"ACCOUNT_SID": account.sid, "KEY_SID": key.sid, "KEY_SECRET": secret}
    environment |= {"PATH": os.environ["PATH"], "NODE_PATH": str(NODE_MODULES)}
    written = code.format(line=dict(recipes.WITH_KEY)[language], url=live_server.url)
    done = subprocess.run([*run, written], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_the_snippet_that_asks_why_names_an_address_that_answers(db: None) -> None:
    account = factories.account()
    message = factories.message(account)
    shown = snippets.for_service(base="http://testserver", account=account.sid, service="MG" + "0" * 32)
    code = next(snippet.code for snippet in shown if snippet.id == "code-decision")
    assert code.startswith("export MESSAGE_SID=")  # nothing before it sets what it asks about
    address = code.split('"')[3].replace("$MESSAGE_SID", message.sid).removeprefix("http://testserver")
    assert Client().get(address).status_code == 401  # there, and asks who one is
