"""What captured statements do."""

import re
from collections.abc import Iterable, Mapping

READS = ("SELECT", "WITH", "SAVEPOINT", "RELEASE")
CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE|TRUNCATE|MERGE)\b", re.IGNORECASE)
QUOTED = re.compile(r"'[^']*'")


def only_read(statements: Iterable[Mapping[str, str]]) -> bool:
    """None of them changes a row or locks one. A WITH may hold a change: it is looked for in the whole text."""
    texts = [QUOTED.sub("''", statement["sql"]).strip() for statement in statements]
    return all(text.upper().startswith(READS) and not CHANGES.search(text) for text in texts)
