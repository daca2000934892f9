"""Smart encoding: look-alikes become GSM characters, so that one curly quote does not cost a segment.

One pass, by code point. A replacement may be longer than what it replaces (``…`` becomes three dots) or empty
(zero-width characters). The list and its sources are in ``data/smart_encoding.json``.
"""

import functools
import json
from importlib import resources

from msgconsole.encoding.gsm7 import is_gsm7


@functools.cache
def replacements() -> dict[int, str]:
    """Code point → the GSM-7 text that stands for it, in the shape ``str.translate`` takes."""
    packaged = resources.files("msgconsole.encoding") / "data" / "smart_encoding.json"
    listed = json.loads(packaged.read_text(encoding="utf-8"))["replacements"]
    return {int(code_point, 16): gsm for gsm, code_points in listed.items() for code_point in code_points.split()}


def transliterate(text: str) -> str:
    """Replace what can be replaced, whether or not the result is all GSM-7."""
    return text.translate(replacements())


def smart_encode(text: str) -> str:
    """The text to send with smart encoding on.

    All or nothing: when something stays outside GSM-7 (an emoji, another script), replacing the rest would
    alter the message and save nothing, so the original goes out untouched.
    """
    if is_gsm7(text):  # nothing in the list is a GSM character, so nothing would change
        return text
    replaced = transliterate(text)
    return replaced if is_gsm7(replaced) else text
