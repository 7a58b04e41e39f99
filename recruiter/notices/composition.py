"""Puts a notice together: the case, the template, the frozen facts, the letter and what the checker says."""

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications.outcomes import sentence_for
from recruiter.checker.document import Finding
from recruiter.errors import Invalid
from recruiter.feedback import links as feedback_links
from recruiter.feedback import wording
from recruiter.feedback.contexts import Circumstance
from recruiter.feedback.points import Feedback
from recruiter.notices import checks, facts, grounds, letter, links, previews, queries, structure, versions
from recruiter.notices.facts import OFFERS, Case, Words
from recruiter.notices.letter import Letter
from recruiter.notices.models import OUTCOME_KINDS, NoticeKind
from recruiter.policies import promises
from recruiter.policies import service as policies
from recruiter.texts import queries as texts
from recruiter.texts.liquid import Unusable
from recruiter.texts.models import TemplateVersion, TextKind
from recruiter.texts.queries import Want
from recruiter.translations import catalogues
from recruiter.translations.catalogues import later

STILL_WAITING = later("We are still waiting for a decision.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a notice says, as it was asked for.

    ``reason`` None takes the sentence of the outcome code; ``template`` is a slug, None takes the one for kind and
    stage; ``promised_on`` is an update's new date, None takes the usual days of the stage. A correction that
    ``keeps_points`` leaves the points as the person reads them now.
    """

    application_id: uuid.UUID
    kind: NoticeKind
    outcome_code: str | None = None
    reason: str | None = None
    template: str | None = None
    feedback: Feedback = field(default_factory=Feedback)
    promised_on: dt.date | None = None
    corrects_id: uuid.UUID | None = None
    keeps_points: bool = False
    contexts: tuple[Circumstance, ...] = ()
    offers: tuple[str, ...] = OFFERS

    def body(self) -> dict[str, Any]:
        """Return what a preview's token binds, as plain values."""
        return {
            "kind": self.kind.value,
            "outcome_code": self.outcome_code,
            "reason": self.reason,
            "template": self.template,
            "feedback": self.feedback.as_dict(),
            "promised_on": self.promised_on.isoformat() if self.promised_on else None,
            "offers": sorted(self.offers),
            "contexts": [each.as_dict() for each in self.contexts],
            "corrects": str(self.corrects_id) if self.corrects_id else None,
        }


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice as it would leave, with the link masked."""

    content: Content
    case: Case
    words: Words
    version: TemplateVersion
    facts: dict[str, Any]
    letter: Letter
    findings: list[Finding]

    @property
    def subject(self) -> previews.Subject:
        """What a preview token is given for."""
        application = self.case.application
        return previews.Subject(
            firm_id=application.firm_id,
            application_id=application.id,
            round=application.round,
            body=self.content.body() | {"sender": str(self.case.sender.id), "mode": self.case.ruling.mode.value},
            template_version_id=self.version.id,
            rules_version=wording.rules_version(self.case.firm),
        )

    @property
    def reader_note(self) -> str:
        """Why somebody else has to read this before it leaves, or an empty text; words of ours are read already."""
        own = is_own(self.words.reason, self.words.outcome_code, self.facts["written_in"])
        if not (own or self.words.feedback.strengths or self.words.feedback.gaps):
            return ""
        return checks.reader_note(self.findings, self.case.ruling)


def is_own(reason: str, outcome_code: str | None, language: str) -> bool:
    """Say whether somebody wrote this reason; the sentences that we give in a language (BCP 47 tag) are nobody's."""
    return reason not in {"", catalogues.said(STILL_WAITING, language), sentence_for(outcome_code, language)}


def compose(session: Session, case: Case, content: Content, leaves_at: dt.datetime | None = None) -> Composed:
    """Return the letter of this content and what the checker says about it; changes nothing.

    Where no reasons may be given, reason and points are left out and kept nowhere; where points may only be told by
    call, they are checked and kept, and the letter is without them.
    Raises ``Invalid`` for a template that is not there or an update's date that has passed.
    """
    content = _whole(session, case, content)
    version = template_for(session, case, content)
    feedback, gone = feedback_links.linked(session, case.firm.id, content.feedback)
    words = _words(case, replace(content, feedback=feedback), version.template.language)
    rests_on = grounds.read(session, case.application, words.feedback)
    words = replace(words, feedback=rests_on.feedback)
    frozen = facts.freeze(case, words, leaves_at or clock.now(), version.template.language)
    made = _written(version, frozen)
    about = checks.about(case.firm, case.application, frozen, (case.sender, case.application.owner))
    known = wording.context(session, about)
    found = checks.findings(frozen, words.feedback, made.reading, made.subject, known)
    raw = checks.raw_reason(words.reason, case.application.ats_reason_words)
    found = [*raw, *found, *checks.left_out(gone)]
    found += [*rests_on.beside(found), *structure.findings(words.feedback, words.reason, version.template.language)]
    return Composed(content, case, words, version, frozen, made, found)


def _whole(session: Session, case: Case, content: Content) -> Content:
    """Return a correction with every point that holds once it is sent."""
    if not content.keeps_points or content.corrects_id is None:
        return content
    corrected = queries.get_notice(session, case.firm.id, content.corrects_id)
    return replace(content, feedback=versions.current(session, case.firm.id, corrected).feedback)


def _written(version: TemplateVersion, frozen: dict[str, Any]) -> Letter:
    try:
        return letter.write(version, frozen, links.masked_url())
    except Unusable as error:
        raise Invalid({"template": [str(problem) for problem in error.problems]}) from error


def _words(case: Case, content: Content, language: str) -> Words:
    code = content.outcome_code or case.application.outcome_code
    is_update = content.kind is NoticeKind.UPDATE
    default = _default_reason(content.kind, code, language)
    gives_reasons = case.ruling.gives_reasons
    reason = default if content.reason is None else content.reason
    return Words(
        kind=content.kind,
        reason=reason if gives_reasons or content.kind is NoticeKind.CORRECTION else "",
        outcome_code=code,
        contexts=content.contexts if gives_reasons and content.kind in OUTCOME_KINDS else (),
        feedback=content.feedback if gives_reasons else Feedback(),
        offers=content.offers if content.kind in OUTCOME_KINDS else ("call",),
        promised_on=_promised_on(case, content.promised_on) if is_update else None,
    )


def _default_reason(kind: NoticeKind, code: str | None, language: str) -> str:
    """Return what a letter says that nobody wrote a reason for; nothing in a language these sentences are not in."""
    if kind is NoticeKind.CORRECTION:
        return ""
    return catalogues.said(STILL_WAITING, language) if kind is NoticeKind.UPDATE else sentence_for(code, language)


def _promised_on(case: Case, asked: dt.date | None) -> dt.date | None:
    """Return the day by which an update says that the person will hear again, in the firm's zone."""
    today = clock.today(case.firm.time_zone)
    if asked is None:
        stage, country = case.application.stage.value, case.application.job.place or case.firm.place
        days = policies.next_word(case.policy, {**promises.PROMISE_DAYS, **case.firm.promise_days})
        return promises.promised_on(stage, today, country, days)
    if asked <= today:
        raise Invalid({"promised_on": ["Choose a day after today."]})
    return asked


def template_for(session: Session, case: Case, content: Content) -> TemplateVersion:
    """Return the words that a letter of this content is made of; raise ``Invalid`` where none are published."""
    kind = TextKind(content.kind.value)
    want = Want(language=case.language, slug=content.template, stage=case.application.stage.value)
    version = texts.find_published(session, case.firm.id, kind, want)
    if version is None:
        raise Invalid({"template": [f"There is no published template of this name for “{content.kind}”."]})
    return version
