"""The way out of the pool behind the link in every invitation: a page with a button, and the one-click request.

Mail programs send the one-click request (RFC 8058) without cookie, session or CSRF token. The link's token is the only
key, and all it can do is to end mail.
"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from recruiter import clock
from recruiter.accounts import auth
from recruiter.accounts import queries as accounts
from recruiter.db.doors import hash_of
from recruiter.db.session import reading
from recruiter.talent_pool import queries, service
from recruiter.web import languages

pages = Blueprint("pool_leave", __name__, url_prefix="/p/<token>")
pages.before_request(auth.public)


@pages.get("")
def show(token: str) -> ResponseReturnValue:
    """Ask whether to leave; looking changes nothing, so that a scanner of mails cannot leave for anybody."""
    return _page(token, left=False)


@pages.post("")
def leave(token: str) -> ResponseReturnValue:
    """Leave at once, whoever sends the request and how often; answered without a redirect."""
    service.leave_by_link(token)
    return _page(token, left=True)


def _page(token: str, *, left: bool) -> ResponseReturnValue:
    firm_id = service.firm_by_link(token)
    with reading(firm_id) as session:
        firm = accounts.get_firm(session, firm_id)
        sent_with = queries.get_by_link(session, firm_id, hash_of(token))
        current = queries.find_current(session, firm_id, sent_with.candidate_id, clock.today(firm.time_zone))
    shown = {"name": firm.name, "contact": firm.phone, "colour": firm.colour}
    language = sent_with.candidate.language or firm.language
    return languages.page("candidate/leave.html", language, firm=shown, membership=current, left=left)
