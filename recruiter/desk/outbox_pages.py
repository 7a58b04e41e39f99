"""The Outbox: what waits, what left and what did not, each message, and whether mail leaves at all."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth
from recruiter.db.session import reading
from recruiter.desk import mail_status, outbox, queries
from recruiter.desk.schemas import DoubtForm, ReasonForm
from recruiter.outbox import doubts, replays, stops
from recruiter.outbox.doubts import Choice, Decide, NotDoubtful
from recruiter.outbox.replays import NotReplayable, Replay, ReplayAll
from recruiter.web import forms
from recruiter.web.jinja import moment

pages = Blueprint("outbox", __name__, url_prefix="/outbox")
pages.before_request(auth.require_member)


@pages.get("")
def show() -> ResponseReturnValue:
    """Show what waits, what left and what did not."""
    member, chosen = auth.signed_in_member(), request.args.get("tab", "waiting")
    reason = request.args.get("reason", "")
    with reading(member.firm_id) as session:
        found = outbox.read(session, member.firm, chosen, reason)
        delayed = mail_status.delayed(session, member.firm)
        last = next((notice.id for notice in queries.held(session, member.firm_id, member.id)), None)
    part = {"chosen": chosen, "reason": reason, "delayed": delayed, "last": last, "may_send_all": member.role.leads}
    return render_template("pages/desk/outbox.html", listed=found, **part)


@pages.get("/<uuid:message_id>")
def show_message(message_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact text that goes or went, and each try."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        found = outbox.sheet(session, firm_id, message_id)
    may_decide = auth.signed_in_member().role in auth.WRITERS
    return render_template(
        "pages/desk/message.html", sheet=found, sees_contacts=auth.caller().sees_contacts, may_decide=may_decide
    )


@pages.post("/<uuid:message_id>/doubt")
def decide_doubt(message_id: uuid.UUID) -> ResponseReturnValue:
    """Send a mail that may have arrived once more, or leave it."""
    caller, choice = auth.caller(), forms.load(DoubtForm, request.form)["choice"]
    try:
        doubts.decide(Decide(firm_id=caller.firm_id, actor=caller.actor, message_id=message_id, choice=choice))
    except NotDoubtful as error:
        flash(error.message, "error")
    else:
        flash("It is sent once more, the same mail." if choice is Choice.SEND else "Left as it is.")
    return redirect(url_for("outbox.show_message", message_id=message_id), 303)


@pages.post("/<uuid:message_id>/again")
def send_again(message_id: uuid.UUID) -> ResponseReturnValue:
    """Let a mail that ended without leaving leave again, the same mail."""
    caller, zone = auth.caller(), auth.signed_in_member().firm.time_zone
    try:
        message = replays.replay(Replay(firm_id=caller.firm_id, actor=caller.actor, message_id=message_id))
    except NotReplayable as error:
        flash(error.message, "error")
    else:
        flash(f"The same mail leaves again {moment(message.due_at, zone)}.")
    return redirect(url_for("outbox.show_message", message_id=message_id), 303)


@pages.post("/again")
@auth.roles(*auth.LEADERS)
def send_all_again() -> ResponseReturnValue:
    """Let everything that ended for one reason leave again, as far as it can."""
    caller, reason = auth.caller(), forms.load(ReasonForm, request.form)["reason"]
    replayed = replays.replay_all(ReplayAll(firm_id=caller.firm_id, actor=caller.actor, reason=reason))
    flash(outbox.sent_again(replayed, auth.signed_in_member().firm.time_zone))
    return redirect(url_for("outbox.show", tab="problems", reason=reason), 303)


@pages.get("/status")
def show_status() -> ResponseReturnValue:
    """Show whether mail leaves, and if not, what waits, why, since when and what to do."""
    member = auth.signed_in_member()
    with reading(member.firm_id) as session:
        status = mail_status.read(session, member.firm)
    return render_template("pages/desk/status.html", status=status, may_stop=member.role.leads)


@pages.post("/pause")
@auth.roles(*auth.LEADERS)
def pause() -> ResponseReturnValue:
    """Let nothing of the firm leave."""
    caller = auth.caller()
    stops.pause(caller.firm_id, caller.actor)
    flash("Nothing leaves until you or another lead lets it.")
    return redirect(url_for("outbox.show_status"), 303)


@pages.post("/resume")
@auth.roles(*auth.LEADERS)
def resume() -> ResponseReturnValue:
    """Let the firm's mail leave again."""
    caller = auth.caller()
    resumed = stops.resume(caller.firm_id, caller.actor)
    flash("Mail leaves again." if resumed else "Mail was not stopped.")
    return redirect(url_for("outbox.show_status"), 303)
