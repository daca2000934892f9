"""Run expectation files through the product: does it still choose, encode and answer as people wrote down?"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from msgconsole.messaging import cases


class Command(BaseCommand):
    help = (
        "Run expectation files with throw-away accounts; nothing is kept. Prints a line a case, then the counts. "
        "Exit status 0 only when all hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="A JSON list of cases, or an object.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object instead of lines.")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            listed = [(path, cases.read(path)) for path in files]
        except cases.BadFile as fault:
            raise CommandError(str(fault)) from None
        if not has_tables():
            if connection.vendor != "sqlite":
                raise CommandError("This database has no tables yet. Run manage.py migrate first.")
            in_memory()
        found: list[tuple[Path, cases.Result]] = []
        for path, of_file in listed:
            for number, case in enumerate(of_file, 1):
                result = cases.run(case, number)
                found.append((path, result))
                if not options["json"]:
                    self.stdout.write(str(result))
        total = cases.tally(result for _, result in found)
        if options["json"]:
            report = {
                "ok": total.ok,
                "counts": {group: {"hold": held, "of": of} for group, (held, of) in total.counts.items()},
                "cases": [{"file": str(path), **result.to_dict()} for path, result in found],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            for line in total.lines():
                self.stdout.write(line)
        if not total.ok:
            raise SystemExit(1)


def has_tables() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False  # to look would make the file
    return "senders_sender" in connection.introspection.table_names()


def in_memory() -> None:
    """A new install has no tables yet, and cases keep nothing: they run on tables that vanish with this process."""
    connection.close()
    connection.settings_dict["NAME"] = ":memory:"
    call_command("migrate", verbosity=0)
