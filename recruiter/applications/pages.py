"""Applications: the list of candidates, one row an application, and the forms that move one."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from recruiter import clock
from recruiter.accounts import auth
from recruiter.accounts import queries as accounts
from recruiter.applications import outcomes, queries, service
from recruiter.applications.models import Application, DecidedBy, Decision, Stage
from recruiter.applications.schemas import (
    ApplicationForm,
    CandidatesPageQuery,
    DecisionForm,
    NewApplicationForm,
    View,
    filters_from,
)
from recruiter.applications.service import AddApplication, ChangeApplication, Decide, Facts, Verdict
from recruiter.candidates import queries as candidates
from recruiter.db.keyset import Window
from recruiter.db.session import reading
from recruiter.errors import Conflict, Invalid
from recruiter.jobs import queries as jobs
from recruiter.web import forms, htmx
from recruiter.web.schemas import window

pages = Blueprint("applications", __name__)
pages.before_request(auth.require_member)

Values = MultiDict[str, str]


@pages.get("/candidates")
def candidate_list() -> ResponseReturnValue:
    """Show the candidates, one row an application, as the query narrows them; for htmx the rows alone."""
    member, query = auth.signed_in_member(), forms.load(CandidatesPageQuery, request.args)
    part, view = window(query), query["view"]
    with reading(member.firm_id) as session:
        shown = _listed(session, query, part)
        choices = _choices(session, member.firm_id, query["job_id"], query["owner_id"])
    context = {**shown, **choices, "view": view, "views": View, "values": request.args, "today": _today()}
    return htmx.page_or_part("pages/applications/list.html", "pages/applications/_results.html", **context)


@pages.get("/candidates/<uuid:candidate_id>/applications/new")
@auth.roles(*auth.WRITERS)
def new(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form "Add an application"."""
    return _new_form(candidate_id, request.args, {})


@pages.post("/candidates/<uuid:candidate_id>/applications/new")
def add(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Add the application and go back to the person."""
    caller = auth.caller()
    try:
        typed = _typed(NewApplicationForm)
        ends = {"candidate_id": candidate_id, "job_id": typed.pop("job_id")}
        command = AddApplication(firm_id=caller.firm_id, actor=caller.actor, facts=Facts(**typed), **ends)
        _, created = service.add(command)
    except (Invalid, Conflict) as error:
        return _new_form(candidate_id, request.form, forms.problems(error)), 422
    flash("Added." if created else "There is an open application for this job already.")
    return redirect(url_for("record.show", candidate_id=candidate_id), 303)


@pages.get("/applications/<uuid:application_id>")
def show(application_id: uuid.UUID) -> ResponseReturnValue:
    """Show stage, promise, owner and decision, each to change."""
    return _page(application_id, {})


@pages.post("/applications/<uuid:application_id>")
def change(application_id: uuid.UUID) -> ResponseReturnValue:
    """Write what the firm says now, unless somebody else did meanwhile."""
    try:
        typed = _typed(ApplicationForm)
        seen, facts = typed.pop("seen"), Facts(**typed)
        service.change(ChangeApplication(**auth.whose(application_id=application_id), facts=facts, seen=seen))
    except (Invalid, Conflict) as error:
        return _page(application_id, forms.problems(error), request.form), 422
    return _back(application_id, "Saved.")


@pages.post("/applications/<uuid:application_id>/decision")
def decide(application_id: uuid.UUID) -> ResponseReturnValue:
    """Record the decision."""
    try:
        verdict = Verdict(**forms.load(DecisionForm, request.form))
        service.record_decision(Decide(**auth.whose(application_id=application_id), verdict=verdict))
    except (Invalid, Conflict) as error:
        return _page(application_id, forms.problems(error), request.form), 422
    return _back(application_id, "Decided.")


@pages.post("/applications/<uuid:application_id>/reopen")
def reopen(application_id: uuid.UUID) -> ResponseReturnValue:
    """Take the decision back."""
    try:
        service.record_decision(Decide(**auth.whose(application_id=application_id), verdict=None))
    except Conflict as error:
        return _page(application_id, forms.problems(error)), 422
    return _back(application_id, "Open again, with a new promise.")


def _typed(form: type[Schema]) -> dict[str, Any]:
    """Return what was typed; times are those of the firm's clock."""
    typed = forms.load(form, request.form)
    interview = typed["last_interview_at"]
    typed["last_interview_at"] = clock.from_local(interview, _zone()) if interview else None
    return typed


def _listed(session: Session, query: dict[str, Any], part: Window) -> dict[str, Any]:
    """Return the people or applications of a part of the list, and how many applications there are in all of it."""
    firm_id, view = auth.caller().firm_id, query["view"]
    if view is View.PEOPLE:
        return {"found": candidates.page(session, firm_id, candidates.Filters(q=query["q"]), part), "total": None}
    filters = filters_from(query)
    read = queries.page if view is View.ALL else queries.page_by_promise
    return {"found": read(session, firm_id, filters, part), "total": queries.count(session, firm_id, filters)}


def _choices(
    session: Session, firm_id: uuid.UUID, job_id: uuid.UUID | None = None, owner_id: uuid.UUID | None = None
) -> dict[str, Any]:
    """Return what the selects of the forms offer: open jobs and active members, and what is chosen already."""
    members = accounts.members(session, firm_id)
    return {
        "jobs": jobs.choices(session, firm_id, job_id),
        "owners": [(member.id, member.name) for member in members if member.active or member.id == owner_id],
        "stages": [(stage.value, stage.label) for stage in Stage],
        "decisions": [(decision.value, decision.label) for decision in Decision],
        "deciders": [(decider.value, decider.label) for decider in DecidedBy],
    }


def _new_form(candidate_id: uuid.UUID, values: Values, errors: dict[str, str]) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        candidate = candidates.get_present(session, firm_id, candidate_id)
        choices = _choices(session, firm_id)
    return render_template("pages/applications/new.html", candidate=candidate, values=values, errors=errors, **choices)


def _page(application_id: uuid.UUID, errors: dict[str, str], typed: Values | None = None) -> str:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        application = queries.get_application(session, firm_id, application_id)
        choices = _choices(session, firm_id, owner_id=application.owner_id)
    context = {
        "values": _values(application) if typed is None else typed,
        "errors": errors,
        "reasons": outcomes.choices(),
        "reason": outcomes.label_for(application.outcome_code),
    }
    return render_template(
        "pages/applications/application.html", application=application, today=_today(), **context, **choices
    )


def _values(application: Application) -> Values:
    facts = service.facts_of(application)
    interview = facts.last_interview_at
    return MultiDict(
        {
            "stage": facts.stage.value,
            "external_id": facts.external_id or "",
            "owner": facts.owner or "",
            "promised_on": facts.promised_on.isoformat() if facts.promised_on else "",
            "last_interview_at": forms.wall_clock(interview, _zone()) if interview else "",
            "seen": application.updated_at.isoformat(),
            "decision": application.decision or "",
            "outcome_code": application.outcome_code or "",
            "decided_by": application.decided_by or "",
        }
    )


def _back(application_id: uuid.UUID, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("applications.show", application_id=application_id), 303)


def _today() -> Any:
    return clock.today(_zone())


def _zone() -> str:
    return auth.signed_in_member().firm.time_zone
