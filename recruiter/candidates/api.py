"""Candidates in the REST API."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.candidates import queries, service
from recruiter.candidates.models import Candidate
from recruiter.candidates.queries import Filters, Listed
from recruiter.candidates.schemas import (
    CandidateAnswer,
    CandidateBody,
    CandidateChange,
    CandidatesAnswer,
    CandidatesQuery,
    changed,
    person_from,
)
from recruiter.candidates.service import AddCandidate, ChangeCandidate
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import partly, window

blp = ApiBlueprint("candidates", __name__, url_prefix="/candidates", description="People")
blp.before_request(auth.require_key)


def _candidate(candidate_id: uuid.UUID) -> Candidate:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_candidate(session, firm_id, candidate_id)


@blp.post("")
@blp.arguments(CandidateBody)
@blp.response(201, CandidateAnswer)
@blp.alt_response(200, schema=CandidateAnswer, description="Known by `external_id` or an address; empty fields filled.")
@idempotent(_candidate)
def add(body: dict[str, Any]) -> tuple[Candidate, int]:
    """Take a person in, or find them again by `external_id` or an address."""
    caller = auth.caller()
    command = AddCandidate(firm_id=caller.firm_id, actor=caller.actor, person=person_from(body))
    candidate, created = service.add(command)
    return candidate, 201 if created else 200


@blp.get("")
@blp.arguments(CandidatesQuery, location="query")
@blp.response(200, CandidatesAnswer)
def candidate_list(query: dict[str, Any]) -> Page[Listed]:
    """List people, newest first; erased ones are left out."""
    firm_id = auth.caller().firm_id
    part = window(query)
    with reading(firm_id) as session:
        return queries.page(session, firm_id, Filters(**query), part)


@blp.get("/<uuid:candidate_id>")
@blp.etag
@blp.response(200, CandidateAnswer)
def candidate(candidate_id: uuid.UUID) -> Candidate:
    """Read one person; of an erased one a stub is left."""
    return _candidate(candidate_id)


@blp.patch("/<uuid:candidate_id>")
@blp.etag
@blp.arguments(partly(CandidateChange))
@blp.response(200, CandidateAnswer)
def change(body: dict[str, Any], candidate_id: uuid.UUID) -> Candidate:
    """Change what is known about a person; `If-Match` names the version that the change is based on."""
    caller, known = auth.caller(), _candidate(candidate_id)
    blp.check_etag(known, CandidateAnswer)
    command = ChangeCandidate(
        firm_id=caller.firm_id,
        actor=caller.actor,
        candidate_id=candidate_id,
        person=changed(service.person_of(known), body),
        seen=known.updated_at,
    )
    return service.change(command)
