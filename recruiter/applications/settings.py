"""Settings, Outcome reasons: what the reasons of the firm's ATS mean here; for admins."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, settings
from recruiter.accounts.models import Role
from recruiter.applications import catalogue, mapping, outcomes
from recruiter.applications.mapping import MapReasons
from recruiter.applications.reasons import Seen
from recruiter.errors import Invalid, Stale
from recruiter.web import forms
from recruiter.web.jinja import plural

pages = Blueprint("outcome_reasons", __name__, url_prefix="/settings/reasons")
pages.before_request(auth.require_member)

CHOSEN, SEEN = "code-", "seen-"


@pages.get("")
@auth.roles(Role.ADMIN)
def index() -> ResponseReturnValue:
    """List the reasons with how many people came with each, and what they mean."""
    return _page({}), 200


@pages.post("")
@auth.roles(Role.ADMIN)
def keep() -> ResponseReturnValue:
    """Keep what they mean and give it to who came with them."""
    caller = auth.caller()
    try:
        chosen, seen = _codes(CHOSEN), _codes(SEEN)
        command = MapReasons(firm_id=caller.firm_id, actor=caller.actor, codes=chosen, seen=seen)
        people = mapping.map_reasons(command)
    except (Invalid, Stale) as error:
        return _page(forms.problems(error)), 422
    given = f" {plural(people, 'person has', 'people have')} it now." if people else ""
    flash(f"Reasons saved.{given}")
    return redirect(url_for("outcome_reasons.index"), 303)


def _codes(prefix: str) -> dict[uuid.UUID, str | None]:
    """Return the codes of these fields, by the reason's id; raise ``Invalid`` for a name that is no id."""
    try:
        return {
            uuid.UUID(name.removeprefix(prefix)): code or None
            for name, code in request.form.items()
            if name.startswith(prefix)
        }
    except ValueError as error:
        raise Invalid({"": ["This form is not one of ours. Load the page again."]}) from error


def _page(errors: dict[str, str]) -> str:
    found = [_row(each) for each in mapping.seen(auth.caller().firm_id)]
    areas, codes = settings.areas("reasons"), outcomes.choices()
    return render_template("pages/settings/reasons.html", areas=areas, errors=errors, reasons=found, codes=codes)


def _row(seen: Seen) -> dict[str, Any]:
    """Return one reason as the page shows it; what is usual for an ATS is chosen until somebody says otherwise."""
    reason, usual = seen.reason, catalogue.suggestion(seen.reason.words)
    name = f"{CHOSEN}{reason.id}"
    suggested = usual.code if usual else ""
    return {
        "name": name,
        "seen_as": f"{SEEN}{reason.id}",
        "seen": reason.outcome_code or "",
        "words": reason.words,
        "people": seen.people,
        "waiting": seen.waiting,
        "code": request.form.get(name, reason.outcome_code or suggested),
        "is_mapped": reason.outcome_code is not None,
        "usual": f"Usual for {usual.ats}." if usual and usual.code else usual.note if usual else "",
    }
