from typing import Any

import pytest

from services.compliance import review

FLOW = "People tick a box on our form to say that they want reminders by text."


def codes(verdict: review.Verdict) -> list[int]:
    return [fault.code for fault in verdict.faults]


def test_what_is_not_plainly_wrong_is_approved() -> None:
    assert review.brand(business_name="Acme", profile_sid="BU" + "0" * 32).approved
    assert review.campaign(description="Reminders", message_flow=FLOW, samples=["Acme: see you at 10."]).approved
    assert review.tollfree({"opt_in_image_urls": ["https://www.example.com/form.png"]}).approved


@pytest.mark.parametrize(
    "name, profile, expected",
    [
        ("Acme [reject]", "BU" + "0" * 32, [30701]),
        ("Acme [REJECT 30899]", "BU" + "0" * 32, [30899]),
        ("", "BU" + "f" * 24 + "00030799", [30799]),
        ("", "BU" + "f" * 27 + "30799", []),
    ],
)
def test_a_brand_is_rejected_on_purpose_by_name_or_profile(name: str, profile: str, expected: list[int]) -> None:
    assert codes(review.brand(business_name=name, profile_sid=profile)) == expected


@pytest.mark.parametrize(
    "changed, expected, fields",
    [
        ({"description": "Offers [reject]"}, 30897, ("DESCRIPTION",)),
        ({"message_flow": f"{FLOW} [reject 30896]"}, 30896, ("MESSAGE_FLOW",)),
        ({"samples": ["Acme: hello", "Buy this [reject]"]}, 30897, ("MESSAGE_SAMPLES",)),
        ({"samples": ["Acme: see https://bit.ly/3xyz"]}, 30892, ("MESSAGE_SAMPLES",)),
    ],
)
def test_a_campaign_is_rejected_for_its_texts(changed: dict[str, Any], expected: int, fields: tuple[str, ...]) -> None:
    given: dict[str, Any] = {"description": "Reminders", "message_flow": FLOW, "samples": ["Acme: see you."], **changed}
    (fault,) = review.campaign(**given).faults
    assert (fault.code, fault.fields) == (expected, fields)


@pytest.mark.parametrize(
    "url", ["http://localhost:8000/form.png", "https://192.168.1.4/form", "http://intranet/form", "http://10.0.0.1/f"]
)
def test_a_toll_free_verification_is_rejected_for_a_page_that_nobody_else_can_open(url: str) -> None:
    assert codes(review.tollfree({"opt_in_image_urls": ["https://www.example.com/a", url]})) == [30509]


def test_a_toll_free_verification_is_rejected_on_purpose() -> None:
    assert codes(review.tollfree({"use_case_summary": "Reminders [reject]"})) == [30440]
    assert codes(review.tollfree({"business_name": "Acme [reject 30482]"})) == [30482]


def test_a_fault_says_in_words_what_to_do() -> None:
    told = review.Fault(30892, ("MESSAGE_SAMPLES",)).to_dict()
    assert (told["error_code"], told["fields"]) == (30892, ["MESSAGE_SAMPLES"])
    assert "short link" in told["description"]
    assert review.Fault(30799).to_dict()["description"]


def test_the_owner_answers_the_first_text_unless_the_name_says_otherwise() -> None:
    assert review.owner_answers(business_name="Ana", codes_sent=1)
    assert not review.owner_answers(business_name="Ana [no answer]", codes_sent=1)
    assert review.owner_answers(business_name="Ana [no answer]", codes_sent=2)


def test_a_score_is_the_same_each_time_and_within_its_range() -> None:
    scores = {seed: review.score(seed) for seed in map(str, range(500))}
    assert all(25 <= score <= 100 for score in scores.values())
    assert scores == {seed: review.score(seed) for seed in scores}
    assert len(set(scores.values())) > 50


@pytest.mark.parametrize(
    "given, mps, tier",
    [
        ({"sole_proprietor": True, "usecase": "SOLE_PROPRIETOR", "brand_score": None}, 0.25, "LOW"),
        ({"sole_proprietor": False, "usecase": "LOW_VOLUME", "brand_score": 99}, 1.25, "LOW"),
        ({"sole_proprietor": False, "usecase": "MARKETING", "brand_score": 75}, 75, "TOP"),
        ({"sole_proprietor": False, "usecase": "MARKETING", "brand_score": 74}, 40, "UPPER_MID"),
        ({"sole_proprietor": False, "usecase": "MARKETING", "brand_score": 49}, 4, "LOWER_MID"),
        ({"sole_proprietor": False, "usecase": "MARKETING", "brand_score": None}, 1.25, "LOW"),
    ],
)
def test_a_better_score_lets_a_campaign_send_faster(given: dict[str, Any], mps: float, tier: str) -> None:
    limits = review.rate_limits(**given)
    assert (limits["att"]["mps"], limits["tmobile"]["brand_tier"]) == (mps, tier)


@pytest.mark.parametrize(
    "token, valid",
    [
        ("cv|1.0|tcr|10dlc|9975c339-d46f-49b7-a399-000000000000|GQ3-token", True),
        ("cv|1.0|tcr|10dlc|9975c339", False),
        ("token", False),
        ("", False),
    ],
)
def test_a_campaign_verify_token_has_six_parts(token: str, valid: bool) -> None:
    assert review.is_campaign_verify_token(token) is valid


def test_a_vetting_is_rejected_with_its_code() -> None:
    assert review.vetting(vetting_id="1234").approved
    verdict = review.vetting(vetting_id="1234 [reject]")
    assert [fault.to_dict()["error_code"] for fault in verdict.faults] == [30713]
