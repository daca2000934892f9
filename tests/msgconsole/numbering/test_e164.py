"""Reading and writing addresses: what is taken, as what, and how a refusal explains itself."""

import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from msgconsole.numbering import nanp
from msgconsole.numbering.e164 import (
    NumberingError,
    format_international,
    format_national,
    parse_destination,
    parse_number,
    parse_sender_address,
)


@pytest.mark.parametrize(
    ("raw", "country", "area_code"),
    [
        ("+14155550123", "US", "415"),
        ("+14165550123", "CA", "416"),
        ("+18765550123", "JM", "876"),
        ("+17875550123", "PR", "787"),
        ("+13575550100", "US", "357"),  # newer than the library
        ("+19245550100", "US", "924"),
        ("+18225550100", "US", "822"),  # toll-free, planned
        ("+15005550006", "US", "500"),
        ("+17005550100", "US", "700"),  # in the table, of no country, unknown to the library
        ("+447400123456", "GB", None),
        ("+447911123456", "GG", None),  # a block shared with Guernsey
        ("+447700900123", "GB", None),  # reserved for drama
        ("+77011234567", "KZ", None),
        ("+74951234567", "RU", None),
        ("+61891641234", "CX", None),
        ("+4779123456", "SJ", None),
        ("+35818123456", "AX", None),
        ("+80012345678", "001", None),
        ("+5511912345678", "BR", None),
    ],
)
def test_it_derives_country_and_area_code(raw: str, country: str, area_code: str | None) -> None:
    found = parse_destination(raw)

    assert (found.country, found.area_code) == (country, area_code)
    assert found.address == found.e164 == raw
    assert found.channel == "sms"


@pytest.mark.parametrize("code", ["357", "436", "457", "621", "624", "679", "729", "837", "861", "924"])
def test_it_takes_area_codes_that_the_library_does_not_know(code: str) -> None:
    number = f"+1{code}5550100"
    assert not phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    area = nanp.region(code)
    assert area is not None
    assert parse_number(number).country == area.country


@pytest.mark.parametrize(
    "raw",
    [
        "+1 (415) 555-0123",
        " +1-415-555-0123 ",
        "+1.415.555.0123",
        "+1\u00a0415\u2011555\u20110123",
        "\u202a+14155550123\u202c",  # as pasted from a phone's contacts
    ],
)
def test_it_reads_a_number_through_human_formatting(raw: str) -> None:
    assert parse_destination(raw).e164 == "+14155550123"


def test_it_drops_a_national_zero_after_the_country_code() -> None:
    assert parse_number("+44 (0)7400 123456").e164 == "+447400123456"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("+12", "ten digits"),
        ("+1415555012", "ten digits"),
        ("+141555501234", "ten digits"),
        ("+11155550123", "no area code 115"),
        ("+4474", "too short"),
        ("+44740012345678", "too long"),
        ("+999123456", "calling code"),
        ("14155550123", "start it with +"),
        ("4155550123", "start it with +"),
        (" 14155550123", "%2B"),
        ("hello", "digits only"),
        ("+1415555o123", "digits only"),
        ("+14155550123x5", "digits only"),
        ("+", "digits only"),
        ("", "empty"),
        ("sms:+14155550123", "digits only"),
        ("whatsapp:12345", "start it with +"),
        ("+١٤١٥٥٥٥٠١٢٣", "digits only"),
    ],
)
def test_it_refuses_what_is_no_number_and_says_why(raw: str, hint: str) -> None:
    with pytest.raises(NumberingError) as refusal:
        parse_destination(raw)
    assert refusal.value.code == 21211
    assert hint in refusal.value.message
    assert raw.partition(":")[2] in refusal.value.message


def test_an_area_code_that_nobody_knows_is_of_the_us() -> None:
    number = parse_number("+15558675310")
    assert (number.country, number.area_code, number.line_type, number.landline) == ("US", "555", "local", False)


def test_it_does_not_look_at_texts_that_no_address_is_as_long_as() -> None:
    for read, code in ((parse_destination, 21211), (parse_number, 21211), (parse_sender_address, 21212)):
        with pytest.raises(NumberingError, match="too long") as refusal:
            read("+1415555" + " " * 200 + "0123")
        assert refusal.value.code == code
        assert len(refusal.value.message) < 100


@pytest.mark.parametrize("raw", ["12345", "123456", "911", "60012", " 12345 "])
def test_it_refuses_a_short_code_as_destination(raw: str) -> None:
    with pytest.raises(NumberingError, match="short code") as refusal:
        parse_destination(raw)
    assert refusal.value.code == 21265


@pytest.mark.parametrize("raw", ["+19005550100", "+449098790879"])
def test_it_refuses_a_premium_rate_number_as_destination(raw: str) -> None:
    with pytest.raises(NumberingError, match="premium") as refusal:
        parse_destination(raw)
    assert refusal.value.code == 21268
    assert parse_number(raw).premium


