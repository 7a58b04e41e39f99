"""The library in the REST API: read by whoever names its entries in a notice."""

import uuid
from typing import Any

from recruiter.accounts import auth
from recruiter.db.keyset import Page
from recruiter.db.session import reading
from recruiter.resources import queries, service
from recruiter.resources.models import Resource
from recruiter.resources.schemas import ResourceAnswer, ResourcesAnswer, ResourcesQuery
from recruiter.web.api import ApiBlueprint
from recruiter.web.schemas import window

blp = ApiBlueprint("resources", __name__, url_prefix="/resources", description="What helps candidates further")
blp.before_request(auth.require_key)


@blp.get("")
@blp.arguments(ResourcesQuery, location="query")
@blp.response(200, ResourcesAnswer)
def resource_list(query: dict[str, Any]) -> Page[Resource]:
    """List the library, newest first."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        return queries.page(session, firm_id, window(query))


@blp.get("/<uuid:resource_id>")
@blp.etag
@blp.response(200, ResourceAnswer)
def resource(resource_id: uuid.UUID) -> Resource:
    """Read one entry of the library."""
    return service.get(auth.caller().firm_id, resource_id)
