"""Responses and answers over the API."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.accounts.models import Scope
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.portal import answers, queries
from recruiter.portal.answers import GiveAnswer
from recruiter.portal.models import Answer, Response
from recruiter.portal.queries import Filters
from recruiter.portal.schemas import ReplyAnswer, ReplyBody, ResponseAnswer, ResponsesAnswer, ResponsesQuery
from recruiter.web.api import ApiBlueprint
from recruiter.web.idempotency import idempotent
from recruiter.web.schemas import window

blp = ApiBlueprint(
    "responses", __name__, url_prefix="/responses", description="What candidates send through their page."
)
blp.before_request(auth.require_key)


def _answer(answer_id: uuid.UUID) -> Answer:
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get_answer(session, firm_id, answer_id)


@blp.get("")
@auth.scope(Scope.READ)
@blp.arguments(ResponsesQuery, location="query")
@blp.response(200, ResponsesAnswer)
def index(query: dict[str, Any]) -> Page[Response]:
    """List responses, oldest first."""
    wanted = window(query)
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.page(session, firm_id, Filters(**query), wanted)


@blp.get("/<uuid:response_id>")
@auth.scope(Scope.READ)
@blp.etag
@blp.response(200, ResponseAnswer)
def show(response_id: uuid.UUID) -> Response:
    """Show a response with its answer."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.get(session, firm_id, response_id)


@blp.post("/<uuid:response_id>/answer")
@auth.scope(Scope.SEND)
@blp.arguments(ReplyBody)
@blp.response(201, ReplyAnswer)
@idempotent(show=_answer)
def answer(body: dict[str, Any], response_id: uuid.UUID) -> Answer:
    """Answer a response: shown on the page, and told by a mail that does not hold the text."""
    caller = auth.caller()
    return answers.give(GiveAnswer(firm_id=caller.firm_id, actor=caller.actor, response_id=response_id, **body))
