"""Saved cases: a question to a Service with the answer it should keep getting. Asking one again sends nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from msgconsole.accounts import audit
from msgconsole.accounts.audit import Actor
from msgconsole.accounts.models import Account
from msgconsole.console.models import SavedCase
from msgconsole.error_codes import Refused
from msgconsole.messaging.explain import Explanation, explain
from msgconsole.messaging.requests import MessageRequest
from senders.selection.overrides import parse
from services.models import MessagingService

MOST: Final = 200  # cases of one Service
COMPARED: Final = ("sender", "stage", "code")
REFUSED: Final = "refused"  # the stage of a request that is told no at once


def answer_of(account: Account, service: MessagingService, question: Mapping[str, Any]) -> dict[str, Any]:
    """What a question gets now: sender (an address or None), stage, code, and the sentence. Writes nothing."""
    overrides = parse(question["overrides"]) if question.get("overrides") else None
    request = MessageRequest(
        to=question["to"],
        body=question.get("body", ""),
        media_urls=tuple(question.get("media", ())),
        from_=question.get("from") or None,
        messaging_service_sid=service.sid,
    )
    try:
        return told(explain(account, request, overrides))
    except Refused as refused:  # of the what-if: a sender that it names has left the pool
        return {"sender": None, "stage": REFUSED, "code": refused.code, "sentence": refused.message}


def told(found: Explanation) -> dict[str, Any]:
    """An explanation as a case keeps it."""
    decision = found.decision
    if decision is None or "code" in found.answers_now:
        now = found.answers_now
        return {"sender": None, "stage": REFUSED, "code": now["code"], "sentence": now["message"]}
    return {
        "sender": decision.sender.address if decision.sender else None,
        "stage": decision.deciding_stage,
        "code": found.error_code,
        "sentence": decision.sentence,
    }


def holds(case: SavedCase) -> bool | None:
    """Did the last run give what is expected? None before the first run."""
    if case.result is None:
        return None
    return all(case.result[name] == case.expected[name] for name in COMPARED)


def save_case(
    *, account: Account, service: MessagingService, name: str, question: Mapping[str, Any], actor: Actor
) -> SavedCase:
    """Keep a question, with today's answer as the expected one."""
    name = name.strip()
    if not name:
        raise Refused(20001, "Give the case a name.", field="name")
    with transaction.atomic():
        MessagingService.objects.select_for_update().get(pk=service.pk)
        mine = SavedCase.objects.filter(service=service)
        if mine.filter(name=name).exists():
            raise Refused(
                20001, f"{service.friendly_name} has a case called “{name}”: choose another name.", field="name"
            )
        if mine.count() >= MOST:
            raise Refused(20001, f"A Service keeps at most {MOST} cases: delete one first.", field="name")
        answer = answer_of(account, service, question)
        case = SavedCase(
            account=account,
            service=service,
            name=name,
            question=dict(question),
            expected=answer,
            result=answer,
            run_at=timezone.now(),
        )
        case.full_clean()
        case.save()
        audit.record(
            account=account, actor=actor, action="case.saved", obj=case, after={"name": name, **_short(answer)}
        )
    return case


def delete_case(*, case: SavedCase, actor: Actor) -> None:
    with transaction.atomic():
        before = {"name": case.name, **_short(case.expected)}
        audit.record(account=case.account, actor=actor, action="case.deleted", obj=case, before=before)
        case.delete()


def accept_result(*, case: SavedCase, actor: Actor) -> SavedCase:
    """From now on expect what came in the last run."""
    if case.result is None:
        raise Refused(20001, "Run the case first.")
    with transaction.atomic():
        before, after = _short(case.expected), _short(case.result)
        case.expected = case.result
        case.full_clean()
        case.save(update_fields=["expected"])
        audit.record(
            account=case.account,
            actor=actor,
            action="case.accepted",
            obj=case,
            before=before,
            after=after,
        )
    return case


def run_cases(*, service: MessagingService, cases: Sequence[SavedCase], actor: Actor) -> int:
    """Ask every case again and keep the answers; return how many hold."""
    now = timezone.now()
    for case in cases:
        case.result, case.run_at = answer_of(service.account, service, case.question), now
    good = sum(1 for case in cases if holds(case))
    with transaction.atomic():
        SavedCase.objects.bulk_update(_known(cases), ["result", "run_at"])
        audit.record(
            account=service.account,
            actor=actor,
            action="case.run",
            obj=service,
            after={"cases": len(cases), "hold": good},
        )
    return good


def _known(cases: Iterable[SavedCase]) -> list[SavedCase]:
    return [case for case in cases if case.pk is not None]


def _short(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in COMPARED}
