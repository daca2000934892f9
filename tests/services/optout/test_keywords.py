"""Default words, the shape of a Service's own, and what is said about faulty ones."""

from dataclasses import replace

import pytest

from services.optout.keywords import (
    DEFAULTS,
    KINDS,
    LANGUAGES,
    CountryKeywords,
    KeywordConfig,
    KeywordSet,
    KeywordSets,
    LanguageKeywords,
    Row,
    is_removable,
    normalise,
)
from services.optout.validate import Problem, validate

SPANISH = LanguageKeywords("Spanish", KeywordSets(help=KeywordSet(("AYUDA",), "Responda STOP.")))
FRENCH = LanguageKeywords("French", KeywordSets(opt_out=KeywordSet(("ARRET",), "C'est fini.")))


def with_standard(**sets: KeywordSet) -> KeywordConfig:
    return KeywordConfig(standard=replace(DEFAULTS, **sets))


def faults(config: KeywordConfig) -> list[tuple[str, str]]:
    return [(problem.field, problem.value) for problem in validate(config)]


def test_it_has_the_default_words() -> None:
    assert DEFAULTS.opt_out.keywords == (
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
    )
    assert DEFAULTS.opt_in.keywords == ("START", "YES", "UNSTOP")
    assert DEFAULTS.help.keywords == ("HELP", "INFO")
    assert validate(KeywordConfig()) == []


def test_it_keeps_four_words_from_being_removed() -> None:
    fixed = [word for kind in KINDS for word in DEFAULTS.of(kind).keywords if not is_removable(kind, word)]
    assert fixed == ["STOP", "START", "UNSTOP", "HELP"]
    assert is_removable("help", "stop")  # it may not stand there at all


def test_it_offers_41_languages() -> None:
    assert len(set(LANGUAGES)) == 41
    assert {"English", "Spanish", "Southern Ndebele", "Zulu"} <= set(LANGUAGES)


def test_it_forgives_case_and_outer_white_space_only() -> None:
    assert normalise("\u3000 sToP \r\n") == normalise("STOP")
    assert normalise("arre\u0302t") == normalise("ARRÊT")
    assert len({normalise(text) for text in ("stop", "stop.", "st op", "\u200bstop", "ｓｔｏｐ")}) == 5


def test_it_goes_to_rows_and_back() -> None:
    config = KeywordConfig(
        languages=(SPANISH, FRENCH), countries=(CountryKeywords("CA", (FRENCH,)), CountryKeywords("MX", (SPANISH,)))
    )
    rows = list(config.rows())

    assert Row("country", "MX", "Spanish", "help", ("AYUDA",), "Responda STOP.") in rows
    assert len(rows) == 3 + 2 + 2
    assert KeywordConfig.from_rows(rows) == config


def test_it_goes_to_a_file_and_back() -> None:
    config = KeywordConfig(languages=(SPANISH,), countries=(CountryKeywords("CA", (FRENCH, SPANISH)),))
    assert KeywordConfig.from_dict(config.to_dict()) == config
    assert KeywordConfig.from_dict({}) == KeywordConfig()


def test_it_says_which_word_may_not_go() -> None:
    config = with_standard(opt_in=KeywordSet(("START", "YES"), "Welcome back."))

    (problem,) = validate(config)

    assert (problem.field, problem.value, problem.layer, problem.kind) == (
        "keywords",
        "UNSTOP",
        "standard",
        "opt_in",
    )
    assert "UNSTOP cannot be removed" in problem.message
    assert problem.remedy


def test_it_does_not_ask_other_layers_for_the_required_words() -> None:
    assert validate(KeywordConfig(languages=(SPANISH,), countries=(CountryKeywords("CA", (FRENCH,)),))) == []


@pytest.mark.parametrize(
    ("keyword_set", "expected"),
    [
        (KeywordSet(("HELP", "x" * 31), "m"), ("keywords", "x" * 31)),
        (KeywordSet(("HELP", "  "), "m"), ("keywords", "  ")),
        (KeywordSet(("HELP", "STOP"), "m"), ("keywords", "STOP")),
        (KeywordSet(("HELP", "help "), "m"), ("keywords", "help ")),
        (KeywordSet(("HELP", *(f"w{n}" for n in range(20))), "m"), ("keywords", "21")),
        (KeywordSet(("HELP",), ""), ("message", "")),
        (KeywordSet(("HELP",), "m" * 321), ("message", "m" * 321)),
        (KeywordSet(("HELP", "yes"), "m"), ("keywords", "yes")),
    ],
)
def test_it_names_the_faulty_value(keyword_set: KeywordSet, expected: tuple[str, str]) -> None:
    assert expected in faults(with_standard(help=keyword_set))


def test_it_takes_values_at_the_limits() -> None:
    words = ("HELP", "x" * 30, *(f"w{n}" for n in range(18)))
    assert faults(with_standard(help=KeywordSet(words, "m" * 320))) == []


def test_it_finds_a_word_twice_across_the_languages_of_a_country() -> None:
    english = LanguageKeywords("English", KeywordSets(help=KeywordSet(("arret",), "Stop?")))
    config = KeywordConfig(countries=(CountryKeywords("CA", (FRENCH, english)),))

    (problem,) = validate(config)

    assert (problem.value, problem.country, problem.language) == ("arret", "CA", "English")
    assert "French opt-out" in problem.message


def test_it_allows_a_word_in_two_layers_or_two_countries() -> None:
    config = KeywordConfig(
        languages=(FRENCH,), countries=(CountryKeywords("CA", (FRENCH,)), CountryKeywords("FR", (FRENCH,)))
    )
    assert validate(config) == []


@pytest.mark.parametrize(
    ("config", "field", "value"),
    [
        (KeywordConfig(countries=(CountryKeywords("XX", (FRENCH,)),)), "country", "XX"),
        (KeywordConfig(languages=(replace(FRENCH, language=""),)), "language", ""),
    ],
)
def test_it_wants_a_known_country_and_a_language(config: KeywordConfig, field: str, value: str) -> None:
    assert (field, value) in faults(config)


def test_it_finds_two_entries_for_one_language() -> None:
    other = LanguageKeywords("French", KeywordSets(opt_out=KeywordSet(("FINI",), "Fini.")))
    assert faults(KeywordConfig(languages=(FRENCH, other))) == [("language", "French")]


def test_it_reads_a_problem_as_a_sentence_and_a_remedy() -> None:
    problem = Problem("keywords", "x", "Wrong.", "Mend it.", "standard", "", "", "help")
    assert str(problem) == "Wrong. Mend it."
