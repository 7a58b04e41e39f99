"""What lies before a person who writes a notice: the sheet, the case around it, and what stands in the way."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from recruiter import clock
from recruiter.applications.models import Decision
from recruiter.applications.outcomes import OUTCOMES
from recruiter.db.session import reading
from recruiter.errors import FieldErrors, Invalid, NotFound
from recruiter.feedback import points
from recruiter.feedback import queries as competencies
from recruiter.feedback.contexts import Circumstance, OutcomeContext
from recruiter.notices import barriers, composer, queries, versions
from recruiter.notices.barriers import Barrier
from recruiter.notices.composer import Sheet
from recruiter.notices.composition import Composed, Content, compose, template_for
from recruiter.notices.facts import OFFERS, Case, get_case
from recruiter.notices.models import OUTCOME_KINDS, Notice, NoticeKind
from recruiter.notices.schemas import ContentBody, LaterForm, content_from
from recruiter.notices.timing import Timing, leaves_at
from recruiter.outbox.models import Suppression
from recruiter.resources import queries as library
from recruiter.resources.models import Resource
from recruiter.scorecards import queries as scorecards
from recruiter.scorecards.queries import PanelNote
from recruiter.texts import queries as texts
from recruiter.texts.models import TextKind
from recruiter.web import forms

Templates = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be written about an application: its kind, the notice it repeats or corrects, the draft it is in."""

    application_id: uuid.UUID
    kind: NoticeKind | None = None
    copy_id: uuid.UUID | None = None
    draft_id: uuid.UUID | None = None
    corrects_id: uuid.UUID | None = None

    def goes_on_with(self, draft: Notice) -> bool:
        """Whether a draft of the application is what is wanted."""
        is_same = self.kind in {None, draft.kind} and self.corrects_id in {None, draft.corrects_id}
        return is_same and self.copy_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The sheet with what surrounds it; ``earlier`` is the notice that says it already, ``draft`` the one it is in.

    ``criteria`` are what a point can be about, each with where it comes from.
    """

    sheet: Sheet
    case: Case
    templates: Templates
    composed: Composed
    criteria: Sequence[tuple[str, str]] = ()
    barrier: Barrier | None = None
    suppression: Suppression | None = None
    earlier: Notice | None = None
    draft: Notice | None = None
    library: Sequence[Resource] = ()
    panel: Sequence[PanelNote] = ()
    timing: Timing = field(default_factory=Timing)
    errors: FieldErrors = field(default_factory=dict)


def lay_out(firm_id: uuid.UUID, wanted: Wanted, sheet: Sheet | None = None) -> Desk:
    """Read what writing needs; without a ``sheet`` one is prefilled from draft, earlier notice or decision.

    Raises ``NotFound``; whatever else is wrong is told by the desk.
    """
    with reading(firm_id) as session:
        case = get_case(session, firm_id, wanted.application_id)
        draft = queries.get_notice(session, firm_id, wanted.draft_id) if wanted.draft_id else None
        is_new = sheet is None and draft is None and wanted.copy_id is None
        sheet = sheet or _prefilled(session, case, wanted, draft)
        templates = texts.choices(session, firm_id, TextKind(kind_of(sheet).value), case.language)
        content = loose(sheet, wanted, templates)
        composed, errors = _composed(session, case, replace(content, reason=None) if is_new else content)
        when, late = _when(case, sheet)
        sheet = replace(
            sheet,
            template=composed.version.template.slug,
            reason=composed.words.reason if is_new else sheet.reason,
        )
        address = case.application.candidate.email or ""
        has_points = kind_of(sheet) in OUTCOME_KINDS
        return Desk(
            sheet=sheet,
            case=case,
            templates=templates,
            composed=composed,
            criteria=_criteria(session, case),
            barrier=barriers.find(session, case.application, kind_of(sheet), None),
            suppression=barriers.find_suppression(session, case.application, address),
            earlier=queries.find_earlier(session, case.application, kind_of(sheet)),
            draft=draft,
            library=library.library(session, firm_id) if has_points else (),
            panel=scorecards.shareable(session, firm_id, case.application.id) if has_points else (),
            timing=when,
            errors=errors | late,
        )


def _criteria(session: Session, case: Case) -> list[tuple[str, str]]:
    """Return what a point can be about: what the job asks for, then the firm's competencies by family."""
    asked = [(each.text, "This job") for each in case.application.job.requirements]
    catalogue = competencies.catalogue(session, case.firm.id)
    return [*asked, *((name, family.label) for family, names in catalogue.items() for name in names)]


