"""What an inbound text is, and what follows from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.optout.classify import Classification, Consent, Outcome, SenderKind, classify, outcome
from services.optout.keywords import (
    DEFAULTS,
    CountryKeywords,
    KeywordConfig,
    KeywordSet,
    KeywordSets,
    LanguageKeywords,
    OptOutType,
)

ADVANCED = KeywordConfig(
    standard=KeywordSets(
        opt_out=KeywordSet(("STOP", "GOODBYE"), "Bye."),
        opt_in=KeywordSet(("START", "UNSTOP", "YES", "JOIN"), "Welcome back."),
        help=KeywordSet(("HELP", "INFO"), "Call us."),
    ),
    languages=(
        LanguageKeywords(
            "Spanish",
            KeywordSets(opt_out=KeywordSet(("ALTO",), "Adiós."), help=KeywordSet(("AYUDA",), "Llámenos.")),
        ),
    ),
    countries=(
        CountryKeywords(
            "CA",
            (
                LanguageKeywords("English", KeywordSets(opt_out=KeywordSet(("STOP", "ENOUGH"), "Bye, eh."))),
                LanguageKeywords("French", KeywordSets(opt_out=KeywordSet(("ARRÊT",), "Au revoir."))),
            ),
        ),
    ),
)


def judge(
    text: str,
    *,
    sender: SenderKind = "long_code",
    country: str = "US",
    advanced: KeywordConfig | None = None,
    in_service: bool = True,
) -> Classification:
    return classify(text, sender_kind=sender, recipient_country=country, advanced=advanced, in_service=in_service)


def follow(
    text: str,
    before: Consent,
    *,
    sender: SenderKind = "long_code",
    country: str = "US",
    advanced: KeywordConfig | None = None,
    network_blocked: bool = False,
) -> Outcome:
    return outcome(
        judge(text, sender=sender, country=country, advanced=advanced),
        consent_before=before,
        sender_kind=sender,
        advanced=advanced,
        network_blocked=network_blocked,
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((word, "STOP") for word in DEFAULTS.opt_out.keywords),
        *((word, "START") for word in DEFAULTS.opt_in.keywords),
        *((word, "HELP") for word in DEFAULTS.help.keywords),
        ("stop", "STOP"),
        ("  Stop\r\n", "STOP"),
        ("\u3000STOP\u00a0", "STOP"),
    ],
)
@pytest.mark.parametrize("country", ["US", "GB", "001"])
def test_it_knows_the_default_words_on_long_codes_everywhere(text: str, kind: str, country: str) -> None:
    found = judge(text, country=country)

    assert found.kind == kind
    assert found.layer == "default"
    assert found.reply in (DEFAULTS.opt_out.message, DEFAULTS.opt_in.message, DEFAULTS.help.message)
    assert found.network_reply is None


@pytest.mark.parametrize(
    "text", ["STOP PLEASE", "PLEASE CANCEL", "STOP.", "Stop!", "STOP ALL", "", "   ", "ARRET", "STOPP", "Hello"]
)
@pytest.mark.parametrize("advanced", [None, KeywordConfig()])
def test_it_takes_anything_but_the_exact_word_for_a_message(text: str, advanced: KeywordConfig | None) -> None:
    found = judge(text, advanced=advanced)
    assert (found.kind, found.layer, found.reply, found.scope) == (None, None, None, None)


def test_it_points_at_the_keyword_that_a_text_nearly_was() -> None:
    assert "without the characters around it" in judge("Stop!").detail
    assert "contains “please”" not in judge("please stop").detail
    assert "contains “stop”" in judge("please stop").detail
    assert judge("Good morning").detail == "No keyword matches the whole message."


@pytest.mark.parametrize(("in_service", "scope"), [(True, "service"), (False, "sender")])
def test_it_blocks_the_service_or_the_sender(in_service: bool, scope: str) -> None:
    assert judge("STOP", in_service=in_service).scope == scope


@pytest.mark.parametrize("sender", ["short_code", "whatsapp", "messenger", "alpha"])
def test_it_leaves_these_senders_alone_without_advanced_opt_out(sender: SenderKind) -> None:
    found = judge("STOP", sender=sender)
    assert found.kind is None
    assert found.detail.endswith(".")
    assert follow("STOP", "opted_in", sender=sender).consent_after == "opted_in"


@pytest.mark.parametrize("sender", ["long_code", "short_code", "whatsapp", "rcs"])
def test_it_covers_every_answerable_sender_with_advanced_opt_out(sender: SenderKind) -> None:
    found = judge("goodbye", sender=sender, advanced=ADVANCED)
    assert (found.kind, found.layer, found.keyword, found.reply) == ("STOP", "standard", "GOODBYE", "Bye.")


@pytest.mark.parametrize("sender", ["alpha", "messenger"])
def test_it_has_nothing_to_cover_where_no_reply_can_come(sender: SenderKind) -> None:
    assert judge("STOP", sender=sender, advanced=ADVANCED).kind is None


def test_it_replaces_the_default_words_by_the_services_own() -> None:
    assert judge("CANCEL", advanced=ADVANCED).kind is None
    assert judge("CANCEL", advanced=None).kind == "STOP"


def test_it_does_not_apply_a_services_words_outside_it() -> None:
    assert judge("GOODBYE", advanced=ADVANCED, in_service=False).kind is None
    assert judge("CANCEL", advanced=ADVANCED, in_service=False).kind == "STOP"


@pytest.mark.parametrize(
    ("text", "country", "kind", "layer", "language", "reply"),
    [
        ("stop", "CA", "STOP", "country", "English", "Bye, eh."),
        ("arrêt", "CA", "STOP", "country", "French", "Au revoir."),
        ("stop", "US", "STOP", "standard", None, "Bye."),
        ("goodbye", "CA", "STOP", "standard", None, "Bye."),  # falls back
        ("help", "CA", "HELP", "standard", None, "Call us."),
        ("ayuda", "US", "HELP", "language", "Spanish", "Llámenos."),
        ("alto", "GB", "STOP", "language", "Spanish", "Adiós."),
        ("ayuda", "CA", None, None, None, None),  # a country with its own words has no language layer
        ("enough", "US", None, None, None, None),
    ],
)
def test_it_asks_country_then_language_then_standard(
    text: str, country: str, kind: str | None, layer: str | None, language: str | None, reply: str | None
) -> None:
    found = judge(text, country=country, advanced=ADVANCED)

    assert (found.kind, found.layer, found.language, found.reply) == (kind, layer, language, reply)
    assert found.country == (country if layer == "country" else None)


def test_it_hears_stop_even_where_a_faulty_configuration_lost_it() -> None:
    bare = KeywordConfig(standard=KeywordSets(help=KeywordSet(("HELP", "STOP"), "Call us.")))
    assert [judge(word, advanced=bare).kind for word in ("stop", "start", "unstop", "help")] == [
        "STOP",
        "START",
        "START",
        "HELP",
    ]


def test_it_repeats_what_toll_free_carriers_say() -> None:
    stop = judge("stop", sender="toll_free")
    assert stop.network_reply == (
        'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
        'Text back "unstop" to receive messages again.'
    )
    assert (stop.kind, stop.layer, stop.reply) == ("STOP", "network", None)

    for word in ("unstop", "start"):
        back = judge(word, sender="toll_free")
        assert back.kind == "START"
        assert back.network_reply == (
            f'NETWORK MSG: You have replied "{word}" and will begin receiving messages again from this number.'
        )
        assert back.reply is None


@pytest.mark.parametrize("advanced", [None, ADVANCED])
def test_it_does_not_let_yes_lift_a_toll_free_block(advanced: KeywordConfig | None) -> None:
    result = follow("YES", "opted_out", sender="toll_free", advanced=advanced)
    assert (result.consent_after, result.replies, result.opt_out_type_param) == ("opted_out", (), None)


def test_it_leaves_the_other_default_words_of_toll_free_to_the_application() -> None:
    assert judge("CANCEL", sender="toll_free").kind is None
    assert judge("INFO", sender="toll_free").kind == "HELP"
    assert follow("HELP", "opted_in", sender="toll_free").replies == (DEFAULTS.help.message,)


def test_it_adds_the_services_reply_to_the_carriers_for_start_but_not_for_stop() -> None:
    stop = follow("STOP", "opted_in", sender="toll_free", advanced=ADVANCED)
    assert len(stop.replies) == 1
    assert stop.replies[0].startswith("NETWORK MSG")
    assert (stop.consent_after, stop.opt_out_type_param) == ("opted_out", "STOP")

    start = follow("START", "opted_out", sender="toll_free", advanced=ADVANCED)
    assert start.replies[0].startswith("NETWORK MSG")
    assert start.replies[1:] == ("Welcome back.",)
    assert (start.consent_after, start.opt_out_type_param) == ("opted_in", "START")


def test_it_lets_a_services_own_word_opt_out_of_a_toll_free_number() -> None:
    result = follow("GOODBYE", "opted_in", sender="toll_free", advanced=ADVANCED)
    assert (result.consent_after, result.replies) == ("opted_out", ("Bye.",))


def test_it_cannot_lift_the_carriers_block_by_a_word_of_the_services() -> None:
    held = follow("JOIN", "opted_out", sender="toll_free", advanced=ADVANCED, network_blocked=True)
    assert (held.consent_after, held.replies) == ("opted_out", ())
    ours = follow("JOIN", "opted_out", sender="toll_free", advanced=ADVANCED)
    assert (ours.consent_after, ours.replies) == ("opted_in", ("Welcome back.",))
    lifted = follow("START", "opted_out", sender="toll_free", advanced=ADVANCED, network_blocked=True)
    assert lifted.consent_after == "opted_in"


@pytest.mark.parametrize(
    ("text", "before", "after", "reply", "param"),
    [
        ("STOP", "opted_in", "opted_out", "Bye.", "STOP"),
        ("STOP", "opted_out", "opted_out", None, "STOP"),  # a second STOP is not answered
        ("START", "opted_out", "opted_in", "Welcome back.", "START"),
        ("START", "opted_in", "opted_in", "Welcome back.", "START"),
        ("HELP", "opted_in", "opted_in", "Call us.", "HELP"),
        ("HELP", "opted_out", "opted_out", None, "HELP"),  # no help to someone who opted out
        ("Hello", "opted_in", "opted_in", None, None),
        ("Hello", "opted_out", "opted_out", None, None),
    ],
)
def test_it_draws_the_consequences(
    text: str, before: Consent, after: Consent, reply: str | None, param: OptOutType | None
) -> None:
    advanced = follow(text, before, advanced=ADVANCED)
    assert advanced.consent_after == after
    assert advanced.replies == ((reply,) if reply else ())
    assert advanced.opt_out_type_param == param
    assert advanced.webhook

    default = follow(text, before)
    assert default.consent_after == after
    assert len(default.replies) == len(advanced.replies)
    assert default.opt_out_type_param is None  # said only with Advanced Opt-Out
    assert default.webhook


def test_it_sends_no_empty_reply() -> None:
    silent = KeywordConfig(standard=KeywordSets(opt_out=KeywordSet(("STOP",), "")))
    assert follow("STOP", "opted_in", advanced=silent).replies == ()


SENDERS: list[SenderKind] = ["long_code", "toll_free", "short_code", "alpha", "whatsapp", "rcs", "messenger"]
CONFIGS = st.sampled_from([None, KeywordConfig(), ADVANCED])
TEXTS = st.text(max_size=40) | st.sampled_from(["STOP", "start", "Help", "yes", "JOIN", "alto", "STOP.", "enough"])


@given(
    text=TEXTS,
    sender=st.sampled_from(SENDERS),
    country=st.sampled_from(["US", "CA", "GB", "001"]),
    advanced=CONFIGS,
    before=st.sampled_from(["opted_in", "opted_out"]),
)
def test_it_never_answers_the_opted_out_unless_they_come_back(
    text: str, sender: SenderKind, country: str, advanced: KeywordConfig | None, before: Consent
) -> None:
    found = judge(text, sender=sender, country=country, advanced=advanced)
    result = outcome(found, consent_before=before, sender_kind=sender, advanced=advanced)

    if before == "opted_out" and result.replies:
        assert found.kind == "START"
    if result.consent_after != before:
        assert found.kind == ("STOP" if result.consent_after == "opted_out" else "START")
    if found.kind is None:
        assert (result.consent_after, result.replies, result.opt_out_type_param) == (before, (), None)
    assert result.webhook
    assert found.detail.endswith(".")


@given(text=TEXTS, padding=st.text(alphabet=" \t\r\n\u3000\u00a0", max_size=4), sender=st.sampled_from(SENDERS))
def test_it_ignores_case_and_outer_white_space(text: str, padding: str, sender: SenderKind) -> None:
    plain = judge(text, sender=sender, advanced=ADVANCED)
    padded = judge(padding + text + padding, sender=sender, advanced=ADVANCED)
    assert (plain.kind, plain.keyword, plain.reply) == (padded.kind, padded.keyword, padded.reply)
    if text.isascii():
        assert judge(text.swapcase(), sender=sender, advanced=ADVANCED).kind == plain.kind
