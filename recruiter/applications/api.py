"""Applications in the REST API."""

import dataclasses
import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.applications import queries, service, standing
from recruiter.applications.models import Application
from recruiter.applications.queries import Filters
from recruiter.applications.schemas import (
    ApplicationAnswer,
    ApplicationBody,
    ApplicationChange,
    ApplicationsAnswer,
    ApplicationsQuery,
    DecisionBody,
    StandingAnswer,
    verdict_from,
)
from recruiter.applications.service import AddApplication, ChangeApplication, Decide, Facts
from recruiter.applications.standing import Standing
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import partly, window

blp = ApiBlueprint("applications", __name__, url_prefix="/applications", description="One candidate for one job")
blp.before_request(auth.require_key)


def _application(application_id: uuid.UUID) -> Application:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_application(session, firm_id, application_id)


@blp.post("")
@blp.arguments(ApplicationBody)
@blp.response(201, ApplicationAnswer)
@blp.alt_response(
    200, schema=ApplicationAnswer, description="The same open candidate and job, or a known `external_id`."
)
@idempotent(_application)
def add(body: dict[str, Any]) -> tuple[Application, int]:
    """Add an application, or find the open one of the same candidate and job."""
    caller = auth.caller()
    ends = {name: body.pop(name) for name in ("candidate_id", "job_id")}
    command = AddApplication(firm_id=caller.firm_id, actor=caller.actor, facts=Facts(**body), **ends)
    application, created = service.add(command)
    return application, 201 if created else 200


@blp.get("")
@blp.arguments(ApplicationsQuery, location="query")
@blp.response(200, ApplicationsAnswer)
def application_list(query: dict[str, Any]) -> Page[Application]:
    """List applications, newest first."""
    firm_id = auth.caller().firm_id
    part = window(query)
    with reading(firm_id) as session:
        return queries.page(session, firm_id, Filters(**query), part)


@blp.get("/<uuid:application_id>")
@blp.etag
@blp.response(200, ApplicationAnswer)
def application(application_id: uuid.UUID) -> Application:
    """Read one application."""
    return _application(application_id)


@blp.patch("/<uuid:application_id>")
@blp.etag
@blp.arguments(partly(ApplicationChange))
@blp.response(200, ApplicationAnswer)
def change(body: dict[str, Any], application_id: uuid.UUID) -> Application:
    """Change stage, owner, promise or last interview; `If-Match` names the version that the change is based on."""
    caller, known = auth.caller(), _application(application_id)
    blp.check_etag(known, ApplicationAnswer)
    command = ChangeApplication(
        firm_id=caller.firm_id,
        actor=caller.actor,
        application_id=application_id,
        facts=dataclasses.replace(service.facts_of(known), **body),
        seen=known.updated_at,
    )
    return service.change(command)


@blp.get("/<uuid:application_id>/policy")
@blp.response(200, StandingAnswer)
def policy(application_id: uuid.UUID) -> Standing:
    """Read what the policy asks for: feedback mode, days to tell by, and the proof of what was told."""
    return standing.get(auth.caller().firm_id, application_id)


@blp.post("/<uuid:application_id>/decision")
@blp.arguments(DecisionBody)
@blp.response(200, ApplicationAnswer)
@idempotent(_application)
def decide(body: dict[str, Any], application_id: uuid.UUID) -> Application:
    """Record the decision; `null` reopens it and begins the next round."""
    caller, verdict = auth.caller(), verdict_from(body)
    return service.record_decision(
        Decide(firm_id=caller.firm_id, actor=caller.actor, application_id=application_id, verdict=verdict)
    )
