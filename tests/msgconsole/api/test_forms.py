from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msgconsole.api.forms import Form, parse_moment, pascal, snake
from msgconsole.error_codes import Refused


def form(**values: Any) -> Form:
    return Form.from_wire((name, value if isinstance(value, list) else [value]) for name, value in values.items())


@pytest.mark.parametrize(
    "wire, ours",
    [
        ("To", "to"),
        ("MessagingServiceSid", "messaging_service_sid"),
        ("SendAsMms", "send_as_mms"),
        ("IsoCountryCode", "iso_country_code"),
        ("UseInboundWebhookOnNumber", "use_inbound_webhook_on_number"),
        ("DateSent<", "date_sent<"),
    ],
)
def test_names_go_from_the_wire_to_ours(wire: str, ours: str) -> None:
    assert snake(wire) == ours
    assert pascal(ours) == wire


def test_names_that_do_not_start_with_a_capital_are_unknown() -> None:
    assert dict(form(to="x", Body="y")) == {"body": ["y"]}


def test_repeated_names_are_a_list_in_order_and_one_value_is_a_list_of_one() -> None:
    assert form(MediaUrl=["b", "a"]).texts("media_url") == ("b", "a")
    assert form(MediaUrl="a").texts("media_url") == ("a",)
    assert form().texts("media_url") == ()
    assert form(To=["one", "two"]).text("to") == "two"


@pytest.mark.parametrize("text, value", [("true", True), ("True", True), ("FALSE", False), ("false", False)])
def test_booleans_have_any_case(text: str, value: bool) -> None:
    assert form(StickySender=text).boolean("sticky_sender") is value


@pytest.mark.parametrize("text", ["", "yes", "1", "tru"])
def test_what_is_no_boolean_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refused, match="StickySender") as caught:
        form(StickySender=text).boolean("sticky_sender")
    assert (caught.value.code, caught.value.field) == (20001, "sticky_sender")


@pytest.mark.parametrize("text, value", [("0", 0), ("14400", 14400), ("-5", -5)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert form(ValidityPeriod=text).integer("validity_period") == value


@pytest.mark.parametrize("text", ["", "1.5", "ten", "99999999999999999999", "٣", "1e3", " 1"])
def test_what_is_no_whole_number_is_refused_with_the_code_wanted(text: str) -> None:
    with pytest.raises(Refused) as caught:
        form(ValidityPeriod=text).integer("validity_period", code=21624)
    assert caught.value.code == 21624


@pytest.mark.parametrize("text, code", [("ten", 20001), ("2147483648", 21624), ("-2147483648", 21624)])
def test_a_number_that_is_too_large_can_have_a_code_of_its_own(text: str, code: int) -> None:
    with pytest.raises(Refused) as caught:
        form(ValidityPeriod=text).integer("validity_period", too_large=21624)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-11-30T08:00:00Z", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("2026-11-30T08:00:00.250Z", datetime(2026, 11, 30, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-11-30T08:00:00+02:00", datetime(2026, 11, 30, 6, tzinfo=UTC)),
        ("2026-11-30", datetime(2026, 11, 30, tzinfo=UTC)),
        ("06/11/2019 22:05:25 MST", datetime(2019, 6, 12, 5, 5, 25, tzinfo=UTC)),
        ("06/11/2019 22:05:25 PDT", datetime(2019, 6, 12, 5, 5, 25, tzinfo=UTC)),
        ("2019-06-11 22:05:25.000", datetime(2019, 6, 11, 22, 5, 25, tzinfo=UTC)),
        ("Wed, 19 Jun 2019 22:04:00 -0000", datetime(2019, 6, 19, 22, 4, tzinfo=UTC)),
        ("tomorrow", None),
        ("2026-13-01", None),
        ("13/40/2019 22:05:25 MST", None),
        ("06/11/2019 22:05:25 XYZ", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_moments_have_the_strict_form_or_one_of_the_lenient_ones(text: str, expected: datetime | None) -> None:
    assert parse_moment(text) == expected


@given(st.text())
def test_no_text_makes_a_moment_fail(text: str) -> None:
    parse_moment(text)


@pytest.mark.parametrize("text", ["[]", "x", "1", "null", "[" * 20_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        form(Tags=text).json_object("tags")


def test_a_json_object_is_read_and_an_empty_text_is_none() -> None:
    assert form(Tags='{"a": "b"}').json_object("tags") == {"a": "b"}
    assert form(Tags="").json_object("tags") is None


def test_a_missing_parameter_is_named_as_the_client_calls_it() -> None:
    with pytest.raises(Refused, match="Missing required parameter PhoneNumberSid in the post body"):
        form(PhoneNumberSid="").required("phone_number_sid")


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(Refused):
        form(Body="a\x00b")
