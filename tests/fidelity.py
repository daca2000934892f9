"""FIDELITY.md: how faithful each resource is, and which test shows it. ``make fidelity`` writes it.

``BEHAVIOURS`` is the list; a test holds that each of its tests exists, that no operation is missing, and that the
file is the one this module writes.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "FIDELITY.md"
C = "contract/"
MESSAGES, POOLS, SERVICES = f"{C}test_messages.py", f"{C}test_pools.py", f"{C}test_services.py"
EVERY, CLIENT, HAZARDS = f"{C}test_every_resource.py", f"{C}test_twilio_client.py", f"{C}test_client_hazards.py"
ACCOUNTS, REFUSALS, HERE = f"{C}test_accounts.py", f"{C}test_refusals.py", f"{C}test_fidelity.py"
WALK, CERTIFICATES = f"{C}test_all_operations.py", f"{C}test_certificates.py"
BRANDS, CAMPAIGNS = "services/compliance/test_brands.py", "services/compliance/test_campaigns.py"
VERIFICATIONS, LINKS = "services/compliance/test_verifications.py", "services/linkshortening/test_domains.py"
DISPATCH, REPEATS = "msgconsole/messaging/test_dispatch.py", "msgconsole/messaging/test_repeats.py"
FAULTS, CALLBACKS = "msgconsole/messaging/test_carrier_faults.py", "msgconsole/messaging/test_callbacks.py"
DELIVER, SIGNATURE = "msgconsole/webhooks/test_deliver.py", "msgconsole/webhooks/test_signature.py"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """``verdict``: same, differs or not served. ``test``: file and name of what shows it."""

    resource: str
    what: str
    verdict: str
    file: str
    test: str

    @property
    def shown_by(self) -> str:
        return f"tests/{self.file}::test_{self.test}"


def _of(resource: str, *rows: tuple[str, str, str, str]) -> tuple[Behaviour, ...]:
    return tuple(Behaviour(resource, *row) for row in rows)


SAME, DIFFERS, NOT = "same", "differs", "not served"

BEHAVIOURS: tuple[Behaviour, ...] = (
    *_of(
        "Everywhere",
        (
            "All 91 operations answer the official Python client; every declared property is present and typed",
            SAME,
            WALK,
            "the_client_reaches_every_operation_and_gets_what_is_declared",
        ),
        (
            "The official Node client works: first steps, paging, errors, webhook validation",
            SAME,
            f"{C}test_node_client.py",
            "the_node_client_does_what_it_does_with_the_original",
        ),
        ("Basic auth with AccountSid and token, or with an API key", SAME, CLIENT, "an_api_key_acts_for_its_account"),
        ("401/20003 without valid credentials", SAME, EVERY, "it_asks_for_credentials"),
        ("401/20005 for an account that is not active", SAME, EVERY, "an_account_that_is_not_active_may_not_come_in"),
        (
            "Error bodies: code, message, more_info, status; never type and title",
            SAME,
            HAZARDS,
            "an_error_is_a_rest_exception_and_no_other",
        ),
        (
            "Every refusal an operation documents can be had, with its code and status",
            SAME,
            REFUSALS,
            "a_refusal_of_its_own_can_be_had",
        ),
        (
            "more_info leads to a page of this console instead of the original's",
            DIFFERS,
            REFUSALS,
            "the_refusals_of_every_operation_can_be_had",
        ),
        (
            "Keyset pages in both directions; page tokens survive inserts and deletes",
            SAME,
            EVERY,
            "pages_follow_each_other_in_both_directions",
        ),
        ("PageSize above 1000 is clamped", SAME, EVERY, "a_page_size_above_1000_is_1000"),
        (
            "Links in bodies lead to this host, never to the original",
            SAME,
            HAZARDS,
            "no_address_in_a_body_leads_to_another_host",
        ),
        (
            "Dates: ISO 8601 in v1, RFC 2822 in 2010-04-01, whole seconds",
            SAME,
            HAZARDS,
            "dates_are_read_as_dates_though_the_database_keeps_fractions",
        ),
        (
            "405/20004 with Allow; HEAD like GET; OPTIONS answers 204 with Allow",
            SAME,
            EVERY,
            "it_names_the_methods_it_has_when_another_is_used",
        ),
        ("JSON request bodies are refused with 415", SAME, EVERY, "a_json_body_is_refused"),
        (
            "A rate limit per account and second with Retry-After, instead of limits per endpoint",
            DIFFERS,
            "msgconsole/api/test_throttling.py",
            "calls_above_the_limit_are_told_when_to_come_back",
        ),
        ("Two hosts of the original are one here", DIFFERS, HAZARDS, "page_links_lead_back_to_this_host_with_its_port"),
        ("XML answers (2010 addresses without .json)", NOT, HERE, "xml_is_not_served"),
    ),
    *_of(
        "Services",
        ("Every parameter is stored and returned", SAME, SERVICES, "every_parameter_is_stored_on_create_and_on_update"),
        ("Defaults of a new Service", SAME, SERVICES, "a_new_service_has_the_documented_defaults"),
        ("Unknown parameters are ignored", SAME, SERVICES, "unknown_and_read_only_parameters_are_ignored"),
        (
            "Deleting a Service frees its numbers",
            SAME,
            POOLS,
            "deleting_a_service_frees_its_numbers_and_ends_its_alpha_senders",
        ),
        ("ValidityPeriod 1 to 36000", SAME, SERVICES, "a_bad_parameter_is_refused_on_create_and_on_update"),
        (
            "/Messages under a Service is linked by the original without an operation; here it lists",
            DIFFERS,
            MESSAGES,
            "a_service_lists_its_own_messages_in_the_manner_of_v1",
        ),
        (
            "FallbackToLongCode, ScanMessageContent, SynchronousValidation are stored without effect",
            SAME,
            SERVICES,
            "every_parameter_is_stored_on_create_and_on_update",
        ),
    ),
    *_of(
        "Sender pools",
        (
            "A number or short code is in one Service; 409/21710 and 21712",
            SAME,
            POOLS,
            "a_number_is_in_one_service_at_most",
        ),
        (
            "SIDs and capabilities of pooled numbers",
            SAME,
            POOLS,
            "a_pooled_number_has_its_own_sid_and_capabilities_in_order",
        ),
        ("Pool limit 400 (21714), here a setting", SAME, POOLS, "a_full_pool_and_a_number_without_texts_are_refused"),
        ("Alpha sender rules (21708, 21709)", SAME, POOLS, "an_alpha_sender_that_cannot_be_one_is_refused"),
        (
            "One plain alpha sender a Service, one a country among destination alpha senders",
            SAME,
            POOLS,
            "a_missing_alpha_sender_and_a_second_one_are_refused",
        ),
        ("What leaves a pool stays on the account", SAME, POOLS, "what_leaves_a_pool_stays_on_the_account"),
        ("Channel senders: WhatsApp, Messenger, RCS", SAME, POOLS, "channel_senders_say_what_they_are"),
    ),
    *_of(
        "Messages",
        (
            "With a Service: accepted, from null, no segments; the sender is named later",
            SAME,
            MESSAGES,
            "a_service_accepts_before_it_has_a_sender_and_then_names_it",
        ),
        (
            "With a bare From: queued, sender and segments at once",
            SAME,
            MESSAGES,
            "a_bare_from_is_queued_with_its_sender_and_segments_at_once",
        ),
        ("A Service SID in From", SAME, MESSAGES, "a_service_sid_in_from_counts_as_the_service"),
        (
            "Faults of form are told at once with their codes",
            SAME,
            MESSAGES,
            "a_fault_of_form_is_refused_at_once_with_its_code",
        ),
        (
            "Faults of the recipient fail later with a Service, at once without",
            SAME,
            MESSAGES,
            "a_fault_of_the_recipient_is_accepted_and_then_fails",
        ),
        (
            "Scheduling 300 seconds to 35 days ahead; cancel while scheduled",
            SAME,
            MESSAGES,
            "a_scheduled_message_can_be_cancelled_once",
        ),
        (
            "Redact and delete once final, 20009 before",
            SAME,
            MESSAGES,
            "a_final_message_can_be_redacted_and_deleted_and_an_open_one_cannot",
        ),
        ("DateSent filters: whole days, both ends included", SAME, MESSAGES, "dates_include_what_they_name"),
        (
            "Media: list, fetch, delete; the bare address leads to the file",
            SAME,
            MESSAGES,
            "media_make_an_mm_sid_and_are_listed_with_their_type",
        ),
        (
            "Media stay where the sender put them; the original keeps a copy",
            DIFFERS,
            MESSAGES,
            "media_make_an_mm_sid_and_are_listed_with_their_type",
        ),
        ("Feedback", SAME, MESSAGES, "feedback_is_noted_on_the_timeline_at_any_time"),
        ("Tags come back as an object", SAME, MESSAGES, "tags_come_back_as_an_object"),
        (
            "An idempotency token makes a retried send safe; the original has none here",
            DIFFERS,
            REPEATS,
            "the_same_token_and_parameters_answer_the_same_message",
        ),
        (
            "A full queue: 21611 at once, or 30001 with a Service",
            SAME,
            DISPATCH,
            "a_full_queue_fails_a_message_of_a_service",
        ),
        ("A validity period that ran out: 30036", SAME, DISPATCH, "what_waited_too_long_fails"),
        (
            "A simulated carrier takes all traffic; recipients are told apart by magic numbers",
            DIFFERS,
            FAULTS,
            "the_carriers_fault_is_the_messages",
        ),
        (
            "Content templates: ContentSid is stored, its text is not fetched",
            DIFFERS,
            HERE,
            "a_content_template_is_stored_and_not_looked_up",
        ),
    ),
    *_of(
        "Webhooks",
        (
            "X-Twilio-Signature that the official validators accept",
            SAME,
            CLIENT,
            "callbacks_are_signed_so_that_its_validator_accepts_them",
        ),
        (
            "Parameters of a status callback; the first status is not told",
            SAME,
            CALLBACKS,
            "each_announced_change_is_called_back_with_its_parameters",
        ),
        (
            "The message's StatusCallback wins over the Service's",
            SAME,
            CALLBACKS,
            "the_services_callback_is_used_when_the_message_has_none",
        ),
        (
            "Connection overrides in the fragment; retries keep their token",
            SAME,
            DELIVER,
            "the_fragment_can_ask_for_retries_with_one_token",
        ),
        ("Redirects are not followed", SAME, DELIVER, "redirects_are_not_followed"),
        ("Private addresses are refused unless allowed", DIFFERS, DELIVER, "a_private_address_is_never_called"),
        ("Fragment and credentials are not signed", SAME, SIGNATURE, "fragment_and_credentials_are_not_signed"),
    ),
    *_of(
        "Phone numbers and short codes",
        ("Buying by number, by AreaCode, by type; releasing", SAME, POOLS, "a_number_can_be_had_by_area_code"),
        (
            "Typed lists show their own type, without the property type",
            SAME,
            POOLS,
            "typed_lists_take_and_show_their_own_type",
        ),
        ("Filters: digits, patterns, names", SAME, POOLS, "numbers_are_found_by_digits_by_pattern_and_by_name"),
        ("All documented properties and defaults", SAME, POOLS, "a_bought_number_shows_the_documented_values"),
        (
            "Voice, fax and address settings are stored without effect",
            DIFFERS,
            POOLS,
            "an_update_keeps_what_concerns_voice_and_texts_alike",
        ),
        (
            "Any well-formed number that nobody here has can be had",
            DIFFERS,
            POOLS,
            "a_number_is_had_once_in_the_whole_install",
        ),
        (
            "Short codes are set up but not made over the API",
            SAME,
            POOLS,
            "a_short_code_is_set_up_but_neither_made_nor_ended_here",
        ),
        (
            "AccountSid hands a number to a subaccount or back; it leaves its pool",
            SAME,
            POOLS,
            "a_number_is_handed_to_a_subaccount_and_back",
        ),
        (
            "AvailablePhoneNumbers, add-ons of a number, applications, addresses",
            NOT,
            HERE,
            "other_resources_are_not_found",
        ),
    ),
    *_of(
        "Accounts and keys",
        (
            "Subaccounts: create, list with the parent, suspend, wake, close",
            SAME,
            ACCOUNTS,
            "a_parent_suspends_wakes_and_closes_its_subaccount",
        ),
        ("A subaccount may not create accounts (21101)", SAME, ACCOUNTS, "a_subaccount_is_made_and_can_log_in"),
        (
            "Keys and signing keys: the secret comes once; both log in",
            SAME,
            ACCOUNTS,
            "a_keys_secret_comes_once_and_opens_until_the_key_is_deleted",
        ),
        (
            "An API key may read accounts and keys, but not change them",
            DIFFERS,
            REFUSALS,
            "a_refusal_of_its_own_can_be_had",
        ),
        (
            "subresource_uris lists what is served, and every one of them leads somewhere",
            DIFFERS,
            ACCOUNTS,
            "the_links_of_an_account_lead_somewhere",
        ),
        (
            "Balance is what the messages came to; nothing is ever paid in",
            DIFFERS,
            MESSAGES,
            "the_balance_is_what_the_messages_came_to",
        ),
    ),
    *_of(
        "A2P 10DLC",
        (
            "Brands through their states, with score and id",
            SAME,
            BRANDS,
            "a_brand_waits_in_the_outbox_and_is_then_approved_with_a_score_and_an_id",
        ),
        (
            "A failed brand may be submitted three times more (21724)",
            SAME,
            BRANDS,
            "a_failed_brand_may_be_sent_in_three_times_more",
        ),
        (
            "Vettings; one Campaign Verify token at a time",
            SAME,
            BRANDS,
            "one_campaign_verify_token_is_imported_at_a_time_and_each_for_one_brand",
        ),
        (
            "Campaigns through their states; the Service is registered once verified",
            SAME,
            CAMPAIGNS,
            "a_campaign_goes_through_its_states_and_registers_its_service",
        ),
        (
            "Default keywords and replies of a campaign",
            SAME,
            CAMPAIGNS,
            "what_was_not_said_has_the_documented_defaults",
        ),
        ("Lengths of a campaign's texts (21728)", SAME, CAMPAIGNS, "a_faulty_answer_is_refused_with_its_code"),
        (
            "A simulated reviewer decides within seconds; people can decide by hand",
            DIFFERS,
            CAMPAIGNS,
            "decisions_by_hand_overtake_the_reviewer",
        ),
        (
            "Campaigns that are registered elsewhere",
            SAME,
            CAMPAIGNS,
            "a_campaign_registered_elsewhere_is_verified_but_not_edited_here",
        ),
    ),
    *_of(
        "Toll-free verification",
        (
            "An approved verification verifies its number; a rejected one can be edited",
            SAME,
            VERIFICATIONS,
            "an_approved_verification_verifies_its_number",
        ),
        ("Required answers are asked for by name", SAME, VERIFICATIONS, "each_required_answer_is_asked_for_by_name"),
        ("One verification a number at a time (20409)", SAME, VERIFICATIONS, "a_number_has_one_verification_at_a_time"),
    ),
    *_of(
        "Link shortening and deactivations",
        (
            "The first POST of a configuration makes the domain; no other operation does",
            DIFFERS,
            LINKS,
            "the_first_configuration_makes_the_domain_and_later_ones_change_what_they_name",
        ),
        ("A Service uses one domain", SAME, LINKS, "a_service_uses_one_domain"),
        (
            "Deactivations answer 307 with a file of one day",
            SAME,
            f"{C}test_twilio_registrations.py",
            "it_brings_in_a_campaign_and_reads_deactivations",
        ),
        (
            "A domain's certificate is uploaded, validated, replaced and removed; a bad one is refused (30132)",
            SAME,
            CERTIFICATES,
            "a_certificate_is_uploaded_validated_replaced_and_removed",
        ),
        (
            "A managed certificate is issued on request, by a simulated authority",
            DIFFERS,
            CERTIFICATES,
            "a_managed_certificate_is_requested_and_issued",
        ),
        (
            "A check of a domain's DNS finds what the console was told it should",
            DIFFERS,
            CERTIFICATES,
            "the_dns_is_checked",
        ),
    ),
)


@cache
def tests_in(file: str) -> frozenset[str]:
    """The test functions of a file."""
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing_tests() -> list[str]:
    return [one.shown_by for one in BEHAVIOURS if f"test_{one.test}" not in tests_in(one.file)]


def written() -> str:
    """The whole file."""
    counts = {verdict: sum(one.verdict == verdict for one in BEHAVIOURS) for verdict in (SAME, DIFFERS, NOT)}
    lines = [
        "# Fidelity",
        "",
        "How faithful the API is to the original, resource by resource, and the test that shows each line. Written by",
        "`make fidelity` from `tests/fidelity.py`; tests hold that it is up to date and that every test named exists.",
        "",
        f"{counts[SAME]} behaviours are the same, {counts[DIFFERS]} differ, {counts[NOT]} are not served.",
    ]
    resource = ""
    for one in BEHAVIOURS:
        if one.resource != resource:
            resource = one.resource
            lines += ["", f"## {resource}", "", "| behaviour | | shown by |", "| --- | --- | --- |"]
        lines.append(f"| {one.what} | {one.verdict} | `{one.shown_by}` |")
    return "\n".join([*lines, *operations(), ""])


def operations() -> list[str]:
    """Every operation, from the API's own declarations; the walk through them all is what shows them."""
    from msgconsole.api.operations import all_declared
    from tests.contract.extra import EXTRA

    lines = ["", "## Operations", "", "| operation | address | answers | |", "| --- | --- | --- | --- |"]
    for one in all_declared():
        ours = one.path.startswith("/msgconsole/") or one.operation.id in EXTRA
        answers = ", ".join(str(status) for status in one.operation.answers)
        verdict = "of our own" if ours else SAME
        lines.append(f"| {one.operation.id} | `{one.method} {one.template}` | {answers} | {verdict} |")
    return lines


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msgconsole.settings.testing")
    django.setup()
    FILE.write_text(written(), encoding="utf-8")
