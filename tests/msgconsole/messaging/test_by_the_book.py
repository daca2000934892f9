"""Random cases whose expectations come from the documented procedure alone, through the product."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from msgconsole.messaging import cases
from tests.msgconsole.messaging.by_the_book import PLACES, Book
from tests.senders.selection.harness import sender

pytestmark = pytest.mark.django_db

KINDS = ["us", "us", "us", "us", "ca", "ca", "gb", "de", "tf", "sc", "al", "wa", "rcs"]
SWITCHES = ("sticky_sender", "area_code_geomatch", "mms_converter")


@st.composite
def entries(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind, name = draw(st.sampled_from(KINDS)), f"s{number}"
    more: dict[str, Any] = {
        "other_mappings": draw(st.integers(0, 2)),
        "queued": draw(st.sampled_from([0, 0, 1])),
        "sent": draw(st.integers(0, 2)),
    }
    standing = draw(st.sampled_from(["registered", "registered", "unregistered", "pending", "suspended"]))
    if draw(st.integers(0, 4)) == 0 and kind in ("us", "ca", "tf", "sc"):
        more["capabilities"] = draw(st.sampled_from([["SMS"], ["MMS"], ["SMS", "MMS"]]))
    match kind:
        case "us":
            code = draw(st.sampled_from(["415", "628", "206", "564"]))
            return sender(name, "long_code", f"+1{code}555{1000 + number}", "US", registration=standing, **more)
        case "ca":
            code = draw(st.sampled_from(["416", "647", "604"]))
            return sender(name, "long_code", f"+1{code}555{1000 + number}", "CA", registration=standing, **more)
        case "gb" | "de":
            start, country = ("+44740011", "GB") if kind == "gb" else ("+49151999", "DE")
            return sender(name, "long_code", f"{start}{1000 + number}", country, **more)
        case "tf":
            verified = "verified" if standing == "registered" else "unverified"
            return sender(name, "toll_free", f"+1888555{1000 + number}", "US", registration=verified, **more)
        case "sc":
            country = draw(st.sampled_from(["US", "GB", "CA"]))
            carriers = draw(st.sampled_from([[], ["one"]]))
            return sender(name, "short_code", str(61_000 + number), country, unsupported_carriers=carriers, **more)
        case "al":
            registered = draw(st.sampled_from([[], ["IN"]]))
            for_country = draw(st.sampled_from(["", "GB", "IN", "US", "NZ"]))
            return sender(name, "alpha", f"ACME{number}", None, iso_country_code=for_country, **more) | {
                "registered_countries": registered
            }
        case "wa":
            country = draw(st.sampled_from(["GB", "US"]))
            return sender(name, "whatsapp", f"whatsapp:+44740012{1000 + number}", country, **more)
    regions = draw(st.sampled_from([["US"], ["GB"], []]))
    return sender(name, "rcs", f"rcs:agent{number}", approved_regions=regions, **more)


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    rare = st.sampled_from([False] * 15 + [True])
    return {
        "to": draw(st.sampled_from([*PLACES, *list(PLACES)[:4]])),
        "media": ["https://demo.example.com/pic.png"] if draw(st.integers(0, 3)) == 0 else [],
        "recipient": {
            "carrier": draw(st.sampled_from([None, None, "one", "two"])),
            "line_type": "landline" if draw(rare) else "mobile",
            "rcs": draw(st.sampled_from([False, False, True])),
            "opted_out": draw(rare),
        },
    }


class Story:
    """A case in the making, with the book kept beside it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        switches = {name: draw(st.sampled_from([True, True, False])) for name in SWITCHES}
        switches["geo_permissions"] = draw(st.sampled_from([None] * 7 + [["US", "CA", "GB"]]))
        self.book = Book(dict(switches))
        self.case: dict[str, Any] = {"id": "story", "service": switches, "pool": [], "history": []}
        self.number = 0
        self.alphas: set[str] = set()
        self.last: list[dict[str, Any]] = []

    def entry(self) -> dict[str, Any] | None:
        made = self.draw(entries(self.number))
        self.number += 1
        if made["type"] == "alpha":
            # One for each country, and one for all.
            if made["iso_country_code"] in self.alphas:
                return None
            self.alphas.add(made["iso_country_code"])
        self.book.add(made)
        return made

    def message(self) -> dict[str, Any]:
        """Often to somebody who was written to before: that is where conversations show."""
        made = self.draw(messages())
        if self.last and self.draw(st.integers(0, 2)):
            made["to"] = self.draw(st.sampled_from(self.last))["to"]
        self.last.append(made)
        return made

    def event(self) -> None:
        history, book, draw = self.case["history"], self.book, self.draw
        match draw(st.sampled_from(["send", "send", "send", "send", "add", "remove", "switch", "change"])):
            case "send":
                message = self.message()
                history.append({"op": "send", **message, "expect_sender": book.send(message).sender})
            case "add":
                made = self.entry()
                if made is not None:
                    history.append({"op": "add_sender", "sender": made})
            case "remove" if len(book.pool) > 1:
                name = draw(st.sampled_from(sorted(book.pool)))
                gone = book.pool[name].entry
                if gone["type"] == "alpha":
                    self.alphas.discard(gone["iso_country_code"])
                book.remove(name)
                history.append({"op": "remove_sender", "sender": name})
            case "switch":
                change = {draw(st.sampled_from(SWITCHES)): draw(st.booleans())}
                book.switches |= change
                history.append({"op": "update_service", "service": change})
            case "change":
                name = draw(st.sampled_from(sorted(book.pool)))
                words = {
                    "long_code": ["registered", "unregistered", "suspended"],
                    "toll_free": ["verified", "unverified"],
                }
                kind, values = book.pool[name].kind, {"sent": draw(st.integers(0, 3))}
                if kind in words and book.pool[name].entry.get("country") in ("US", "CA"):
                    values = {"registration": draw(st.sampled_from(words[kind]))}
                book.change(name, values)
                history.append({"op": "update_sender", "sender": name, "set": values})


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    story = Story(draw)
    for _ in range(draw(st.integers(1, 9))):
        made = story.entry()
        if made is not None:
            story.case["pool"].append(made)
    for _ in range(draw(st.integers(0, 7))):
        story.event()
    message = story.message()
    answer = story.book.send(message)
    return story.case | {"request": {"body": "Hello", **message}, "expected": answer.expected()}


@settings(
    max_examples=60,
    deadline=timedelta(seconds=20),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(stories())
def test_the_product_does_what_the_documentation_says(case: dict[str, Any]) -> None:
    assert str(cases.run(case, 1)) == "story: ok"