def filled(firm_id: uuid.UUID, wanted: Wanted, sheet: Sheet) -> Sheet:
    """Return the sheet with the sentence of a newly chosen code, in the language that the letter will be in."""
    if sheet.outcome_code == sheet.coded:
        return sheet
    with reading(firm_id) as session:
        case = get_case(session, firm_id, wanted.application_id)
        templates = texts.choices(session, firm_id, TextKind(kind_of(sheet).value), case.language)
        version = template_for(session, case, loose(sheet, wanted, templates))
        return composer.filled(sheet, version.template.language)


def find_begun(firm_id: uuid.UUID, application_id: uuid.UUID) -> Notice | None:
    """Return the newest draft for an application, or None."""
    with reading(firm_id) as session:
        return queries.find_draft(session, firm_id, application_id)


def kind_of(sheet: Sheet) -> NoticeKind:
    """Return the kind a sheet is for; what is no kind is a rejection."""
    return NoticeKind(sheet.kind) if sheet.kind in set(NoticeKind) else NoticeKind.REJECTION


def loose(sheet: Sheet, wanted: Wanted, templates: Templates) -> Content:
    """Return the content as far as it is written, for a preview or a draft; whatever cannot be used is left out."""
    return Content(
        application_id=wanted.application_id,
        kind=kind_of(sheet),
        outcome_code=sheet.outcome_code if sheet.outcome_code in OUTCOMES else None,
        reason=sheet.reason,
        template=sheet.template if sheet.template in dict(templates) else None,
        feedback=sheet.feedback,
        promised_on=_day(sheet.promised_on),
        corrects_id=wanted.corrects_id,
        offers=sheet.offers,
        contexts=tuple(Circumstance(OutcomeContext(name), _day(agreed)) for name, agreed in sheet.contexts),
    )


def strict(sheet: Sheet, wanted: Wanted) -> Content:
    """Return the content to be sent, checked by the API's own schema; raise ``Invalid`` by field."""
    values = {
        "application_id": str(wanted.application_id),
        "kind": sheet.kind,
        "outcome_code": sheet.outcome_code,
        "template": sheet.template,
        "promised_on": sheet.promised_on,
        "corrects": str(wanted.corrects_id or ""),
    }
    body = {name: value for name, value in values.items() if value}
    try:
        written = {"reason": sheet.reason, "feedback": sheet.feedback.as_dict()}
        said = [{"context": name} | ({"client_agreed_on": day} if day else {}) for name, day in sheet.contexts]
        loaded = ContentBody().load(body | written | {"outcome_context": said})
    except ValidationError as error:
        raise Invalid(_by_field(error.messages_dict)) from error
    return replace(content_from(loaded), offers=sheet.offers)


def when(firm_id: uuid.UUID, wanted: Wanted, sheet: Sheet) -> Timing:
    """Return when the notice is to leave, as it was typed; raise ``Invalid`` for a moment that cannot be meant."""
    if not sheet.send_at:
        return Timing(mode=sheet.timing)
    with reading(firm_id) as session:
        return _timing(sheet, get_case(session, firm_id, wanted.application_id).zone)


