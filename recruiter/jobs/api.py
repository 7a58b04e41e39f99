"""Clients and jobs in the REST API."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.db.folding import fold
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.jobs import queries, service
from recruiter.jobs.models import Client, Job
from recruiter.jobs.queries import Filters
from recruiter.jobs.schemas import (
    ClientAnswer,
    ClientBody,
    ClientChange,
    ClientsAnswer,
    ClientsQuery,
    JobAnswer,
    JobBody,
    JobChange,
    JobsAnswer,
    JobsQuery,
    changed,
    heads_from,
    role_from,
)
from recruiter.jobs.service import AddClient, AddJob, ChangeClient, ChangeJob, CloseJob
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import partly, window

clients_blp = ApiBlueprint("clients", __name__, url_prefix="/clients", description="Companies the firm recruits for")
clients_blp.before_request(auth.require_key)

jobs_blp = ApiBlueprint("jobs", __name__, url_prefix="/jobs", description="Roles to fill")
jobs_blp.before_request(auth.require_key)


def _client(client_id: uuid.UUID) -> Client:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_client(session, firm_id, client_id)


def _job(job_id: uuid.UUID) -> Job:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_job(session, firm_id, job_id)


@clients_blp.post("")
@clients_blp.arguments(ClientBody)
@clients_blp.response(201, ClientAnswer)
@clients_blp.alt_response(200, schema=ClientAnswer, description="Known by this name.")
@idempotent(_client)
def add_client(body: dict[str, Any]) -> tuple[Client, int]:
    """Add a client, or find it again by its name."""
    caller = auth.caller()
    client, created = service.add_client(AddClient(firm_id=caller.firm_id, actor=caller.actor, **body))
    return client, 201 if created else 200


@clients_blp.get("")
@clients_blp.arguments(ClientsQuery, location="query")
@clients_blp.response(200, ClientsAnswer)
def client_list(query: dict[str, Any]) -> Page[Client]:
    """List clients, newest first; `name` finds one whatever its case and accents."""
    firm_id = auth.caller().firm_id
    folded = fold(query["name"]) if query["name"] else None
    with reading(firm_id) as session:
        return queries.clients(session, firm_id, folded, window(query))


@clients_blp.get("/<uuid:client_id>")
@clients_blp.etag
@clients_blp.response(200, ClientAnswer)
def client(client_id: uuid.UUID) -> Client:
    """Read one client."""
    return _client(client_id)


@clients_blp.patch("/<uuid:client_id>")
@clients_blp.etag
@clients_blp.arguments(partly(ClientChange))
@clients_blp.response(200, ClientAnswer)
def change_client(body: dict[str, Any], client_id: uuid.UUID) -> Client:
    """Change what is known about a client; `If-Match` names the version that the change is based on."""
    caller, known = auth.caller(), _client(client_id)
    clients_blp.check_etag(known, ClientAnswer)
    name, heads, seen = body.get("name", known.name), heads_from(body, known), known.updated_at
    command = ChangeClient(
        firm_id=caller.firm_id, actor=caller.actor, client_id=client_id, name=name, heads=heads, seen=seen
    )
    return service.change_client(command)


@jobs_blp.post("")
@jobs_blp.arguments(JobBody)
@jobs_blp.response(201, JobAnswer)
@jobs_blp.alt_response(200, schema=JobAnswer, description="Known by `external_id`.")
@idempotent(_job)
def add(body: dict[str, Any]) -> tuple[Job, int]:
    """Add a job, or find it again by `external_id`; its client is found by name."""
    caller = auth.caller()
    job, created = service.add_job(AddJob(firm_id=caller.firm_id, actor=caller.actor, role=role_from(body)))
    return job, 201 if created else 200


@jobs_blp.get("")
@jobs_blp.arguments(JobsQuery, location="query")
@jobs_blp.response(200, JobsAnswer)
def job_list(query: dict[str, Any]) -> Page[Job]:
    """List jobs, newest first."""
    firm_id = auth.caller().firm_id
    part = window(query)
    with reading(firm_id) as session:
        return queries.page(session, firm_id, Filters(**query), part)


@jobs_blp.get("/<uuid:job_id>")
@jobs_blp.etag
@jobs_blp.response(200, JobAnswer)
def job(job_id: uuid.UUID) -> Job:
    """Read one job."""
    return _job(job_id)


@jobs_blp.patch("/<uuid:job_id>")
@jobs_blp.etag
@jobs_blp.arguments(partly(JobChange))
@jobs_blp.response(200, JobAnswer)
def change(body: dict[str, Any], job_id: uuid.UUID) -> Job:
    """Change a job; `If-Match` names the version that the change is based on."""
    caller, known = auth.caller(), _job(job_id)
    jobs_blp.check_etag(known, JobAnswer)
    role = changed(service.role_of(known), body)
    command = ChangeJob(firm_id=caller.firm_id, actor=caller.actor, job_id=job_id, role=role, seen=known.updated_at)
    return service.change_job(command)


@jobs_blp.post("/<uuid:job_id>/close")
@jobs_blp.response(200, JobAnswer)
@idempotent(_job)
def close(job_id: uuid.UUID) -> Job:
    """Close a job; again changes nothing."""
    return _close(job_id, closed=True)


@jobs_blp.post("/<uuid:job_id>/reopen")
@jobs_blp.response(200, JobAnswer)
@idempotent(_job)
def reopen(job_id: uuid.UUID) -> Job:
    """Open a closed job again; again changes nothing."""
    return _close(job_id, closed=False)


def _close(job_id: uuid.UUID, *, closed: bool) -> Job:
    caller = auth.caller()
    return service.close(CloseJob(firm_id=caller.firm_id, actor=caller.actor, job_id=job_id, closed=closed))
