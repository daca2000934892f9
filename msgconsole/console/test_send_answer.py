"""The answer of the test-send page: what the pipeline says of a question, made ready for drawing. Writes nothing."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from msgconsole.accounts.models import Account
from msgconsole.carriers import registry
from msgconsole.console import what_if_answer
from msgconsole.console.decisions import Drawing, Notice, draw, notice
from msgconsole.console.fates import Fates
from msgconsole.console.links import page_url
from msgconsole.console.templatetags.console import country_name, readable
from msgconsole.console.test_send_form import TestSendForm
from msgconsole.console.what_if_answer import Compared, WhyNot
from msgconsole.encoding.segments import Encoded, encode
from msgconsole.error_codes import Refused
from msgconsole.messaging.explain import explain
from msgconsole.numbering import e164, nanp
from senders import whatif

UNITS = {"GSM-7": "septet", "UCS-2": "unit"}
LINE_WORDS = {"mobile": "mobile", "landline": "landline", "voip": "VoIP", "unknown": "line unknown"}


@dataclass(frozen=True, slots=True)
class Understood:
    """A recipient as it is read while one types. ``fault`` says what is wrong with it, ``code`` its error code."""

    words: tuple[str, ...] = ()
    fault: str = ""
    code: int | None = None


def understand(raw: str) -> Understood:
    """Country, place, kind of line and carrier of an address: one indexed look-up at most."""
    if not raw.strip():
        return Understood()
    try:
        to = e164.parse_destination(raw.strip())
    except e164.NumberingError as error:
        return Understood(fault=error.message, code=error.code)
    words = [readable(to.address)]
    if to.country != "001":
        words.append(country_name(to.country))
    if to.area_code:
        area = nanp.region(to.area_code)
        place = f" ({area.region_name})" if area is not None and area.region_name else ""
        words.append(f"area code {to.area_code}{place}")
    facts = registry.recipient_facts(to.e164) if to.e164 else None
    if to.channel != "sms":
        words.append({"whatsapp": "WhatsApp", "messenger": "Messenger", "rcs": "RCS"}[to.channel])
    elif facts is not None:
        line = "toll-free" if to.is_toll_free else "landline" if to.is_landline else LINE_WORDS[facts.line_type]
        words.append(line)
        words.append(f"carrier {facts.carrier}" if facts.carrier else "carrier unknown")
        if facts.rcs:
            words.append("RCS capable")
    return Understood(words=tuple(words))


def curl(account: Account, base_url: str, parameters: Sequence[tuple[str, str]], *, explain: str = "") -> str:
    """The question as a shell command. The token is a variable of the shell: no page shows one unasked.

    ``explain``: the SID of the Service that is asked without sending, as a what-if is.
    """
    path = (
        f"/msgconsole/v1/Services/{explain}/Explain" if explain else f"/2010-04-01/Accounts/{account.sid}/Messages.json"
    )
    lines = [f"curl -X POST {shlex.quote(base_url + path)}"]
    lines += [f"  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in parameters]
    lines.append(f'  -u "{account.sid}:$AUTH_TOKEN"')
    return " \\\n".join(lines)


@dataclass(frozen=True, slots=True)
class Counted:
    """A text as it would be cut, and the word for its units."""

    encoded: Encoded | None
    noun: str


def count(text: str, *, smart: bool) -> Counted:
    """Encoding and segments of a text as an SMS."""
    encoded = encode(text, smart=smart) if text else None
    return Counted(encoded, UNITS[encoded.encoding] if encoded else "")


@dataclass(slots=True)
class Answer:
    """``refused``: said no at once, nothing would be stored. ``api`` and ``later`` are sentences; ``took`` is in ms.

    ``altered``: another text than the typed one goes out, by smart encoding or with links in place of media.
    ``compared``: this answers a what-if, and how today's answer differs. ``why``: a sender that was asked about.
    """

    drawing: Drawing | None
    refused: Refused | None
    refused_notice: Notice | None
    api: str
    later: tuple[str, ...]
    encoded: Encoded | None
    altered: bool
    fates: Fates | None
    curl: str
    share: str
    compared: Compared | None = None
    why: WhyNot | None = None
    took: int = 0

    @property
    def said(self) -> str:
        """The answer in one sentence, for those who listen."""
        if self.compared is not None:
            return f"What if: {self._said}"
        return self._said

    @property
    def _said(self) -> str:
        if self.refused is not None:
            return f"Refused at once: {self.refused.message}"
        assert self.drawing is not None  # noqa: S101 - what is not refused was decided
        if self.drawing.sender is None:
            return f"No sender: {self.drawing.detail}"
        told = f"{readable(self.drawing.sender['address'])}, because {self.drawing.because}."
        return f"{told} {self.drawing.detail}".rstrip()


def answer_to(
    account: Account, form: TestSendForm, base_url: str, refused: Refused | None = None, *, why: str = ""
) -> Answer:
    """Ask the pipeline what it would do with a valid form's question; writes nothing.

    ``refused``: a send was refused just now, and its reason is the answer even if asking again would say otherwise.
    ``why``: a sender, by SID or address, to say why it is not the one. Raises ``Refused`` for a what-if that is wrong.
    """
    request, service, what = form.to_request(), form.chosen_service, form.what
    today = explain(account, request)
    found = explain(account, request, what.overrides) if what else today
    now = found.answers_now
    if refused is None and "code" in now:
        refused = Refused(now["code"], now["message"], field=now["field"], status=now["status_code"])
    answer = Answer(
        drawing=draw(found.decision.to_dict()) if found.decision else None,
        refused=refused,
        refused_notice=notice(refused.code) if refused else None,
        api=_api_answer(refused, now.get("status", "")),
        later=tuple(found.happens_later) if refused is None else (),
        encoded=found.encoding,
        altered=found.encoding is not None and found.encoding.text != request.body,
        fates=None,
        curl=curl(account, base_url, form.api_parameters(), explain=service.sid if service and what else ""),
        share=f"{base_url}{page_url('console:test_send')}?{form.query()}",
    )
    if service is None or found.decision is None or today.decision is None:
        return answer
    asked = None
    if what.overrides is not None:
        asked = whatif.preview(service=service, request=today.decision.request, overrides=what.overrides).asked
        answer.compared = what_if_answer.compare(today.decision, found.decision, what, form.summary)
    answer.fates = what_if_answer.fates(found.decision, service, asked)
    if why:
        answer.why = what_if_answer.why_not(service, today.decision, why, what)
    return answer


def _api_answer(refused: Refused | None, status: str) -> str:
    if refused is not None:
        return f"HTTP {refused.status} with code {refused.code}. Nothing is stored."
    later = "" if status == "queued" else ", from null: the sender comes later"
    return f"HTTP 201, status {status}{later}."
