"""The Coverage tab: from what each country, and each US and Canadian area code, would be reached."""

from dataclasses import dataclass
from itertools import islice

from django.http import HttpResponse

from msgconsole.console.decisions import rule_words
from msgconsole.console.permissions import ConsoleRequest, account_view
from msgconsole.console.service_frame import Tab, render_tab, service_or_404
from msgconsole.numbering.demo import demo_numbers
from senders import coverage as places
from senders.coverage import Place

NAME = "console:service_coverage"
MOST_SENDERS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """``to``: a number of the place that the test-send page can ask about; empty where none is known."""

    place: Place
    rule: str
    to: str


@dataclass(frozen=True, slots=True)
class Group:
    """Places that are reached alike. ``first`` stands for them."""

    first: Row
    count: int
    names: tuple[str, ...]


@account_view()
def coverage(request: ConsoleRequest, sid: str) -> HttpResponse:
    """Countries, or with ``?show=area-codes`` area codes; ``q`` looks for a name or code."""
    service = service_or_404(request, sid)
    by_area = request.GET.get("show") == "area-codes"
    text = request.GET.get("q", "").strip()[:60]
    media = request.GET.get("media") == "1"
    found = places.coverage(service, media=media)
    listed = found.area_codes if by_area else found.countries
    groups = _groups(listed)
    if text:
        listed = tuple(place for place in listed if _fits(place, text.lower()))
    reached = sum(1 for place in found.countries if place.error_code is None)
    extra = "&media=1" if media else ""
    context = {
        "rows": [_row(place) for place in listed],
        "groups": groups,
        "by_area": by_area,
        "text": text,
        "media": media,
        "reached": reached,
        "countries": len(found.countries),
        "chips": [
            Tab("Countries", f"?show=countries{extra}", not by_area, count=len(found.countries)),
            Tab("US and Canadian area codes", f"?show=area-codes{extra}", by_area, count=len(found.area_codes)),
        ],
    }
    return render_tab(request, "console/service_coverage.html", service, NAME, context)


def _row(place: Place) -> Row:
    return Row(place, rule_words(place.rule), _example(place.country, place.area_code))


def _example(country: str, area_code: str | None) -> str:
    """A number of a place that nobody has, or the country's example number."""
    if area_code:
        return f"+1{area_code}5550123"
    if country in _EXAMPLES:
        return _EXAMPLES[country]
    numbers = islice(demo_numbers(country, None, "mobile"), 1)
    _EXAMPLES[country] = next(numbers, "") or next(iter(islice(demo_numbers(country, None, "local"), 1)), "")
    return _EXAMPLES[country]


_EXAMPLES: dict[str, str] = {}


def _groups(listed: tuple[Place, ...]) -> list[Group]:
    """Places reached by the same kind of sender, rule and example, the largest groups first."""
    alike: dict[tuple[object, ...], list[Place]] = {}
    for place in listed:
        alike.setdefault((place.kinds, place.rule, place.example, place.senders, place.error_code), []).append(place)
    ordered = sorted(alike.values(), key=len, reverse=True)
    return [
        Group(_row(members[0]), len(members), tuple(_name(member) for member in members[:MOST_SENDERS_NAMED]))
        for members in ordered
    ]


def _name(place: Place) -> str:
    return place.area_code or place.name


def _fits(place: Place, text: str) -> bool:
    return text in place.name.lower() or text in (place.area_code or "") or text == place.country.lower()
