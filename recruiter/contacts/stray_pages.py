"""The page of mail that names no message of ours: whose it may be, and what to do with it."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.contacts import strays
from recruiter.contacts.strays import DealWith, Nobody
from recruiter.db.session import reading

pages = Blueprint("strays", __name__, url_prefix="/mail")
pages.before_request(auth.require_member)


@pages.get("")
@auth.roles(*auth.WRITERS)
def show() -> ResponseReturnValue:
    """List what came in and could not be placed."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        found = strays.unplaced(session, firm_id)
    return render_template("pages/contacts/strays.html", strays=found)


@pages.post("/<uuid:mail_id>/place")
def place(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Log the mail with the person whose address it carries, and show their record."""
    try:
        contact = strays.place(_command(mail_id))
    except Nobody as error:
        flash(error.message, "error")
        return redirect(url_for("strays.show"), 303)
    flash("Logged. It waits on Today until somebody answers.")
    return redirect(url_for("record.show", candidate_id=contact.candidate_id), 303)


@pages.post("/<uuid:mail_id>/away")
def put_away(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Drop the mail."""
    strays.put_away(_command(mail_id))
    flash("Put away.")
    return redirect(url_for("strays.show"), 303)


def _command(mail_id: uuid.UUID) -> DealWith:
    caller = auth.caller()
    return DealWith(firm_id=caller.firm_id, actor=caller.actor, mail_id=mail_id)
