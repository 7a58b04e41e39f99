"""Who is asking, and whether they may: the guards that blueprints name, and the marks that routes carry."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from flask import Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security.utils import logout_user
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from recruiter import clock
from recruiter.accounts import keys
from recruiter.accounts.datastore import SignedIn
from recruiter.accounts.models import ASKED, ASKED_LASTS, ApiKey, Member, Role, Scope
from recruiter.audit import queries as audit
from recruiter.audit.models import ActorKind
from recruiter.audit.service import Actor
from recruiter.db.session import reading
from recruiter.errors import Forbidden
from recruiter.web import htmx

# A page is open to ``READERS`` for reading and to ``WRITERS`` for changing; an API operation needs ``read`` for GET and
# ``write`` for anything else. Marks say otherwise, so a route that forgets its mark is never open too far.
WRITERS = frozenset(role for role in Role if role.writes)
LEADERS = frozenset(role for role in Role if role.leads)
EVERYONE = frozenset(Role)
READERS = EVERYONE - {Role.PRIVACY}  # who reads about everybody; the privacy role, about who asked
# However busy, a session ends a week after its password was typed.
LONGEST_SESSION = dt.timedelta(days=7)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a member in a session or an API key, always of one firm."""

    firm_id: uuid.UUID
    actor: Actor
    member: Member | None = None
    key: ApiKey | None = None

    @property
    def sees_contacts(self) -> bool:
        """Whether this caller may read candidates' addresses and telephone numbers; viewers may not."""
        return self.member is None or self.member.role is not Role.VIEWER


def caller() -> Caller:
    """Return who is asking; only behind ``require_member`` or ``require_key``."""
    found: Caller = g.caller
    return found


def whose(**ids: uuid.UUID) -> dict[str, Any]:
    """Return what every command begins with: the firm, who acts, and the ids of what it is about."""
    return {"firm_id": caller().firm_id, "actor": caller().actor, **ids}


def signed_in_member() -> Member:
    """Return the member whose session this is, with the firm loaded; only behind ``require_member``."""
    member = caller().member
    assert member is not None, "a page behind require_key"  # noqa: S101 - a wrong guard is a fault of ours
    return member


def require_privacy_request(candidate_id: uuid.UUID) -> None:
    """Let the privacy role read about a candidate only when it noted a request of theirs. Raises ``Forbidden``."""
    who = caller()
    if who.member is None or who.member.role in READERS:
        return
    since = clock.now() - ASKED_LASTS
    with reading(who.firm_id) as session:
        if not audit.has_one(session, who.firm_id, candidate_id, ASKED, since):
            raise Forbidden("You read about people who asked about their data. Note this person's request first.")


def public() -> None:
    """Guard what is open to everybody; named so that no blueprint is unguarded by accident."""


def require_member() -> ResponseReturnValue | None:
    """Guard pages: ask for sign-in, then for the role that the route wants. Raises ``Forbidden``."""
    user = current_user._get_current_object() if current_user else None  # noqa: SLF001 - the way out of its proxy
    if not isinstance(user, SignedIn) or _is_over():
        return _ask_to_sign_in()
    member = user.member
    _identify(Caller(member.firm_id, Actor(ActorKind.MEMBER, member.id), member=member))
    allowed = _mark("allowed_roles") or (READERS if request.method in _READS else WRITERS)
    if member.role not in allowed:
        raise Forbidden("Your role does not include this. An admin of your firm can change it.")
    return None


def require_key() -> None:
    """Guard the API: ask for a key that is open and holds the scope. Raises 401 and ``Forbidden`` with ``scope``."""
    authorization = request.authorization
    bearer = authorization.token if authorization and authorization.type == "bearer" else None
    key = keys.find_by_secret(bearer) if bearer else None
    if key is None:
        reason = {"error": "invalid_token"} if bearer else {}
        raise Unauthorized(
            "Send an API key that is in use: Authorization: Bearer KEY.",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "recruiter", **reason}),
        )
    _identify(Caller(key.firm_id, Actor(ActorKind.API_KEY, key.id), key=key))
    needed = _mark("needed_scope") or (Scope.READ if request.method in _READS else Scope.WRITE)
    if needed.value not in key.scopes:
        raise Forbidden(f"This key does not have the scope “{needed}”.", scope=needed.value)


def roles(*allowed: Role) -> Callable[[View], View]:
    """Mark a page as open to these roles only, whatever the method."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(allowed)  # type: ignore[attr-defined]  # read by the guard
        return view

    return mark


def scope(needed: Scope) -> Callable[[View], View]:
    """Mark an API operation as needing this scope of the key."""

    def mark(view: View) -> View:
        view.needed_scope = needed  # type: ignore[attr-defined]  # read by the guard
        return view

    return mark


def _identify(who: Caller) -> None:
    g.caller = who
    structlog.contextvars.bind_contextvars(firm_id=str(who.firm_id), actor_id=str(who.actor.id))


def _is_over() -> bool:
    return clock.now().timestamp() - float(session.get("fs_paa", 0)) > LONGEST_SESSION.total_seconds()


def _mark(name: str) -> Any:
    """Return what the route of this request was marked with: on the function, or on the method of its class."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    view_class = getattr(view, "view_class", None)
    method = getattr(view_class, request.method.lower(), None) if view_class else view
    return getattr(method, name, None)


def _ask_to_sign_in() -> ResponseReturnValue:
    if "_user_id" in session:
        logout_user()
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("security.login", next=wanted)
    if htmx.is_asking():
        return Response(status=401, headers={"HX-Redirect": url_for("security.login")})
    return redirect(address)
