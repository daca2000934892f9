"""Alpha senders by country, rates, queues and short codes."""

import pytest

from msgconsole.numbering import countries, sender_rules


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("GB", "dynamic"),
        ("FR", "dynamic"),
        ("US", "none"),
        ("CA", "none"),
        ("BR", "pre_registration"),
        ("SA", "pre_registration"),
        ("IL", "optional"),
        ("RO", "optional"),
        ("BQ", "none"),  # in no list
        ("001", "none"),
    ],
)
def test_it_classes_countries_by_how_they_treat_alpha_senders(iso: str, expected: str) -> None:
    assert sender_rules.alpha_class(iso) == expected


def test_it_has_the_whole_list() -> None:
    classes = [sender_rules.alpha_class(iso) for iso, _ in countries.ALL]
    assert {kind: classes.count(kind) for kind in ("dynamic", "pre_registration", "optional")} == {
        "dynamic": 127,
        "pre_registration": 59,
        "optional": 4,
    }


@pytest.mark.parametrize("text", ["A", "ACME", "My Shop", "a+b_c-d&e", "12345A", "ELEVENCHARS", "1 2", "_-&"])
def test_it_takes_an_alpha_sender(text: str) -> None:
    assert sender_rules.valid_alpha(text)


@pytest.mark.parametrize("text", ["", "123", "+1415", "TWELVECHARSX", "Acmé", "ACME!", " ACME", "ACME\n"])
def test_it_refuses_an_alpha_sender(text: str) -> None:
    assert not sender_rules.valid_alpha(text)


@pytest.mark.parametrize(
    ("kind", "country", "rate"),
    [
        ("long_code", "US", 1),
        ("long_code", "CA", 1),
        ("long_code", "GB", 10),
        ("toll_free", "US", 3),
        ("short_code", "GB", 100),
        ("alpha", "DE", 10),
        ("rcs", "US", 100),
        ("whatsapp", "GB", 80),
    ],
)
def test_it_knows_rates_and_ten_hours_of_queue(kind: str, country: str, rate: int) -> None:
    assert sender_rules.mps(kind, country) == rate
    assert sender_rules.queue_segments(kind, country) == rate * 36_000


def test_it_measures_short_codes_by_country() -> None:
    assert sender_rules.valid_short_code("12345", "US")
    assert sender_rules.valid_short_code("123456", "GB")
    assert not sender_rules.valid_short_code("1234", "US")
    assert sender_rules.valid_short_code("1234", "DE")
    assert not sender_rules.valid_short_code("123456789", "DE")
    assert not sender_rules.valid_short_code("１２３４５", "US")
    assert not sender_rules.valid_short_code("12A45", "US")


def test_it_knows_who_takes_mms() -> None:
    assert sorted(sender_rules.MMS_COUNTRIES) == ["CA", "US"]
