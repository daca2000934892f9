"""What really goes out: the text after conversion and encoding, and how many segments it takes. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from msgconsole.encoding.segments import Encoded, encode

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Content:
    """``body`` is the text as sent. ``encoded`` is None where the text is not cut into SMS segments (MMS, channels);
    ``segments`` is 1 then. ``links`` are the tokens of media that go as links."""

    body: str
    segments: int
    encoded: Encoded | None = None
    links: tuple[str, ...] = ()

    @property
    def encoding(self) -> str:
        return self.encoded.encoding if self.encoded else ""


def compose(
    body: str, media_urls: Sequence[str], *, channel_used: str, as_link: bool, smart: bool, base_url: str, owner: str
) -> Content:
    """The content as it leaves: media as links where the decision says so, smart encoding, segments.

    ``channel_used`` is the decision's: only ``sms`` has segments. ``owner`` is the account's SID.
    """
    links: tuple[str, ...] = ()
    if as_link and media_urls:
        links = tuple(link_token(owner, url) for url in media_urls)
        body = " ".join(part for part in (body, *(f"{base_url}/m/{token}" for token in links)) if part)
    if channel_used != "sms":
        return Content(body, 1, None, links)
    encoded = encode(body, smart=smart)
    return Content(encoded.text, encoded.segments, encoded, links)


def link_token(owner: str, url: str) -> str:
    """The seven characters of a medium's short link: the same for the same owner and URL, now and later."""
    number = int.from_bytes(hashlib.sha256(f"{owner} {url}".encode()).digest()[:8], "big")
    token = ""
    for _ in range(TOKEN_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        token += _ALPHABET[digit]
    return token
