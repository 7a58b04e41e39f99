"""Jobs: the list, one job, its form, closing and reopening."""

import dataclasses
import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from recruiter.accounts import auth
from recruiter.db.folding import fold
from recruiter.db.session import reading
from recruiter.errors import Conflict, Invalid
from recruiter.jobs import queries, service
from recruiter.jobs.models import Job
from recruiter.jobs.queries import Filters
from recruiter.jobs.schemas import JobForm, JobsQuery
from recruiter.jobs.service import AddJob, ChangeJob, CloseJob, Need, Role
from recruiter.policies import regions
from recruiter.policies.calendars import COUNTRIES
from recruiter.web import forms, locales
from recruiter.web.schemas import window

pages = Blueprint("jobs", __name__, url_prefix="/jobs")
pages.before_request(auth.require_member)

Values = MultiDict[str, str]


@pages.get("")
def job_list() -> ResponseReturnValue:
    """Show the jobs, newest first, as the query narrows them."""
    firm_id, query = auth.caller().firm_id, forms.load(JobsQuery, request.args)
    part = window(query)
    with reading(firm_id) as session:
        found = queries.page(session, firm_id, Filters(**query), part)
    return render_template("pages/jobs/list.html", found=found, values=request.args)


@pages.get("/new")
@auth.roles(*auth.WRITERS)
def new() -> ResponseReturnValue:
    """Show the form "Add a job"."""
    return _form(None, request.args, {})


@pages.post("/new")
def add() -> ResponseReturnValue:
    """Add the job and open it."""
    caller = auth.caller()
    try:
        role = _role(_typed(), ())
        job, created = service.add_job(AddJob(firm_id=caller.firm_id, actor=caller.actor, role=role))
    except (Invalid, Conflict) as error:
        return _form(None, request.form, forms.problems(error)), 422
    return _open(job.id, "Added." if created else "This job was known by its ATS id; nothing was changed.")


@pages.get("/<uuid:job_id>")
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show one job with what it needs."""
    job = _job(job_id)
    region = regions.name(job.region) if job.region else ""
    return render_template("pages/jobs/job.html", job=job, region=region)


@pages.get("/<uuid:job_id>/edit")
@auth.roles(*auth.WRITERS)
def edit(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form "Edit"."""
    job = _job(job_id)
    return _form(job, _values(job), {})


@pages.post("/<uuid:job_id>/edit")
def change(job_id: uuid.UUID) -> ResponseReturnValue:
    """Write what is known about the job now, unless somebody else did meanwhile."""
    caller, job = auth.caller(), _job(job_id)
    try:
        typed = _typed()
        seen, role = typed.pop("seen"), _role(typed, service.role_of(job).needs)
        service.change_job(ChangeJob(firm_id=caller.firm_id, actor=caller.actor, job_id=job_id, role=role, seen=seen))
    except (Invalid, Conflict) as error:
        return _form(job, request.form, forms.problems(error)), 422
    return _open(job_id, "Saved.")


@pages.post("/<uuid:job_id>/close")
def close(job_id: uuid.UUID) -> ResponseReturnValue:
    """Close the job."""
    return _close(job_id, closed=True)


@pages.post("/<uuid:job_id>/reopen")
def reopen(job_id: uuid.UUID) -> ResponseReturnValue:
    """Open the job again."""
    return _close(job_id, closed=False)


def _close(job_id: uuid.UUID, *, closed: bool) -> ResponseReturnValue:
    caller = auth.caller()
    service.close(CloseJob(firm_id=caller.firm_id, actor=caller.actor, job_id=job_id, closed=closed))
    return _open(job_id, "Closed. Who waits still has a promise." if closed else "Open again.")


def _job(job_id: uuid.UUID) -> Job:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_job(session, firm_id, job_id)


def _form(job: Job | None, values: Values, errors: dict[str, str]) -> str:
    seen = job.updated_at.isoformat() if job else ""
    kept = job.region if job else None
    return render_template(
        "pages/jobs/form.html",
        job=job,
        values=values,
        errors=errors,
        seen=seen,
        countries=locales.countries(COUNTRIES),
        regions=locales.regions(regions.offered(kept)),
    )


def _typed() -> dict[str, Any]:
    return forms.load(JobForm, forms.parted(request.form, "must_have", "nice_to_have", at=r"\n"))


def _role(typed: dict[str, Any], known: tuple[Need, ...]) -> Role:
    """Return the role as it was typed; a requirement whose words did not change keeps its id."""
    ids = {fold(need.text): need.id for need in known}
    texts = [(text, True) for text in typed.pop("must_have")] + [(text, False) for text in typed.pop("nice_to_have")]
    needs = tuple(Need(text, must_have, ids.pop(fold(text), None)) for text, must_have in texts)
    facts = {name: value for name, value in typed.items() if name != "seen"}
    return Role(needs=needs, **facts)


def _values(job: Job) -> Values:
    role = service.role_of(job)
    values: Values = MultiDict({name: value or "" for name, value in dataclasses.asdict(role).items()})
    values["must_have"] = "\n".join(need.text for need in role.needs if need.must_have)
    values["nice_to_have"] = "\n".join(need.text for need in role.needs if not need.must_have)
    return values


def _open(job_id: uuid.UUID, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("jobs.show", job_id=job_id), 303)
