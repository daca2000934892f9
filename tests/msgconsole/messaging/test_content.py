"""What leaves is what was counted."""

from hypothesis import given
from hypothesis import strategies as st

from msgconsole.messaging.content import TOKEN_LENGTH, compose, link_token

BASE = "https://console.example"
URL = "https://example.com/cat.jpg"


def test_a_text_has_the_encoding_and_segments_of_what_is_sent() -> None:
    sent = compose("Don’t", (), channel_used="sms", as_link=False, smart=True, base_url=BASE, owner="AC1")
    assert (sent.body, sent.encoding, sent.segments) == ("Don't", "GSM-7", 1)
    kept = compose("Don’t", (), channel_used="sms", as_link=False, smart=False, base_url=BASE, owner="AC1")
    assert (kept.body, kept.encoding) == ("Don’t", "UCS-2")


def test_media_become_one_link_each_at_the_end_and_count() -> None:
    sent = compose("x" * 150, (URL, URL + "2"), channel_used="sms", as_link=True, smart=False, base_url=BASE, owner="A")
    first, second = sent.links
    assert sent.body == f"{'x' * 150} {BASE}/m/{first} {BASE}/m/{second}"
    assert sent.segments == 2


def test_media_without_text_are_links_alone() -> None:
    sent = compose("", (URL,), channel_used="sms", as_link=True, smart=False, base_url=BASE, owner="AC1")
    assert sent.body == f"{BASE}/m/{sent.links[0]}"


def test_channels_and_mms_are_not_cut_into_segments() -> None:
    for channel in ("mms", "rcs", "whatsapp", "messenger"):
        sent = compose("é’" * 500, (URL,), channel_used=channel, as_link=False, smart=True, base_url=BASE, owner="A")
        assert (sent.body, sent.encoding, sent.segments, sent.links) == ("é’" * 500, "", 1, ())


@given(st.text(min_size=1), st.text(min_size=1))
def test_links_are_short_and_steady(owner: str, url: str) -> None:
    token = link_token(owner, url)
    assert token == link_token(owner, url)
    assert len(token) == TOKEN_LENGTH
    assert token.isalnum()
    assert token.isascii()
