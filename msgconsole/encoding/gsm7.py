"""The GSM 03.38 default alphabet and its extension table (3GPP TS 23.038, clause 6.2.1).

Text is judged as it stands: no Unicode normalisation and no national shift tables, so ``é`` as one code point
belongs to the alphabet and ``e`` followed by a combining accent does not.
"""

ESCAPE = "\x1b"
"""Position 1B of the basic table. Not a character: it announces one of the extension table."""

_TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)

BASIC: frozenset[str] = frozenset(_TABLE) - {ESCAPE}
"""127 characters that cost one septet."""

EXTENSION: frozenset[str] = frozenset("\f^{}\\[~]|€")
"""Ten characters that cost two septets: the escape and a code."""

ALPHABET: frozenset[str] = BASIC | EXTENSION


def is_gsm7(text: str) -> bool:
    """Can every character of ``text`` be sent as GSM-7?"""
    return ALPHABET.issuperset(text)


def septets(text: str) -> int:
    """Septets that ``text`` takes up; the caller has checked :func:`is_gsm7`."""
    if EXTENSION.isdisjoint(text):
        return len(text)
    return len(text) + sum(map(text.count, EXTENSION))


def foreign_characters(text: str) -> tuple[str, ...]:
    """The distinct characters of ``text`` that GSM-7 lacks, in the order in which they first occur."""
    return tuple(dict.fromkeys(character for character in text if character not in ALPHABET))
