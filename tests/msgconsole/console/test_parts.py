"""The template tags, and what every template must keep to."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template

from msgconsole.console.templatetags import console
from senders.models import Sender

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STYLES = ("console.css", "parts.css")  # of every page


@pytest.mark.parametrize(
    "distance, words",
    [
        (timedelta(seconds=2), "just now"),
        (timedelta(seconds=40), "40 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=45), "7 Oct 2026"),
        (-timedelta(hours=3), "in 3 hours"),
    ],
)
def test_it_tells_a_moment_as_people_do(distance, words):
    assert console.relative(NOW - distance, NOW) == words


def test_a_moment_carries_its_exact_time_with_the_zone():
    shown = str(console.when(datetime(2026, 5, 3, 14, 5, 9, tzinfo=UTC)))
    assert 'title="3 May 2026, 14:05:09 UTC"' in shown
    assert 'datetime="2026-05-03T14:05:09+00:00"' in shown


def test_no_moment_is_never():
    assert "never" in str(console.when(None))


@pytest.mark.parametrize(
    "number, noun, words",
    [(1, "segment", "1 segment"), (0, "segment", "0 segments"), (2400, "entry,entries", "2,400 entries")],
)
def test_it_counts_with_the_right_noun(number, noun, words):
    assert console.counted(number, noun) == words


@pytest.mark.parametrize("seconds, words", [(36_000, "10 hours"), (90, "1 minute 30 seconds"), (0, "0 seconds")])
def test_it_says_how_long_something_lasts(seconds, words):
    assert console.duration(seconds) == words


@pytest.mark.parametrize(
    "address, shown",
    [
        ("+14155550100", "+1 415-555-0100"),
        ("whatsapp:+447400123456", "whatsapp:+44 7400 123456"),
        ("ACME", "ACME"),
        ("12345", "12345"),
        ("rcs:acme_agent", "rcs:acme_agent"),
        ("", ""),
    ],
)
def test_it_writes_numbers_as_people_read_them(address, shown):
    assert console.readable(address).replace(" ", "-") == shown.replace(" ", "-")


def test_a_sid_is_short_to_see_and_whole_to_copy():
    sid = "MG" + "0123456789abcdef" * 2
    shown = Template("{% load console %}{% sid sid %}").render(Context({"sid": sid}))
    assert f'title="{sid}"' in shown
    assert f'data-copy="{sid}"' in shown
    assert ">MG0123…cdef<" in shown


def test_a_badge_has_a_word_beside_its_colour():
    shown = Template("{% load console %}{% status_badge 'undelivered' %}").render(Context())
    assert 'class="badge bad"' in shown
    assert "Undelivered" in shown


def test_an_unknown_status_is_shown_as_it_is():
    assert "strange" in Template("{% load console %}{% status_badge 'strange' %}").render(Context())


def test_what_people_typed_is_escaped():
    sender = Sender(kind="alpha", address="<b>&", country="", sid="AI" + "0" * 32)
    shown = Template("{% load console %}{% sender_chip sender %}{% phone sender.address %}").render(
        Context({"sender": sender})
    )
    assert "<b>" not in shown


def test_a_chip_takes_a_candidate_out_of_a_stored_decision():
    candidate = {"kind": "toll_free", "address": "+18005550199", "country": "US", "sid": ""}
    shown = Template("{% load console %}{% sender_chip sender %}").render(Context({"sender": candidate}))
    assert "Toll-free" in shown
    assert "United States" in shown


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_has_script_or_style_inside_it(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle\s*=", text), "styles belong into static/console/"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "scripts belong into static/console/"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "handlers belong into static/console/"
    assert "javascript:" not in text
    assert not re.search(r"(?:src|href)=[\"']https?://", text), "nothing is loaded from elsewhere"


def test_the_stylesheet_names_colours_in_one_place_only():
    shell, *others = [(ROOT / "static/console" / name).read_text(encoding="utf-8") for name in STYLES]
    rules = "".join([shell[shell.index("/* Ground */") :], *others])
    rules = re.sub(r"rgb\(0 0 0 / [\d.]+\)", "", rules)  # shadows and the shade under a dialog
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(", rules)


def test_a_page_loads_little():
    assets = [
        *(ROOT / "static/console").glob("*.js"),
        *(ROOT / "static/console" / name for name in STYLES),
        ROOT / "static/console/icons.svg",
    ]
    assert sum(path.stat().st_size for path in assets) < 60_000


def test_numbers_in_a_sentence_are_shown_as_people_read_them() -> None:
    told = "If +14155550100 were busy, whatsapp:+447400111222 would be chosen (30034)."
    assert console.numbers(told) == "If +1 415 555 0100 were busy, whatsapp:+44 7400 111222 would be chosen (30034)."


TABLE = re.compile(r'<div class="table( stack)?[^"]*"[^>]*><table[^>]*><thead>(.*?)</thead>(.*?)</table>', re.S)
FEW_COLUMNS = 4  # a table with this many or more does not fit a phone
SIDE_BY_SIDE = {"console/_funnel.html", "console/styleguide.html"}  # four narrow columns of figures; an example


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_each_cell_of_a_table_that_stacks_on_a_phone_bears_the_heading_of_its_column(path):
    for stacks, head, body in TABLE.findall(path.read_text()):
        headings = [
            "" if 'class="hidden"' in heading else re.sub(r"<[^>]+>", "", heading)
            for heading in re.findall(r"<th\b[^>]*>(.*?)</th>", head, re.S)
        ]
        if not stacks:
            assert len(headings) < FEW_COLUMNS or str(path.relative_to(ROOT / "templates")) in SIDE_BY_SIDE
            continue
        cells = re.findall(r"<(th|td)\b(?![^>]*colspan)([^>]*)>", body)
        assert len(cells) == len(headings)
        for (tag, attributes), heading in zip(cells, headings, strict=True):
            label = re.search(r'data-label="([^"]*)"', attributes)
            assert (label[1] if label else "") == ("" if tag == "th" else heading)
