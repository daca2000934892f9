"""Writes to toll-free verifications. What a decision means for the number follows in the same transaction."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.error_codes import Refused
from msgconsole.sids import is_sid, new_sid
from services.compliance import hooks, review
from services.compliance.campaign_texts import wire
from services.compliance.models import TollfreeVerification
from services.compliance.models.tollfree import LONGEST_REASON
from services.compliance.records import REVIEWER, change, create, locked, must_be, no_words, send_to_review
from services.compliance.review import Fault, Verdict
from services.compliance.tollfree_answers import QUESTIONS, SEVERAL, Question
from services.urls import is_web_url

Status = TollfreeVerification.Status
UNDECIDED = (Status.PENDING_REVIEW, Status.IN_REVIEW)
WHAT = "verification"
EDIT_WINDOW = timedelta(days=7)
"""How long a rejected verification goes first when it is edited; later it is one among all."""
_PHONE = re.compile(r"\+[1-9]\d{6,14}")


def create_verification(
    *,
    account: Account,
    actor: Actor,
    tollfree_phone_number_sid: str | None = None,
    customer_profile_sid: str | None = None,
    external_reference_id: str | None = None,
    **answers: Any,
) -> TollfreeVerification:
    """Submit a toll-free number of the account. ``answers``: see ``tollfree_answers.QUESTIONS``."""
    values = checked(answers)
    field = "tollfree_phone_number_sid"
    if not tollfree_phone_number_sid:
        raise Refused(20001, f"Missing required parameter {wire(field)} in the post body", field=field)
    if not is_sid(tollfree_phone_number_sid, "PN"):
        raise Refused(20001, f"Invalid {wire(field)}: give PN and 32 hex digits.", field=field)
    number = hooks.number_of(account, tollfree_phone_number_sid)
    if number is None:
        raise Refused(20001, f"{tollfree_phone_number_sid} is no number of this account.", field=field)
    if not number.is_toll_free:
        raise Refused(20001, f"{number.address} is not a toll-free number: only those are verified.", field=field)
    if customer_profile_sid and not is_sid(customer_profile_sid, "BU"):
        words = "Invalid CustomerProfileSid: give BU and 32 hex digits."
        raise Refused(20001, words, field="customer_profile_sid")
    with transaction.atomic():
        # The account's row is the lock: two submissions of one number at once must not both pass.
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        _refuse_second(account, number)
        verification = TollfreeVerification(
            account=account,
            tollfree_phone_number_sid=number.sid,
            tollfree_phone_number=number.address,
            customer_profile_sid=customer_profile_sid or "",
            external_reference_id=external_reference_id or "",
            answers=values,
        )
        create(verification, account=account, actor=actor, action="tollfree.submitted")
        hooks.tell_tollfree_status(account, number.sid, verification.status, actor)
        send_to_review(verification)
    return verification


def update_verification(
    *, verification: TollfreeVerification, actor: Actor, edit_reason: str | None = None, **answers: Any
) -> TollfreeVerification:
    """Change answers and send the verification to review again, whatever became of it before.

    A number that is verified stays so until the reviewer has decided.
    """
    values = checked(answers, update=True)
    reason = edit_reason or ""
    if len(reason) > LONGEST_REASON:
        words = f"EditReason has {len(reason):,} characters: give at most {LONGEST_REASON}."
        raise Refused(20001, words, field="edit_reason")
    with transaction.atomic():
        current = locked(TollfreeVerification, verification.pk, what=WHAT)
        _settle(
            current,
            actor,
            "tollfree.updated",
            answers={**current.answers, **values},
            edit_reason=reason,
            status=Status.PENDING_REVIEW,
            rejections=[],
            edit_expiration=None,
            review_round=current.review_round + 1,
        )
        send_to_review(current)
    return current


def delete_verification(*, verification: TollfreeVerification, actor: Actor) -> None:
    """Withdraw a verification. A number that was verified by it no longer is."""
    with transaction.atomic():
        current = locked(TollfreeVerification, verification.pk, what=WHAT)
        before = audit.snapshot(current)
        audit.record(account=current.account, actor=actor, action="tollfree.deleted", obj=current, before=before)
        held = current.holds
        account, number = current.account, current.tollfree_phone_number_sid
        current.delete()
        if held:
            hooks.tell_tollfree_status(account, number, hooks.DELETED, actor)


def approve_verification(*, verification: TollfreeVerification, actor: Actor) -> TollfreeVerification:
    """The reviewer's yes, by hand."""
    return _decided(verification, actor, Verdict(), (*UNDECIDED, Status.TWILIO_REJECTED), "approved")


def reject_verification(
    *, verification: TollfreeVerification, actor: Actor, code: int = review.TOLLFREE_FAULT
) -> TollfreeVerification:
    """The reviewer's no, by hand."""
    allowed = (*UNDECIDED, Status.TWILIO_APPROVED)
    return _decided(verification, actor, Verdict((Fault(code),)), allowed, "rejected")


