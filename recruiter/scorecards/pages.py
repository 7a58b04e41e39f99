"""The interview notes of one application: read, added, corrected and taken away."""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter import clock
from recruiter.accounts import auth
from recruiter.accounts import queries as accounts
from recruiter.applications import queries as applications
from recruiter.candidates.queries import Erased, LegalHold
from recruiter.checker.document import Finding
from recruiter.db.session import reading
from recruiter.errors import Invalid, Stale
from recruiter.feedback import asked
from recruiter.feedback import queries as competencies
from recruiter.feedback.asked import ToConsider
from recruiter.scorecards import queries, service
from recruiter.scorecards.models import NO_EVIDENCE, RATINGS, Scorecard, ScorecardNote
from recruiter.scorecards.schemas import NoteChange, NoteForm, ScorecardForm
from recruiter.scorecards.service import AddScorecard, Card, CorrectNote, Note, RemoveScorecard, Withdrawn, WithdrawNote
from recruiter.web import forms

pages = Blueprint("scorecards", __name__)
pages.before_request(auth.require_member)

ROWS = 4
FIELDS = ("criterion", "rating", "text", "effect", "is_shareable")


@pages.get("/applications/<uuid:application_id>/scorecards")
def show(application_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the interviewers wrote down, with the form for another card."""
    return _page(application_id, {})


@pages.post("/applications/<uuid:application_id>/scorecards")
@auth.roles(*auth.WRITERS)
def add(application_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a card."""
    try:
        card, _ = service.add(_added(application_id))
    except ToConsider as error:
        return _page(application_id, {}, error.findings), 422
    except (Invalid, Erased) as error:
        return _page(application_id, forms.problems(error)), 422
    return _back(card, "Interview notes kept.")


@pages.post("/scorecards/<uuid:scorecard_id>/remove")
@auth.roles(*auth.WRITERS)
def remove(scorecard_id: uuid.UUID) -> ResponseReturnValue:
    """Take a card away."""
    caller = auth.caller()
    try:
        card = service.remove(RemoveScorecard(firm_id=caller.firm_id, actor=caller.actor, scorecard_id=scorecard_id))
    except LegalHold as error:
        return _back(service.get(caller.firm_id, scorecard_id), error.message, "error")
    return _back(card, "Interview notes removed.")


@pages.get("/scorecards/notes/<uuid:note_id>")
@auth.roles(*auth.WRITERS)
def edit_note(note_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form for what a note says from now on."""
    card, note = service.note(auth.caller().firm_id, note_id)
    return _note_page(card, note, {name: getattr(note, name) for name in FIELDS} | _seen(note))


@pages.post("/scorecards/notes/<uuid:note_id>")
@auth.roles(*auth.WRITERS)
def correct_note(note_id: uuid.UUID) -> ResponseReturnValue:
    """Let a note say something else."""
    card, note = service.note(auth.caller().firm_id, note_id)
    try:
        service.correct(_corrected(note_id))
    except ToConsider as error:
        return _note_page(card, note, request.form, noted=error.findings), 422
    except Stale as error:
        return _note_page(card, note, request.form.to_dict() | _seen(note), errors=forms.problems(error)), 422
    except (Invalid, Withdrawn) as error:
        return _note_page(card, note, request.form, errors=forms.problems(error)), 422
    return _back(card, "Note corrected. What it said before stays with it.")


@pages.post("/scorecards/notes/<uuid:note_id>/withdraw")
@auth.roles(*auth.WRITERS)
def withdraw_note(note_id: uuid.UUID) -> ResponseReturnValue:
    """Let a note count for nothing any more."""
    caller = auth.caller()
    card = service.withdraw(WithdrawNote(firm_id=caller.firm_id, actor=caller.actor, note_id=note_id))
    return _back(card, "Note withdrawn. It is offered to nobody.")


def _back(card: Scorecard, said: str, category: str = "message") -> ResponseReturnValue:
    flash(said, category)
    return redirect(url_for("scorecards.show", application_id=card.application_id), 303)


def _added(application_id: uuid.UUID) -> AddScorecard:
    return AddScorecard(**auth.whose(application_id=application_id), card=_card(), shown=forms.shown(request.form))


def _corrected(note_id: uuid.UUID) -> CorrectNote:
    values = forms.load(NoteChange, request.form)
    seen, said = values.pop("seen"), Note(**values)
    return CorrectNote(**auth.whose(note_id=note_id), said=said, seen=seen, shown=forms.shown(request.form))


def _note_page(
    card: Scorecard,
    note: ScorecardNote,
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    noted: Sequence[Finding] = (),
) -> str:
    return render_template(
        "pages/scorecards/note.html",
        card=card,
        note=note,
        values=values,
        errors=errors or {},
        noted=noted,
        shown=asked.names(noted),
        ratings=_ratings(),
        no_evidence=NO_EVIDENCE,
    )


def _seen(note: ScorecardNote) -> dict[str, str]:
    """Return what the form is based on, as it hands it back."""
    return {"seen": note.changed_at.isoformat() if note.changed_at else ""}


def _ratings() -> list[tuple[str, str]]:
    return [(str(rating), f"{rating} {words}") for rating, words in RATINGS.items()]


def _card() -> Card:
    """Return what was typed; raise ``Invalid`` for everything that cannot be used, by the field's name."""
    errors: dict[str, Any] = {}
    values: dict[str, Any] = {}
    try:
        values = forms.load(ScorecardForm, request.form)
    except Invalid as error:
        errors |= error.errors
    notes = [_note(number, errors) for number in range(ROWS) if _row(number)]
    if not notes:
        errors["notes-0-criterion"] = ["Write down at least one thing."]
    if errors:
        raise Invalid(errors)
    return Card(**values, notes=tuple(note for note in notes if note))


def _note(number: int, errors: dict[str, Any]) -> Note | None:
    try:
        return Note(**forms.load(NoteForm, MultiDict(_row(number))))
    except Invalid as error:
        errors |= {f"notes-{number}-{name}": messages for name, messages in error.errors.items()}
        return None


def _row(number: int) -> dict[str, str]:
    """Return the filled fields of one note of the form."""
    typed = {name: request.form.get(f"notes-{number}-{name}", "").strip() for name in FIELDS}
    return {name: value for name, value in typed.items() if value}


def _page(application_id: uuid.UUID, errors: Mapping[str, str], noted: Sequence[Finding] = ()) -> str:
    firm_id, member = auth.caller().firm_id, auth.signed_in_member()
    with reading(firm_id) as session:
        application = applications.get_application(session, firm_id, application_id)
        cards = queries.of_application(session, firm_id, application_id)
        catalogue = competencies.catalogue(session, firm_id)
        earlier = queries.earlier(session, firm_id, application.candidate_id)
        names = {each.id: each.name for each in accounts.members(session, firm_id)}
    return render_template(
        "pages/scorecards/scorecards.html",
        application=application,
        cards=cards,
        values=request.form,
        errors=errors,
        noted=noted,
        shown=asked.names(noted),
        earlier=earlier,
        names=names,
        theirs={card.id for card in cards if service.is_theirs(card, member)},
        rows=ROWS,
        ratings=_ratings(),
        words=RATINGS,
        no_evidence=NO_EVIDENCE,
        criteria=[*(each.text for each in application.job.requirements), *itertools.chain(*catalogue.values())],
        today=clock.today(member.firm.time_zone),
    )