def _when(case: Case, sheet: Sheet) -> tuple[Timing, FieldErrors]:
    """Return when the notice would leave as far as that was typed, and what is wrong with it."""
    try:
        asked = _timing(sheet, case.zone)
        leaves_at(case, asked)
    except Invalid as error:
        return Timing(mode=sheet.timing), error.errors
    return asked, {}


def _timing(sheet: Sheet, zone: str) -> Timing:
    typed = {name: text for name, text in (("send_at", sheet.send_at), ("late_reason", sheet.late_reason)) if text}
    try:
        later = LaterForm().load(typed)
    except ValidationError as error:
        raise Invalid(error.messages_dict) from error
    if later["send_at"] is None:
        return Timing(mode=sheet.timing, late_reason=later["late_reason"])
    send_at = clock.from_local(later["send_at"], zone)
    if send_at <= clock.now():
        raise Invalid({"send_at": ["This moment has passed. Choose a later one."]})
    return Timing(mode=sheet.timing, send_at=send_at, is_by_clock=True, late_reason=later["late_reason"])


def _by_field(found: dict[str, Any]) -> FieldErrors:
    """Return the errors as the form shows them: those of the context in one place."""
    places = found.get("outcome_context", {})
    said = sorted({words for fields in places.values() for several in fields.values() for words in several})
    return found | ({"outcome_context": said} if said else {})


def _prefilled(session: Session, case: Case, wanted: Wanted, draft: Notice | None) -> Sheet:
    source = queries.get_notice(session, case.firm.id, wanted.copy_id) if wanted.copy_id else draft
    if source is not None:
        if source.application_id != case.application.id:
            raise NotFound("This notice is about another application.")
        return _sheet_of(session, source, case.zone)
    kind = wanted.kind or _kind_for(case.application.decision)
    code = case.application.outcome_code or ""
    if kind is NoticeKind.CORRECTION and wanted.corrects_id is not None:
        return _correcting(session, case, wanted.corrects_id)
    return Sheet(kind=kind, outcome_code=code, coded=code) if kind in OUTCOME_KINDS else Sheet(kind=kind)


def _correcting(session: Session, case: Case, notice_id: uuid.UUID) -> Sheet:
    """Return a sheet that says what holds now, for what was wrong to be put right in it."""
    corrected = queries.get_notice(session, case.firm.id, notice_id)
    feedback = versions.current(session, case.firm.id, corrected).feedback
    return composer.sheet_of({"kind": NoticeKind.CORRECTION.value}, feedback)


def _sheet_of(session: Session, notice: Notice, zone: str) -> Sheet:
    rows = points.of_notice(session, notice.firm_id, notice.id)
    slug = queries.find_slug(session, notice.firm_id, notice.template_version_id)
    values = {
        "kind": notice.kind.value,
        "outcome_code": notice.outcome_code or "",
        "coded": notice.outcome_code or "",
        "reason": notice.reason,
        "template": slug or "",
        "promised_on": notice.promised_on.isoformat() if notice.promised_on else "",
        "timing": notice.timing,
        "send_at": forms.wall_clock(notice.send_at, zone) if notice.send_at else "",
        "late_reason": notice.late_reason,
        "offers": tuple(name for name in OFFERS if name in notice.data.get("offers", OFFERS)),
        "contexts": tuple(
            (each["context"], each["client_agreed_on"] or "") for each in notice.data.get("contexts", ())
        ),
        "kept": frozenset(notice.data.get("kept", ())),
    }
    return composer.sheet_of(values, points.as_feedback(rows))


def _kind_for(decision: Decision | None) -> NoticeKind:
    return NoticeKind.ROLE_CLOSED if decision is Decision.ROLE_CLOSED else NoticeKind.REJECTION


def _composed(session: Session, case: Case, content: Content) -> tuple[Composed, FieldErrors]:
    try:
        return compose(session, case, content), {}
    except Invalid as error:
        if "promised_on" not in error.errors:
            raise
        return compose(session, case, replace(content, promised_on=None)), error.errors


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
