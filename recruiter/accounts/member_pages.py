"""Settings, Members: who is in the firm, in which role, and who was invited."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from recruiter.accounts import auth, invitations, settings
from recruiter.accounts import service as accounts
from recruiter.accounts.models import Role
from recruiter.accounts.schemas import InviteForm, RoleForm
from recruiter.accounts.service import ChangeRole, DeactivateMember, LastAdmin, ReactivateMember
from recruiter.errors import Conflict, Invalid
from recruiter.web import forms

pages = Blueprint("members", __name__, url_prefix="/settings")
pages.before_request(auth.require_member)

admins_only = auth.roles(Role.ADMIN)


@pages.errorhandler(LastAdmin)
def last_admin(error: LastAdmin) -> ResponseReturnValue:
    """Say on the list that somebody else has to become admin first."""
    return _back(error.message, "error")


@pages.get("/members")
@admins_only
def show() -> ResponseReturnValue:
    """List members and open invitations, with the form to invite somebody."""
    return _page(values={})


@pages.post("/members")
@admins_only
def invite() -> ResponseReturnValue:
    """Invite a person by mail."""
    try:
        values = forms.load(InviteForm, request.form)
        invitations.invite(invitations.Invite(**auth.whose(), **values))
    except Invalid as error:
        return _page(error, values=request.form)
    except Conflict as error:
        return _page(Invalid({"email": [error.message]}), values=request.form)
    return _back(f"The invitation to {values['email']} is on its way.")


@pages.post("/members/<uuid:member_id>/role")
@admins_only
def change_role(member_id: uuid.UUID) -> ResponseReturnValue:
    """Give a member another role."""
    values = forms.load(RoleForm, request.form)
    member = accounts.change_role(ChangeRole(**auth.whose(member_id=member_id), **values))
    return _back(f"{member.name} is now {member.role.value}.")


@pages.get("/members/<uuid:member_id>/deactivate")
@admins_only
def ask_deactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a member is let in no more."""
    member = accounts.get_member(auth.caller().firm_id, member_id)
    return render_template("pages/settings/deactivate.html", person=member)


@pages.post("/members/<uuid:member_id>/deactivate")
@admins_only
def deactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Let a member in no more and end their sessions."""
    member = accounts.deactivate_member(DeactivateMember(**auth.whose(member_id=member_id)))
    return _back(f"{member.name} cannot sign in any more.")


@pages.post("/members/<uuid:member_id>/reactivate")
@admins_only
def reactivate(member_id: uuid.UUID) -> ResponseReturnValue:
    """Let a member in again."""
    member = accounts.reactivate_member(ReactivateMember(**auth.whose(member_id=member_id)))
    return _back(f"{member.name} can sign in again.")


@pages.post("/invitations/<uuid:invitation_id>/revoke")
@admins_only
def revoke_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """End an invitation."""
    invitations.revoke(invitations.Revoke(**auth.whose(invitation_id=invitation_id)))
    return _back("The invitation has ended. Its link does not work any more.")


def _page(error: Invalid | None = None, *, values: Mapping[str, Any]) -> ResponseReturnValue:
    firm_id = auth.caller().firm_id
    people, waiting = accounts.list_members(firm_id), invitations.list_open(firm_id)
    return settings.page("members", error, values=values, people=people, invitations=waiting, roles=list(Role))


def _back(message: str, category: str = "message") -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("members.show"), 303)
