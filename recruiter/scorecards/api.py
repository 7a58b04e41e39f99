"""Scorecards in the REST API: from whatever the interviewers write in."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.scorecards import queries, service
from recruiter.scorecards.models import Scorecard
from recruiter.scorecards.schemas import (
    KeptScorecardAnswer,
    ScorecardAnswer,
    ScorecardBody,
    ScorecardsAnswer,
    ScorecardsQuery,
    card_from,
)
from recruiter.scorecards.service import AddScorecard
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import window

blp = ApiBlueprint("scorecards", __name__, url_prefix="/scorecards", description="What interviewers wrote down")
blp.before_request(auth.require_key)


def _scorecard(scorecard_id: uuid.UUID) -> Scorecard:
    return service.get(auth.caller().firm_id, scorecard_id)


@blp.post("")
@blp.arguments(ScorecardBody)
@blp.response(201, KeptScorecardAnswer)
@blp.alt_response(200, schema=KeptScorecardAnswer, description="A known `external_id`.")
@idempotent(_scorecard)
def add(body: dict[str, Any]) -> tuple[Scorecard, int]:
    """Keep a scorecard; only notes marked `shareable` are offered to whoever writes the letter."""
    caller, application_id = auth.caller(), body.pop("application_id")
    card, created = service.add(
        AddScorecard(firm_id=caller.firm_id, actor=caller.actor, application_id=application_id, card=card_from(body))
    )
    return card, 201 if created else 200


@blp.get("")
@blp.arguments(ScorecardsQuery, location="query")
@blp.response(200, ScorecardsAnswer)
def scorecard_list(query: dict[str, Any]) -> Page[Scorecard]:
    """List scorecards, newest first."""
    firm_id = auth.caller().firm_id
    part = window(query)
    with reading(firm_id) as session:
        return queries.page(session, firm_id, part, **query)


@blp.get("/<uuid:scorecard_id>")
@blp.etag
@blp.response(200, ScorecardAnswer)
def scorecard(scorecard_id: uuid.UUID) -> Scorecard:
    """Read one scorecard."""
    return _scorecard(scorecard_id)
