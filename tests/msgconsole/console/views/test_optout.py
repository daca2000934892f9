import pytest
from django.urls import reverse

from services.models import OptOutKeywordSet
from services.optout.keywords import DEFAULTS, KINDS
from tests.console_client import logged_in, text

pytestmark = pytest.mark.django_db


def tab(service):
    return reverse("console:service_opt_out", args=[service.sid])


def place(service, query="layer=standard"):
    return f"{reverse('console:service_opt_out_place', args=[service.sid])}?{query}"


def standard(**changes):
    """What the form of the standard layer posts when nothing was changed, but for ``changes``."""
    posted = {"layer": "standard"}
    for kind in KINDS:
        posted[f"{kind}_keywords"] = ", ".join(DEFAULTS.of(kind).keywords)
        posted[f"{kind}_message"] = DEFAULTS.of(kind).message
    return posted | changes


def words(service, kind, **where):
    return OptOutKeywordSet.objects.get(service=service, kind=kind, **({"layer": "standard"} | where)).keywords


def test_the_page_shows_the_standard_words_and_which_are_fixed(alice, service):
    page = text(alice.get(tab(service)))
    assert "UNSUBSCRIBE" in page
    assert "fixed" in page
    assert "Advanced Opt-Out is off" in page


def test_words_are_changed_with_commas_and_line_ends(alice, service):
    answer = alice.post(place(service), standard(opt_out_keywords="STOP, ENOUGH\nBASTA"))
    assert answer.status_code == 302, answer.context["form"].errors
    assert words(service, "opt_out") == ["STOP", "ENOUGH", "BASTA"]
    service.refresh_from_db()
    assert service.config_version > 1


def test_a_fixed_word_cannot_be_removed_and_the_form_names_it(alice, service):
    answer = alice.post(place(service), standard(opt_out_keywords="ENOUGH"))
    assert answer.status_code == 200
    assert "STOP cannot be removed" in str(answer.context["form"].errors["opt_out_keywords"])
    assert "STOP" in words(service, "opt_out")


def test_every_conflicting_word_is_named_at_its_field(alice, service):
    answer = alice.post(place(service), standard(help_keywords="HELP, QUIT, YES"))
    errors = str(answer.context["form"].errors["help_keywords"])
    assert "QUIT" in errors
    assert "YES" in errors


def test_a_word_moves_from_one_set_to_another_in_one_go(alice, service):
    opt_in = "START, UNSTOP"
    opt_out = ", ".join([*DEFAULTS.opt_out.keywords, "YES"])
    answer = alice.post(place(service), standard(opt_in_keywords=opt_in, opt_out_keywords=opt_out))
    assert answer.status_code == 302, answer.context["form"].errors
    assert "YES" in words(service, "opt_out")
    assert "YES" not in words(service, "opt_in")


def test_a_language_is_added_changed_and_removed(alice, service):
    new = place(service, "layer=language")
    posted = {"layer": "language", "language": "Spanish", "help_keywords": "AYUDA", "help_message": "Escriba STOP."}
    assert alice.post(new, posted).status_code == 302
    assert words(service, "help", layer="language", language="Spanish") == ["AYUDA"]
    there = place(service, "layer=language&language=Spanish")
    assert "AYUDA" in text(alice.get(there))
    assert alice.post(there, posted | {"help_keywords": "AYUDA, SOS"}).status_code == 302
    assert words(service, "help", layer="language", language="Spanish") == ["AYUDA", "SOS"]
    gone = reverse("console:service_opt_out_remove", args=[service.sid]) + "?layer=language&language=Spanish"
    assert "AYUDA" in text(alice.get(gone)), "what goes is shown first"
    assert alice.post(gone).status_code == 302
    assert not OptOutKeywordSet.objects.filter(service=service, layer="language").exists()


def test_a_country_has_its_own_words_per_language(alice, service):
    posted = {
        "layer": "country",
        "country": "CH",
        "language": "German",
        "opt_out_keywords": "STOPP",
        "opt_out_message": "Abgemeldet.",
    }
    assert alice.post(place(service, "layer=country"), posted).status_code == 302
    assert words(service, "opt_out", layer="country", country="CH", language="German") == ["STOPP"]
    assert "Switzerland, German" in text(alice.get(tab(service)))
    again = alice.post(place(service, "layer=country"), posted)
    assert again.status_code == 200
    assert "has keywords already" in text(again)


@pytest.mark.parametrize(
    "posted, field",
    [
        ({"country": "", "language": "German", "help_keywords": "HILFE", "help_message": "x"}, "country"),
        ({"country": "CH", "language": "", "help_keywords": "HILFE", "help_message": "x"}, "language"),
        ({"country": "CH", "language": "German", "help_keywords": "HILFE"}, "help_message"),
        ({"country": "CH", "language": "German", "help_keywords": "x" * 31, "help_message": "x"}, "help_keywords"),
        ({"country": "CH", "language": "German"}, "__all__"),
    ],
    ids=["no country", "no language", "no reply", "word too long", "no words"],
)
def test_what_is_wrong_with_a_new_place_stands_at_its_field(alice, service, posted, field):
    answer = alice.post(place(service, "layer=country"), {"layer": "country", **posted})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not OptOutKeywordSet.objects.filter(service=service, layer="country").exists()


def test_a_place_that_is_not_there_is_not_found(alice, service):
    assert alice.get(place(service, "layer=language&language=Zulu")).status_code == 404
    assert alice.get(place(service, "layer=nowhere")).status_code == 404


def test_advanced_opt_out_is_switched_on_and_off_with_a_warning(alice, service):
    assert "people get two replies" in text(alice.get(tab(service)))
    alice.post(tab(service), {"advanced": "on"})
    service.refresh_from_db()
    assert service.advanced_opt_out
    assert "short codes and WhatsApp senders answer nothing" in text(alice.get(tab(service)))
    alice.post(tab(service), {"advanced": "off"})
    service.refresh_from_db()
    assert not service.advanced_opt_out


def test_the_tester_tells_match_reply_and_block(alice, service):
    asked = {"text": " stop ", "sender_kind": "long_code", "country": "US", "consent": "opted_in"}
    answer = alice.get(tab(service), asked)
    found, after = answer.context["tested"]
    assert (found.kind, after.consent_after) == ("STOP", "opted_out")
    assert DEFAULTS.opt_out.message in answer.content.decode().replace("&amp;", "&")


def test_the_tester_uses_own_words_only_while_they_apply(alice, service):
    alice.post(place(service), standard(opt_out_keywords="STOP, BASTA"))
    asked = {"text": "basta", "sender_kind": "short_code", "country": "US", "consent": "opted_in"}
    assert alice.get(tab(service), asked).context["tested"][0].kind is None
    alice.post(tab(service), {"advanced": "on"})
    assert alice.get(tab(service), asked).context["tested"][0].kind == "STOP"


def test_a_viewer_sees_the_words_and_no_way_to_change_them(everyone, service):
    bob = logged_in(everyone.bob, everyone.acme)
    page = text(bob.get(tab(service)))
    assert "UNSUBSCRIBE" in page
    assert "Add a language" not in page
    assert "Switch it on" not in page
    assert bob.get(place(service)).status_code == 403
    assert bob.post(tab(service), {"advanced": "on"}).status_code == 403
