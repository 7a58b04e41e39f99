"""The page on which an invited person becomes a member."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import hash_password, login_user

from recruiter.accounts import auth, invitations
from recruiter.accounts import service as accounts
from recruiter.accounts.datastore import SignedIn
from recruiter.accounts.invitations import Accept
from recruiter.accounts.schemas import JoinForm
from recruiter.errors import Invalid
from recruiter.web import forms

pages = Blueprint("joining", __name__)
pages.before_request(auth.public)


@pages.get("/join/<token>")
def join(token: str) -> ResponseReturnValue:
    """Show the form of an open invitation; opening it changes nothing."""
    return _form(token, {})


@pages.post("/join/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Make the invited person a member and sign them in."""
    invitations.find(token)
    try:
        member = invitations.accept(Accept(token=token, **_filled_in()))
    except Invalid as error:
        return _form(token, forms.problems(error)), 422
    login_user(SignedIn(member), authn_via=["invitation"])
    flash("You are in. This is where your day starts.")
    return redirect(url_for("desk.show"), 303)


def _form(token: str, errors: dict[str, str]) -> str:
    invitation = invitations.find(token)
    return render_template(
        "pages/accounts/join.html",
        brand=accounts.get_firm(invitation.firm_id).name,
        email=invitation.email,
        role=invitation.role.value,
        action=url_for("joining.accept", token=token),
        values=request.form,
        errors=errors,
    )


def _filled_in() -> dict[str, Any]:
    """Return what the form says, the password hashed; raise ``Invalid`` with all that has to change at once."""
    wrong, kept = current_app.extensions["security"].password_util.validate(request.form.get("password", ""), True)  # noqa: FBT003
    errors = {"password": wrong} if wrong else {}
    try:
        values = forms.load(JoinForm, request.form)
    except Invalid as error:
        raise Invalid({**error.errors, **errors}) from error
    if errors:
        raise Invalid(errors)
    return values | {"password_hash": hash_password(kept)}
