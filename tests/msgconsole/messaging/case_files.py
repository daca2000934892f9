"""A simple case, and the command over a file of cases."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

SIMPLE: dict[str, Any] = {
    "id": "simple",
    "pool": [
        {"id": "a", "type": "long_code", "address": "+12065550100", "capabilities": ["SMS"], "other_mappings": 2},
        {"id": "b", "type": "long_code", "address": "+12065550101", "capabilities": ["SMS"]},
    ],
    "history": [{"op": "send", "to": "+14155550124", "expect_sender": "b"}],
    "request": {"to": "+14155550123", "body": "Hello"},
    "expected": {"sender": "b", "error_code": None, "deciding_stage": "scaler", "warning_codes": [], "rcs": None},
}


def command(tmp_path: Path, listed: Any, *flags: str) -> tuple[int, str]:
    """Exit status and output of the command over one file."""
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("check_cases", str(path), *flags, stdout=out)
    except SystemExit as leaving:
        return int(leaving.code or 0), out.getvalue()
    return 0, out.getvalue()
