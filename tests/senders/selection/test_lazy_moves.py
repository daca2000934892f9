"""Moving mappings when they are read must equal moving all of them at once, whatever happened in between."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.senders.selection.harness import pool, sender

TO = {"GB": "+447400123456", "DE": "+4915112345678", "FR": "+33612345678"}
PREFIX = {"GB": "+44740011", "DE": "+4915199", "FR": "+3361234"}

events = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from(sorted(TO))),
        st.tuples(
            st.just("add"),
            st.sampled_from(["long_code", "long_code", "short_code", "alpha"]),
            st.sampled_from(sorted(TO)),
        ),
        st.tuples(st.just("remove"), st.integers(0, 9)),
    ),
    max_size=25,
)


def new_sender(number: int, kind: str, country: str) -> dict[str, Any]:
    if kind == "alpha":
        return sender(f"s{number}", kind, f"ACME{number}")
    address = f"6{number:04d}" if kind == "short_code" else f"{PREFIX[country]}{number:04d}"
    return sender(f"s{number}", kind, address, country)


@settings(max_examples=250, deadline=None)
@given(events)
def test_lazy_and_eager_moves_agree(history: list[tuple[Any, ...]]) -> None:
    made = pool()
    eager: dict[str, str] = {}  # country of the recipient → name of the mapped sender, moved at once
    kinds: dict[str, tuple[str, str]] = {}
    for number, event in enumerate(history):
        if event[0] == "send":
            country = event[1]
            decision = made.send(made.request({"to": TO[country]}))
            if country in eager:
                assert decision.sender is not None
                assert (decision.sender.sid, decision.deciding_stage) == (eager[country], "sticky")
            elif decision.sender is not None:
                assert decision.deciding_stage != "sticky"
                eager[country] = decision.sender.sid
        elif event[0] == "add":
            _, kind, country = event
            new = new_sender(number, kind, country)
            first = kind != "alpha" and country not in {c for k, c in kinds.values() if k != "alpha"}
            made.add(new)
            kinds[new["id"]] = (kind, country)
            if country in eager and kind != "alpha":
                mapped_kind, mapped_country = kinds[eager[country]]
                if mapped_kind == "alpha":
                    moves = kind == "short_code"
                else:
                    moves = first and mapped_country != country
                if moves:
                    eager[country] = new["id"]
        elif made.members:
            gone = sorted(one.sid for one in made.members.values())[event[1] % len(made.members)]
            made.remove(gone)
            kinds.pop(gone)
            eager = {country: name for country, name in eager.items() if name != gone}
