"""Record screens of registrations. They are made, edited and decided on the Registrations pages."""

from django.contrib import admin

from msgconsole.accounts.audit import Actor
from msgconsole.admin_base.action_admin import ActionModelAdmin
from msgconsole.admin_base.record_admin import AccountFilter, RecordAdmin
from services.compliance import actions
from services.compliance.models import BrandRegistration, BrandVetting, Campaign, TollfreeVerification

DATES = ("date_created", "date_updated")


@admin.register(BrandRegistration)
class BrandRegistrationAdmin(RecordAdmin):
    about = "Who sends, as the US carriers know it. Campaigns are registered in a brand's name."
    list_display = ("sid", "business_name", "brand_type", "status", "identity_status", "account", "date_created")
    list_filter = (AccountFilter, "status", "brand_type")
    list_select_related = ("account",)
    search_fields = ("sid__exact", "business_name__icontains", "tcr_id__exact")
    search_help_text = "SID, name or id in the campaign registry"
    fields = (
        "sid",
        "account",
        "business_name",
        "brand_type",
        "status",
        "identity_status",
        "tcr_id",
        "brand_score",
        "errors",
        "customer_profile_bundle_sid",
        "a2p_profile_bundle_sid",
        "mock",
        "skip_automatic_sec_vet",
        "resubmissions",
        "codes_sent",
        "review_round",
        *DATES,
    )


@admin.register(BrandVetting)
class BrandVettingAdmin(RecordAdmin):
    about = "A third party's word on a brand."
    account_path = "brand__account"
    list_display = ("sid", "brand", "provider", "status", "date_created")
    list_filter = (AccountFilter, "provider", "status")
    list_select_related = ("brand",)
    search_fields = ("sid__exact", "brand__sid__exact")
    search_help_text = "SID of the vetting or the brand"
    fields = ("sid", "brand", "provider", "vetting_id", "status", *DATES)


@admin.register(Campaign)
class CampaignAdmin(ActionModelAdmin):
    about = "What a Service sends to people in the US, as its carriers approved it: one for each Service."
    list_display = ("sid", "service", "brand", "us_app_to_person_usecase", "status", "account", "date_created")
    list_filter = (AccountFilter, "status", "is_externally_registered")
    list_select_related = ("service", "brand", "account")
    list_defer = ("description", "message_flow")
    search_fields = ("sid__exact", "service__sid__exact", "campaign_id__exact")
    search_help_text = "SID of the campaign or the Service, or id in the campaign registry"
    fields = (
        "sid",
        "account",
        "service",
        "brand",
        "status",
        "campaign_id",
        "us_app_to_person_usecase",
        "description",
        "message_flow",
        "message_samples",
        "has_embedded_links",
        "has_embedded_phone",
        "subscriber_opt_in",
        "age_gated",
        "direct_lending",
        "opt_in_message",
        "opt_out_message",
        "help_message",
        "opt_in_keywords",
        "opt_out_keywords",
        "help_keywords",
        "privacy_policy_url",
        "terms_and_conditions_url",
        "is_externally_registered",
        "cnp_migration",
        "mock",
        "rate_limits",
        "errors",
        "suspended_with_brand",
        "review_round",
        *DATES,
    )

    def delete_action(self, *, record: Campaign, actor: Actor) -> None:
        actions.delete_campaign(campaign=record, actor=actor)

    def consequences(self, record: Campaign) -> list[str]:
        return ["The Service counts as not registered; messages from its US long codes to the US will fail."]


@admin.register(TollfreeVerification)
class TollfreeVerificationAdmin(ActionModelAdmin):
    about = "What a toll-free number is used for, told to the carriers before it may send."
    list_display = ("tollfree_phone_number", "sid", "status", "account", "date_created")
    list_filter = (AccountFilter, "status")
    list_select_related = ("account",)
    list_defer = ("answers",)
    search_fields = ("tollfree_phone_number__startswith", "sid__exact", "tollfree_phone_number_sid__exact")
    search_help_text = "Number (+1…), SID of the verification or the number"
    fields = (
        "tollfree_phone_number",
        "tollfree_phone_number_sid",
        "sid",
        "account",
        "status",
        "rejections",
        "answers",
        "external_reference_id",
        "customer_profile_sid",
        "trust_product_sid",
        "regulated_item_sid",
        "edit_reason",
        "edit_expiration",
        "review_round",
        *DATES,
    )

    def delete_action(self, *, record: TollfreeVerification, actor: Actor) -> None:
        actions.delete_verification(verification=record, actor=actor)

    def consequences(self, record: TollfreeVerification) -> list[str]:
        return ["The number counts as not verified; its messages to the US and Canada will fail."]
