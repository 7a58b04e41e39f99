"""Settings, API keys: made, shown once, revoked."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter import clock
from recruiter.accounts import auth, keys, settings
from recruiter.accounts.models import ApiKey, Role, Scope
from recruiter.accounts.schemas import KeyForm
from recruiter.errors import Invalid
from recruiter.web import forms

pages = Blueprint("api_keys", __name__, url_prefix="/settings/keys")
pages.before_request(auth.require_member)

admins_only = auth.roles(Role.ADMIN)


@pages.get("")
@admins_only
def show() -> ResponseReturnValue:
    """List API keys, with the form to make one."""
    return _page(values={})


@pages.post("")
@admins_only
def create() -> ResponseReturnValue:
    """Make a key and show it, this one time, on the page that answers; it is in no session and no address."""
    try:
        created = keys.create_key(_new_key(**forms.load(KeyForm, request.form)))
    except Invalid as error:
        return _page(error, values=request.form)
    return _page(values={}, secret=created.secret)


@pages.get("/<uuid:key_id>/revoke")
@admins_only
def ask_revoke(key_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a key is ended."""
    return render_template("pages/settings/revoke_key.html", key=keys.get_key(auth.caller().firm_id, key_id))


@pages.post("/<uuid:key_id>/revoke")
@admins_only
def revoke(key_id: uuid.UUID) -> ResponseReturnValue:
    """End a key."""
    caller = auth.caller()
    key = keys.revoke_key(keys.RevokeKey(firm_id=caller.firm_id, actor=caller.actor, key_id=key_id))
    return _back(f"The key “{key.name}” opens nothing any more.")


def _page(error: Invalid | None = None, *, values: Mapping[str, Any], secret: str = "") -> ResponseReturnValue:
    found = [(key, _state(key)) for key in keys.list_keys(auth.caller().firm_id)]
    return settings.page("keys", error, values=values, secret=secret, keys=found, scopes=list(Scope))


def _state(key: ApiKey) -> str:
    return "Revoked" if key.revoked_at else "In use" if keys.is_open(key) else "Ended"


def _new_key(name: str, scopes: list[Scope], last_day: dt.date | None) -> keys.CreateKey:
    """Return the key to make, open until its last day is over in the firm's zone. Raises ``Invalid``."""
    caller, zone = auth.caller(), auth.signed_in_member().firm.time_zone
    if last_day is not None and last_day < clock.today(zone):
        raise Invalid({"last_day": ["Choose a day in the future."]})
    ends = clock.begins(last_day + dt.timedelta(days=1), zone) if last_day else None
    return keys.CreateKey(firm_id=caller.firm_id, actor=caller.actor, name=name, scopes=scopes, expires_at=ends)


def _back(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("api_keys.show"), 303)
