import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.urls import is_web_url


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com",
        "HTTPS://example.com/a?b=c&d=%20#rc=2",
        "http://localhost:8080/sms",
        "http://app:8000/in",
        "http://127.0.0.1/",
        "http://[::1]:80/x",
        "https://user:secret@example.com/",
        "https://bücher.example/",
        "https://example.com/ünï",
    ],
)
def test_an_absolute_web_address_counts(text: str) -> None:
    assert is_web_url(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "//example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://a b/",
        "http://under_score.example/",
        "http://-x.example/",
        "http://example.com:99999/",
        "http://example.com:port/",
        "http://[::1",
        "http://example.com/\n",
        "http://example.com/<x>",
    ],
)
def test_anything_else_does_not(text: str) -> None:
    assert not is_web_url(text)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    is_web_url("http://" + text)
