"""The forms about a person: add, edit, stop mail and let it go again."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter.accounts import auth
from recruiter.candidates import queries, service
from recruiter.candidates.models import Candidate
from recruiter.candidates.schemas import AddressForm, CandidateForm, SuppressForm, person_from
from recruiter.candidates.service import AddCandidate, ChangeCandidate, LiftSuppression, Person, SuppressAddress
from recruiter.db.session import reading
from recruiter.errors import Conflict, Invalid
from recruiter.policies.calendars import COUNTRIES
from recruiter.web import forms, locales

pages = Blueprint("candidates", __name__, url_prefix="/candidates")
pages.before_request(auth.require_member)

Values = MultiDict[str, str]


@pages.get("/new")
@auth.roles(*auth.WRITERS)
def new() -> ResponseReturnValue:
    """Show the form "Add a candidate"."""
    return _form(None, request.args, {})


@pages.post("/new")
def add() -> ResponseReturnValue:
    """Take the person in and open their record."""
    caller = auth.caller()
    try:
        person = _person(_typed())
        candidate, created = service.add(AddCandidate(firm_id=caller.firm_id, actor=caller.actor, person=person))
    except (Invalid, Conflict) as error:
        return _form(None, request.form, forms.problems(error)), 422
    flash("Added." if created else "This person was known. What was empty is filled.")
    return _record(candidate.id)


@pages.get("/<uuid:candidate_id>/edit")
@auth.roles(*auth.WRITERS)
def edit(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form "Edit"."""
    candidate = _candidate(candidate_id)
    return _form(candidate, _values(candidate), {})


@pages.post("/<uuid:candidate_id>/edit")
def change(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Write what is known about the person now, unless somebody else did meanwhile."""
    candidate = _candidate(candidate_id)
    try:
        typed = _typed()
        service.change(
            ChangeCandidate(**auth.whose(candidate_id=candidate_id), person=_person(typed), seen=typed["seen"])
        )
    except (Invalid, Conflict) as error:
        return _form(candidate, request.form, forms.problems(error)), 422
    flash("Saved.")
    return _record(candidate_id)


@pages.get("/<uuid:candidate_id>/mail")
@auth.roles(*auth.WRITERS)
def mail(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show which of the person's addresses get mail."""
    return _mail(candidate_id, {})


@pages.post("/<uuid:candidate_id>/mail/stop")
def suppress(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Stop all mail to an address."""
    try:
        values = forms.load(SuppressForm, request.form)
    except Invalid as error:
        return _mail(candidate_id, forms.problems(error)), 422
    service.suppress(SuppressAddress(**auth.whose(candidate_id=candidate_id), **values))
    flash("No mail goes to this address any more.")
    return redirect(url_for("candidates.mail", candidate_id=candidate_id), 303)


@pages.post("/<uuid:candidate_id>/mail/start")
def lift(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Let mail go to an address again."""
    service.lift(LiftSuppression(**auth.whose(candidate_id=candidate_id), **forms.load(AddressForm, request.form)))
    flash("Mail goes to this address again.")
    return redirect(url_for("candidates.mail", candidate_id=candidate_id), 303)


def _candidate(candidate_id: uuid.UUID) -> Candidate:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_present(session, firm_id, candidate_id)


def _form(candidate: Candidate | None, values: Values, errors: dict[str, str]) -> str:
    return render_template(
        "pages/candidates/form.html",
        candidate=candidate,
        values=values,
        errors=errors,
        countries=locales.countries(COUNTRIES),
        seen=candidate.updated_at.isoformat() if candidate else "",
    )


def _mail(candidate_id: uuid.UUID, errors: dict[str, str]) -> str:
    caller = auth.caller()
    with reading(caller.firm_id) as session:
        candidate = queries.get_present(session, caller.firm_id, candidate_id)
        addresses = queries.suppressed(session, caller.firm_id, candidate)
    return render_template("pages/candidates/mail.html", candidate=candidate, addresses=addresses, errors=errors)


def _typed() -> dict[str, Any]:
    return forms.load(CandidateForm, forms.parted(request.form, "emails", "skills"))


def _person(typed: dict[str, Any]) -> Person:
    return person_from({name: value for name, value in typed.items() if name != "seen"})


def _values(candidate: Candidate) -> Values:
    person = service.person_of(candidate)
    values: Values = MultiDict({fact: getattr(person, fact) or "" for fact in service.FACTS})
    values["name"] = person.name
    values["email"] = candidate.email or ""
    values["emails"] = "\n".join(person.emails[1:])
    values["skills"] = ", ".join(person.skills)
    return values


def _record(candidate_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("record.show", candidate_id=candidate_id), 303)
