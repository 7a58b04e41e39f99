"""One notice as its page shows it: the text that goes or went, what became of it, and what can be done."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from recruiter.accounts import queries as accounts
from recruiter.applications import queries as applications
from recruiter.applications.outcomes import label_for
from recruiter.candidates import queries as candidates
from recruiter.db.session import reading
from recruiter.feedback import modes
from recruiter.feedback.models import Choice
from recruiter.notices import letter, links, queries
from recruiter.notices.compose_view import paper
from recruiter.notices.models import OUTCOME_KINDS, Delivery, Notice, NoticeKind, NoticeState
from recruiter.notices.shown import Shown
from recruiter.notices.trail import Trail
from recruiter.outbox import replays, replies
from recruiter.texts import queries as texts
from recruiter.web.jinja import moment

_MODES = {"email": "Email", "page": "Feedback page", "text": "Plain text"}
ERASED = "a person who was erased"
_SAID = {
    NoticeState.HELD: "Waiting to leave",
    NoticeState.LEAVING: "Leaving",
    NoticeState.SENT: "Sent",
    NoticeState.WITHDRAWN: "Taken back",
    NoticeState.FAILED: "Not sent",
}
_DELIVERY = {
    Delivery.ACCEPTED: "The mail server took it.",
    Delivery.BOUNCED: "It came back.",
    Delivery.COMPLAINED: "The person marked it as unwanted.",
}


def read(firm_id: uuid.UUID, shown: Shown, mode: str, *, writes: bool) -> dict[str, Any]:
    """Return what ``templates/pages/notices/notice.html`` names; the letter is written anew from the frozen facts.

    Who does not write (``writes``) sees no address and nothing to press.
    """
    with reading(firm_id) as session:
        zone = accounts.get_firm(session, firm_id).time_zone
        application = applications.get_application(session, firm_id, shown.notice.application_id)
        candidates.get_present(session, firm_id, application.candidate_id)  # of an erased person nothing can be shown
        made = _made(session, shown.notice)
        return {
            "id": shown.notice.id,
            "title": f"{_titled(shown.notice.kind)} to {application.candidate.name or ERASED}",
            "person": application.candidate.name or ERASED,
            "about": application.job.title,
            "candidate_url": url_for("record.show", candidate_id=application.candidate_id),
            "state": _SAID[shown.state],
            "facts": _facts(shown, zone, with_address=writes),
            "problem": replies.explained(shown.notice.problem_code, shown.notice.problem_detail),
            "preview": _paper(session, shown, mode) if shown.notice.data else None,
            "modes": mode_tabs(mode),
            "can_undo": writes and shown.state is NoticeState.HELD,
            "versions": _versions(made, shown, zone),
            "can_correct": writes and _can_correct(made, shown),
            "can_renew": writes and shown.state is NoticeState.SENT,
            "can_revoke": writes and _has_open_link(shown),
            "call_url": _call_url(shown) if writes else "",
            "again_url": _again_url(shown) if writes else "",
            "same_again_url": _same_again_url(shown) if writes else "",
            "address_url": _address_url(shown, application.candidate_id) if writes else "",
            "correct_url": Trail().url(application.id, kind="correction", corrects=made[0].id),
        }


def mode_in(values: Mapping[str, str]) -> str:
    """Return how an address or a form wants a letter shown; as the page unless it says."""
    mode = values.get("preview", "page")
    return mode if mode in _MODES else "page"


def mode_tabs(chosen: str) -> list[dict[str, Any]]:
    """Return the ways to show a letter, for ``components/tabs.html``."""
    return [
        {"label": label, "url": f"?preview={mode}", "current": mode == chosen, "count": None}
        for mode, label in _MODES.items()
    ]


def queued(notice: Notice, zone: str) -> str:
    """Return what is said of a notice once it is queued."""
    assert notice.leaves_at is not None, "what is queued has its time"  # noqa: S101
    return f"Queued. Leaves {moment(notice.leaves_at, zone)}."


def _titled(kind: NoticeKind) -> str:
    return "Correction" if kind is NoticeKind.CORRECTION else "Notice"


def _made(session: Session, notice: Notice) -> list[Notice]:
    """Return the notice that was first and its corrections, those that wait too."""
    root = queries.get_notice(session, notice.firm_id, notice.corrects_id) if notice.corrects_id else notice
    return [root, *queries.corrections(session, notice.firm_id, root.id, queries.COUNTED)]


def _versions(made: Sequence[Notice], shown: Shown, zone: str) -> list[dict[str, Any]]:
    """Return the ways to each wording, or nothing while there is one alone."""
    return [
        {
            "label": f"Version {notice.version}",
            "detail": f"sent {moment(notice.sent_at, zone)}" if notice.sent_at else "waits to leave",
            "url": url_for("notices.show", notice_id=notice.id),
            "current": notice.id == shown.notice.id,
        }
        for notice in made
        if len(made) > 1
    ]


def _can_correct(made: Sequence[Notice], shown: Shown) -> bool:
    """Whether a decision was told and every correction of it has left."""
    is_told = shown.state is NoticeState.SENT and made[0].kind in OUTCOME_KINDS
    return is_told and all(notice.state is NoticeState.SENT for notice in made)


def _has_open_link(shown: Shown) -> bool:
    return shown.state is NoticeState.SENT and shown.page is not None and shown.page.revoked_at is None


def _facts(shown: Shown, zone: str, *, with_address: bool) -> list[tuple[str, str]]:
    notice = shown.notice
    times = (
        ("Leaves", notice.leaves_at if shown.state is NoticeState.HELD else None),
        ("Next try", shown.next_try_at),
        ("Sent", notice.sent_at),
        ("Taken back", notice.withdrawn_at),
    )
    return [
        *((name, moment(value, zone)) for name, value in times if value),
        ("Later than promised", notice.late_reason),
        ("Sender", shown.sender.name if shown.sender else ""),
        ("Read by", shown.reader.name if shown.reader else ""),
        ("To", shown.message.recipient if shown.message and with_address else ""),
        ("Delivery", _DELIVERY[notice.delivery] if notice.delivery else ""),
        ("Reason for our records", label_for(notice.outcome_code)),
        ("Feedback", modes.LABELS[shown.mode] if shown.mode else ""),
        *_answered_for(notice),
    ]


def _answered_for(notice: Notice) -> Iterator[tuple[str, str]]:
    """Yield what was sent in spite of the checker, and why, once for all that one person answered for."""
    given = [each for each in notice.findings if each.get("choice") == Choice.OVERRIDDEN]
    if given:
        words = ", ".join(dict.fromkeys(f"“{each['words']}”" if each["words"] else each["rule"] for each in given))
        yield (
            "Sent as it was",
            f"{words}. Approved by {given[0]['approver']} ({given[0]['role']}): {given[0]['reason']}",
        )


def _paper(session: Session, shown: Shown, mode: str) -> Any:
    assert shown.notice.template_version_id is not None, "a queued notice has its words"  # noqa: S101
    version = texts.get_version(session, shown.notice.firm_id, shown.notice.template_version_id)
    return paper(letter.write(version, shown.notice.data, links.masked_url()), mode)


def _call_url(shown: Shown) -> str:
    tells = shown.notice.kind in OUTCOME_KINDS and shown.state in queries.COUNTED
    return url_for("record.call_script", application_id=shown.notice.application_id) if tells else ""


def _address_url(shown: Shown, candidate_id: uuid.UUID) -> str:
    return url_for("candidates.edit", candidate_id=candidate_id) if shown.state is NoticeState.FAILED else ""


def _same_again_url(shown: Shown) -> str:
    """Return where the very mail that could not leave is sent again, or nothing."""
    if shown.state is not NoticeState.FAILED or shown.message is None or replays.why_not(shown.message):
        return ""
    return url_for("outbox.send_again", message_id=shown.message.id)


def _again_url(shown: Shown) -> str:
    if shown.state not in {NoticeState.WITHDRAWN, NoticeState.FAILED}:
        return ""
    return Trail().url(shown.notice.application_id, copy=shown.notice.id)
