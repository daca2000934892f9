"""The form that registers a toll-free number: what everybody is asked, and what most people leave out."""

from typing import Any

from django import forms

from msgconsole.console.registration_forms import Choices, Lines, QuestionForm, switch, text_box
from msgconsole.console.sender_forms import Words
from services.compliance import verifications
from services.compliance.models import TollfreeVerification
from services.compliance.tollfree_answers import AUTHORITIES, BY_NAME, QUESTIONS, SEVERAL, Question

VOLUMES = ("10", "100", "1,000", "10,000", "100,000", "250,000", "500,000", "750,000", "1,000,000", "5,000,000")
_WORDS = {
    "TWO_FACTOR_AUTHENTICATION": "Two-factor authentication",
    "CHARITY_NONPROFIT": "Charity or non-profit",
    "K12": "K-12",
    "POLLING_AND_VOTING_NON_POLITICAL": "Polling and voting, not political",
    "VIA_TEXT": "They text a word",
    "MOBILE_QR_CODE": "They scan a QR code",
    "IMPORT": "Brought in from another list",
    "IMPORT_PLEASE_REPLACE": "Brought in, to be replaced by a better answer",
    "PRIVATE_PROFIT": "Private company",
    "PUBLIC_PROFIT": "Company listed on a stock exchange",
    "NON_PROFIT": "Non-profit",
    "CAMPAIGN_VERIFY": "Campaign Verify",
    "PROVINCIAL_NUMBER": "Provincial number",
    "OTHER": "Other",
} | {code: code for code in AUTHORITIES if code not in ("PROVINCIAL_NUMBER", "OTHER")}  # names of registers
LABELS = {
    "business_street_address2": "Street address, second line",
    "business_state_province_region": "State, province or region",
    "business_type": "Kind of business",
    "business_website": "Website",
    "business_name": "Business",
    "doing_business_as": "Trade name, if another",
    "notification_email": "Told of the decision",
    "use_case_categories": "For",
    "use_case_summary": "Who gets them, and why",
    "production_message_sample": "Example",
    "message_volume": "Messages a month, up to",
    "opt_in_type": "How people agree",
    "opt_in_image_urls": "Where that can be seen",
    "opt_in_keywords": "Words to opt in",
    "opt_in_confirmation_message": "Answer to those who opt in",
    "help_message_sample": "Answer to those who ask for help",
    "privacy_policy_url": "Address of the privacy policy",
    "terms_and_conditions_url": "Address of the terms",
    "age_gated_content": "For adults only",
    "vetting_provider": "Vetted by",
    "vetting_id": "Id of the vetting",
}
"""Short labels of the toll-free questions, where their own names do not do."""


def words_of(code: str) -> str:
    """``WEB_FORM`` → ``Web form``."""
    return _WORDS.get(code) or code.replace("_", " ").capitalize()


class TollfreeForm(QuestionForm):
    """With ``verification``: to edit one."""

    groups: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("The number and the business", ("number", "business_name", "business_website", "notification_email")),
        (
            "What you send",
            ("use_case_categories", "use_case_summary", "production_message_sample", "message_volume"),
        ),
        ("How people agree", ("opt_in_type", "opt_in_image_urls")),
        ("More about the business", ()),
    )
    aliases = {"tollfree_phone_number_sid": "number"}

    number = forms.ChoiceField(label="Which number sends these messages?")
    business_name = forms.CharField(label="What is the name of the business?", max_length=500)
    business_website = forms.CharField(
        label="What is its website?", max_length=500, help_text="Such as https://www.example.com."
    )
    notification_email = forms.EmailField(
        label="Who should hear of the decision?", help_text="An email address. Nothing is sent to it here."
    )
    use_case_categories = forms.MultipleChoiceField(
        label="What are the messages for?",
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, words_of(code)) for code in BY_NAME["use_case_categories"].choices],
    )
    use_case_summary = forms.CharField(
        label="Who gets them, and why?",
        widget=text_box(),
        max_length=2000,
        help_text="Such as “Patients who made an appointment are reminded of it a day before.” "
        "Write [reject] in it to see a rejection.",
    )
    production_message_sample = forms.CharField(
        label="What does such a message look like?", widget=text_box(2), max_length=1600
    )
    message_volume = forms.ChoiceField(
        label="How many do you send in a month?", choices=[(volume, f"up to {volume}") for volume in VOLUMES]
    )
    opt_in_type = forms.ChoiceField(
        label="How do people agree to get them?",
        choices=[(code, words_of(code)) for code in BY_NAME["opt_in_type"].choices],
        initial="WEB_FORM",
    )
    opt_in_image_urls = Lines(
        label="Where can the reviewer see that?",
        help_text="Addresses of pages or pictures that everybody can open, one a line.",
    )

    def __init__(
        self,
        *args: Any,
        numbers: Choices | None = None,
        verification: TollfreeVerification | None = None,
        **kwargs: Any,
    ) -> None:
        if verification is not None:
            kwargs["initial"] = {**verification.answers, "edit_reason": verification.edit_reason}
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            if question.name not in self.fields:
                self.fields[question.name] = _optional(question)
        if verification is None:
            self.set_choices("number", numbers or [])
            self.fields["external_reference_id"] = forms.CharField(
                label="Your own reference", required=False, max_length=255, help_text="Shown again by the API."
            )
        else:
            del self.fields["number"]
            volume = verification.answers["message_volume"]
            if volume not in VOLUMES:  # over the API any text is taken
                known_volumes = [(known, f"up to {known}") for known in VOLUMES]
                self.set_choices("message_volume", [(volume, volume), *known_volumes])
            reason = forms.CharField(label="Why do you edit it?", required=False, max_length=500)
            self.fields = {"edit_reason": reason, **self.fields}
            self.groups = (("The edit", ("edit_reason",)), *self.groups)

    def clean(self) -> None:
        """Everything that the answers themselves are refused for, at once: the action names the first alone."""
        for question, words in list(verifications.faults(self.cleaned_data)):
            self.add_error(question.name, f"{words} (20001)")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "number"}


def label_of(question: Question) -> str:
    return LABELS.get(question.name) or words_of(question.name.removeprefix("business_"))


def answer_words(question: Question, answer: Any) -> Any:
    """An answer that was chosen by its label; any other as it was given."""
    if not question.choices or not answer:
        return answer
    return ", ".join(map(words_of, answer)) if isinstance(answer, list) else words_of(answer)


def _optional(question: Question) -> forms.Field:
    label = label_of(question)
    if question.kind == "boolean":
        return switch(label)
    if question.choices:
        choices = [("", "Not said"), *((code, words_of(code)) for code in question.choices)]
        return forms.ChoiceField(label=label, required=False, choices=choices)
    if question.kind in SEVERAL:
        return Words(label=label, required=False, help_text="With commas.")
    return forms.CharField(label=label, required=False, max_length=question.longest)