def test_it_reads_channel_prefixes() -> None:
    whatsapp = parse_destination("whatsapp:+447400123456")
    assert (whatsapp.channel, whatsapp.address, whatsapp.country) == ("whatsapp", "+447400123456", "GB")
    assert whatsapp.raw == "whatsapp:+447400123456"

    messenger = parse_destination("messenger:1234567890")
    assert (messenger.channel, messenger.address, messenger.e164, messenger.country) == (
        "messenger",
        "1234567890",
        "",
        "001",
    )

    assert parse_destination("rcs:+14155550123").channel == "rcs"
    assert parse_destination("WhatsApp: +44 7400 123456").e164 == "+447400123456"
    with pytest.raises(NumberingError):
        parse_destination("messenger:")


@pytest.mark.parametrize(
    ("raw", "line_type", "landline"),
    [
        ("+14155550123", "local", False),
        ("+18885550199", "toll_free", False),
        ("+447400123456", "mobile", False),
        ("+442079460123", "local", True),
        ("+493012345678", "local", True),
        ("+4915112345678", "mobile", False),
        ("+525512345678", "local", False),  # Mexico does not tell the two apart
        ("+447700900123", "unknown", False),
        ("+448081570000", "toll_free", False),
    ],
)
def test_it_tells_lines_apart_where_the_plan_does(raw: str, line_type: str, landline: bool) -> None:
    number = parse_number(raw)
    assert (number.line_type, number.landline) == (line_type, landline)
    destination = parse_destination(raw)
    assert destination.is_landline == landline
    assert destination.is_toll_free == (line_type == "toll_free")


def test_it_knows_the_calling_code() -> None:
    assert [parse_number(raw).calling_code for raw in ("+14155550123", "+447400123456", "+80012345678")] == [
        1,
        44,
        800,
    ]


@pytest.mark.parametrize(
    ("raw", "kind", "address", "country"),
    [
        ("+14155550100", "number", "+14155550100", "US"),
        ("+1 415 555 0100", "number", "+14155550100", "US"),
        ("12345", "short_code", "12345", None),
        ("ACME", "alpha", "ACME", None),
        ("My Shop+1_&-", "alpha", "", None),  # twelve characters: refused
        ("My Shop+1_&", "alpha", "My Shop+1_&", None),
        ("whatsapp:+447400123456", "whatsapp", "+447400123456", "GB"),
        ("messenger:998877", "messenger", "998877", None),
        ("rcs:acme_agent", "rcs", "acme_agent", None),
    ],
)
def test_it_tells_senders_apart_by_their_form(raw: str, kind: str, address: str, country: str | None) -> None:
    if not address:
        with pytest.raises(NumberingError):
            parse_sender_address(raw)
        return
    found = parse_sender_address(raw)
    assert (found.kind_hint, found.address, found.country) == (kind, address, country)


@pytest.mark.parametrize(
    "raw", ["", "+12", "123456789", "12.34", "ACME!", "Ünicorn", "whatsapp:ACME", "rcs:", "much too long text"]
)
def test_it_refuses_an_unusable_sender_naming_it(raw: str) -> None:
    with pytest.raises(NumberingError) as refusal:
        parse_sender_address(raw)
    assert refusal.value.code == 21212
    assert raw.partition(":")[2] in refusal.value.message


def test_it_formats_for_reading() -> None:
    assert format_national("+14155550123") == "(415) 555-0123"
    assert format_national("+13575550100") == "(357) 555-0100"
    assert format_national("+447400123456") == "07400 123456"
    assert format_international("+14155550123") == "+1 415 555 0123"
    assert format_international("+447400123456") == "+44 7400 123456"
    for as_it_is in ("12345", "ACME", "+999", ""):
        assert format_national(as_it_is) == format_international(as_it_is) == as_it_is


@given(st.text(max_size=30) | st.from_regex(r"\+[0-9]{1,16}", fullmatch=True))
def test_it_either_reads_an_address_or_refuses_it_with_a_code(raw: str) -> None:
    refused = None
    try:
        found = parse_destination(raw)
    except NumberingError as refusal:
        refused = refusal
    if refused:
        assert refused.code in (21211, 21265, 21268)
        assert refused.message.endswith(".")
    elif found.e164:
        again = parse_destination(found.e164)
        assert (again.e164, again.country, again.area_code) == (found.e164, found.country, found.area_code)


# The library reads its own examples for these two as Morocco's and Guadeloupe's: it cannot tell them apart.
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS - {"EH", "MF"})


@given(st.sampled_from(REGIONS))
def test_it_reads_formatted_numbers_back_unchanged(region: str) -> None:
    e164 = phonenumbers.format_number(phonenumbers.example_number(region), phonenumbers.PhoneNumberFormat.E164)
    assert parse_number(format_international(e164)).e164 == e164
    assert parse_number(e164).country == region


def _microseconds_per_call(numbers: list[str]) -> float:
    best = float("inf")
    for _ in range(5):
        parse_destination.cache_clear()
        parse_number.cache_clear()
        started = time.perf_counter()
        for number in numbers:
            parse_destination(number)
        best = min(best, (time.perf_counter() - started) / len(numbers) * 1e6)
    return best


def test_it_reads_a_nanp_number_in_a_few_microseconds() -> None:
    assert _microseconds_per_call([f"+1415555{line:04d}" for line in range(2000)]) < 50


def test_it_reads_other_numbers_fast_enough_for_a_queue() -> None:
    # About 45 on an idle core; the bound leaves room for a busy one and still catches a tenfold slip.
    assert _microseconds_per_call([f"+44740012{line:04d}" for line in range(1000)]) < 250
