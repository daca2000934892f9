"""Reading the tables that are packaged beside this module."""

import functools
import json
from importlib import resources
from typing import Any


@functools.cache
def load(name: str) -> dict[str, Any]:
    """The table ``data/<name>.json``, read once. Callers must not change it."""
    packaged = resources.files("msgconsole.numbering") / "data" / f"{name}.json"
    table: dict[str, Any] = json.loads(packaged.read_text(encoding="utf-8"))
    return table
