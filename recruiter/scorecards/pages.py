"""The interview notes of one application: read, added and taken away."""

import itertools
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter import clock
from recruiter.accounts import auth
from recruiter.applications import queries as applications
from recruiter.candidates.queries import Erased
from recruiter.db.session import reading
from recruiter.errors import Invalid
from recruiter.feedback import queries as competencies
from recruiter.scorecards import queries, service
from recruiter.scorecards.models import NO_EVIDENCE, RATINGS
from recruiter.scorecards.schemas import NoteForm, ScorecardForm
from recruiter.scorecards.service import AddScorecard, Card, Note, RemoveScorecard
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
    caller = auth.caller()
    try:
        service.add(
            AddScorecard(firm_id=caller.firm_id, actor=caller.actor, application_id=application_id, card=_card())
        )
    except (Invalid, Erased) as error:
        return _page(application_id, forms.problems(error)), 422
    flash("Interview notes kept.")
    return redirect(url_for("scorecards.show", application_id=application_id), 303)


@pages.post("/scorecards/<uuid:scorecard_id>/remove")
@auth.roles(*auth.WRITERS)
def remove(scorecard_id: uuid.UUID) -> ResponseReturnValue:
    """Take a card away."""
    caller = auth.caller()
    card = service.remove(RemoveScorecard(firm_id=caller.firm_id, actor=caller.actor, scorecard_id=scorecard_id))
    flash("Interview notes removed.")
    return redirect(url_for("scorecards.show", application_id=card.application_id), 303)


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


def _page(application_id: uuid.UUID, errors: Mapping[str, str]) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        application = applications.get_application(session, firm_id, application_id)
        cards = queries.of_application(session, firm_id, application_id)
        catalogue = competencies.catalogue(session, firm_id)
    return render_template(
        "pages/scorecards/scorecards.html",
        application=application,
        cards=cards,
        values=request.form,
        errors=errors,
        rows=ROWS,
        ratings=[(str(rating), f"{rating} {words}") for rating, words in RATINGS.items()],
        words=RATINGS,
        no_evidence=NO_EVIDENCE,
        criteria=[*(each.text for each in application.job.requirements), *itertools.chain(*catalogue.values())],
        today=clock.today(auth.signed_in_member().firm.time_zone),
    )
