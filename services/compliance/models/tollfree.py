"""Toll-free verifications: what a toll-free number is used for, before the US and Canada let it send."""

from django.db import models

from msgconsole.accounts.models import Account
from msgconsole.sids import new_sid

LONGEST_REASON = 500


def verification_sid() -> str:
    return new_sid("HH")


class TollfreeVerification(models.Model):
    """The number is known by SID and address: the inventory lies in a layer above this one."""

    class Status(models.TextChoices):
        PENDING_REVIEW = "PENDING_REVIEW", "Waiting for review"
        IN_REVIEW = "IN_REVIEW", "In review"
        TWILIO_APPROVED = "TWILIO_APPROVED", "Approved"
        TWILIO_REJECTED = "TWILIO_REJECTED", "Rejected"

    sid = models.CharField(max_length=34, unique=True, default=verification_sid, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tollfree_verifications")
    tollfree_phone_number_sid = models.CharField(max_length=34)
    tollfree_phone_number = models.CharField(max_length=20)
    external_reference_id = models.CharField(max_length=255, blank=True)
    customer_profile_sid = models.CharField(max_length=34, blank=True)
    # Made when a verification with a customer profile goes into review.
    trust_product_sid = models.CharField(max_length=34, blank=True, editable=False)
    regulated_item_sid = models.CharField(max_length=34, blank=True, editable=False)
    # Every other question with its answer: see services/compliance/tollfree_answers.py.
    answers = models.JSONField(default=dict, blank=True)
    edit_reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    status = models.CharField(max_length=15, choices=Status, default=Status.PENDING_REVIEW, editable=False)
    # From its approval to a rejection, also while a later edit is reviewed: what makes its number verified.
    holds = models.BooleanField(default=False, editable=False)
    rejections = models.JSONField(default=list, blank=True, editable=False, help_text="Code and reason of each.")
    edit_expiration = models.DateTimeField(null=True, blank=True, editable=False)
    review_round = models.PositiveIntegerField(default=1, editable=False)
    date_created = models.DateTimeField(auto_now_add=True)
    date_updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="tollfree_by_account"),
            models.Index(fields=["account", "tollfree_phone_number_sid"], name="tollfree_by_number"),
        ]

    def __str__(self) -> str:
        return self.tollfree_phone_number
