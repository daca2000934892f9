"""The table of area codes: complete, symmetric, and asked before the library."""

import phonenumbers

from msgconsole.numbering import nanp


def every_area() -> dict[str, nanp.AreaCode]:
    return {code: area for code in map(str, range(200, 1000)) if (area := nanp.region(code))}


def test_it_holds_every_assigned_code() -> None:
    kinds = [area.kind for area in every_area().values()]
    assert len(kinds) == 488
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "geographic": 457,
        "toll_free": 8,
        "non_geographic": 22,
        "premium": 1,
    }


def test_it_places_a_code() -> None:
    area = nanp.region("415")
    assert area is not None
    assert (area.country, area.region, area.region_name, area.planned) == ("US", "CA", "California", False)
    maritime = nanp.region("902")
    assert maritime is not None
    assert (maritime.country, maritime.region) == ("CA", "NS+PE")
    assert maritime.region_name == "Nova Scotia, Prince Edward Island"
    jamaica = nanp.region("876")
    assert jamaica is not None
    assert (jamaica.country, jamaica.region) == ("JM", None)


def test_it_knows_no_unassigned_code() -> None:
    assert nanp.region("555") is None
    assert nanp.region("000") is None
    assert nanp.overlays("555") == frozenset()


def test_it_names_overlays_without_the_code_itself() -> None:
    assert nanp.overlays("415") == {"628"}
    assert nanp.overlays("212") == {"332", "646", "917"}
    assert nanp.overlays("917") >= {"212", "718", "347"}  # shares two territories
    assert nanp.overlays("207") == frozenset()


def test_it_shares_symmetrically_but_not_transitively() -> None:
    for code in every_area():
        for other in nanp.overlays(code):
            assert code in nanp.overlays(other)
            assert other != code
    assert "564" in nanp.overlays("206")
    assert "360" in nanp.overlays("564")
    assert "360" not in nanp.overlays("206")


def test_it_shares_only_within_one_country() -> None:
    areas = every_area()
    for code in areas:
        countries = {areas[other].country for other in nanp.overlays(code) | {code}}
        assert len(countries) == 1


def test_it_agrees_with_the_library_wherever_that_knows_a_country() -> None:
    for code, area in every_area().items():
        number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{code}2345678"))
        known = phonenumbers.region_code_for_number(number)
        if area.kind == "geographic" and known:
            assert known == area.country, code


def test_it_lists_only_codes_in_service() -> None:
    assert "415" in nanp.area_codes("US")
    assert "357" in nanp.area_codes("US")
    assert "273" not in nanp.area_codes("CA")  # planned for 2027
    planned = nanp.region("273")
    assert planned is not None
    assert (planned.planned, planned.planned_for) == (True, "2027-02-27")
    assert nanp.area_codes("PR") == ("787", "939")
    assert nanp.area_codes("GB") == ()
    assert nanp.toll_free_codes() == ("800", "833", "844", "855", "866", "877", "888")