def review_verification(sid: str, review_round: int) -> None:
    """The reviewer's step: first the verification is taken up, then it is decided."""
    with transaction.atomic():
        rows = TollfreeVerification.objects.select_for_update(of=("self",), no_key=True).select_related("account")
        current = rows.filter(sid=sid).first()
        if current is None or current.review_round != review_round:
            return
        if current.status == Status.PENDING_REVIEW:
            values: dict[str, Any] = {"status": Status.IN_REVIEW}
            if current.customer_profile_sid and not current.trust_product_sid:
                values |= {"trust_product_sid": new_sid("BU"), "regulated_item_sid": new_sid("RA")}
            _settle(current, REVIEWER, "tollfree.in_review", **values)
            send_to_review(current)
        elif current.status == Status.IN_REVIEW:
            _decide(current, REVIEWER, review.tollfree(current.answers))


def checked(answers: Mapping[str, Any], *, update: bool = False) -> dict[str, Any]:
    """The answers given, in the form they are stored; or a refusal that names the first faulty one."""
    values: dict[str, Any] = {}
    for question in QUESTIONS:
        given = answers.get(question.name)
        if no_words(given) or (question.kind in SEVERAL and not any(given or ())):
            if question.required and (not update or given is not None):
                words = f"Missing required parameter {wire(question.name)} in the post body"
                raise Refused(20001, words, field=question.name)
            if given is not None:
                values[question.name] = None  # an empty answer clears it
            continue
        for words in _faults(question, given):
            raise Refused(20001, f"Invalid {wire(question.name)}: {words}", field=question.name)
        values[question.name] = _stored(question, given)
    return values


def faults(answers: Mapping[str, Any]) -> Iterator[tuple[Question, str]]:
    """Everything that is wrong with the answers given, missing ones apart; a refusal names the first alone."""
    for question in QUESTIONS:
        given = answers.get(question.name)
        if not no_words(given):
            for words in _faults(question, given):
                yield question, words


def _stored(question: Question, given: Any) -> Any:
    if question.kind == "boolean":
        return bool(given)
    return list(given) if question.kind in SEVERAL else given


def _faults(question: Question, given: Any) -> Iterator[str]:
    if question.kind == "boolean":
        return
    for text in given if question.kind in SEVERAL else (given,):
        if fault := _fault(question, text):
            yield f"{text[:100]!r} {fault}"


def _fault(question: Question, text: str) -> str:
    """What is wrong with one answer, as the end of a sentence; empty if nothing is."""
    if len(text) > question.longest:
        return f"is longer than {question.longest:,} characters."
    if question.choices and text not in question.choices:
        return f"is none of {', '.join(question.choices)}."
    if question.kind in ("url", "urls") and not is_web_url(text):
        return "is not an absolute http or https URL."
    if question.kind == "phone" and not _PHONE.fullmatch(text):
        return "is not a number in E.164, such as +14155550100."
    if question.kind == "email":
        try:
            validate_email(text)
        except ValidationError:
            return "is not an email address."
    return ""


def _refuse_second(account: Account, number: hooks.KnownNumber) -> None:
    known = TollfreeVerification.objects.filter(account=account, tollfree_phone_number_sid=number.sid)
    found = known.exclude(status=Status.TWILIO_REJECTED).first()
    if found is not None:
        words = f"{number.address} has a verification already, {found.sid}, which is {found.status}. Edit that one."
        raise Refused(20409, words, field="tollfree_phone_number_sid")


def _decided(
    verification: TollfreeVerification, actor: Actor, verdict: Verdict, allowed: tuple[str, ...], verb: str
) -> TollfreeVerification:
    with transaction.atomic():
        current = locked(TollfreeVerification, verification.pk, what=WHAT)
        must_be(current.status, allowed, verb=verb, what=WHAT)
        _decide(current, actor, verdict)
    return current


def _decide(verification: TollfreeVerification, actor: Actor, verdict: Verdict) -> None:
    told = [fault.to_dict() for fault in verdict.faults]
    _settle(
        verification,
        actor,
        "tollfree.approved" if verdict.approved else "tollfree.rejected",
        status=Status.TWILIO_APPROVED if verdict.approved else Status.TWILIO_REJECTED,
        holds=verdict.approved,
        rejections=[{"code": fault["error_code"], "reason": fault["description"]} for fault in told],
        edit_expiration=None if verdict.approved else timezone.now() + EDIT_WINDOW,
        review_round=verification.review_round + 1,
    )


def _settle(verification: TollfreeVerification, actor: Actor, action: str, **values: Any) -> None:
    change(verification, account=verification.account, actor=actor, action=action, **values)
    account, number = verification.account, verification.tollfree_phone_number_sid
    hooks.tell_tollfree_status(account, number, verification.status, actor)
