"""README's table of settings: everything that the source reads is there, with its default, and nothing else is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
OTHERS = {"DJANGO_SETTINGS_MODULE"}  # Django's own
PREFIXES = ("MSGCONSOLE_", "DATABASE_", "CELERY_", "DJANGO_")


def table() -> dict[str, str]:
    """Variable → the row's default, as README has them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Settings\n")[2].partition("\n## ")[0]
    found = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            _, names, meaning, default, _ = line.split("|")
            assert meaning.strip(), line
            assert default.strip(), line
            found.update(dict.fromkeys(re.findall(r"`([A-Z_]+)`", names), default.strip().strip("`")))
    return found


def reads() -> Iterator[tuple[str, ast.Call]]:
    """Every call that reads a variable of the environment, with its name: by the typed readers or from os.environ."""
    for path in sorted((ROOT / "msgconsole").rglob("*.py")):
        if path.name == "testing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
                continue
            first, owner = node.args[0], ast.unparse(node.func.value)
            name = str(first.value) if isinstance(first, ast.Constant) else ""
            if owner in ("env", "os.environ", "environ") and name.startswith(PREFIXES):
                yield name, node


def test_the_table_has_every_variable_that_is_read_and_no_other() -> None:
    read = {name for name, _ in reads()} - OTHERS
    assert "MSGCONSOLE_RATE_LIMIT" in read
    assert "MSGCONSOLE_HOST" in read  # not one of the settings: the server's own
    assert set(table()) == read


def test_the_table_tells_the_default_of_every_number() -> None:
    numbers = {}
    for name, call in reads():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "integer":
            numbers[name] = str(ast.literal_eval(call.args[1]))
    assert len(numbers) > 8
    assert {name: table()[name] for name in numbers} == numbers
