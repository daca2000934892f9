"""Code that sends through a Service, ready to paste. It names the variable of a secret, never the secret."""

from typing import NamedTuple

EXAMPLE_TO = "+14155550123"


class Snippet(NamedTuple):
    id: str
    label: str
    code: str


SHELL = """export ACCOUNT_SID={account}
export AUTH_TOKEN=…"""

CURL = """curl -u "$ACCOUNT_SID:$AUTH_TOKEN" "{base}/2010-04-01/Accounts/$ACCOUNT_SID/Messages.json" \\
     --data-urlencode "MessagingServiceSid={service}" \\
     --data-urlencode "To={to}" \\
     --data-urlencode "Body=Hello\""""

PYTHON = """# pip install twilio
import os
import time

from twilio.rest import Client

client = Client(os.environ["ACCOUNT_SID"], os.environ["AUTH_TOKEN"])
client.api.base_url = client.messaging.base_url = "{base}"

message = client.messages.create(messaging_service_sid="{service}", to="{to}", body="Hello")
print(message.sid, message.status)  # accepted: the sender is chosen a moment later
time.sleep(2)
message = client.messages(message.sid).fetch()
print(message.status, message.from_)"""

NODE = """// npm install twilio
const client = require("twilio")(process.env.ACCOUNT_SID, process.env.AUTH_TOKEN);
client.api.baseUrl = client.messaging.baseUrl = "{base}";

client.messages
  .create({{ messagingServiceSid: "{service}", to: "{to}", body: "Hello" }})
  .then((message) => console.log(message.sid, message.status));"""

DECISION = """export MESSAGE_SID=SM…  # the sid in the answer to what was sent
curl -u "$ACCOUNT_SID:$AUTH_TOKEN" "{base}/msgconsole/v1/Messages/$MESSAGE_SID/Decision\""""


def for_service(*, base: str, account: str, service: str) -> list[Snippet]:
    """Snippets with the install's address and both SIDs filled in."""
    values = {"base": base, "account": account, "service": service, "to": EXAMPLE_TO}
    return [
        Snippet("code-shell", "Shell, once", SHELL.format(**values)),
        Snippet("code-curl", "curl", CURL.format(**values)),
        Snippet("code-python", "Python, with the official client library", PYTHON.format(**values)),
        Snippet("code-node", "Node, with the official client library", NODE.format(**values)),
        Snippet("code-decision", "Ask why that sender was chosen", DECISION.format(**values)),
    ]
