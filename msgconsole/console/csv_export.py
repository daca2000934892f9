"""Lists as CSV files: sent line by line as they are read, and harmless to spreadsheets."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils import timezone

MOST_ROWS = 10_000
_NUMBER = re.compile(r"[+-]?[\d .,:()-]*")


class _Echo:
    """What ``csv`` writes to: it hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """``rows`` under ``head`` as a download called ``<name>-<time>.csv``. Bound the rows to ``MOST_ROWS``."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d-%H%M}.csv"'
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([harmless(str("" if cell is None else cell)) for cell in row])


def harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; phone numbers stay as they are."""
    risky = text[:1] in {"=", "@", "\t", "\r"} or (text[:1] in {"+", "-"} and not _NUMBER.fullmatch(text))
    return f"'{text}" if risky else text
