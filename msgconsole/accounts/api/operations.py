"""What the operations on accounts and keys take, answer and refuse."""

from msgconsole.api.operations import Operation, declare
from msgconsole.api.shapes import Listed, Shape

ACCOUNT = Shape(
    "Account",
    {
        "auth_token": "text?",
        "date_created": "rfc2822",
        "date_updated": "rfc2822",
        "friendly_name": "text",
        "owner_account_sid": "sid AC",
        "sid": "sid AC",
        "status": "one active|suspended|closed",
        "subresource_uris": "object",
        "type": "one Trial|Full",
        "uri": "path",
    },
)
_KEY = {"sid": "sid SK", "friendly_name": "text", "date_created": "rfc2822", "date_updated": "rfc2822"}
NEW_KEY = Shape("NewKey", {**_KEY, "secret": "text"})
STATUS = "one active|suspended|closed"
ONCE = "The secret stands in this answer alone: it is not kept."

declare(
    "/2010-04-01/Accounts.json",
    get=Operation(
        "ListAccount",
        "List the account and its subaccounts",
        {200: Listed("accounts", ACCOUNT, v1=False)},
        query={"FriendlyName": "text", "Status": f"{STATUS}|"},
    ),
    post=Operation(
        "CreateAccount",
        "Create a subaccount",
        {201: ACCOUNT},
        form={"FriendlyName": "text 0-64"},
        codes=frozenset({20002, 20403, 21101}),
    ),
)
declare(
    "/2010-04-01/Accounts/{Sid:AC}.json",
    get=Operation("FetchAccount", "Fetch an account", {200: ACCOUNT}),
    post=Operation(
        "UpdateAccount",
        "Rename, suspend, wake or close an account",
        {200: ACCOUNT},
        form={"FriendlyName": "text 1-64", "Status": STATUS},
        codes=frozenset({20002, 20403, 20409}),
        about="Closing is final. An account does not change its own Status: its parent or the console does.",
    ),
)
for tail, word, prefix in (("Keys", "Key", "SK"), ("SigningKeys", "SigningKey", "SK")):
    declare(
        f"/2010-04-01/Accounts/{{AccountSid:AC}}/{tail}.json",
        get=Operation(
            f"List{word}",
            f"List the account's {tail}",
            {200: Listed("keys" if tail == "Keys" else "signing_keys", Shape(word, _KEY), v1=False)},
        ),
        post=Operation(
            f"CreateNew{word}",
            f"Create one of the account's {tail}",
            {201: NEW_KEY},
            form={"FriendlyName": "text 0-64"},
            codes=frozenset({20002}),
            about=ONCE,
        ),
    )
    declare(
        f"/2010-04-01/Accounts/{{AccountSid:AC}}/{tail}/{{Sid:{prefix}}}.json",
        get=Operation(f"Fetch{word}", f"Fetch one of the account's {tail}", {200: Shape(word, _KEY)}),
        post=Operation(
            f"Update{word}",
            f"Rename one of the account's {tail}",
            {200: Shape(word, _KEY)},
            form={"FriendlyName": "text 0-64"},
            codes=frozenset({20002}),
        ),
        delete=Operation(f"Delete{word}", f"Revoke one of the account's {tail}", {204: None}),
    )
