"""The candidate's record and the Outbox, as pages."""

import uuid
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter import clock
from recruiter.accounts import auth
from recruiter.accounts.models import Role
from recruiter.checker.document import Finding
from recruiter.contacts import service as contacts
from recruiter.db.session import reading
from recruiter.desk import calls, mail_status, outbox, queries, record
from recruiter.desk.calls import Call
from recruiter.desk.schemas import CallForm, DoubtForm
from recruiter.desk.view import Tab
from recruiter.errors import Invalid, NotFound
from recruiter.notices import script
from recruiter.notices.script import NothingToTell
from recruiter.outbox import doubts, stops
from recruiter.outbox.doubts import Choice, Decide, NotDoubtful
from recruiter.web import forms

pages = Blueprint("places", __name__)
pages.before_request(auth.require_member)

OUTBOX_TABS = {"waiting": "Waiting", "sent": "Sent today", "problems": "Problems"}
STOPPERS = (Role.ADMIN, Role.LEAD)


@pages.get("/candidates/<uuid:candidate_id>")
@auth.roles(*auth.EVERYONE)
def show_record(candidate_id: uuid.UUID) -> ResponseReturnValue:
    """Show everything said to and by one person."""
    member = auth.signed_in_member()
    auth.require_privacy_request(candidate_id)
    with reading(member.firm_id) as session:
        found = record.read(session, member.firm, candidate_id)
    return render_template("pages/desk/record.html", record=found, sees_contacts=auth.caller().sees_contacts)


@pages.get("/applications/<uuid:application_id>/call")
@auth.roles(*auth.WRITERS)
def call_script(application_id: uuid.UUID) -> ResponseReturnValue:
    """Show what to say on a call that tells the decision."""
    try:
        return _call_script(application_id, {}, {})
    except NothingToTell as error:
        flash(error.message, "error")
        return redirect(url_for("applications.show", application_id=application_id))


@pages.post("/applications/<uuid:application_id>/call")
def log_call(application_id: uuid.UUID) -> ResponseReturnValue:
    """Keep that the person was told on a call, with the notice that was read from."""
    caller, member = auth.caller(), auth.signed_in_member()
    try:
        values = forms.load(CallForm, request.form)
        call = Call(caller.firm_id, caller.actor, application_id, **values, caller=member.name)
        contact = calls.contact(call, member.firm.time_zone)
        if (noted := contacts.asks(contact)) and request.form.get("keep") != "yes":
            return _call_script(application_id, request.form, {}, noted), 422
        contacts.log(contact)
    except Invalid as error:
        return _call_script(application_id, request.form, forms.problems(error)), 422
    flash("Logged. The promise is kept: they know the decision.")
    return redirect(url_for("places.show_record", candidate_id=contact.candidate_id), 303)


@pages.get("/outbox")
def show_outbox() -> ResponseReturnValue:
    """Show what waits, what left and what did not."""
    member, chosen = auth.signed_in_member(), request.args.get("tab", "waiting")
    if chosen not in outbox.TABS:
        raise NotFound("There is no such part of the Outbox.")
    with reading(member.firm_id) as session:
        parts = outbox.parts(session, member.firm)
        lines = outbox.lines(session, member.firm, chosen)
        delayed = mail_status.delayed(session, member.firm)
        last = next((notice.id for notice in queries.held(session, member.firm_id, member.id)), None)
    tabs = [
        Tab(
            label,
            url_for("places.show_outbox", tab=tab if tab != "waiting" else None),
            chosen == tab,
            parts[tab].messages,
        )
        for tab, label in OUTBOX_TABS.items()
    ]
    counted = parts[chosen].words if lines else ""
    return render_template(
        "pages/desk/outbox.html", tabs=tabs, lines=lines, chosen=chosen, delayed=delayed, counted=counted, last=last
    )


@pages.get("/outbox/<uuid:message_id>")
def show_message(message_id: uuid.UUID) -> ResponseReturnValue:
    """Show the exact text that goes or went, and each try."""
    firm_id = auth.caller().firm_id
    with reading(firm_id) as session:
        found = outbox.sheet(session, firm_id, message_id)
    may_decide = auth.signed_in_member().role in auth.WRITERS
    return render_template(
        "pages/desk/message.html", sheet=found, sees_contacts=auth.caller().sees_contacts, may_decide=may_decide
    )


@pages.post("/outbox/<uuid:message_id>/doubt")
def decide_doubt(message_id: uuid.UUID) -> ResponseReturnValue:
    """Send a mail that may have arrived once more, or leave it."""
    caller, choice = auth.caller(), forms.load(DoubtForm, request.form)["choice"]
    try:
        doubts.decide(Decide(firm_id=caller.firm_id, actor=caller.actor, message_id=message_id, choice=choice))
    except NotDoubtful as error:
        flash(error.message, "error")
    else:
        flash("It is sent once more, the same mail." if choice is Choice.SEND else "Left as it is.")
    return redirect(url_for("places.show_message", message_id=message_id), 303)


@pages.get("/outbox/status")
def show_status() -> ResponseReturnValue:
    """Show whether mail leaves, and if not, what waits, why, since when and what to do."""
    member = auth.signed_in_member()
    with reading(member.firm_id) as session:
        status = mail_status.read(session, member.firm)
    return render_template("pages/desk/status.html", status=status, may_stop=member.role in STOPPERS)


@pages.post("/outbox/pause")
@auth.roles(*STOPPERS)
def pause_mail() -> ResponseReturnValue:
    """Let nothing of the firm leave."""
    caller = auth.caller()
    stops.pause(caller.firm_id, caller.actor)
    flash("Nothing leaves until you or another lead lets it.")
    return redirect(url_for("places.show_status"), 303)


@pages.post("/outbox/resume")
@auth.roles(*STOPPERS)
def resume_mail() -> ResponseReturnValue:
    """Let the firm's mail leave again."""
    caller = auth.caller()
    resumed = stops.resume(caller.firm_id, caller.actor)
    flash("Mail leaves again." if resumed else "Mail was not stopped.")
    return redirect(url_for("places.show_status"), 303)


def _call_script(
    application_id: uuid.UUID, values: Mapping[str, str], errors: dict[str, str], noted: Sequence[Finding] = ()
) -> str:
    member = auth.signed_in_member()
    now = clock.now().astimezone(ZoneInfo(member.firm.time_zone))
    return render_template(
        "pages/desk/call.html",
        script=script.read(member.firm_id, application_id, member.name),
        values={"happened_at": f"{now:%Y-%m-%dT%H:%M}"} | dict(values),
        errors=errors,
        noted=noted,
    )
